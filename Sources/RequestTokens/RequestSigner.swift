import Crypto
import Custody
import Foundation
import JWTKit
import SyncProtocol
import Synchronization
import TamperEvidence

/// Signs a station's requests to its centre. Knows how far the station's clock is from the centre's, for tokens alone: a
/// station whose clock is dead is let in all the same.
public final class RequestSigner: Sendable {
  /// The key that signs requests; its name is the station's.
  public let key: SigningKey
  /// The centre's key: its name is the audience, and it signs what the centre says of the time.
  public let centre: VerifierKey
  private let now: @Sendable () -> Instant
  private let offset = Mutex<Int64>(0)
  private let keys: JWTKeyCollection

  /// A signer; `now` is the station's clock. Throws `KeyError.unusable` where the library does not take the key.
  public init(key: SigningKey, centre: VerifierKey, now: @escaping @Sendable () -> Instant) throws(KeyError) {
    self.key = key
    self.centre = centre
    self.now = now
    keys = JWTKeyCollection()
    do {
      signing = EdDSA.PrivateKey(backing: try Curve25519.Signing.PrivateKey(rawRepresentation: key.seed))
    } catch {
      throw .unusable
    }
  }

  private let signing: EdDSA.PrivateKey

  /// Milliseconds by which the centre's clock is ahead of the station's, as last learnt; 0 before.
  public var clockOffset: Int64 { offset.withLock { $0 } }

  /// A token for one request, and its id.
  public func token(method: String, target: String, body: [UInt8]) async throws -> (token: String, id: String) {
    var random = SystemRandomNumberGenerator()
    let id = Hex.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    let moment = Instant(milliseconds: now().milliseconds + clockOffset)
    let claims = RequestClaims(
      station: key.name, centre: centre.name, method: method, target: target, digest: Hex.digest(of: body), id: id,
      at: moment)
    let name = JWKIdentifier(string: key.keyID)
    await keys.add(eddsa: signing, kid: name)
    return (try await keys.sign(claims, kid: name), id)
  }

  /// Takes the centre's time over from a refusal of a token, if the centre signed it for that very token. Tells whether
  /// another token may fare better.
  public func learn(_ field: String?, about id: String) -> Bool {
    guard let field, let time = CentreTime(field, about: id, by: centre) else { return false }
    let now = now().milliseconds
    return offset.withLock { offset in
      let learnt = time.milliseconds - now
      // A refusal that is not about the time would be met again and again.
      guard abs(learnt - offset) > 1000 else { return false }
      offset = learnt
      return true
    }
  }
}

/// The centre's time, as it signs it for one token that it refused:
///
///     field = milliseconds-since-1970 "." base64( signature of "custody time v1" LF origin LF jti LF milliseconds LF )
public struct CentreTime: Hashable, Sendable, CustomStringConvertible {
  public let milliseconds: Int64
  /// The header field.
  public let description: String

  /// The time that a centre signs.
  public init(_ moment: Instant, about id: String, by key: SigningKey) throws(KeyError) {
    milliseconds = moment.milliseconds
    let signature = try key.sign(Self.statement(moment.milliseconds, id, key.name))
    description = "\(moment.milliseconds).\(Data(signature).base64EncodedString())"
  }

  /// Reads a header field; nil unless the centre signed it about this token.
  public init?(_ field: String, about id: String, by key: VerifierKey) {
    guard field.utf8.count < 200, let dot = field.firstIndex(of: "."), let milliseconds = Int64(field[..<dot]),
      (0...253_402_300_799_000).contains(milliseconds),
      let signature = Data(base64Encoded: String(field[field.index(after: dot)...])),
      key.isValidSignature(Array(signature), for: Self.statement(milliseconds, id, key.name))
    else { return nil }
    self.milliseconds = milliseconds
    description = field
  }

  private static func statement(_ milliseconds: Int64, _ id: String, _ origin: String) -> [UInt8] {
    Array("custody time v1\n\(origin)\n\(id)\n\(milliseconds)\n".utf8)
  }
}

/// Bytes as lowercase hexadecimal digits.
enum Hex {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  static func digest(of body: [UInt8]) -> String { text(SHA256.hash(data: body)) }
}
