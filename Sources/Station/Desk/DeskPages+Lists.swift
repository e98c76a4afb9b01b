import Custody
import Foundation
import Hummingbird
import StationStore

extension DeskPages {
  func addLists(to router: Router<StationContext>) {
    router.get("/assets", use: assets)
    router.get("/assets.csv", use: assetsCSV)
    router.get("/assets/{id}", use: asset)
    router.get("/readings", use: readings)
    router.get("/readings.csv", use: readingsCSV)
    router.get("/events", use: events)
    router.get("/events.csv", use: eventsCSV)
  }

  private static let pageSize = 50
  private static let typedSize = 25

  @Sendable func assets(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let query = request.text("q") ?? ""
    let state = request.text("state").flatMap(LifecycleState.init)
    let after = request.text("after").flatMap(AssetID.init)
    // Of a model; what nobody stated of it is empty.
    let product = request.uri.queryParameters["model"].map { model in
      AssetModel.Name(manufacturer: request.text("maker"), model: String(model).nonEmpty)
    }
    let parameters = [
      ("q", query.nonEmpty), ("maker", product?.manufacturer), ("model", product.map { $0.model ?? "" }),
    ]
    // A page that asks while somebody types wants what the index has, at once, and no more than it shows at once.
    let isTyping = request.text("typing") != nil
    let size = isTyping ? Self.typedSize : Self.pageSize
    let search = AssetSearch(text: query, state: state, after: after, limit: size + 1, isThorough: !isTyping)
    let found =
      if let product {
        try await core.store.read {
          try $0.assets(matching: query, state: state, product: product, after: after, limit: size + 1)
        }
      } else {
        try await core.store.assets(search)
      }
    let view = try await core.store.read { snapshot -> (found: AssetsFoundView, shell: ShellView?) in
      let presenter = presenter(snapshot, context)
      let moments = presenter.moments
      let names = AssetPresenter(snapshot: snapshot, moments: moments)
      let counts = try snapshot.countByState()
      var search = Self.query(parameters)
      var chips = [
        StateChip(
          label: "All", href: "/assets" + search, count: counts.values.reduce(0, +), current: state == nil)
      ]
      for one in LifecycleState.allCases {
        search = Self.query(parameters + [("state", one.rawValue)])
        chips.append(
          StateChip(label: one.label, href: "/assets" + search, count: counts[one] ?? 0, current: state == one))
      }
      let shown = Array(found.prefix(size))
      let rows = try shown.map { asset in
        AssetListRow(
          href: asset.href, tag: asset.tag, serial: asset.serial, title: asset.title, category: asset.facts.category,
          state: asset.state.view, custodian: try names.name(asset.custodian), location: asset.location?.text,
          changed: moments.view(asset.changedAt))
      }
      let next = found.count > size ? shown.last?.id.description : nil
      let filters = parameters + [("state", state?.rawValue)]
      let part = AssetsFoundView(
        chips: chips, rows: rows,
        paging: PagingView(
          words: "\(rows.count) shown", previous: after == nil ? nil : "/assets" + Self.query(filters),
          next: next.map { "/assets" + Self.query(filters + [("after", $0)]) }),
        empty: rows.isEmpty
          ? ProblemView(
            title: "No asset fits", detail: query.isEmpty ? nil : "Nothing begins with “\(query)”.",
            remedy: "Search by the beginning of a tag, serial, maker or model; or import assets.") : nil)
      return (part, isTyping ? nil : try presenter.shell(title: "Assets", page: "list"))
    }
    guard let shell = view.shell else { return try renderer.page("assets-typed", view.found) }
    return try renderer.page(
      "assets",
      AssetListView(
        shell: shell, query: query, state: state?.rawValue, product: product.map(ProductFilterView.init),
        csv: "/assets.csv", found: view.found))
  }

  /// All assets, page by page as they are read.
  @Sendable func assetsCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let export = CatalogueExport(from: core.store)
    return Response(
      status: .ok,
      headers: [.contentType: "text/csv; charset=utf-8", .contentDisposition: #"attachment; filename="assets.csv""#],
      body: ResponseBody { writer in
        try await export.assets(as: .csv) { try await writer.write(ByteBuffer(bytes: $0)) }
        try await writer.finish(nil)
      })
  }

  @Sendable func asset(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let text = context.parameters.get("id") ?? ""
    guard let id = AssetID(text) else {
      throw Problem.notFound("asset \(text)", remedy: "Search for it under Assets.")
    }
    return try await assetPage(id, context)
  }

  /// The page of an asset; with a label that was refused.
  func assetPage(
    _ id: AssetID, _ context: StationContext, refused: (refusal: Refusal, sent: [String: String])? = nil
  ) async throws -> Response {
    let choices = try await core.assetLabelChoices()
    let mayPrint = context.signedIn.map { Verb.label.refusal(forRoles: $0.actor.roles) == nil } ?? false
    let mayTakeDossier =
      core.options.centre != nil
      && context.signedIn.map { !API.dossierRoles.isDisjoint(with: $0.actor.roles) } ?? false
    let isWhole = try await core.completeHistory(of: id)
    let view = try await core.store.read { snapshot -> AssetPageView? in
      guard let asset = try snapshot.asset(id) else { return nil }
      let presenter = presenter(snapshot, context)
      let names = AssetPresenter(snapshot: snapshot, moments: presenter.moments)
      let entries = try snapshot.entries(of: id)
      var timeline = try names.timeline(entries)
      if !isWhole { timeline.more = try TimelineMore(asset: id, ledgerBegins: snapshot.ledgerBegins()) }
      return AssetPageView(
        shell: try presenter.shell(title: asset.displayName, page: "record"),
        asset: try names.card(asset, entries: entries, isWhole: true), timeline: timeline,
        identifiers: try names.identifiers(asset, entries), sanitizations: try names.sanitizations(entries),
        evidence: names.evidence(entries),
        dossier: mayTakeDossier ? "/api/v1/assets/\(id)/dossier" : nil, epcis: "/api/v1/assets/\(id)/epcis",
        label: AssetLabelView(
          asset, choices,
          job: try snapshot.labelJobs(asset: id, limit: 1).first.map {
            try LabelJobPresenter(snapshot: snapshot, moments: presenter.moments, mayPrint: mayPrint)
              .row(LabelJobResource($0))
          }, owed: try snapshot.owedLabel(of: id), mayPrint: mayPrint, moments: presenter.moments, refused: refused))
    }
    guard let view else { throw Problem.notFound("asset \(id)", remedy: "Search for it under Assets.") }
    return try renderer.page("asset", view, status: refused == nil ? .ok : .unprocessableContent)
  }

  @Sendable func readings(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let before = try request.number("before", default: Int.max, in: 0...Int.max)
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let found = try snapshot.unknownReadings(before: Int64(before), limit: Self.pageSize + 1)
      let shown = Array(found.prefix(Self.pageSize))
      let rows = try shown.map { reading in
        ReadingRow(
          id: String(reading.id), at: presenter.moments.view(reading.at), text: TextPiece.pieces(of: reading),
          symbology: reading.symbologyIdentifier ?? "Keyboard", device: reading.device ?? "—",
          by: try reading.person.flatMap { try snapshot.person($0)?.name } ?? "—")
      }
      return ReadingListView(
        shell: try presenter.shell(title: "Unknown codes", page: "list"), rows: rows,
        paging: PagingView(
          words: "\(rows.count) shown", previous: before == .max ? nil : "/readings",
          next: found.count > Self.pageSize ? shown.last.map { "/readings?before=\($0.id)" } : nil))
    }
    return try renderer.page("readings", view)
  }

  /// Every code that nobody knows, the newest first.
  @Sendable func readingsCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let core = core
    let columns = ["reading", "at", "text", "symbology", "device", "by", "words"]
    return Self.csv(named: "readings.csv", columns) { (before: Int64?) in
      try await core.store.read { snapshot -> CSVPage<Int64> in
        let found = try snapshot.unknownReadings(before: before ?? .max, limit: Self.listedAtOnce)
        let rows = try found.map { reading -> [String?] in
          [
            "\(reading.id)", reading.at.description, TextPiece.plain(TextPiece.pieces(of: reading)),
            reading.symbologyIdentifier, reading.device, try snapshot.personName(reading.person), reading.words,
          ]
        }
        return (rows, found.count == Self.listedAtOnce ? found.last?.id : nil)
      }
    }
  }

  /// Every event, the oldest first, as `custody export events` writes it.
  @Sendable func eventsCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let export = CatalogueExport(from: core.store)
    return Response(
      status: .ok,
      headers: [.contentType: "text/csv; charset=utf-8", .contentDisposition: #"attachment; filename="events.csv""#],
      body: ResponseBody { writer in
        try await export.events(as: .csv) { try await writer.write(ByteBuffer(bytes: $0)) }
        try await writer.finish(nil)
      })
  }

  @Sendable func events(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let before = try request.number("before", default: Int.max, in: 0...Int.max)
    let head = core.store.head
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let names = AssetPresenter(snapshot: snapshot, moments: presenter.moments)
      let found = try snapshot.entries(before: Int64(before), limit: Self.pageSize + 1)
      let shown = Array(found.prefix(Self.pageSize))
      let rows = try shown.map { row in
        let event = row.event
        let asset = try snapshot.asset(event.asset)
        return EventRow(
          sequence: event.seq, icon: event.verb.icon, verb: event.verb.words.done,
          asset: asset?.displayName ?? String(event.asset.description.suffix(12)),
          href: "/assets/\(event.asset)#event-\(event.eventID)", who: try names.who(event),
          at: presenter.moments.view(event.wallClock), hash: String(row.hash.prefix(12)), wholeHash: row.hash,
          proof: row.proof, proofIcon: row.proof.icon, proofWords: row.proof.words)
      }
      return EventListView(
        shell: try presenter.shell(title: "Ledger", page: "list"),
        chain: LampView(state: .good, words: "Chain head \(head.seq) · \(head.hash.description.prefix(12))"),
        rows: rows,
        paging: PagingView(
          words: "\(rows.count) shown", previous: before == .max ? nil : "/events",
          next: found.count > Self.pageSize ? shown.last.map { "/events?before=\($0.arrival)" } : nil))
    }
    return try renderer.page("events", view)
  }

  /// A query string of the parameters that have a value; empty without any.
  static func query(_ parameters: [(String, String?)]) -> String {
    var components = URLComponents()
    components.queryItems = parameters.compactMap { name, value in value.map { URLQueryItem(name: name, value: $0) } }
    guard let text = components.percentEncodedQuery, !text.isEmpty else { return "" }
    return "?" + text.replacing("+", with: "%2B")
  }
}

extension TextPiece {
  /// What is said in the place of a reading whose text is not kept: a badge, or a scan that did not come whole.
  static func words(insteadOf reading: KeptReading) -> String? {
    reading.raw == Scan.keptOfBadge ? "a badge, not shown" : reading.raw.isEmpty ? reading.words : nil
  }

  /// A kept reading in pieces, or in words.
  static func pieces(of reading: KeptReading) -> [TextPiece] {
    words(insteadOf: reading).map { [TextPiece(text: $0)] } ?? pieces(of: reading.raw)
  }

  /// Pieces as one line of plain text: a control character stands as its abbreviation, such as `<GS>`.
  static func plain(_ pieces: [TextPiece]) -> String {
    pieces.map { $0.control == nil ? $0.text : "<\($0.text)>" }.joined()
  }

  /// A reading in pieces, control characters by name.
  static func pieces(of raw: [UInt8]) -> [TextPiece] {
    var pieces: [TextPiece] = []
    var plain: [UInt8] = []
    func flush() {
      if !plain.isEmpty { pieces.append(TextPiece(text: plain.shown)) }
      plain = []
    }
    for byte in raw {
      if let (short, long) = names[byte] {
        flush()
        pieces.append(TextPiece(text: short, control: long))
      } else if byte < 0x20 || byte == 0x7F {
        flush()
        pieces.append(TextPiece(text: String(byte, radix: 16), control: "control character \(byte)"))
      } else {
        plain.append(byte)
      }
    }
    flush()
    return pieces
  }

  private static let names: [UInt8: (String, String)] = [
    0x04: ("EOT", "end of transmission"), 0x09: ("TAB", "tab"), 0x0A: ("LF", "line feed"),
    0x0D: ("CR", "carriage return"), 0x1C: ("FS", "file separator"), 0x1D: ("GS", "group separator"),
    0x1E: ("RS", "record separator"), 0x1F: ("US", "unit separator"),
  ]
}
