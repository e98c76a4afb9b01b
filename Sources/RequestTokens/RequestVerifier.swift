import Crypto
import Custody
import Foundation
import JWTKit
import SyncProtocol
import TamperEvidence

/// Verifies the token of one request at the centre, step by step: what it claims, that the station's key signed it, that it is
/// about this request, and about this body. That it comes for the first time is the store's to say.
public struct RequestVerifier: Sendable {
  /// What the token says; nothing of it is verified before ``check(by:centre:method:target:at:)``.
  public let claims: RequestClaims
  private let token: String
  private let keyID: String?

  /// Why a token lets nobody in.
  public enum Fault: Error, Hashable, Sendable {
    /// It is no token of this kind: another algorithm, members that are missing, too long.
    case malformed(String)
    /// The station's request key did not sign it.
    case signature
    /// It is for another centre, method, address or body.
    case mismatch(claim: String, found: String, wanted: String)
    /// It is over, or not yet good, by the centre's clock: by so many seconds.
    case time(seconds: Int64)
    /// It was here before.
    case replayed
  }

  /// Reads a token. Only JWTs of three parts are, whose header says EdDSA and asks for nothing that must be understood.
  public init(_ token: String) throws(Fault) {
    guard token.utf8.count <= RequestClaims.longest else {
      throw .malformed("it has more than \(RequestClaims.longest) bytes")
    }
    let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[2].isEmpty else { throw .malformed("it does not have three parts") }
    struct Header: Decodable {
      let alg: String
      let typ: String?
      let kid: String?
      let crit: [String]?
    }
    let header: Header = try Self.decode(parts[0])
    guard header.alg == "EdDSA", header.crit == nil, header.typ.map({ $0.uppercased() == "JWT" }) ?? true else {
      throw .malformed("its algorithm is '\(header.alg.prefix(20))'")
    }
    claims = try Self.decode(parts[1])
    guard claims.jti.utf8.count == 32,
      claims.jti.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { throw .malformed("its jti is no 32 hexadecimal digits") }
    keyID = header.kid
    self.token = token
  }

  /// Whether the station's key signed it, for this centre and this request, and it is neither over nor too early.
  public func check(
    by key: VerifierKey, centre: String, method: String, target: String, at moment: Instant
  ) async throws(Fault) {
    guard keyID == nil || keyID == key.keyID, claims.iss == key.name else { throw .signature }
    do {
      let keys = JWTKeyCollection()
      let name = JWKIdentifier(string: key.keyID)
      await keys.add(
        eddsa: EdDSA.PublicKey(backing: try Curve25519.Signing.PublicKey(rawRepresentation: key.publicKey)), kid: name)
      _ = try await keys.verify(token, as: RequestClaims.self)
    } catch {
      throw .signature
    }
    for (claim, found, wanted) in [
      ("aud", claims.aud, centre), ("htm", claims.htm, method), ("htu", claims.htu, target),
    ]
    where !found.utf8.elementsEqual(wanted.utf8) {
      throw .mismatch(claim: claim, found: String(found.prefix(200)), wanted: wanted)
    }
    let now = moment.milliseconds / 1000
    let span = claims.exp.subtractingReportingOverflow(claims.iat)
    guard !span.overflow, (1...RequestClaims.lifetime).contains(span.partialValue) else {
      throw .malformed("it is good for more than \(RequestClaims.lifetime) seconds")
    }
    guard claims.iat >= 0, claims.iat <= now + RequestClaims.leeway else { throw .time(seconds: claims.iat &- now) }
    guard now < claims.exp else { throw .time(seconds: claims.exp - now) }
  }

  /// Whether it is about this body.
  public func check(body: [UInt8]) throws(Fault) {
    let digest = Hex.digest(of: body)
    guard claims.digest == digest else {
      throw .mismatch(claim: "digest", found: String(claims.digest.prefix(64)), wanted: digest)
    }
  }

  private static func decode<Value: Decodable>(_ part: Substring.UTF8View) throws(Fault) -> Value {
    var text = String(decoding: part, as: UTF8.self).replacing("-", with: "+").replacing("_", with: "/")
    text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: text) else { throw .malformed("a part of it is no base64url") }
    do {
      return try JSONDecoder().decode(Value.self, from: data)
    } catch {
      throw .malformed("a part of it cannot be read")
    }
  }
}

extension RequestVerifier.Fault: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .malformed(let why): "The request's token cannot be used: \(why)."
    case .signature: "The request's token is not signed by the station that it names."
    case .mismatch(let claim, let found, let wanted):
      "The request's token is for another request: its \(claim) is '\(found)', not '\(wanted)'."
    case .time(let seconds) where seconds > 0:
      "The request's token is of \(seconds) seconds from now, by the centre's clock."
    case .time(let seconds): "The request's token was over \(-seconds) seconds ago, by the centre's clock."
    case .replayed: "The request's token was here before."
    }
  }
}
