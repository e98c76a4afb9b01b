import Crypto
import Custody
import CustodyLedger
import FoundationEssentials
import SyncProtocol

/// A push as it came: the entries, and the one-time ratchet that came with them.
public struct StationPush: Sendable {
  public let entries: [UnverifiedEntry]
  public let ratchet: PresentedRatchet

  /// A push.
  public init(_ entries: [UnverifiedEntry], ratchet: PresentedRatchet) {
    self.entries = entries
    self.ratchet = ratchet
  }

  /// SHA-256 over the hashes of the first entries, by which a push that is sent again is known.
  static func digest(_ entries: some Sequence<CheckedEntry>) -> [UInt8] {
    var hasher = SHA256()
    for entry in entries { hasher.update(data: entry.hash.bytes) }
    return Array(hasher.finalize())
  }
}

/// What became of a push.
public enum PushOutcome: Sendable {
  /// One result for each entry; and the ratchet of the next push, for a station that keeps one.
  case taken([PushResult], ratchet: String?)
  /// The station is frozen: nothing was taken.
  case frozen(StationFreeze)
  /// The ratchet was used before, or never given: another with the station's keys was here. What came is kept as proof, and
  /// the station is frozen.
  case collided(StationFreeze)
}

/// What the centre remembers of a station's last push.
public struct LastPush: Hashable, Sendable {
  /// The ratchet that the next push is to present.
  public var ratchet: String
  /// The ratchet that the last one presented; nil for a station's first.
  public var previous: String?
  /// How many entries it had, and ``StationPush/digest(_:)`` of them.
  public var entries: Int
  public var digest: [UInt8]

  /// The memory of a push.
  public init(ratchet: String, previous: String?, entries: Int, digest: [UInt8]) {
    self.ratchet = ratchet
    self.previous = previous
    self.entries = entries
    self.digest = digest
  }
}

extension AdmissionLedger {
  /// Takes a push of a station that may be a clone of another: see ``PushOutcome``.
  ///
  /// A ratchet is good for one push of which something comes into the log. The one before is taken when the entries begin
  /// with the very same as the last time, or some of them are held, for then the answer was lost. A push that opens a new
  /// epoch needs none: it closes the epoch before, and whoever goes on in that one is found by it.
  public func push(
    _ entries: [CheckedEntry], ratchet: PresentedRatchet, from station: EnrolledStation, by keys: StationKeys,
    at moment: Instant
  ) throws -> PushOutcome {
    if let frozen = try enrolledStation(named: station.name)?.frozen { return .frozen(frozen) }
    guard ratchet != .absent else {
      return .taken(try admit(entries, from: station, by: keys, at: moment), ratchet: nil)
    }
    let last = try lastPush(of: station.name)
    var repeated = 0
    if let last, ratchet != .value(last.ratchet), try !opensEpoch(entries, of: station.name) {
      let isOneBefore = ratchet == last.previous.map(PresentedRatchet.value) ?? .first
      if isOneBefore, entries.count >= last.entries,
        StationPush.digest(entries.prefix(last.entries)) == last.digest
      {
        repeated = last.entries
      } else if try holds(all: entries) {
        // A request that was long on its way, or sent again by somebody who listened in: it says nothing new.
        return .taken(
          try admit(entries, from: station, by: keys, at: moment), ratchet: isOneBefore ? last.ratchet : nil)
      } else if isOneBefore, try holds(anyOf: entries) {
        // What came the last time had been damaged or put out of order on its way. A clone would have other bytes in the
        // place of what is held, which admission finds.
        repeated = entries.count
      } else {
        return try collide(entries, from: station, by: keys, at: moment)
      }
    }
    let results = try admit(entries, from: station, by: keys, repeated: repeated, at: moment)
    if let last, repeated == last.entries, repeated == entries.count,
      StationPush.digest(entries) == last.digest
    {
      return .taken(results, ratchet: last.ratchet)
    }
    // Nothing of it is in the log: it may be sent again as if it had never come.
    guard results.contains(where: { $0.logIndex != nil }) else { return .taken(results, ratchet: nil) }
    var random = SystemRandomNumberGenerator()
    let next = LastPush(
      ratchet: PresentedRatchet.make(random: StationToken(using: &random).digest.bytes), previous: ratchet.value,
      entries: entries.count, digest: StationPush.digest(entries))
    try put(lastPush: next, of: station.name)
    return .taken(results, ratchet: next.ratchet)
  }

  /// Whether a push opens an epoch: behind what the centre may have to be told once more of the one before.
  private func opensEpoch(_ entries: [CheckedEntry], of station: String) throws -> Bool {
    let last = try lastEntry(of: station)?.place?.epoch ?? 0
    return entries.contains { entry in
      guard case .statement(let statement) = entry.content, case .verified = entry.verdict else { return false }
      return statement.details.kind == .openEpoch && statement.place.epoch > last
    }
  }

  /// Whether every well signed entry is in the log already.
  private func holds(all entries: [CheckedEntry]) throws -> Bool {
    try entries.allSatisfy { checked in
      if case .rejected = checked.verdict { return true }
      return try self.entry(withHash: checked.hash) != nil
    }
  }

  private func holds(anyOf entries: [CheckedEntry]) throws -> Bool {
    try entries.contains { checked in
      if case .rejected = checked.verdict { return false }
      return try self.entry(withHash: checked.hash) != nil
    }
  }

  /// Two with one key have pushed. What came is evidence like any other, and is kept as such.
  private func collide(
    _ entries: [CheckedEntry], from station: EnrolledStation, by keys: StationKeys, at moment: Instant
  ) throws -> PushOutcome {
    let reason = AdmissionReason(
      "sync.ratchet",
      "The push did not come from where the one before came from: two stations sign as \(station.name), or it was restored "
        + "from a backup.")
    let last = try lastEntry(of: station.name)?.content.event
    _ = try admit(entries, from: station, by: keys, at: moment)
    try report(
      .fork, [last, entries.compactMap(\.content.event).first].compactMap { $0?.eventID }, of: station.name, at: moment)
    try freeze(station.name, because: reason, at: moment)
    return .collided(try enrolledStation(named: station.name)?.frozen ?? StationFreeze(at: moment, reason: reason))
  }
}

extension PresentedRatchet {
  fileprivate var value: String? {
    if case .value(let text) = self { text } else { nil }
  }
}
