import AssetIdentifiers
import Custody
import CustodyLedger
import Hummingbird
import LabelDesign
import StationStore

extension API {
  func addLabels(to v1: RouterGroup<StationContext>) {
    v1.get("/labels", use: labels)
    v1.post("/labels", use: orderLabels)
    v1.get("/labels/{id}", use: label)
    v1.post("/labels/{id}/cancel", use: cancelLabel)
    v1.post("/labels/{id}/confirm", use: confirmLabel)
    v1.post("/labels/{id}/again", use: printLabelAgain)
    v1.post("/labels/{id}/pause", use: holdLabel)
    v1.post("/labels/{id}/resume", use: releaseLabel)
    v1.get("/label-batches/{id}", use: labelBatch)
    v1.post("/label-batches/{id}/cancel", use: cancelBatch)
    v1.post("/label-batches/{id}/pause", use: holdBatch)
    v1.post("/label-batches/{id}/resume", use: releaseBatch)
  }

  @Sendable func labels(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let limit = try request.number("limit", default: 50, in: 1...500)
    let before = try request.text("after").map { text in
      guard let position = Int64(text), position > 0 else {
        throw Problem.malformed("after is no place in the list.", pointer: "/after")
      }
      return position
    }
    let batch = try request.text("batch").map { text in
      guard let id = LabelBatchID(text) else { throw Problem.malformed("batch is no batch's id.", pointer: "/batch") }
      return id
    }
    let asset = try request.text("asset").map { text in
      guard let id = AssetID(text) else { throw Problem.malformed("asset is no asset's id.", pointer: "/asset") }
      return id
    }
    let states = try request.text("state").map { text in
      try text.split(separator: ",").map { word in
        guard let state = LabelJob.State(rawValue: String(word)) else {
          throw Problem.malformed("'\(word)' is no state of a label.", pointer: "/state")
        }
        return state
      }
    }
    let jobs = try await core.labelJobs(
      printer: request.text("printer"), batch: batch, asset: asset, states: states ?? [], before: before,
      limit: limit + 1)
    return try .page(
      Page(items: Array(jobs.prefix(limit)), next: jobs.count > limit ? String(jobs[limit - 1].position) : nil),
      for: request)
  }

  @Sendable func orderLabels(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let body = try await request.json()
    let orders = try await core.labelOrders(in: body)
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let answer = try await core.order(orders, by: LabelOrderer(signedIn)) { ordered, transaction in
        try key?.keep(try Self.created(ordered), in: transaction)
      }
      switch answer {
      case .success(let ordered): return try Self.created(ordered)
      case .failure(let refusal): throw Problem(label: refusal)
      }
    }
  }

  @Sendable func label(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try .json(try await core.labelJob(try UUIDPath.id("id", in: context)))
  }

  @Sendable func cancelLabel(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    return try .json(
      try await core.cancelLabel(try UUIDPath.id("id", in: context), by: LabelOrderer(signedIn)))
  }

  @Sendable func confirmLabel(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    return try .json(
      try await core.confirmLabel(try UUIDPath.id("id", in: context), by: LabelOrderer(signedIn)))
  }

  @Sendable func printLabelAgain(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let reason = try await request.json()[path: "reason"]?.text
    return try .json(
      try await core.printAgain(
        try UUIDPath.id("id", in: context), reason: reason, by: LabelOrderer(signedIn)))
  }

  @Sendable func holdLabel(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    return try .json(
      try await core.setHeld(true, label: try UUIDPath.id("id", in: context), by: LabelOrderer(signedIn)))
  }

  @Sendable func releaseLabel(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    return try .json(
      try await core.setHeld(false, label: try UUIDPath.id("id", in: context), by: LabelOrderer(signedIn)))
  }

  @Sendable func labelBatch(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try .json(try await core.labelBatch(try UUIDPath.id("id", in: context)))
  }

  @Sendable func cancelBatch(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    return try .json(
      try await core.cancelBatch(try UUIDPath.id("id", in: context), by: LabelOrderer(signedIn)))
  }

  @Sendable func holdBatch(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    return try .json(
      try await core.holdBatch(try UUIDPath.id("id", in: context), by: LabelOrderer(signedIn)))
  }

  @Sendable func releaseBatch(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    return try .json(
      try await core.releaseBatch(try UUIDPath.id("id", in: context), by: LabelOrderer(signedIn)))
  }
}

extension Problem {
  /// A "no" to labels that were asked for.
  init(label refusal: Refusal) {
    self.init(
      refusal.kind == .duplicate ? .conflict : refusal.code.hasSuffix(".role") ? .forbidden : .unprocessableContent,
      refusal.code, "Label refused", detail: refusal.sentence, remedy: refusal.remedy)
  }
}

extension StationCore {
  /// Labels as clients ask for them. Throws the problem that names what cannot be taken, or is not here: assets may be named by any of
  /// their marks.
  func labelOrders(in body: CanonicalJSON) async throws -> [LabelOrder] {
    guard let marks = body[path: "marks"], marks != .null else { return try LabelOrder.orders(in: body) }
    guard case .array(let values) = marks, values.allSatisfy({ $0.text != nil }) else {
      throw Problem.malformed("marks is a list of texts.", pointer: "/marks")
    }
    guard body[path: "assets"] == nil else {
      throw Problem.malformed("Assets are named by their ids or by their marks.", pointer: "/marks")
    }
    let texts = values.compactMap(\.text)
    guard texts.count <= Self.longestBatch else {
      throw Problem.malformed("\(texts.count) labels are asked for at once.", pointer: "/marks")
    }
    let ids = try await store.read { snapshot in
      try texts.enumerated().map { index, text in
        do {
          return try snapshot.asset(named: text)
        } catch let refusal as Refusal {
          let place = texts.count > 1 ? "Label \(index + 1): " : ""
          throw Problem(
            label: Refusal(refusal.code, place + refusal.sentence, remedy: refusal.remedy))
        }
      }
    }
    var named = body
    named[path: "assets"] = .array(ids.map { .string($0.description) })
    return try LabelOrder.orders(in: named)
  }
}

extension StoreReading {
  /// The one asset that somebody means by a text, as scanned or typed. Throws the refusal.
  fileprivate func asset(named text: String) throws -> AssetID {
    let identifier: AssetIdentifier
    do {
      identifier = try AssetIdentifier.interpret(text)
    } catch {
      throw Refusal(error.code, error.sentence, remedy: error.remedy)
    }
    switch try resolve(identifier, scanned: text) {
    case .asset(let id): return id
    case .unknown:
      throw Refusal(
        "custody.label.unknownAsset", "No asset is known here by \(identifier.mark.prefix(120)).",
        remedy: "Receive it first, or name another of its marks.")
    case .ambiguous(let candidates):
      throw Refusal(
        "scan.ambiguous", "\(candidates.count) assets carry the mark \(identifier.mark.prefix(120)).",
        remedy: "Name another of its marks, such as its tag.")
    }
  }
}

extension LabelOrder {
  /// A label for each of these assets; in `rows`, if they are there, what each is to say in place of what is known.
  private func each(of assets: [AssetID], _ body: CanonicalJSON) throws -> [LabelOrder] {
    var rows: [CanonicalJSON]?
    if let value = body[path: "rows"], value != .null {
      guard case .array(let all) = value, all.count == assets.count else {
        throw Problem.malformed("Beside assets there is a row for each of them.", pointer: "/rows")
      }
      rows = all
    }
    return try assets.enumerated().map { index, id in
      var each = self
      each.subject = .asset(id)
      if let row = rows?[index] {
        guard let fields = row.texts else {
          throw Problem.malformed("A row is an object of texts.", pointer: "/rows/\(index)")
        }
        each.fields.merge(fields) { $1 }
      }
      return each
    }
  }

  /// Labels as clients ask for them. Throws the problem that names what cannot be taken.
  static func orders(in body: CanonicalJSON) throws -> [LabelOrder] {
    guard let template = body[path: "template"]?.text else {
      throw Problem.malformed("It is not said which template.", pointer: "/template")
    }
    var order = LabelOrder(template, .values(LabelValues()))
    order.printer = try body.text("printer")
    order.reason = try body.text("reason")
    order.desk = try body.text("desk")
    order.newTag = try body.flag("newTag")
    order.encodesTag = try body.flag("encodesTag")
    if let value = body[path: "copies"], value != .null {
      guard case .integer(let copies) = value, let number = Int(exactly: copies) else {
        throw Problem.malformed("copies is no whole number.", pointer: "/copies")
      }
      order.copies = number
    }
    if let word = try body.text("purpose") {
      guard let purpose = LabelDetails.Purpose(rawValue: word) else {
        let known = LabelDetails.Purpose.allCases.map(\.rawValue).joined(separator: ", ")
        throw Problem.malformed("purpose is one of \(known).", pointer: "/purpose")
      }
      order.purpose = purpose
    }
    order.fields = try body.texts("fields")
    if case .array(let ids)? = body[path: "assets"] {
      let assets = try ids.enumerated().map { index, value in
        guard let id = value.text.flatMap(AssetID.init) else {
          throw Problem.malformed("This is no asset's id.", pointer: "/assets/\(index)")
        }
        return id
      }
      return try order.each(of: assets, body)
    }
    if case .array(let rows)? = body[path: "rows"] {
      return try rows.indices.map { index in
        guard let fields = rows[index].texts else {
          throw Problem.malformed("A row is an object of texts.", pointer: "/rows/\(index)")
        }
        var each = order
        each.subject = .values(LabelValues(order.fields.merging(fields) { $1 }))
        return each
      }
    }
    var lists: [String: [[String: String]]] = [:]
    if case .object(let all)? = body[path: "lists"] {
      for member in all.members {
        guard case .array(let rows) = member.value else {
          throw Problem.malformed("A list is an array of rows.", pointer: "/lists/\(member.name)")
        }
        lists[member.name] = try rows.indices.map { index in
          guard let fields = rows[index].texts else {
            throw Problem.malformed("A row is an object of texts.", pointer: "/lists/\(member.name)/\(index)")
          }
          return fields
        }
      }
    }
    order.subject = .values(LabelValues(order.fields, lists: lists))
    return [order]
  }
}

extension CanonicalJSON {
  /// A member as text; nil when it is not there.
  fileprivate func text(_ member: String) throws -> String? {
    guard let value = self[path: member], value != .null else { return nil }
    guard let text = value.text else { throw Problem.malformed("\(member) is no text.", pointer: "/\(member)") }
    return text
  }

  fileprivate func flag(_ member: String) throws -> Bool {
    guard let value = self[path: member], value != .null else { return false }
    guard case .bool(let isOn) = value else {
      throw Problem.malformed("\(member) is neither true nor false.", pointer: "/\(member)")
    }
    return isOn
  }

  fileprivate func texts(_ member: String) throws -> [String: String] {
    guard let value = self[path: member], value != .null else { return [:] }
    guard let texts = value.texts else {
      throw Problem.malformed("\(member) is an object of texts.", pointer: "/\(member)")
    }
    return texts
  }

  /// An object of texts.
  fileprivate var texts: [String: String]? {
    guard case .object(let object) = self else { return nil }
    var texts: [String: String] = [:]
    for member in object.members {
      guard let text = member.value.text else { return nil }
      texts[member.name] = text
    }
    return texts
  }
}
