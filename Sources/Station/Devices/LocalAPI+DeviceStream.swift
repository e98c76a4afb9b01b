import CustodyLedger
import Hummingbird

extension LocalAPI {
  /// Scans of devices, and the devices after each change, a line of JSON each, until the caller hangs up or the station stops. The
  /// devices as they are come first.
  @Sendable func deviceStream(_ request: Request, _ context: StationContext) async throws -> Response {
    // Before the first list, so that no change falls between.
    let events = core.live.listen(after: nil)
    let core = core
    return Response(
      status: .ok, headers: [.contentType: "application/x-ndjson"],
      body: ResponseBody { writer in
        try await writer.write(try core.deviceLine)
        for await event in events.cancelOnGracefulShutdown() where event.id > 0 {
          switch event.name {
          case "status": try await writer.write(try core.deviceLine)
          case "scan":
            try await writer.write(ByteBuffer(bytes: Array(#"{"scan":"#.utf8) + event.data + Array("}\n".utf8)))
          default: break
          }
        }
        try await writer.finish(nil)
      })
  }
}

extension StationCore {
  fileprivate var deviceLine: ByteBuffer {
    get throws { ByteBuffer(bytes: try CanonicalEncoder().encode(deviceList, limit: .max) + [0x0A]) }
  }
}
