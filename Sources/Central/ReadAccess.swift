import CentralStore
import Crypto
import Custody
import Foundation
import Hummingbird
import SyncProtocol
import Synchronization

/// Who may read: people who have signed in, as far as their role goes; the holder of the read token, by header or by the
/// cookie that signing in gives; with neither people nor token, anybody on this machine.
struct ReadAccess: Sendable {
  static let cookieName = "custody_central"
  static let personCookieName = "custody_person"
  /// How long a sign-in with the token lasts, in milliseconds: twelve hours. It also ends with the process.
  static let lifetime: Int64 = 12 * 3_600_000
  /// Whether there are people is asked of the store again after so long.
  private static let freshness = Duration.seconds(5)

  private final class People: Sendable {
    /// Whether anybody signs in by name, and when that was asked.
    let state = Mutex<(isThere: Bool, asked: ContinuousClock.Instant?)>((false, nil))
  }

  private let token: SHA256.Digest?
  private let key = SymmetricKey(size: .bits256)
  private let isSecure: Bool
  private let now: @Sendable () -> Instant
  private let store: any CentralPeople
  private let people = People()
  let signIns: CentralSignIns

  init(
    readToken: String?, isSecure: Bool = false, store: any CentralPeople, now: @escaping @Sendable () -> Instant
  ) {
    token = readToken.map { SHA256.hash(data: Data($0.utf8)) }
    self.isSecure = isSecure
    self.store = store
    self.now = now
    signIns = CentralSignIns(store: store, now: now)
  }

  /// Whether there is something to sign in with.
  var needsSignIn: Bool { token != nil || hasPeople }
  var hasToken: Bool { token != nil }
  var hasPeople: Bool { people.state.withLock { $0.isThere } }

  /// Asks, now and then, whether anybody signs in by name.
  func learnWhetherPeopleSignIn() async throws {
    let isFresh = people.state.withLock { state in state.asked.map { .now - $0 < Self.freshness } ?? false }
    guard !isFresh else { return }
    let isThere: Bool
    do {
      isThere = try await !store.centralPeople().isEmpty
    } catch let fault as CentralFault {
      // A database that is away lets nobody read anyway; health and metrics are answered still.
      guard people.state.withLock({ $0.asked == nil }) else { return }
      if case .unavailable = fault { return }
      throw fault
    }
    people.state.withLock { $0 = (isThere, .now) }
  }

  /// Who is signed in by name in a request.
  func signedIn(_ request: Request) async throws -> CentralSignIns.SignedIn? {
    guard let cookie = request.cookies[Self.personCookieName] else { return nil }
    return try await signIns.find(cookie.value)
  }

  /// Whether a request may read what it asks for. Throws a ``Problem`` for a person whose role does not go so far, and for
  /// a request that came by another name of this machine: a page of somebody else's that made a browser believe it is this one.
  func permits(_ request: Request) throws -> Bool {
    guard let reader = try reader(of: request) else { return false }
    guard reader.maySee(request.uri.path) else {
      throw Problem(
        status: 403, code: "central.forbidden", title: "Not allowed",
        detail: "This needs one of the roles "
          + ReadNeed(path: request.uri.path).roles.map(\.rawValue).sorted().joined(separator: ", ") + ".",
        remedy: "Ask an administrator of the centre for the role: custody central people add --role.")
    }
    return true
  }

  /// Who reads in a request; nil for nobody whom the centre knows.
  func reader(of request: Request) throws -> Reader? {
    if let presented = BearerToken.of(request), token != nil { return matches(presented) ? .token : nil }
    if let signedIn = Reader.signedIn { return .person(signedIn) }
    if token != nil, let cookie = request.cookies[Self.cookieName], isValid(cookie.value) { return .token }
    guard !needsSignIn else { return nil }
    guard LoopbackName.matches(authority: request.head.authority ?? "") else {
      throw Problem(
        status: 403, code: "central.foreignHost", title: "Wrong name",
        detail:
          "This centre is open to its own machine only, and was asked for as '\(request.head.authority ?? "")'.",
        remedy: "Open it as http://127.0.0.1, or set a read token.")
    }
    return .local
  }

  /// Compares digests, which swift-crypto does in constant time.
  func matches(_ presented: String) -> Bool { token == SHA256.hash(data: Data(presented.utf8)) }

  /// The cookie that says that its holder has signed in with the token: `EXPIRY.HMAC`.
  func cookie() -> Cookie {
    let expiry = "\(now().milliseconds + Self.lifetime)"
    return cookie(Self.cookieName, "\(expiry).\(Self.hex(code(expiry)))", seconds: Int(Self.lifetime / 1000))
  }

  /// The cookie of a person who has signed in.
  func cookie(ofPerson token: String) -> Cookie {
    cookie(Self.personCookieName, token, seconds: Int(CentralSignIns.lifetime / 1000))
  }

  /// The cookies that sign out.
  func expiredCookies() -> [Cookie] {
    [cookie(Self.cookieName, "-", seconds: 0), cookie(Self.personCookieName, "-", seconds: 0)]
  }

  private func cookie(_ name: String, _ value: String, seconds: Int) -> Cookie {
    Cookie(name: name, value: value, maxAge: seconds, path: "/", secure: isSecure, httpOnly: true, sameSite: .strict)
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
