import Crypto
import Custody
import Foundation
import SyncProtocol
import TamperEvidence
import Testing

@testable import RequestTokens

/// Tokens by which stations sign requests. What a token is, is built by hand here: base64url, a header, Ed25519.
@Suite struct RequestTokenTests {
  private static let now = Instant(milliseconds: 1_795_000_000_500)
  private static let key = "HQ/S1"

  private func key(_ seed: UInt8, _ name: String = Self.key) throws -> SigningKey {
    try SigningKey(name: name, seed: [UInt8](repeating: seed, count: 32))
  }

  private var centre: SigningKey {
    get throws { try key(200, "centre.example/log") }
  }

  private static func base64url(_ text: some Sequence<UInt8>) -> String {
    Data(text).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// A token by hand, of a header and claims as they are written.
  private func token(_ claims: [String: Any], header: String? = nil, by signer: SigningKey) throws -> String {
    let header = header ?? #"{"alg":"EdDSA","kid":"\#(signer.keyID)","typ":"JWT"}"#
    let body = try JSONSerialization.data(withJSONObject: claims)
    let signed = Self.base64url(header.utf8) + "." + Self.base64url(body)
    return signed + "." + Self.base64url(try signer.sign(Array(signed.utf8)))
  }

  /// Claims about a push, good now.
  private func claims(_ change: (inout [String: Any]) -> Void = { _ in }) -> [String: Any] {
    var claims: [String: Any] = [
      "iss": Self.key, "aud": "centre.example/log", "htm": "POST", "htu": "/sync/v1/push",
      // SHA-256 of "abc" (FIPS 180-2, B.1).
      "digest": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "jti": "00112233445566778899aabbccddeeff", "iat": 1_795_000_000, "exp": 1_795_000_060,
    ]
    change(&claims)
    return claims
  }

  private func check(_ token: String, by signer: SigningKey, at moment: Instant = Self.now) async throws {
    let verifier = try RequestVerifier(token)
    try await verifier.check(
      by: signer.verifierKey, centre: "centre.example/log", method: "POST", target: "/sync/v1/push", at: moment)
    try verifier.check(body: Array("abc".utf8))
  }

  @Test("a token that is made by hand is good, for its minute")
  func handmade() async throws {
    let signer = try key(1)
    let token = try token(claims(), by: signer)
    try await check(token, by: signer)
    try await check(token, by: signer, at: Instant(milliseconds: 1_795_000_059_999))
    await #expect(throws: RequestVerifier.Fault.time(seconds: 0)) {
      try await check(token, by: signer, at: Instant(milliseconds: 1_795_000_060_000))
    }
    try await check(token, by: signer, at: Instant(milliseconds: 1_794_999_970_000))
    await #expect(throws: RequestVerifier.Fault.time(seconds: 31)) {
      try await check(token, by: signer, at: Instant(milliseconds: 1_794_999_969_999))
    }
  }

  @Test("a token of a station says what it must, signed over its very bytes")
  func made() async throws {
    let signer = try key(1)
    let requests = try RequestSigner(key: signer, centre: try centre.verifierKey) { Self.now }
    let (token, id) = try await requests.token(method: "POST", target: "/sync/v1/push", body: Array("abc".utf8))
    let parts = token.split(separator: ".").map(String.init)
    try #require(parts.count == 3)
    func data(_ text: String) -> Data? {
      Data(
        base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/")
          + String(repeating: "=", count: (4 - text.count % 4) % 4))
    }
    let signature = Array(try #require(data(parts[2])))
    #expect(signer.verifierKey.isValidSignature(signature, for: Array("\(parts[0]).\(parts[1])".utf8)))
    let headerBytes = try #require(data(parts[0]))
    let claimBytes = try #require(data(parts[1]))
    let header = try #require(try JSONSerialization.jsonObject(with: headerBytes) as? [String: String])
    #expect(header == ["alg": "EdDSA", "typ": "JWT", "kid": signer.keyID])
    let claims = try JSONDecoder().decode(RequestClaims.self, from: claimBytes)
    #expect(claims.iss == "HQ/S1" && claims.aud == "centre.example/log" && claims.htm == "POST")
    #expect(claims.htu == "/sync/v1/push" && claims.iat == 1_795_000_000 && claims.exp == 1_795_000_060)
    #expect(claims.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(claims.jti == id && id.count == 32)
    try await check(token, by: signer)
    // No two are one.
    let (_, other) = try await requests.token(method: "POST", target: "/sync/v1/push", body: Array("abc".utf8))
    #expect(other != id)
  }

  @Test("a token that is for something else, or of somebody else, lets nobody in")
  func foreign() async throws {
    let signer = try key(1)
    func fault(_ change: (inout [String: Any]) -> Void, by other: SigningKey? = nil) async throws -> String? {
      do {
        try await check(try token(claims(change), by: other ?? signer), by: signer)
        return nil
      } catch let fault as RequestVerifier.Fault {
        switch fault {
        case .malformed: return "malformed"
        case .signature: return "signature"
        case .mismatch(let claim, _, _): return claim
        case .time: return "time"
        case .replayed: return "replayed"
        }
      }
    }
    #expect(try await fault { _ in } == nil)
    #expect(try await fault({ _ in }, by: try key(2)) == "signature")
    #expect(try await fault { $0["iss"] = "HQ/S2" } == "signature")
    #expect(try await fault { $0["aud"] = "other.example/log" } == "aud")
    #expect(try await fault { $0["htm"] = "GET" } == "htm")
    #expect(try await fault { $0["htu"] = "/sync/v1/push?x=1" } == "htu")
    #expect(try await fault { $0["digest"] = String(repeating: "0", count: 64) } == "digest")
    #expect(try await fault { $0["exp"] = 1_795_000_061 } == "malformed")
    #expect(try await fault { $0["exp"] = 1_795_000_000 } == "malformed")
    #expect(try await fault { ($0["iat"], $0["exp"]) = (-60, 0) } == "time")
    #expect(try await fault { ($0["iat"], $0["exp"]) = (1_794_999_900, 1_794_999_960) } == "time")
    #expect(try await fault { ($0["iat"], $0["exp"]) = (Int64.max - 60, Int64.max) } == "time")
    #expect(try await fault { ($0["iat"], $0["exp"]) = (Int64.min, Int64.max) } == "malformed")
    for name in ["iss", "aud", "htm", "htu", "digest", "jti", "iat", "exp"] {
      #expect(try await fault { $0[name] = nil } == "malformed", "\(name)")
    }
    #expect(try await fault { $0["jti"] = "x" } == "malformed")
    #expect(try await fault { $0["jti"] = String(repeating: "A", count: 32) } == "malformed")
    #expect(try await fault { $0["htu"] = String(repeating: "a", count: 5000) } == "malformed")
  }

  @Test("no algorithm but EdDSA, no parts too few or many, no bytes that are no token")
  func hostile() async throws {
    let signer = try key(1)
    let good = try token(claims(), by: signer)
    let parts = good.split(separator: ".").map(String.init)
    var hostile: [String] = [
      "", ".", "..", "...", "a.b.c", good + ".", "." + good, good + "." + parts[2], parts[0] + "." + parts[1],
      parts[0] + "." + parts[1] + ".", good.replacing("E", with: "é"), String(repeating: "a.", count: 100_000),
      String(repeating: "x", count: 10_000_000),
    ]
    for header in [
      #"{"alg":"none"}"#, #"{"alg":"None","typ":"JWT"}"#, #"{"alg":"HS256"}"#, #"{"alg":"ES256"}"#, "{}", "[]", "null",
      #"{"alg":"EdDSA","crit":["b64"],"b64":false}"#, #"{"alg":"EdDSA","typ":"at+jwt"}"#, #"{"alg":7}"#,
    ] {
      hostile.append(try token(claims(), header: header, by: signer))
    }
    // Signed with the public key as a secret, which a library that goes by the header's word would take.
    let body = Self.base64url(#"{"alg":"HS256","typ":"JWT"}"#.utf8) + "." + parts[1]
    let code = HMAC<SHA256>.authenticationCode(
      for: Data(body.utf8), using: SymmetricKey(data: signer.verifierKey.publicKey))
    hostile.append(body + "." + Self.base64url(code))
    for token in hostile {
      await #expect(throws: RequestVerifier.Fault.self, "\(token.prefix(80))") { try await check(token, by: signer) }
    }
    // Every bit of it is signed.
    for at in stride(from: 0, to: good.utf8.count, by: 7) {
      var bytes = Array(good.utf8)
      bytes[at] = bytes[at] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      let changed = String(decoding: bytes, as: UTF8.self)
      await #expect(throws: RequestVerifier.Fault.self, "byte \(at)") { try await check(changed, by: signer) }
    }
  }

  @Test("the centre's time is taken over for the token that it was signed about, and for no other")
  func time() async throws {
    let signer = try RequestSigner(key: try key(1), centre: try centre.verifierKey) { Instant(milliseconds: 1000) }
    let (_, id) = try await signer.token(method: "GET", target: "/", body: [])
    let field = try CentreTime(Self.now, about: id, by: try centre).description
    #expect(!signer.learn(nil, about: id))
    #expect(!signer.learn(field, about: "other"))
    #expect(
      !signer.learn(try CentreTime(Self.now, about: id, by: try key(9, "centre.example/log")).description, about: id))
    for bad in [
      "", ".", "x.y", field + "x", "9" + field, String(field.dropLast(4)), String(repeating: "1", count: 1 << 20),
    ] {
      #expect(!signer.learn(bad, about: id), "\(bad.prefix(60))")
    }
    #expect(signer.clockOffset == 0)
    #expect(signer.learn(field, about: id))
    #expect(signer.clockOffset == Self.now.milliseconds - 1000)
    // Told the same again, there is nothing to be learnt, and no reason to try again.
    #expect(!signer.learn(field, about: id))
    let (token, _) = try await signer.token(method: "GET", target: "/", body: [])
    #expect(try RequestVerifier(token).claims.iat == 1_795_000_000)
  }
}
