import Custody
import CustodyLedger
import SyncProtocol
import TamperEvidence

/// A one-time code as the centre keeps it: one at a time for a station.
public struct KeptCode: Hashable, Sendable {
  /// The digest of ``EnrolmentCode/presented``.
  public var digest: TokenDigest
  public var until: Instant
  /// How many wrong ones were tried.
  public var tries: Int
  /// The digest of the keys that were enrolled by it; nil while it is unused. The same keys again are given the same answer,
  /// for the first may have been lost.
  public var usedBy: TokenDigest?

  /// A kept code.
  public init(digest: TokenDigest, until: Instant, tries: Int = 0, usedBy: TokenDigest? = nil) {
    self.digest = digest
    self.until = until
    self.tries = tries
    self.usedBy = usedBy
  }
}

/// The answer to an enrolment by code.
public enum CodeEnrolment: Sendable {
  /// The first epoch that the key signs, and the end of the chain that it follows.
  case enrolled(EnrolledStation, epoch: Int)
  case refused(Refusal)
}

extension AdmissionLedger {
  /// Keeps a code for a station, in the place of one that was there.
  public func issue(_ code: TokenDigest, forStation name: String, until moment: Instant) throws -> Refusal? {
    if let refusal = refusal(ofName: name) { return refusal }
    try put(code: KeptCode(digest: code, until: moment), forStation: name)
    return nil
  }

  /// Lets in the holder of two keys by a code. A station that was enrolled with another key goes on in a new epoch, and is no
  /// longer frozen: whoever holds the old keys only cannot push any more.
  public func enrol(
    _ key: VerifierKey, requestKey: VerifierKey, code presented: TokenDigest, at moment: Instant
  ) throws -> CodeEnrolment {
    let name = key.name
    if let refusal = refusal(ofName: name) { return .refused(refusal) }
    guard var code = try code(forStation: name) else { return .refused(.noCode) }
    guard moment < code.until else {
      try put(code: nil, forStation: name)
      return .refused(.noCode)
    }
    guard code.digest == presented else {
      code.tries += 1
      try put(code: code.tries < EnrolmentCode.tries ? code : nil, forStation: name)
      return .refused(.noCode)
    }
    let both = TokenDigest(of: "\(key)\n\(requestKey)")
    guard code.usedBy == nil || code.usedBy == both else { return .refused(.noCode) }
    let enrolled: CodeEnrolment
    if let station = try enrolledStation(named: name) {
      enrolled = try enrolAgain(station, key, requestKey, isRepeated: code.usedBy != nil, at: moment)
    } else {
      let station = EnrolledStation(key: key, enrolledAt: moment)
      try put(station, token: .nobodys)
      try put(requestKey: requestKey, ofStation: name)
      try stateEnrolment(of: station, at: moment)
      enrolled = .enrolled(station, epoch: 1)
    }
    if case .enrolled = enrolled {
      code.usedBy = both
      try put(code: code, forStation: name)
    }
    return enrolled
  }

  private func enrolAgain(
    _ station: EnrolledStation, _ key: VerifierKey, _ requestKey: VerifierKey, isRepeated: Bool, at moment: Instant
  ) throws -> CodeEnrolment {
    let keys = try keys(of: station)
    let last = try lastEntry(of: station.name)?.place
    let newest = keys.newestEnrolment
    if station.key == key {
      let next = ChainPlace(epoch: max(last?.epoch ?? 1, newest?.epoch ?? 1), seq: (last?.seq ?? 0) + 1)
      if case .revoked = keys.history.judgement(of: station.name, at: next) {
        return .refused(.needsNewKey(station.name))
      }
      guard isRepeated || station.frozen == nil else { return .refused(.needsNewKey(station.name)) }
      if !isRepeated { try put(station, token: .nobodys) }
      try put(requestKey: requestKey, ofStation: station.name)
      return .enrolled(station, epoch: newest?.epoch ?? 1)
    }
    guard !keys.history.keys(of: station.name).contains(where: { $0.publicKey == key.publicKey }) else {
      return .refused(.needsNewKey(station.name))
    }
    let renewed = EnrolledStation(key: key, enrolledAt: moment)
    let epoch = max(last?.epoch ?? 0, newest?.epoch ?? 0) + 1
    try put(station, token: .nobodys)
    try put(key: key, ofStation: station.name)
    try put(requestKey: requestKey, ofStation: station.name)
    try put(freeze: nil, ofStation: station.name)
    try put(lastPush: nil, of: station.name)
    try stateEnrolment(of: renewed, epoch: epoch, at: moment)
    return .enrolled(renewed, epoch: epoch)
  }
}

extension StationKeys {
  /// The newest enrolment that is stated.
  var newestEnrolment: KeyEnrolment? {
    statements.reversed().lazy.compactMap { entry -> KeyEnrolment? in
      guard case .statement(let statement) = EntryContent(eventBytes: entry.entry.event),
        case .enrol(let enrolment) = statement.details
      else { return nil }
      return enrolment
    }.first
  }
}

extension TokenDigest {
  /// The digest of a token that nobody has.
  static var nobodys: TokenDigest {
    var random = SystemRandomNumberGenerator()
    return StationToken(using: &random).digest
  }
}

extension Refusal {
  /// The same for a code that is wrong, used, over or guessed at too often: whoever tries learns nothing.
  static let noCode = Refusal(
    "sync.enrol.code", "This code does not enrol this station: it is wrong, used, or more than 15 minutes old.",
    remedy: "Make a new one at the centre: custody central code --station SITE/STATION.")

  static func needsNewKey(_ station: String) -> Refusal {
    Refusal(
      "sync.enrol.newKey", "The centre trusts that key of \(station) no more.",
      remedy: "Enrol with a new key: custody station enrol --new-key, with a new code.")
  }
}
