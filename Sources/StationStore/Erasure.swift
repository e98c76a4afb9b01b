import Custody
import CustodyLedger
import GRDB

/// What was deleted of a person.
public struct Erased: Hashable, Sendable {
  public let person: PersonID
  /// Values that events commit to, each with its salt.
  public let values: Int
}

extension StoreReading {
  /// The person that somebody means by their reference or e-mail address; nil when nobody is known by it.
  public func personToErase(_ text: String) throws -> PersonID? {
    guard let id = PersonID(text) else { return try person(email: text)?.id }
    let isKnown = try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM person WHERE id = ?1) OR EXISTS (SELECT 1 FROM personal WHERE person = ?1)
          OR EXISTS (SELECT 1 FROM badge WHERE person = ?1)
        """, arguments: [id])
    return isKnown == true ? id : nil
  }
}

extension StoreTransaction {
  /// Erases a person, and states it in the chain, by which the centre and its other stations erase them too. What is signed
  /// stays as it is: the opaque reference, and commitments that say nothing any more.
  public func erase(_ person: PersonID, reason: String) throws -> Erased {
    try openRestoredEpoch()
    let values = try forget(person)
    let entry = try sealing.state(
      .erase(ErasureRecord(person: person, reason: reason)), moving: &head, random: randomWords())
    try keep(own: entry, at: ChainPlace(epoch: head.epoch, seq: head.seq))
    return Erased(person: person, values: values)
  }

  /// Does what an entry of another station says of a person.
  func forget(by statement: StationStatement) throws {
    guard case .erase(let record) = statement.details else { return }
    _ = try forget(record.person)
  }

  /// Deletes what is here of a person: name, contacts, badge, PIN and roles, the values and salts that events commit to, the
  /// name in what was said about readings, answers that were kept. Gives back how many values events commit to.
  private func forget(_ person: PersonID) throws -> Int {
    changesPeople = true
    // What is deleted is overwritten, in this transaction and the next ones.
    try db.execute(sql: "PRAGMA secure_delete = ON")
    if let name = try String.fetchOne(db, sql: "SELECT name FROM person WHERE id = ?", arguments: [person]) {
      for (table, column) in [("reading", "words"), ("follow_up", "words"), ("follow_up", "settlement")] {
        try db.execute(
          sql: "UPDATE \(table) SET \(column) = replace(\(column), ?1, '(erased)') WHERE instr(\(column), ?1) > 0",
          arguments: [name])
      }
    }
    // Answers are kept for a day, so that a request that is made twice is answered as it was: they may name anybody.
    try db.execute(sql: "DELETE FROM idempotency")
    try forgetBlobs(of: person)
    try db.execute(sql: "DELETE FROM personal WHERE person = ?", arguments: [person])
    let values = db.changesCount
    for (table, column) in [("badge", "person"), ("pin", "person"), ("role", "person"), ("person", "id")] {
      try db.execute(sql: "DELETE FROM \(table) WHERE \(column) = ?", arguments: [person])
    }
    return values
  }
}

extension StationStore {
  /// Erases the person that a reference or an e-mail address names; nil when nobody is known by it. See
  /// ``StoreTransaction/erase(_:reason:)``.
  public func erase(_ text: String, reason: String) async throws -> Erased? {
    try await write { transaction in
      guard let person = try transaction.personToErase(text) else { return nil }
      if let refusal = try transaction.refusalOfRestored() { throw KeyInWaiting(refusal) }
      return try transaction.erase(person, reason: reason)
    }
  }
}

extension Erased {
  /// What is told.
  public var sentence: String {
    "Erased person \(person): \(values) \(values == 1 ? "value" : "values") that the ledger commits to."
  }
}
