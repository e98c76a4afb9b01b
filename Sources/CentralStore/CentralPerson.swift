import Custody
import Foundation

/// Somebody who signs in at the centre to read. What they may see is their role's; the centre's own data are not split by site.
public struct CentralPerson: Codable, Hashable, Sendable {
  /// What somebody may see.
  public enum Role: String, Codable, CaseIterable, Sendable {
    /// Assets, events, stations.
    case viewer
    /// And exceptions.
    case manager
    /// And the exact bytes: dossiers, the log, what was not admitted; and who read what.
    case auditor
    /// Everything.
    case admin
  }

  /// What they sign in as: 1 to 64 letters, digits and `._-@`, lowercase.
  public let name: String
  public var role: Role
  /// scrypt's salt and result.
  public var salt: Data
  public var hash: Data
  /// The shared secret of their one-time codes (RFC 6238), 20 bytes.
  public var totpSecret: Data
  /// The time step of the last code that was taken: no code is taken twice.
  public var lastStep: Int64
  public var failures: Int
  /// Until when nothing they type is looked at.
  public var lockedUntil: Instant
  public var disabledAt: Instant?
  public let addedAt: Instant

  /// Somebody new. Nil for a name that is none.
  public init?(name: String, role: Role, salt: Data, hash: Data, totpSecret: Data, addedAt: Instant) {
    guard Self.isName(name) else { return nil }
    self.name = name
    self.role = role
    self.salt = salt
    self.hash = hash
    self.totpSecret = totpSecret
    self.addedAt = addedAt
    lastStep = 0
    failures = 0
    lockedUntil = Instant(milliseconds: 0)
  }

  /// Whether a text can be the name of somebody.
  public static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || [0x2E, 0x5F, 0x2D, 0x40].contains($0)
      }
  }
}

/// That somebody read or exported something. Never changed, never deleted.
public struct ReadRecord: Codable, Hashable, Sendable {
  /// In the order in which they were written, from 1.
  public let id: Int64
  public let at: Instant
  /// A person's name; `read token`; `folder owner` for commands.
  public let who: String
  /// A dotted code, such as `asset.read`.
  public let what: String
  /// What it was about: an id, or what was searched for.
  public let subject: String
  /// From where.
  public let address: String

  /// A record; `id` is given when it is written.
  public init(id: Int64 = 0, at: Instant, who: String, what: String, subject: String, address: String) {
    self.id = id
    self.at = at
    self.who = who
    self.what = what
    self.subject = String(subject.prefix(500))
    self.address = String(address.prefix(64))
  }
}

/// What a centre keeps of those who read it.
public protocol CentralPeople: Sendable {
  /// Everybody, by name.
  func centralPeople() async throws -> [CentralPerson]
  /// One of them.
  func centralPerson(_ name: String) async throws -> CentralPerson?
  /// Changes somebody, or adds them where `change` is given nil, in one transaction; it gives nil to leave all as it is, and
  /// must be harmless to do twice. Durable when the call returns.
  @discardableResult
  func change(
    _ name: String, _ change: @escaping @Sendable (CentralPerson?) -> CentralPerson?
  ) async throws -> CentralPerson?
  /// Writes that something was read. Durable when the call returns.
  func note(_ record: ReadRecord) async throws
  /// Records before an id, the newest first.
  func readRecords(before id: Int64, limit: Int) async throws -> [ReadRecord]
}
