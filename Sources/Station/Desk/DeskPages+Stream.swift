import Custody
import CustodyLedger
import Hummingbird
import StationStore
import Synchronization

extension DeskPages {
  /// `GET /desk/stream`: the live stream for the desk's own page. What came of a device's scan comes as an event `desk`,
  /// whose data is that part of the fragment which `GET /desk` would answer: asking for it would cost a browser more than
  /// the scan did. The rest of the desk the page asks for afterwards; where the scan changed what is being done, all of it
  /// comes at once.
  @Sendable func stream(_ request: Request, _ context: StationContext) async throws -> Response {
    let shown = ShownReading()
    return try await core.stream(request, context) { event in
      // In a burst the first fragment shows all that is recorded by then; the readings that it shows need no second one.
      guard let reading = event.reading, shown.isNew(reading) else { return event.bytes }
      let outcome = core.desk.lastOutcome
      let html: String
      if let result = try await resultFragment(context, outcome) {
        html = result
      } else {
        html = try await fragment(context)
      }
      shown.shows(upTo: max(reading, outcome?.reading ?? reading))
      return event.bytes(as: "desk", context.language.page(html))
    }
  }
}

extension DeskPages {
  /// The result alone, in the desk that it stands in; nil where more than the result has changed.
  private func resultFragment(_ context: StationContext, _ outcome: ScanOutcome?) async throws -> String? {
    guard let outcome, outcome.result != .context, !outcome.asksAboutCarton else { return nil }
    let deskName = core.desk.name
    let view = try await core.store.read { snapshot in
      let session = try snapshot.openSession(desk: deskName)
      let work = try session.map { try CanonicalDecoder().decode(WorkSession.self, from: $0.document) }
      return try presenter(snapshot, context).shownResult(session, work, outcome: outcome)
    }
    return try view.map { try renderer.text("desk-result", $0) }
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
