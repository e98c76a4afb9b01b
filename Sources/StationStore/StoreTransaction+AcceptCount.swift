import Custody
import CustodyLedger
import Foundation
import GRDB
import StockCounting

/// What came of accepting a line of a count.
public enum CountAcceptance: Sendable {
  /// It became an event of the asset.
  case recorded(CustodyEvent)
  /// A person took the readers' word, or left the record as it is; nothing moved.
  case noted
  case refused(Refusal)
}

extension StoreTransaction {
  /// Accepts a line of a closed count: what follows from it in the way that `answer` names is recorded as an act of `actor`, judged
  /// as any other. What is missing and was seen by an observation that came late is not declared missing. Nil when there is no such
  /// line.
  public func acceptLine(
    _ subject: CountLine.Subject, of count: StoredCount, by actor: Actor, _ answer: CountLine.Answer = .init()
  ) throws -> CountAcceptance? {
    guard let kept = try countLine(of: count.id, about: subject) else { return nil }
    if let refusal = Refusal.ofAccepting(in: count, acceptedAt: kept.accepted?.at, by: kept.accepted?.by) {
      return .refused(refusal)
    }
    var asset: Asset?
    if case .asset(let id) = subject { asset = try self.asset(try canonical(of: id) ?? id) }
    let late = try kept.line.result == .missing ? lateSighting(of: subject, in: count.id) : nil
    switch kept.line.acceptance(for: asset, seenLate: late, countNamed: count.name, answer) {
    case .refuse(let refusal): return .refused(refusal)
    case .note:
      guard !StockCount.roles.isDisjoint(with: actor.roles) else { return .refused(.noCounter) }
      try accept(subject, of: count.id, by: actor.person, event: nil)
      return .noted
    case .record(let details):
      guard let asset else { return nil }
      var intent = Intent(asset: asset.id, details: details, actor: actor)
      if let sighting = kept.line.sighting,
        let seen = try observation(sighting.observation, of: count.id)?.observation
      {
        intent.readings = [
          ReadingEvidence(
            kind: seen.means == .rfid ? "tag" : seen.means == .barcode ? "symbol" : "keyed",
            raw: Data(seen.text.utf8).base64EncodedString(), device: seen.tag?.reader)
        ]
      }
      switch try record(intent, known: asset) {
      case .refused(let refusal): return .refused(refusal)
      case .recorded(let events, _):
        guard let event = events.first else { return nil }
        try accept(subject, of: count.id, by: actor.person, event: event.eventID)
        return .recorded(event)
      }
    }
  }
}

extension Refusal {
  /// Why no line of a count can be accepted now, of an asset or of a consumable: the count is open still, or somebody accepted the line
  /// already; nil when it can.
  static func ofAccepting(in count: StoredCount, acceptedAt: Instant?, by person: PersonID?) -> Refusal? {
    guard count.ending != nil else {
      return Refusal(
        "count.accept.open", "The count is open still: what it comes to is not known yet.",
        remedy: "Close it first, then accept.")
    }
    return acceptedAt.map { at in
      Refusal(
        "count.accept.already", "This was accepted already.", remedy: "Nothing to do: go on with the next one.",
        kind: .duplicate, previousAt: at, previousBy: person)
    }
  }

  /// Somebody may not count.
  public static let noCounter = Refusal(
    "count.role", "Your roles at this site do not let you count.",
    remedy: "Ask somebody with the role "
      + Role.allCases.filter { StockCount.roles.contains($0) }.map(\.words).joined(separator: ", ") + ".")
}
