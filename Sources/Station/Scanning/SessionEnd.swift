import AssetIdentifiers
import Custody
import CustodyLedger
import StationStore

/// What a session came to, as the desk says it once it is closed.
struct SessionEnd: Sendable {
  /// The act, and what held for all of it, such as the order.
  let what: String
  /// Acts that were recorded in it and stand.
  let recorded: Int
  /// How many things were scanned, each counted once, and not recorded.
  let left: Int
  /// What they are called, the newest first; none of what did not come whole.
  let names: [String]

  /// How many of those that were not recorded are named.
  private static let told = 3

  /// Counts a session that ends, or has ended.
  init(of session: StoredSession, in snapshot: any StoreReading) throws {
    let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
    let held = try DeskForms(snapshot: snapshot).context(of: work)
    what = ([work.workflow?.words.imperative ?? "Look up"] + held).joined(separator: " · ")
    let tally = try snapshot.tally(of: session.id)
    recorded = (tally[.accepted] ?? 0) + (tally[.acceptedWithNote] ?? 0)
    let readings = try snapshot.readings(session: session.id, limit: .max)
    var (names, nameless): ([String], Int) = ([], 0)
    for (reading, isOpen) in zip(readings, readings.areOpen) {
      guard isOpen, reading.outcome == .unknown || reading.outcome == .refused else { continue }
      let asset = try reading.asset.flatMap { try snapshot.asset($0) }
      guard let name = asset?.displayName ?? (reading.raw.isEmpty ? nil : reading.raw.shownInLine) else {
        nameless += 1
        continue
      }
      if !names.contains(name) { names.append(name) }
    }
    self.names = names
    left = names.count + nameless
  }

  /// At most five words.
  var words: String {
    switch (recorded, left) {
    case (0, 0): "Closed: nothing recorded"
    case (_, 0): "Closed: \(recorded) recorded"
    default: "Closed: \(recorded) recorded, \(left) not"
    }
  }

  private var sentence: String {
    guard !names.isEmpty else { return what + "." }
    let further = names.count > Self.told ? " and \(names.count - Self.told) more" : ""
    return "\(what). Not recorded: \(names.prefix(Self.told).joined(separator: ", "))\(further)."
  }

  /// Says it of what asked for the end.
  func tell(_ outcome: inout ScanOutcome) {
    outcome.words = words
    outcome.sentence = sentence
    outcome.remedy = left == 0 ? nil : "What was not recorded can be scanned again in another session."
  }

  /// What the desk shows of it where no label asked.
  func outcome(at moment: Instant) -> ScanOutcome {
    var outcome = ScanOutcome(result: .context, words: words, at: moment, scan: Scan(raw: [], source: .keyed))
    tell(&outcome)
    return outcome
  }
}

extension Scan {
  /// Whether it is the command label that closes a session.
  var closes: Bool {
    do {
      if case .command(.close) = try splittingAIMPrefix().interpret() { return true }
    } catch {
      // What cannot be read is told where it is acted on.
    }
    return false
  }
}

extension Problem {
  /// A session is to be closed, and none is open.
  static let nothingToClose = Problem(
    .conflict, "session.close.nothing", "Nothing is open",
    detail: "No session is open at this desk, so there is nothing to close.",
    remedy: "Choose what to do, or scan a command label.")
}
