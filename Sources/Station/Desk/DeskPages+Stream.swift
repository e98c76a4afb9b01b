import Hummingbird
import Synchronization

extension DeskPages {
  /// `GET /desk/stream`: the live stream for the desk's own page. What a device scanned comes as the desk itself, an event
  /// `desk` whose data is the fragment that `GET /desk` would answer: asking for it would cost a browser more than the
  /// scan did.
  @Sendable func stream(_ request: Request, _ context: StationContext) async throws -> Response {
    let shown = ShownReading()
    return try await core.stream(request, context) { event in
      // In a burst the first fragment shows all that is recorded by then; the readings that it shows need no second one.
      guard let reading = event.reading, shown.isNew(reading) else { return event.bytes }
      let last = core.desk.lastOutcome?.reading
      let html = try await fragment(context)
      shown.shows(upTo: max(reading, last ?? reading))
      return event.bytes(as: "desk", html)
    }
  }
}

/// The last reading that a page has been shown.
private final class ShownReading: Sendable {
  private let last = Mutex<Int64>(-1)

  func isNew(_ reading: Int64) -> Bool { last.withLock { reading > $0 } }
  func shows(upTo reading: Int64) { last.withLock { $0 = max($0, reading) } }
}

extension LiveEvent {
  /// The event under another name, with text of several lines: a line of data for each (WHATWG HTML §9.2.6).
  func bytes(as name: String, _ text: String) -> ByteBuffer {
    var buffer = ByteBuffer(string: "id: \(id)\nevent: \(name)\n")
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      buffer.writeString("data: ")
      buffer.writeString(String(line))
      buffer.writeString("\n")
    }
    buffer.writeString("\n")
    return buffer
  }
}
