import Custody
import JWTKit
import SyncProtocol

/// What a station says with each of its requests, and its request key signs: a JWT (RFC 7519) of `alg` EdDSA (RFC 8037) that
/// is good for this very request, for a minute, once.
public struct RequestClaims: JWTPayload, Hashable {
  /// How long a token is good, in seconds.
  public static let lifetime: Int64 = 60
  /// So many seconds may the station's idea of the time be ahead of the centre's.
  public static let leeway: Int64 = 30
  /// Most bytes of a token.
  public static let longest = 4096

  /// The station, `site/station` (RFC 7519 §4.1.1).
  public var iss: String
  /// The centre: the origin of its log (§4.1.3).
  public var aud: String
  /// The request's method, as in RFC 9449 §4.2.
  public var htm: String
  /// The request's target in origin form, with its query: a proxy may change scheme and host.
  public var htu: String
  /// SHA-256 of the request's body, 64 lowercase hexadecimal digits; of no bytes for none.
  public var digest: String
  /// Names the token (§4.1.7): 32 lowercase hexadecimal digits, of 128 random bits.
  public var jti: String
  /// When it was made and when it is over (§4.1.6, §4.1.4), in seconds since 1970.
  public var iat: Int64
  public var exp: Int64

  /// Claims about a request.
  public init(
    station: String, centre: String, method: String, target: String, digest: String, id: String, at moment: Instant
  ) {
    let seconds = moment.milliseconds / 1000
    (iss, aud, htm, htu, self.digest, jti) = (station, centre, method, target, digest, id)
    (iat, exp) = (seconds, seconds + Self.lifetime)
  }

  /// Nothing is checked here: what the claims must be, the request tells. See ``RequestVerifier``.
  public func verify(using algorithm: some JWTAlgorithm) {}
}
