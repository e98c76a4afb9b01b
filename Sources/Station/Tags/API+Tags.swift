import Custody
import CustodyLedger
import Hummingbird
import ReaderNetwork
import ScannerProtocols
import ServiceLifecycle
import StationStore

extension API {
  func addTags(to v1: RouterGroup<StationContext>) {
    v1.get("/tags", use: tags)
    v1.get("/tags/stream", use: tagStream)
    v1.get("/passages", use: passages)
    v1.get("/passages/comparison", use: doorComparison)
    v1.get("/passages/not-seen", use: notSeen)
    v1.get("/readers", use: readers)
    v1.post("/readers/{id}/operations", use: operation)
  }

  /// The tags in the field, first come first.
  @Sendable func tags(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let limit = try request.number("limit", default: 50, in: 1...500)
    let after = try request.number("after", default: 0, in: 0...Int.max)
    let (reader, zone, prefix) = (request.text("reader"), request.text("zone"), request.text("epc")?.uppercased())
    let found = core.tags.present.filter { tag in
      (reader == nil || tag.antenna.reader == reader) && (zone == nil || tag.zone == zone)
        && (prefix == nil || hexadecimal(tag.epc).uppercased().hasPrefix(prefix ?? ""))
    }
    let shown = found.dropFirst(after).prefix(limit)
    let items = try await core.store.read { snapshot in
      let presenter = TagPresenter(core: core, snapshot: snapshot)
      return try shown.map { try presenter.resource($0) }
    }
    return try .page(
      Page(items: items, next: after + shown.count < found.count ? String(after + shown.count) : nil), for: request)
  }

  /// Server-sent events: `tag`, `passage`, `reader`, as they happen; `reload` when some were left out.
  @Sendable func tagStream(_ request: Request, _ context: StationContext) async throws -> Response {
    try await core.stream(request, context, of: core.tagsLive) { $0.bytes }
  }

  @Sendable func readers(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try .page(Page(items: core.readers.map { ReaderResource($0) }, next: nil), for: request)
  }
}

extension LocalAPI {
  /// The tags in the field, for a command on the same machine.
  @Sendable func tags(_ request: Request, _ context: StationContext) async throws -> Response {
    let present = core.tags.present
    let items = try await core.store.read { snapshot in
      let presenter = TagPresenter(core: core, snapshot: snapshot)
      return try present.map { try presenter.resource($0) }
    }
    struct Answer: Encodable {
      let items: [TagResource]
      let readers: [ReaderResource]
    }
    return try .json(Answer(items: items, readers: core.readers.map { ReaderResource($0) }))
  }

  /// What happens in the field, a line of JSON each, until the caller hangs up or the station stops.
  @Sendable func tagStream(_ request: Request, _ context: StationContext) async throws -> Response {
    let events = core.tagsLive.listen(after: nil)
    return Response(
      status: .ok, headers: [.contentType: "application/x-ndjson"],
      body: ResponseBody { writer in
        for await event in events.cancelOnGracefulShutdown() where event.id > 0 {
          try await writer.write(ByteBuffer(bytes: event.data + [0x0A]))
        }
        try await writer.finish(nil)
      })
  }
}
