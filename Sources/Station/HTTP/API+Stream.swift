import AsyncAlgorithms
import Hummingbird
import ServiceLifecycle

extension API {
  /// Server-sent events (WHATWG HTML §9.2): what happens at the station, as it happens. `Last-Event-ID` brings what was
  /// missed; a comment every 15 seconds keeps the line open. It ends when who listens signs out, is locked out after
  /// inactivity, or is no longer active.
  @Sendable func stream(_ request: Request, _ context: StationContext) async throws -> Response {
    try await core.stream(request, context) { $0.bytes }
  }
}

extension StationCore {
  /// The live stream, or another one, with each event in the words of `words`.
  func stream(
    _ request: Request, _ context: StationContext, of stream: LiveStream? = nil,
    _ words: @escaping @Sendable (LiveEvent) async throws -> ByteBuffer
  ) async throws -> Response {
    let last = (request.headers[.lastEventID] ?? request.text("lastEventID")).flatMap { UInt64($0) }
    return try await self.stream(request, context, of: (stream ?? live).listen(after: last), words)
  }

  /// What comes, as server-sent events, for as long as who listens is signed in.
  func stream(
    _ request: Request, _ context: StationContext, of events: AsyncStream<LiveEvent>,
    _ words: @escaping @Sendable (LiveEvent) async throws -> ByteBuffer = { $0.bytes }
  ) async throws -> Response {
    let token = try context.requireSignedIn().token
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
      body: ResponseBody { writer in
        try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
        let beats = AsyncTimerSequence(interval: .seconds(15), clock: .continuous).map { _ in LiveEvent?.none }
        for await event in merge(events.map { Optional($0) }, beats).cancelOnGracefulShutdown() {
          guard try await self.signedIn(token, isSignOfLife: false) != nil else { break }
          guard let event else {
            try await writer.write(ByteBuffer(string: ": still here\n\n"))
            continue
          }
          guard event.id > 0 else { continue }
          try await writer.write(try await words(event))
        }
        try await writer.finish(nil)
      })
  }
}

extension LiveEvent {
  /// The event as it goes over the line.
  var bytes: ByteBuffer {
    var buffer = ByteBuffer(string: "id: \(id)\nevent: \(name)\ndata: ")
    buffer.writeBytes(data)
    buffer.writeString("\n\n")
    return buffer
  }
}
