import Custody
import CustodyLedger
import Foundation
import GRDB

/// What became of an intent.
public enum Recording: Sendable {
  /// Sealed and projected; durable once the transaction is committed. The asset is nil when a correction left none.
  case recorded([CustodyEvent], asset: Asset?)
  case refused(Refusal)
}

extension StoreTransaction {
  /// Decides an intent on what this very transaction sees, seals what comes of it, and projects it. Throws only what
  /// is broken. `known` is the asset, when this transaction has read it already.
  public func record(_ intent: Intent, known: Asset? = nil) throws -> Recording {
    if let refusal = try refusalOfRestored() { return .refused(refusal) }
    let circumstances = try circumstances(of: intent, known: known)
    switch decide(intent, in: circumstances) {
    case .refuse(let refusal):
      return .refused(refusal)
    case .record(let drafts):
      var events: [CustodyEvent] = []
      var subject = circumstances.asset
      try openRestoredEpoch()
      for draft in drafts {
        let (event, entry) = try sealing.seal(draft, after: &head, seen: seen, random: randomWords())
        try insert(event, entry: entry)
        _ = try take(event, at: event.wallClock)
        try endFlags(by: event)
        if draft.asset == intent.asset { subject = try asset(draft.asset) }
        events.append(event)
      }
      return .recorded(events, asset: subject)
    }
  }

  /// Records several intents, or none of them: the first that is refused takes back those before it. Gives back all
  /// events, and the asset of the last intent.
  public func record(together intents: [Intent]) throws -> Recording {
    struct Refused: Error { let refusal: Refusal }
    do {
      return try inSavepoint {
        var all: [CustodyEvent] = []
        var subject: Asset?
        for intent in intents {
          switch try record(intent) {
          case .refused(let refusal): throw Refused(refusal: refusal)
          case .recorded(let events, let asset):
            all += events
            subject = asset
          }
        }
        return .recorded(all, asset: subject)
      }
    } catch let refused as Refused {
      return .refused(refused.refusal)
    }
  }

  private func circumstances(of intent: Intent, known: Asset?) throws -> Circumstances {
    if let known { remember(known, as: known.id) }
    var circumstances = Circumstances(at: now, asset: try asset(intent.asset))
    switch intent.details {
    case .expect(let details): circumstances.claims = try claims(on: details.identifiers, by: details.facts)
    case .register(let details): circumstances.claims = try claims(on: details.identifiers, by: details.facts)
    case .receive(let details):
      circumstances.claims = try claims(
        on: details.identifiers, by: details.facts.manufacturer == nil ? circumstances.asset?.facts : details.facts)
    case .bind(let details):
      circumstances.claims = try claims(on: [details.identifier], by: circumstances.asset?.facts)
    case .attach(let details), .detach(let details):
      circumstances.parent = try asset(details.parent)
      circumstances.parts = try parts(of: intent.asset)
    case .dispose, .ship: circumstances.parts = try parts(of: intent.asset)
    case .correct: circumstances.history = try history(of: intent.asset)
    case .settle: circumstances.history = try eventsOfAll(intent.asset)
    default: break
    }
    return circumstances
  }

  /// Which assets carry the marks already. Serial numbers are a maker's own: the same one of another maker is no claim.
  private func claims(
    on identifiers: [BoundIdentifier], by facts: AssetFacts?
  ) throws -> [BoundIdentifier: AssetID] {
    var claims: [BoundIdentifier: AssetID] = [:]
    let statement = try db.cachedStatement(sql: "SELECT asset FROM identifier WHERE value = ? AND kind = ?")
    for identifier in identifiers {
      let holders = try AssetID.fetchAll(statement, arguments: [identifier.value, identifier.kind.rawValue])
      claims[identifier] = try holders.first { holder in
        guard identifier.kind == .serial, let maker = facts?.manufacturer,
          let other = try asset(holder)?.facts.manufacturer
        else { return true }
        return maker.lowercased() == other.lowercased()
      }
      // Another station's label of the same time is on the thing, though its event was kept aside.
      if identifier.kind == .tag, claims[identifier] == nil {
        claims[identifier] = try self.holders(keptAside: identifier.value, kind: .tag).first
      }
    }
    return claims
  }

  private func insert(_ event: CustodyEvent, entry: VerifiedEntry) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO entry(arrival, station, epoch, seq, event_id, asset, type, at, hash, bytes)
        VALUES (\(StoreSnapshot.nextArrival),?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      event.chainName, event.epoch, event.seq, event.eventID, event.asset, event.verb.rawValue,
      event.wallClock.milliseconds, Data(entry.entry.hash.bytes), Data(entry.entry.bytes),
    ])
    untaken = event.eventID
    try noteEvidence(of: event)
    try db.cachedStatement(sql: "INSERT INTO outbox(epoch, seq) VALUES (?,?)").execute(
      arguments: [event.epoch, event.seq])
  }
}
