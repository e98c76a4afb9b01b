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

  /// The passages through doors that are kept, newest first.
  @Sendable func passages(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let limit = try request.number("limit", default: 50, in: 1...500)
    let before = try request.number("after", default: Int.max, in: 0...Int.max)
    let door = request.text("door")
    let epc = try request.text("epc").map { text in
      guard let epc = bytes(hexadecimal: text) else {
        throw Problem.malformed("epc is '\(text)', not whole bytes in hexadecimal.", pointer: "/epc")
      }
      return epc
    }
    let (items, next) = try await core.store.read { snapshot in
      let presenter = TagPresenter(core: core, snapshot: snapshot)
      let found = try snapshot.passages(before: Int64(before), doorway: door, epc: epc, limit: limit + 1)
      return (
        try found.prefix(limit).map { try presenter.resource($0) },
        found.count > limit ? String(found[limit - 1].id) : nil
      )
    }
    return try .page(Page(items: items, next: next), for: request)
  }

  @Sendable func readers(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try .page(Page(items: core.readers.map { ReaderResource($0) }, next: nil), for: request)
  }
}

/// The bytes that pairs of hexadecimal digits stand for; nil for anything else.
private func bytes(hexadecimal text: String) -> [UInt8]? {
  let digits = text.compactMap(\.hexDigitValue)
  guard digits.count == text.count, digits.count.isMultiple(of: 2), digits.count <= 128 else { return nil }
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
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
