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
    let digests = badgeDigests(token)
    return try await read { snapshot in
      guard let (id, digest) = try snapshot.person(badges: digests), let person = try snapshot.person(id),
        person.active
      else { return nil }
      return Badge(holder: person, digest: digest)
    }
  }

  /// Recognises a person by badge and PIN. The try is counted, durably, before the PIN is looked at, so that guessing
  /// in parallel or killing the station wins nothing.
  public func signIn(badge token: String, pin: String) async throws -> SignIn {
    let digests = badgeDigests(token)
    enum Attempt: Sendable {
      case check(Person, PINHash, Set<Role>, isCentres: Bool)
      case refused(SignInRefusal)
    }
    let site = identity.site
    let attempt = try await write { transaction -> Attempt in
      guard let id = try transaction.person(badges: digests)?.person, let person = try transaction.person(id),
        person.active,
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
        person, PINHash(salt: Array(salt), hash: Array(hash)), try transaction.roles(of: id, at: site),
        isCentres: row["pepper"])
    }
    switch attempt {
    case .refused(.notRecognised):
      // An unknown badge takes as long as a wrong PIN, or the time would tell which badges there are.
      _ = try await matches(pin, PINHash.nobodys)
      return .refused(.notRecognised)
    case .refused(let refusal):
      return .refused(refusal)
    case .check(let person, let kept, let roles, let isCentres):
      guard try await matches(pin, kept, isCentres: isCentres) else { return .refused(.notRecognised) }
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
      if let rule = PINRule.broken(by: pin, badge: badge) { throw CredentialFault.unfitPIN(rule) }
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
  func badgeDigest(_ token: String) -> Data { Self.digest(token, pepper) }

  /// The HMACs under which a badge's token may be kept: the centre's, which counts before the station's own.
  func badgeDigests(_ token: String) -> [Data] {
    [centreBadgeDigest(token), badgeDigest(token)].compactMap { $0 }
  }

  /// What the centre would keep of a badge's token; nil without its pepper.
  func centreBadgeDigest(_ token: String) -> Data? { centrePepper.map { Self.digest(token, $0) } }

  private static func digest(_ token: String, _ pepper: [UInt8]) -> Data {
    Data(HMAC<SHA256>.authenticationCode(for: Data(token.utf8), using: SymmetricKey(data: pepper)))
  }
}

/// A credential that cannot be taken.
public enum CredentialFault: Error, Hashable, Sendable, CustomStringConvertible {
  case unfitPIN(PINRule)

  /// One sentence with the remedy.
  public var description: String {
    switch self {
    case .unfitPIN(let rule): "A PIN has 6 to 12 digits that nobody guesses. \(rule.sentence) Choose another."
    }
  }
}
