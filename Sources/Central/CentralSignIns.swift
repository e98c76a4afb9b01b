import CentralStore
import Crypto
import Custody
import Foundation
import Synchronization

/// Signs people in at the centre by name, password and one-time code, and knows who is signed in, by what their cookie says.
/// Kept in memory: a sign-in is for one process, and ends with it.
final class CentralSignIns: Sendable {
  /// Tries that are free of delay, then a delay that doubles from 30 s to an hour.
  static let freeFailures = 5
  static let lifetime: Int64 = 12 * 3_600_000
  static let idle: Int64 = 30 * 60_000
  /// What is known of somebody is asked of the store again after so long: who is disabled is out by then.
  static let freshness: Int64 = 5_000

  /// What came of a try.
  enum Answer: Sendable {
    case signedIn(token: String)
    /// Name, password or code is wrong: which one is not said.
    case notRecognised
    case locked(until: Instant)
  }

  /// Somebody who is signed in.
  struct SignedIn: Hashable, Sendable {
    var name: String
    var role: CentralPerson.Role
  }

  private struct Session {
    var signedIn: SignedIn
    let since: Instant
    var lastSeen: Instant
    var checked: Instant
  }

  private let store: any CentralPeople
  private let now: @Sendable () -> Instant
  /// By the token's SHA-256: memory that leaks makes no cookies.
  private let sessions = Mutex<[SHA256.Digest: Session]>([:])

  init(store: any CentralPeople, now: @escaping @Sendable () -> Instant) {
    self.store = store
    self.now = now
  }

  func signIn(name: String, password: String, code: String) async throws -> Answer {
    let moment = now()
    let found = Mutex<CentralPerson?>(nil)
    // The try is counted before anything is looked at, so that guessing in parallel wins nothing.
    let name = name.lowercased()
    if CentralPerson.isName(name) {
      try await store.change(name) { person in
        found.withLock { $0 = person }
        guard var person, person.disabledAt == nil, person.lockedUntil <= moment else { return nil }
        person.failures += 1
        person.lockedUntil = moment.advanced(byMilliseconds: Self.delay(failures: person.failures))
        return person
      }
    }
    guard let person = found.withLock({ $0 }), person.disabledAt == nil else {
      // Nobody of this name takes as long as a wrong password, or the time would tell whom there is.
      _ = try await Password.hash(password, salt: Data(repeating: 0, count: 16))
      return .notRecognised
    }
    guard person.lockedUntil <= moment else { return .locked(until: person.lockedUntil) }
    let isRight = Password.isEqual(try await Password.hash(password, salt: person.salt), person.hash)
    let step = TOTP.step(of: code, person.totpSecret, at: moment.milliseconds / 1000, after: person.lastStep)
    guard isRight, let step else { return .notRecognised }
    let taken = try await store.change(person.name) { person in
      // Another may have used the same code meanwhile.
      guard var person, person.disabledAt == nil, person.lastStep < step else { return nil }
      person.lastStep = step
      person.failures = 0
      person.lockedUntil = Instant(milliseconds: 0)
      return person
    }
    guard let taken else { return .notRecognised }
    var random = SystemRandomNumberGenerator()
    let token = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    sessions.withLock { sessions in
      sessions = sessions.filter { !Self.isOver($0.value, at: moment) }
      sessions[SHA256.hash(data: Data(token.utf8))] = Session(
        signedIn: SignedIn(name: taken.name, role: taken.role), since: moment, lastSeen: moment, checked: moment)
    }
    return .signedIn(token: token)
  }

  /// Who shows a token; nil for nobody, or nobody any longer.
  func find(_ token: String) async throws -> SignedIn? {
    let (moment, key) = (now(), SHA256.hash(data: Data(token.utf8)))
    let session = sessions.withLock { sessions -> Session? in
      guard let session = sessions[key] else { return nil }
      guard !Self.isOver(session, at: moment) else {
        sessions[key] = nil
        return nil
      }
      sessions[key]?.lastSeen = moment
      return session
    }
    guard let session else { return nil }
    guard session.checked.advanced(byMilliseconds: Self.freshness) <= moment else { return session.signedIn }
    guard let person = try await store.centralPerson(session.signedIn.name), person.disabledAt == nil,
      // A new password ends what was signed in with the old one.
      person.addedAt <= session.since
    else {
      signOut(token)
      return nil
    }
    let signedIn = SignedIn(name: person.name, role: person.role)
    sessions.withLock {
      $0[key]?.signedIn = signedIn
      $0[key]?.checked = moment
    }
    return signedIn
  }

  func signOut(_ token: String) { sessions.withLock { $0[SHA256.hash(data: Data(token.utf8))] = nil } }

  static func delay(failures: Int) -> Int64 {
    failures < freeFailures ? 0 : min(3_600_000, 30_000 << Int64(min(failures - freeFailures, 7)))
  }

  private static func isOver(_ session: Session, at moment: Instant) -> Bool {
    session.since.advanced(byMilliseconds: lifetime) <= moment
      || session.lastSeen.advanced(byMilliseconds: idle) <= moment
  }
}
