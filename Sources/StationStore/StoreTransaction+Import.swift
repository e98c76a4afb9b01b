import Custody
import Foundation
import GRDB

/// A badge's token as it is kept: made by ``StationStore/seal(badge:)``.
public struct SealedBadge: Hashable, Sendable {
  let digest: Data
  /// What the centre would keep of it; nil without the centre's pepper.
  let atCentre: Data?
}

/// A PIN as it is kept: made by ``StationStore/seal(pin:)``.
public struct SealedPIN: Hashable, Sendable {
  let hash: PINHash
}

extension StationStore {
  /// What is kept of a badge's token, to be bound in a later transaction.
  public func seal(badge token: String) -> SealedBadge {
    SealedBadge(digest: badgeDigest(token), atCentre: centreBadgeDigest(token))
  }

  /// What is kept of a PIN; takes about 0.1 s on purpose. Throws ``CredentialFault/unfitPIN(_:)``.
  public func seal(pin: String) async throws -> SealedPIN {
    if let rule = PINRule.broken(by: pin) { throw CredentialFault.unfitPIN(rule) }
    return SealedPIN(hash: try await hashPIN(pin))
  }

  /// Whether a person has this PIN already; takes about 0.1 s when they have any. Counts as no try to sign in.
  public func hasPIN(_ pin: String, person: PersonID) async throws -> Bool {
    let kept = try await read { snapshot -> (PINHash, Bool)? in
      try Row.fetchOne(snapshot.db, sql: "SELECT salt, hash, pepper FROM pin WHERE person = ?", arguments: [person])
        .map { row in
          let salt: Data = row["salt"]
          let hash: Data = row["hash"]
          return (PINHash(salt: Array(salt), hash: Array(hash)), row["pepper"])
        }
    }
    guard let (hash, isCentres) = kept else { return false }
    return try await matches(pin, hash, isCentres: isCentres)
  }
}

extension StoreReading {
  /// The assets that carry a mark.
  public func assets(carrying mark: BoundIdentifier) throws -> [AssetID] {
    try AssetID.fetchAll(
      db.cachedStatement(sql: "SELECT asset FROM identifier WHERE value = ? AND kind = ?"),
      arguments: [mark.value, mark.kind.rawValue])
  }

  /// The event that an asset began with, as far as this station knows.
  public func firstEvent(of asset: AssetID) throws -> CustodyEvent? {
    try Data.fetchOne(
      db.cachedStatement(
        sql: "SELECT bytes FROM entry WHERE asset = ? AND misfit IS NULL ORDER BY arrival LIMIT 1"),
      arguments: [asset]
    ).map { try CustodyEvent(entry: $0) }
  }

  /// Tag and serial number of an asset, without reading all of it.
  public func tagAndSerial(of asset: AssetID) throws -> (tag: String?, serial: String?)? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT tag, serial FROM asset WHERE id = ?"), arguments: [asset])
      .map { ($0["tag"], $0["serial"]) }
  }

  /// Names of the site's own fields that any asset has, in order.
  public func customFieldNames() throws -> [String] {
    try String.fetchAll(
      db,
      sql: """
        SELECT DISTINCT field.key FROM asset, json_each(CAST(asset.doc AS TEXT), '$.facts.custom') AS field ORDER BY 1
        """)
  }

  /// Who carries a badge.
  public func holder(of badge: SealedBadge) throws -> PersonID? {
    try person(badges: [badge.atCentre, badge.digest].compactMap { $0 })?.person
  }

  /// Whether nothing at all has been put into the store yet.
  public func isEmpty() throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        SELECT NOT EXISTS(SELECT 1 FROM entry) AND NOT EXISTS(SELECT 1 FROM person)
          AND NOT EXISTS(SELECT 1 FROM location) AND NOT EXISTS(SELECT 1 FROM purchase_order)
        """) ?? false
  }

  /// A note about the store as a whole.
  public func note(_ key: String) throws -> String? {
    try String.fetchOne(db.cachedStatement(sql: "SELECT value FROM meta WHERE key = ?"), arguments: ["note." + key])
  }
}

extension StoreTransaction {
  /// Binds a badge to a person, whoever had it before.
  public func save(_ badge: SealedBadge, of person: PersonID) throws { try saveBadge(badge.digest, of: person) }

  /// Keeps a person's PIN, and forgets earlier failures.
  public func save(_ pin: SealedPIN, of person: PersonID) throws { try savePIN(pin.hash, of: person) }

  /// Keeps a note about the store as a whole.
  public func setNote(_ key: String, _ value: String) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO meta(key, value) VALUES (?,?)").execute(
      arguments: ["note." + key, value])
  }
}
