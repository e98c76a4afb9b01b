import Custody
import CustodyLedger
import StationStore

/// An act of a session that can be taken back, with what it recorded on other assets.
struct StandingAct: Sendable {
  /// The reading that led to it.
  let reading: Int64
  /// The asset that was scanned.
  let asset: AssetID
  /// What of it still stands, in the order in which it was recorded; never empty.
  let events: [(event: EventID, asset: AssetID)]
}

extension StoreReading {
  /// The newest act of a session before a reading that still stands; nil when there is none. `passed` are the readings on
  /// the way whose events were corrected elsewhere meanwhile, such as on the asset's page.
  func newestAct(
    in session: SessionID, before reading: Int64 = .max
  ) throws -> (act: StandingAct?, passed: [Int64]) {
    var passed: [Int64] = []
    while let newest = try newestUndoable(in: session, before: passed.last ?? reading) {
      let all = try [(event: newest.event, asset: newest.asset)] + companions(of: newest.event, on: newest.asset)
      let standing = try all.filter { try !isCorrected($0.event, of: $0.asset) }
      guard standing.isEmpty else {
        return (StandingAct(reading: newest.reading, asset: newest.asset, events: standing), passed)
      }
      passed.append(newest.reading)
    }
    return (nil, passed)
  }

  /// What Undo would take back, such as `Undo receive of AT-00042`; nil where nothing is to be taken back. What it costs does not
  /// grow with the asset's history: it is asked for with every page of the desk.
  func undoWords(in session: SessionID) throws -> String? {
    guard let act = try newestAct(in: session).act, let event = act.events.first?.event,
      let verb = try self.verb(of: event, on: act.asset)
    else { return nil }
    let name = try asset(act.asset)?.displayName ?? "an asset"
    return "Undo \(verb.words.imperative.lowercased()) of \(name)"
  }
}

extension StoreTransaction {
  /// The newest act of a session before a reading that still stands; nil when there is none. What was corrected elsewhere
  /// meanwhile is marked as undone, so that it is in nobody's way.
  func newestStandingAct(in session: SessionID, before reading: Int64 = .max) throws -> StandingAct? {
    let (act, passed) = try newestAct(in: session, before: reading)
    for reading in passed { try markUndone(reading) }
    return act
  }
}
