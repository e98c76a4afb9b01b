import Crypto
import CustodyLedger
import FoundationEssentials
import TamperEvidence

/// What a station presents with its one-time code. JSON on the wire.
public struct EnrolmentRequest: Hashable, Sendable, Codable {
  /// ``EnrolmentCode/presented``.
  public var code: String
  /// The key that signs the station's entries, named `site/station`.
  public var key: VerifierKey
  /// The key that signs the station's requests, of the same name.
  public var requestKey: VerifierKey
  /// Signatures of both keys over ``statement``, base64: the station has what it names.
  public var keyProof: String
  public var requestKeyProof: String

  /// A request that both keys sign.
  public init(code: EnrolmentCode, key: SigningKey, requestKey: SigningKey) throws(KeyError) {
    self.code = code.presented
    self.key = key.verifierKey
    self.requestKey = requestKey.verifierKey
    let statement = Self.statement(code: code.presented, key: key.verifierKey, requestKey: requestKey.verifierKey)
    keyProof = Data(try key.sign(statement)).base64EncodedString()
    requestKeyProof = Data(try requestKey.sign(statement)).base64EncodedString()
  }

  /// Whether both keys signed the request, and go together.
  public var isProved: Bool {
    guard key.name == requestKey.name, key.publicKey != requestKey.publicKey,
      let keyProof = Data(base64Encoded: keyProof), let requestKeyProof = Data(base64Encoded: requestKeyProof)
    else { return false }
    let statement = Self.statement(code: code, key: key, requestKey: requestKey)
    return key.isValidSignature(Array(keyProof), for: statement)
      && requestKey.isValidSignature(Array(requestKeyProof), for: statement)
  }

  /// What people compare at both ends.
  public var fingerprint: KeyFingerprint { KeyFingerprint(key: key, requestKey: requestKey) }

  /// What both keys sign: `custody enrolment v1`, the code, and both keys, a line each.
  private static func statement(code: String, key: VerifierKey, requestKey: VerifierKey) -> [UInt8] {
    Array("custody enrolment v1\n\(code)\n\(key)\n\(requestKey)\n".utf8)
  }
}

/// Both keys of a station in few digits, to be compared by eye: the first 80 bits of SHA-256 over both vkeys, a line each, in
/// five groups of four hexadecimal digits.
public struct KeyFingerprint: Hashable, Sendable, CustomStringConvertible {
  public let description: String

  /// The fingerprint of a station's keys.
  public init(key: VerifierKey, requestKey: VerifierKey) {
    let digits = Array("0123456789abcdef")
    let words = SHA256.hash(data: Data("\(key)\n\(requestKey)\n".utf8)).prefix(10).map {
      "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])"
    }
    description = stride(from: 0, to: 10, by: 2).map { words[$0] + words[$0 + 1] }.joined(separator: " ")
  }
}

/// The centre's answer to an enrolment.
public struct EnrolmentResult: Hashable, Sendable, Codable {
  /// The station, `site/station`.
  public var station: String
  /// The centre's name.
  public var centre: String
  /// The key of the centre's log, which the station trusts from now on.
  public var log: VerifierKey
  /// The first epoch that the key signs. Above 1 for a station that was enrolled before with another key: it begins this epoch.
  public var epoch: Int
  /// The end of the station's chain as the centre holds it, as far as it counts; nil when it holds nothing of it.
  public var held: HeldChain?
  /// As the centre computes it from the keys that it was given.
  public var fingerprint: String

  /// An answer.
  public init(
    station: String, centre: String, log: VerifierKey, epoch: Int, held: HeldChain?, fingerprint: KeyFingerprint
  ) {
    self.station = station
    self.centre = centre
    self.log = log
    self.epoch = epoch
    self.held = held
    self.fingerprint = fingerprint.description
  }
}
