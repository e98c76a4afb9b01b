import AssetIdentifiers
import Custody
import CustodyLedger
import Foundation
import LabelDesign
import StationStore

/// A label that was looked into: what it will say, and on which printer.
private struct PlannedLabel: Sendable {
  let number: Int
  let order: LabelOrder
  let template: ShelfTemplate
  let printer: RoutedPrinter
  /// As it stood when the label was ordered.
  var asset: Asset?
  /// The number that it is to be given, in the transaction that keeps the label.
  var newTag: String?
  var epc: [UInt8]?

  /// The mark that stands on the label of an asset.
  var mark: BoundIdentifier? {
    if let newTag { return BoundIdentifier(.tag, newTag) }
    guard let asset else { return nil }
    let wanted = Set(template.fieldNames)
    if let tag = asset.tag, wanted.contains("tag") || !wanted.contains("serial") { return BoundIdentifier(.tag, tag) }
    return asset.serial.map { BoundIdentifier(.serial, $0) } ?? asset.identifiers.last
  }

  var replaces: BoundIdentifier? {
    guard order.purpose == .replacement else { return nil }
    return asset?.tag.map { BoundIdentifier(.tag, $0) } ?? asset?.label?.mark
  }

  /// How people call it.
  var name: String {
    let what = newTag ?? asset?.tag ?? asset?.serial
    if let what { return "\(template.id) \(what)" }
    guard case .values(let values) = order.subject else { return template.id }
    let first = template.fieldNames.lazy.compactMap { values.fields[$0] }.first { !$0.isEmpty }
    return [template.id, first.map { String($0.prefix(60)) }].compactMap { $0 }.joined(separator: " ")
  }
}

/// A "no" to one of the labels that were asked for.
private struct RefusedLabel: Error {
  let refusal: Refusal

  init(_ refusal: Refusal, label number: Int, of count: Int, _ name: String?) {
    guard count > 1 else {
      self.refusal = refusal
      return
    }
    let which = name.map { "Label \(number) (\($0))" } ?? "Label \(number)"
    self.refusal = Refusal(
      refusal.code, "\(which): \(refusal.sentence)", remedy: refusal.remedy, kind: refusal.kind,
      previousAt: refusal.previousAt, previousBy: refusal.previousBy)
  }
}

extension StationCore {
  /// Labels that may be asked for at once.
  static let longestBatch = 5_000

  /// Has labels printed: fills them in, draws them for their printers, and keeps the very bytes that these are sent, in one
  /// transaction with the event that gives an asset its new tag. All of them or none; when it returns they are safe, though the
  /// printer be off.
  ///
  /// A number that was drawn for a label that then is refused is lost, and never comes twice.
  ///
  /// - Parameter keep: writes more in the same transaction.
  func order(
    _ orders: [LabelOrder], by orderer: LabelOrderer,
    keep: (@Sendable (LabelOrdered, StoreTransaction) throws -> Void)? = nil
  ) async throws -> Result<LabelOrdered, Refusal> {
    do {
      let planned = try await numbered(try await planned(orders, by: orderer))
      let made = try await made(planned)
      let ordered = try await store.write { transaction in
        try self.queue(made, by: orderer, in: transaction, keep)
      }
      for name in Set(planned.map(\.printer.name)) {
        printers.signal(name)
        try publishPrinter(name)
      }
      if planned.contains(where: { $0.newTag != nil }) { recorded.signal() }
      return .success(ordered)
    } catch let refused as RefusedLabel {
      return .failure(refused.refusal)
    } catch let refusal as Refusal {
      return .failure(refusal)
    }
  }

  // MARK: What each is to be

  private func planned(_ orders: [LabelOrder], by orderer: LabelOrderer) async throws -> [PlannedLabel] {
    guard (1...Self.longestBatch).contains(orders.count) else {
      throw Refusal(
        "label.batch.size",
        orders.isEmpty ? "No label is asked for." : "\(orders.count) labels are asked for at once.",
        remedy: "Ask for 1 to \(Self.longestBatch).")
    }
    if let refusal = orderer.actor.flatMap({ Verb.label.refusal(forRoles: $0.roles) }) { throw refusal }
    var templates: [String: ShelfTemplate] = [:]
    for name in Set(orders.map(\.template)) {
      do {
        guard let template = try await labels.template(name) else {
          throw Refusal(
            "label.template.unknown", "There is no label template \(name.prefix(80)).",
            remedy: "Choose one of those that Labels shows; `custody label list` lists the shipped ones.")
        }
        templates[name] = template
      } catch let fault as LabelFault {
        throw Refusal(
          "label.template.unusable", "The template \(name) cannot be used: \(fault).",
          remedy: "Mend it, or take another.")
      }
    }
    let (known, desk) = (templates, desk.name)
    let (gs1, everything) = (options.companyPrefix, orders)
    return try await store.read { snapshot in
      let routes = try PrinterRoutes(self, snapshot)
      var seen: Set<AssetID> = []
      return try everything.enumerated().map { index, order in
        guard let template = known[order.template] else {
          throw StoreFault.damaged(reason: "a template is gone while it is used")
        }
        var name: String?
        do {
          if let wanted = order.desk, wanted != desk {
            throw Refusal(
              "label.desk.unknown", "There is no desk '\(wanted)'; this station's is \(desk).",
              remedy: "Leave it out, or name \(desk).")
          }
          guard LabelDetails.copiesAtOnce.contains(order.copies) else {
            throw LabelDetails.refusal(ofCopies: order.copies)
          }
          var plan = PlannedLabel(
            number: index + 1, order: order, template: template, printer: try routes.printer(for: order, template))
          guard case .asset(let id) = order.subject else {
            guard !order.newTag, !order.encodesTag else {
              throw Refusal(
                "label.asset.missing", "A new number, or an RFID tag, belongs to an asset.",
                remedy: "Order the label of an asset.")
            }
            return plan
          }
          guard orderer.actor != nil else {
            throw Refusal(
              "custody.actor.missing", "Nobody is signed in, and only a person can have an asset labelled.",
              remedy: "Say who you are: --operator BADGE; or print it at the desk.")
          }
          guard let asset = try snapshot.asset(id) else {
            throw Refusal(
              "custody.label.unknownAsset", "No such asset is known here, so it cannot be labelled.",
              remedy: "Receive it first.")
          }
          name = asset.tag ?? asset.serial
          guard seen.insert(id).inserted else {
            throw Refusal(
              "label.asset.twice", "\(name ?? "The asset") is asked for twice.", remedy: "Ask for copies instead.")
          }
          plan.asset = asset
          if order.encodesTag { plan.epc = try asset.epcToWrite(companyPrefix: gs1).get() }
          return plan
        } catch let refusal as Refusal {
          throw RefusedLabel(refusal, label: index + 1, of: everything.count, name)
        }
      }
    }
  }

  /// Draws the numbers that are asked for.
  private func numbered(_ planned: [PlannedLabel]) async throws -> [PlannedLabel] {
    let wanting = planned.indices.filter { index in
      let plan = planned[index]
      guard let asset = plan.asset else { return false }
      return plan.order.purpose == .replacement || (plan.order.newTag && asset.tag == nil)
    }
    guard !wanting.isEmpty else { return planned }
    let (series, hasCentre, count) = (options.tagSeries, options.centre != nil, planned.count)
    // Numbers that are not there are found out before labels are drawn.
    let tags = try await store.write { transaction in
      try wanting.map { index in
        switch try transaction.nextTag(in: series, hasCentre: hasCentre) {
        case .success(let tag): return tag
        case .failure(let refusal):
          throw RefusedLabel(refusal, label: index + 1, of: count, planned[index].asset?.serial)
        }
      }
    }
    var numbered = planned
    for (index, tag) in zip(wanting, tags) { numbered[index].newTag = tag }
    return numbered
  }

  // MARK: Drawing

  private func made(_ planned: [PlannedLabel]) async throws -> [(PlannedLabel, LabelRequest)] {
    var all: [(PlannedLabel, LabelRequest)] = []
    for plan in planned {
      let values = values(of: plan)
      do {
        let making = LabelMaking(
          template: plan.template, values: values, profile: plan.printer.profile,
          gap: plan.printer.gap(of: plan.template), copies: plan.order.copies, epc: plan.epc)
        let (bytes, labels) = try await self.labels.draw { try making.payload($0) }
        all.append(
          (
            plan,
            LabelRequest(
              name: plan.name, document: [], payload: bytes, labels: labels, asset: plan.asset?.id, epc: plan.epc)
          ))
      } catch let refusal as LabelRefusal {
        throw RefusedLabel(
          Refusal(refusal.code, refusal.sentence, remedy: refusal.remedy), label: plan.number, of: planned.count,
          plan.mark?.value)
      }
    }
    return all
  }

  private func values(of plan: PlannedLabel) -> LabelValues {
    switch plan.order.subject {
    case .values(let values): return values
    case .asset:
      guard var asset = plan.asset else { return LabelValues() }
      if let tag = plan.newTag { asset.identifiers.append(BoundIdentifier(.tag, tag)) }
      var values = labelValues(of: asset, for: plan.template)
      values.fields.merge(plan.order.fields) { _, given in given }
      return values
    }
  }

  // MARK: Keeping

  private func queue(
    _ made: [(PlannedLabel, LabelRequest)], by orderer: LabelOrderer, in transaction: StoreTransaction,
    _ keep: ((LabelOrdered, StoreTransaction) throws -> Void)?
  ) throws -> LabelOrdered {
    let batch: LabelBatchID = transaction.newID()
    var jobs: [LabelJobID] = []
    for (plan, request) in made {
      do {
        // It may have been paused or removed since; removed, nothing would ever print it.
        guard try transaction.printer(plan.printer.name) != nil else {
          throw Refusal(
            "label.printer.unknown", "The printer \(plan.printer.name) was removed.", remedy: "Choose another.")
        }
        var request = request
        var document = LabelJobDocument(
          template: plan.template.id, fields: values(of: plan).fields, copies: plan.order.copies, desk: plan.order.desk)
        if let asset = plan.asset, let actor = orderer.actor {
          try transaction.admit(plan.mark, newTag: plan.newTag, of: asset.id, &document, request, plan, by: actor)
        }
        request.document = try CanonicalEncoder().encode(document, limit: .max)
        jobs += try transaction.queueLabels(
          [request], on: plan.printer.name, by: orderer.person, batch: batch
        ).jobs
      } catch let refusal as Refusal {
        throw RefusedLabel(refusal, label: plan.number, of: made.count, plan.mark?.value)
      }
    }
    let ordered = LabelOrdered(batch: batch, jobs: jobs)
    try keep?(ordered, transaction)
    for case let asset? in made.map(\.0.asset) { try transaction.settleOwedLabels(of: asset.id) }
    return ordered
  }
}

extension StoreTransaction {
  /// Judges the label of an asset on what this transaction sees, and binds its new tag.
  fileprivate func admit(
    _ mark: BoundIdentifier?, newTag: String?, of id: AssetID, _ document: inout LabelJobDocument,
    _ request: LabelRequest, _ plan: PlannedLabel, by actor: Actor
  ) throws {
    guard var asset = try asset(id), let mark else {
      throw Refusal(
        "label.tag.none", "The asset has no mark that could stand on a label.",
        remedy: "Have it given the next number: choose a new tag.")
    }
    if let open = try labelJobs(asset: id, states: [.queued, .sending, .unknown], limit: 1).first {
      throw open.state == .unknown
        ? Refusal(
          "label.asks", "Nobody knows whether the last label of \(mark.value) was printed.",
          remedy: "Look at \(open.printer); then say that the label is there, or have it printed again.")
        : Refusal(
          "label.waiting", "A label of \(mark.value) waits for \(open.printer) already.",
          remedy: "Wait for it, or cancel it first.", kind: .duplicate, previousAt: open.askedAt,
          previousBy: open.person)
    }
    if plan.order.purpose == .first, let label = asset.label, label.mark == mark, newTag == nil {
      throw Refusal(
        "label.printed", "\(mark.value) was given a label already.",
        remedy: "Choose reprint, and say why: lost, torn, unreadable, never came out.", kind: .duplicate,
        previousAt: label.printedAt)
    }
    if newTag != nil {
      guard asset.tag == plan.asset?.tag else {
        throw Refusal(
          "label.tag.changed", "The asset was given the tag \(asset.tag ?? "") in the meantime.",
          remedy: "Look at it, and order its label again.")
      }
      let bind = BindDetails(identifier: mark, reason: plan.order.reason)
      switch try record(Intent(asset: id, details: .bind(bind), actor: actor), known: asset) {
      case .refused(let refusal): throw refusal
      case .recorded(_, let after): asset = after ?? asset
      }
    }
    (document.mark, document.purpose, document.reason) = (mark, plan.order.purpose, plan.order.reason)
    document.replaces = plan.replaces
    (document.authStrength, document.roles) = (actor.authStrength, Role.allCases.filter(actor.roles.contains))
    // What could not be recorded once it is printed is refused now.
    let details = document.details(of: request, on: plan.printer.name, mark: mark, outcome: .printed)
    if case .refuse(let refusal) = decide(
      Intent(asset: id, details: .label(details), actor: actor), in: Circumstances(at: now, asset: asset))
    {
      throw refusal
    }
  }
}

extension LabelJobDocument {
  /// What is recorded of it once it went out.
  func details(
    of request: LabelRequest, on printer: String, mark: BoundIdentifier, outcome: LabelDetails.Outcome
  ) -> LabelDetails {
    LabelDetails(
      mark: mark, epc: request.epc.map { hexadecimal($0).uppercased() }, purpose: purpose, reason: reason,
      replaces: replaces, template: template, printer: printer, copies: copies, outcome: outcome)
  }
}
