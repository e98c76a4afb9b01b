import Custody
import CustodyLedger
import SyncProtocol
import TamperEvidence

extension AdmissionLedger {
  /// Bytes of a station's name: above two codes of 64 letters with a slash, below what a database's index takes.
  private static var longestName: Int { 600 }

  /// Lets the holder of a key push with a token, and states in the log that the key is good from the station's first epoch
  /// on. The same key again only gets the new token.
  public func enrol(_ key: VerifierKey, token: TokenDigest, at moment: Instant) throws -> Refusal? {
    let station = EnrolledStation(key: key, enrolledAt: moment)
    if let refusal = refusal(ofName: key.name) { return refusal }
    if let held = try self.key(ofStation: key.name) {
      guard held == key else {
        return Refusal(
          "central.enrol.nameTaken", "Station \(key.name) is enrolled with another key.",
          remedy: "Give the new station another name, or enrol it from the data folder that holds the first key.")
      }
      try put(station, token: token)
      return nil
    }
    try put(station, token: token)
    try stateEnrolment(of: station, at: moment)
    return nil
  }

  /// Why no station can have a name; nil when one can.
  func refusal(ofName name: String) -> Refusal? {
    guard name != sequencer.author.origin else {
      return Refusal(
        "central.enrol.nameTaken", "\(name) is the name of the centre's own log.",
        remedy: "Give the station another name.")
    }
    guard name.utf8.count <= Self.longestName else {
      return Refusal(
        "central.enrol.badKey", "A station's name has at most \(Self.longestName) bytes.",
        remedy: "Give the station a shorter name.")
    }
    return nil
  }

  /// States the enrolments that no entry of the log states yet, by name. For the opening of a store.
  public func stateMissingEnrolments(at moment: Instant) throws {
    for station in try unstatedStations() { try stateEnrolment(of: station, at: moment) }
  }

  func stateEnrolment(of station: EnrolledStation, epoch: Int = 1, at moment: Instant) throws {
    let index = try state(.enrol(KeyEnrolment(key: station.key, epoch: epoch)), at: moment)
    try put(statedAt: index, ofStation: station.name)
    try put(keyStatement: try bytes(ofEntryAt: index), at: index, about: station.name)
  }

  /// Signs a statement at the end of the centre's own chain, and logs it. Gives back its index.
  public func state(_ details: StationStatement.Details, at moment: Instant) throws -> Int64 {
    let author = sequencer.author
    let last = try lastEntry(of: author.origin)
    var before = HybridTime(milliseconds: 0, counter: 0)
    if case .statement(let statement)? = last?.content { before = statement.hlc }
    var random = SystemRandomNumberGenerator()
    let statement = StationStatement(
      eventID: EventID(at: moment, random: (random.next(), random.next())), site: author.site,
      station: author.station,
      place: ChainPlace(epoch: last?.place?.epoch ?? 1, seq: (last?.place?.seq ?? 0) + 1),
      prevHash: last?.hash ?? .zero, hlc: before.next(at: moment), wallClock: moment, keyID: author.key.keyID,
      details: details)
    let entry = CheckedEntry(
      own: try VerifiedEntry.seal(eventBytes: try CanonicalEncoder().encode(statement), with: author.key),
      by: author.key.verifierKey)
    let index = try add(entry, from: author.origin, at: moment, holdsPlace: true)
    try mark(index, .stated, nil)
    return index
  }
}
