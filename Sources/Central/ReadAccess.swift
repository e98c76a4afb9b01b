import Crypto
import Custody
import Foundation
import Hummingbird
import SyncProtocol

/// Who may read: the holder of the read token, by header or by the cookie that signing in gives; with no token, anybody
/// on this machine.
struct ReadAccess: Sendable {
  static let cookieName = "custody_central"
  /// How long a sign-in lasts, in milliseconds: twelve hours. It also ends with the process.
  static let lifetime: Int64 = 12 * 3_600_000

  private let token: SHA256.Digest?
  private let key = SymmetricKey(size: .bits256)
  private let now: @Sendable () -> Instant

  init(readToken: String?, now: @escaping @Sendable () -> Instant) {
    token = readToken.map { SHA256.hash(data: Data($0.utf8)) }
    self.now = now
  }

  /// Whether there is something to sign in with.
  var needsSignIn: Bool { token != nil }

  /// Whether a request may read. Throws a ``Problem`` for a request that came by another name of this machine: a page
  /// of somebody else's that made a browser believe it is this one.
  func permits(_ request: Request) throws -> Bool {
    guard token != nil else {
      guard LoopbackName.matches(authority: request.head.authority ?? "") else {
        throw Problem(
          status: 403, code: "central.foreignHost", title: "Wrong name",
          detail:
            "This centre is open to its own machine only, and was asked for as '\(request.head.authority ?? "")'.",
          remedy: "Open it as http://127.0.0.1, or set a read token.")
      }
      return true
    }
    if let presented = BearerToken.of(request) { return matches(presented) }
    return request.cookies[Self.cookieName].map { isValid($0.value) } ?? false
  }

  /// Compares digests, which swift-crypto does in constant time.
  func matches(_ presented: String) -> Bool { token == SHA256.hash(data: Data(presented.utf8)) }

  /// The cookie that says that its holder has signed in: `EXPIRY.HMAC`.
  func cookie() -> Cookie {
    let expiry = "\(now().milliseconds + Self.lifetime)"
    return Cookie(
      name: Self.cookieName, value: "\(expiry).\(Self.hex(code(expiry)))", maxAge: Int(Self.lifetime / 1000), path: "/",
      httpOnly: true, sameSite: .strict)
  }

  /// The cookie that signs out.
  func expiredCookie() -> Cookie {
    Cookie(name: Self.cookieName, value: "-", maxAge: 0, path: "/", httpOnly: true, sameSite: .strict)
  }

  private func isValid(_ value: String) -> Bool {
    let parts = value.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let expiry = Int64(parts[0]), let presented = Self.bytes(parts[1]),
      HMAC<SHA256>.isValidAuthenticationCode(presented, authenticating: Data(parts[0].utf8), using: key)
    else { return false }
    return now().milliseconds < expiry
  }

  private func code(_ text: String) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
  }

  private static func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }

  private static func bytes(_ hex: Substring) -> [UInt8]? {
    let digits = hex.utf8.map { UInt8($0) }
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: 64, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}

/// The token of an Authorization header field (RFC 6750 §2.1).
enum BearerToken {
  static func of(_ request: Request) -> String? {
    guard let field = request.headers[.authorization], field.prefix(7).lowercased() == "bearer " else { return nil }
    return String(field.dropFirst(7))
  }
}
