import Custody
import Foundation
import GRDB

/// A person as the station knows them. Stands apart from the ledger and can be erased.
public struct Person: Hashable, Sendable {
  public let id: PersonID
  public var name: String
  public var title: String?
  public var email: String?
  public var team: String?
  public var active: Bool

  /// A person.
  public init(
    id: PersonID, name: String, title: String? = nil, email: String? = nil, team: String? = nil, active: Bool = true
  ) {
    self.id = id
    self.name = name
    self.title = title
    self.email = email
    self.team = team
    self.active = active
  }
}

extension StoreReading {
  /// The person behind a reference; nil when never known, or erased.
  public func person(_ id: PersonID) throws -> Person? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM person WHERE id = ?"), arguments: [id]).map(Person.init)
  }

  /// All people, by name.
  public func people() throws -> [Person] {
    try Row.fetchAll(db, sql: "SELECT * FROM person ORDER BY name").map(Person.init)
  }

  /// The person with this e-mail address, compared without case.
  public func person(email: String) throws -> Person? {
    try Row.fetchOne(db, sql: "SELECT * FROM person WHERE email = ?", arguments: [email.lowercased()]).map(Person.init)
  }

  /// The person whose badge carries this token, given as its HMAC.
  func person(badge digest: Data) throws -> PersonID? {
    try PersonID.fetchOne(
      db.cachedStatement(sql: "SELECT person FROM badge WHERE token = ?"), arguments: [digest])
  }

  /// The person whose badge carries a token, given as the HMACs under which it may be kept, and the one that it is kept under.
  func person(badges digests: [Data]) throws -> (person: PersonID, digest: Data)? {
    for digest in digests {
      if let person = try person(badge: digest) { return (person, digest) }
    }
    return nil
  }

  /// What a person may do at a site; nil when they are not known or no longer active.
  public func activeRoles(of person: PersonID, at site: SiteCode) throws -> Set<Role>? {
    guard try self.person(person)?.active == true else { return nil }
    return try roles(of: person, at: site)
  }

  /// What a person may do at a site.
  public func roles(of person: PersonID, at site: SiteCode) throws -> Set<Role> {
    Set(
      try String.fetchAll(
        db.cachedStatement(sql: "SELECT role FROM role WHERE person = ? AND site = ?"),
        arguments: [person, site.text]
      ).compactMap(Role.init(rawValue:)))
  }
}

extension StoreTransaction {
  /// Adds a person or replaces what is known of them.
  public func save(_ person: Person) throws {
    changesPeople = true
    try db.cachedStatement(
      sql: """
        INSERT INTO person(id, name, title, email, team, active) VALUES (?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET
          name = excluded.name, title = excluded.title, email = excluded.email, team = excluded.team,
          active = excluded.active
        """
    ).execute(arguments: [
      person.id, person.name, person.title, person.email?.lowercased(), person.team, person.active,
    ])
  }

  /// Gives a person exactly these roles at a site.
  public func setRoles(_ roles: Set<Role>, of person: PersonID, at site: SiteCode) throws {
    changesPeople = true
    try db.cachedStatement(sql: "DELETE FROM role WHERE person = ? AND site = ?").execute(
      arguments: [person, site.text])
    for role in roles {
      try db.cachedStatement(sql: "INSERT INTO role(person, site, role) VALUES (?,?,?)").execute(
        arguments: [person, site.text, role.rawValue])
    }
  }

  /// Binds a badge, given as the HMAC of its token, to a person.
  func saveBadge(_ digest: Data, of person: PersonID) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO badge(token, person) VALUES (?,?)").execute(
      arguments: [digest, person])
  }

  /// Keeps a PIN's hash and forgets earlier failures.
  func savePIN(_ pin: PINHash, of person: PersonID) throws {
    try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO pin(person, salt, hash, failures, locked_until) VALUES (?,?,?,0,0)"
    ).execute(arguments: [person, Data(pin.salt), Data(pin.hash)])
  }
}

extension Person {
  fileprivate init(_ row: Row) {
    id = row["id"]
    name = row["name"]
    title = row["title"]
    email = row["email"]
    team = row["team"]
    active = row["active"]
  }
}
