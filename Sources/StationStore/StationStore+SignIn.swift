import Crypto
import Custody
import Foundation
import GRDB

/// Why somebody was not recognised.
public enum SignInRefusal: Hashable, Sendable {
  /// No active person has this badge, or the PIN is wrong: which of the two is not told.
  case notRecognised
  /// Too many wrong PINs; tries count again from this moment.
  case locked(until: Instant)
}

/// The answer to badge and PIN.
public enum SignIn: Hashable, Sendable {
  case recognised(Person, Actor)
  case refused(SignInRefusal)
}

extension StationStore {
  /// The badge with this token, and whom it names. It identifies; it does not authenticate.
  public func badge(_ token: String) async throws -> Badge? {
    let digest = badgeDigest(token)
    return try await read { snapshot in
      guard let id = try snapshot.person(badge: digest), let person = try snapshot.person(id), person.active else {
        return nil
      }
      return Badge(holder: person, digest: digest)
    }
  }

  /// Recognises a person by badge and PIN. The try is counted, durably, before the PIN is looked at, so that guessing
  /// in parallel or killing the station wins nothing.
  public func signIn(badge token: String, pin: String) async throws -> SignIn {
    let digest = badgeDigest(token)
    enum Attempt: Sendable {
      case check(Person, PINHash, Set<Role>)
      case refused(SignInRefusal)
    }
    let site = identity.site
    let attempt = try await write { transaction -> Attempt in
      guard let id = try transaction.person(badge: digest), let person = try transaction.person(id), person.active,
        let row = try Row.fetchOne(transaction.db, sql: "SELECT * FROM pin WHERE person = ?", arguments: [id])
      else { return .refused(.notRecognised) }
      let now = transaction.now.milliseconds
      let lockedUntil: Int64 = row["locked_until"]
      if lockedUntil > now { return .refused(.locked(until: Instant(milliseconds: lockedUntil))) }
      let failures: Int = row["failures"] + 1
      try transaction.db.execute(
        sql: "UPDATE pin SET failures = ?, locked_until = ? WHERE person = ?",
        arguments: [failures, now + PINHash.delayMilliseconds(failures: failures), id])
      let salt: Data = row["salt"]
      let hash: Data = row["hash"]
      return .check(
        person, PINHash(salt: Array(salt), hash: Array(hash)), try transaction.roles(of: id, at: site))
    }
    switch attempt {
    case .refused(.notRecognised):
      // An unknown badge takes as long as a wrong PIN, or the time would tell which badges there are.
      _ = try await matches(pin, PINHash.nobodys)
      return .refused(.notRecognised)
    case .refused(let refusal):
      return .refused(refusal)
    case .check(let person, let kept, let roles):
      guard try await matches(pin, kept) else { return .refused(.notRecognised) }
      try await write { transaction in
        try transaction.db.execute(
          sql: "UPDATE pin SET failures = 0, locked_until = 0 WHERE person = ?", arguments: [person.id])
      }
      return .recognised(person, Actor(person: person.id, roles: roles, authStrength: .badgePINOffline))
    }
  }

  /// Gives a person a badge and a PIN of 6 to 12 digits; either may be nil to leave it.
  public func setCredentials(of person: PersonID, badge: String?, pin: String?) async throws {
    var hash: PINHash?
    if let pin {
      guard PINHash.isWellFormed(pin) else { throw CredentialFault.malformedPIN }
      hash = try await hashPIN(pin)
    }
    let digest = badge.map(badgeDigest)
    let kept = hash
    try await write { transaction in
      if let digest { try transaction.saveBadge(digest, of: person) }
      if let kept { try transaction.savePIN(kept, of: person) }
    }
  }

  /// The HMAC under which a badge's token is kept, so that a stolen database makes no badges.
  func badgeDigest(_ token: String) -> Data {
    Data(HMAC<SHA256>.authenticationCode(for: Data(token.utf8), using: SymmetricKey(data: pepper)))
  }
}

/// A credential that cannot be taken.
public enum CredentialFault: Error, Hashable, Sendable, CustomStringConvertible {
  case malformedPIN

  /// One sentence with the remedy.
  public var description: String { "A PIN has 6 to 12 digits and nothing else; choose another." }
}
