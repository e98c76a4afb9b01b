import CentralStore
import Custody
import EPCIS
import Hummingbird
import SyncProtocol

/// What programs may read, as JSON under `/api/v1`.
struct APIRoutes: Sendable {
  static let largestPage = 1000

  let configuration: CentralConfiguration
  let store: any CentralStore
  let access: ReadAccess
  let dossiers: CentralDossier

  func add(to router: Router<CentralContext>) {
    // Health is for load balancers: it needs no token, and says nothing but that.
    router.get("/api/v1/health") { _, _ in
      _ = try await store.headIndex()
      return try JSONAnswer.response(["status": "ok", "version": configuration.version])
    }
    get("/api/v1/assets", router) { request, _ in try await assets(request) }
    get("/api/v1/assets/{id}", router) { _, context in try await asset(context) }
    get("/api/v1/assets/{id}/dossier", router) { _, context in try await dossier(context) }
    get("/api/v1/assets/{id}/epcis", router) { _, context in try await epcis(context) }
    get("/api/v1/dossier", router) { request, _ in
      let query = try EvidenceQuery(request)
      guard query.parameters.count > 0 else {
        throw Problem.badParameter("asset", "", wanted: "an asset, an order or a period")
      }
      return JSONAnswer.download(try await dossiers.make(query), as: "dossier.zip")
    }
    get("/api/v1/events", router) { request, _ in try await events(request) }
    get("/api/v1/events/{index}/entry", router) { _, context in try await entry(context) }
    get("/api/v1/exceptions", router) { request, _ in try await exceptions(request) }
    get("/api/v1/rejected/{id}/entry", router) { _, context in try await rejected(context) }
    get("/api/v1/log", router) { _, _ in
      try JSONAnswer.response(LogJSON(try await store.head(), key: store.logKey))
    }
    get("/api/v1/read-records", router) { request, _ in
      let before = try request.number("before", in: 0...Int64.max, otherwise: Int64.max)
      let limit = try request.number("limit", in: 1...Self.largestPage, otherwise: 100)
      return try JSONAnswer.response(["records": try await store.readRecords(before: before, limit: limit)])
    }
    get("/api/v1/stations", router) { _, _ in
      try JSONAnswer.response(["stations": try await store.stations().map(StationJSON.init)])
    }
  }

  private func get(
    _ path: RouterPath, _ router: Router<CentralContext>,
    _ handler: @escaping @Sendable (Request, CentralContext) async throws -> Response
  ) {
    router.get(path) { request, context in
      guard try access.permits(request) else { throw Problem.signInNeeded }
      return try await handler(request, context)
    }
  }

  private func assets(_ request: Request) async throws -> Response {
    let query = try AssetQuery(request, limit: 100)
    let assets = try await store.assets(query)
    return try JSONAnswer.response(
      AssetsJSON(assets: assets, next: assets.count == query.limit ? assets.last?.id : nil))
  }

  private func asset(_ context: CentralContext) async throws -> Response {
    let id: AssetID = try context.value("id", wanted: "a UUID") { AssetID($0) }
    let entries = try await store.entries(about: id)
    guard !entries.isEmpty else { throw Problem.notHere("asset \(id)") }
    return try JSONAnswer.response(
      AssetJSON(asset: try await store.asset(id), events: entries.map(EventJSON.init)))
  }

  private func dossier(_ context: CentralContext) async throws -> Response {
    let id: AssetID = try context.value("id", wanted: "a UUID") { AssetID($0) }
    return JSONAnswer.download(try await dossiers.make(of: .asset(id)), as: "dossier-\(id).zip")
  }

  /// An asset's events as an EPCIS 2.0 document.
  private func epcis(_ context: CentralContext) async throws -> Response {
    let id: AssetID = try context.value("id", wanted: "a UUID") { AssetID($0) }
    guard try await !store.entries(about: id).isEmpty else { throw Problem.notHere("asset \(id)") }
    var bytes: [UInt8] = []
    try await CentralEPCIS(store: store, now: dossiers.now).write(of: id, in: .always) { bytes += $0 }
    return Response(
      status: .ok, headers: [.contentType: EPCISDocument.mediaType], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  private func events(_ request: Request) async throws -> Response {
    let limit = try request.number("limit", in: 1...Self.largestPage, otherwise: 100)
    let before = try request.number("before", in: 0...Int64.max, otherwise: Int64.max)
    let entries = try await store.entries(before: before, status: Set(LogEntry.Status.allCases), limit: limit)
    return try JSONAnswer.response(
      EventsJSON(events: entries.map(EventJSON.init), next: entries.count == limit ? entries.last?.index : nil))
  }

  private func exceptions(_ request: Request) async throws -> Response {
    let limit = try request.number("limit", in: 1...Self.largestPage, otherwise: 100)
    let before = try request.number("before", in: 0...Int64.max, otherwise: Int64.max)
    let rejectedBefore = try request.number("rejectedBefore", in: 0...Int64.max, otherwise: Int64.max)
    let discrepanciesBefore = try request.number("discrepanciesBefore", in: 0...Int64.max, otherwise: Int64.max)
    let discrepancies = try await store.discrepancies(
      before: discrepanciesBefore, openOnly: request.text("settled") != "true", limit: limit)
    return try JSONAnswer.response(
      ExceptionsJSON(
        discrepancies: discrepancies.map(DiscrepancyJSON.init),
        quarantined: try await store.entries(before: before, status: [.quarantined, .unsupported], limit: limit)
          .map(EventJSON.init),
        rejected: try await store.rejectedEntries(before: rejectedBefore, limit: limit).map(RejectedJSON.init)))
  }

  private func entry(_ context: CentralContext) async throws -> Response {
    let index: Int64 = try context.value("index", wanted: "a whole number") { Int64($0).flatMap { $0 >= 0 ? $0 : nil } }
    guard let entry = try await store.entry(at: index) else { throw Problem.notHere("entry \(index)") }
    return JSONAnswer.download(entry.bytes, as: "entry-\(index).bin")
  }

  private func rejected(_ context: CentralContext) async throws -> Response {
    let id: Int64 = try context.value("id", wanted: "a whole number") { Int64($0).flatMap { $0 < .max ? $0 : nil } }
    guard let entry = try await store.rejectedEntries(before: id + 1, limit: 1).first, entry.id == id else {
      throw Problem.notHere("rejected entry \(id)")
    }
    return JSONAnswer.download(entry.bytes, as: "rejected-\(id).bin")
  }
}

extension AssetQuery {
  init(_ request: Request, limit: Int) throws {
    self.init(
      text: request.text("q"),
      state: try request.value("state", wanted: LifecycleState.allCases.map(\.rawValue).joined(separator: ", ")) {
        LifecycleState(rawValue: $0)
      },
      after: try request.value("after", wanted: "a UUID") { AssetID($0) },
      limit: try request.number("limit", in: 1...APIRoutes.largestPage, otherwise: limit))
  }
}
