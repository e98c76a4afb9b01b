import Custody
import CustodyLedger
import Foundation
import GRDB
import Kits

extension StoreReading {
  /// All kits, by code.
  public func kits() throws -> [KitTemplate] {
    try Data.fetchAll(db, sql: "SELECT doc FROM kit ORDER BY code").map { try KitTemplate(document: $0) }
  }

  /// A kit by its code.
  public func kit(_ code: KitCode) throws -> KitTemplate? {
    try Data.fetchOne(db.cachedStatement(sql: "SELECT doc FROM kit WHERE code = ?"), arguments: [code.text])
      .map { try KitTemplate(document: $0) }
  }

  /// The kit that asks for the very asset with a tag; nil when none does.
  public func kit(needing tag: String) throws -> KitCode? {
    try String.fetchOne(db.cachedStatement(sql: "SELECT code FROM kit_tag WHERE tag = ?"), arguments: [tag])
      .flatMap { KitCode($0) }
  }

  /// The kit that a session puts together, as far as it has come; nil while it does none.
  public func kitFilling(of session: SessionID) throws -> KitFilling? {
    try Data.fetchOne(db.cachedStatement(sql: "SELECT doc FROM kit_filling WHERE session = ?"), arguments: [session])
      .map { document in
        do {
          return try CanonicalDecoder().decode(KitFilling.self, from: Array(document), limit: .max)
        } catch {
          throw StoreFault.damaged(reason: "the kit of session \(session) cannot be read: \(error)")
        }
      }
  }

  /// How many things of each kind are in stock. Reads all of the stock: for a page that is asked for now and then.
  public func stockByKind() throws -> [KitStock] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT manufacturer, model, category, count(*) AS n FROM asset WHERE state = 'inStock'
          GROUP BY manufacturer, model, category
          """)
    ).map { row in
      KitStock(manufacturer: row["manufacturer"], model: row["model"], category: row["category"], count: row["n"])
    }
  }

  /// Those of the tags whose assets are in stock.
  public func inStock(_ tags: some Sequence<String>) throws -> Set<String> {
    var inStock: Set<String> = []
    for tag in tags {
      for id in try assets(carrying: BoundIdentifier(.tag, tag)) where try asset(id)?.state == .inStock {
        inStock.insert(tag)
      }
    }
    return inStock
  }
}

extension StoreTransaction {
  /// Adds a kit, or puts it in the place of the one with its code. The kit that a session puts together stays as it was begun.
  public func save(_ kit: KitTemplate) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO kit(code, doc) VALUES (?,?)").execute(
      arguments: [kit.code.text, Data(try CanonicalEncoder().encode(kit, limit: .max))])
    try db.cachedStatement(sql: "DELETE FROM kit_tag WHERE code = ?").execute(arguments: [kit.code.text])
    for tag in kit.tags {
      try db.cachedStatement(sql: "INSERT OR REPLACE INTO kit_tag(tag, code) VALUES (?,?)").execute(
        arguments: [tag, kit.code.text])
    }
  }

  /// Forgets the kit that a session has put together.
  public func forgetKit(of session: SessionID) throws {
    try db.cachedStatement(sql: "DELETE FROM kit_filling WHERE session = ?").execute(arguments: [session])
  }

  /// Keeps how far the kit of a session has come.
  public func save(_ filling: KitFilling, of session: SessionID) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO kit_filling(session, doc) VALUES (?,?)").execute(
      arguments: [session, Data(try CanonicalEncoder().encode(filling, limit: .max))])
  }
}

extension KitTemplate {
  fileprivate init(document: Data) throws {
    do {
      self = try CanonicalDecoder().decode(KitTemplate.self, from: Array(document), limit: .max)
    } catch {
      throw StoreFault.damaged(reason: "a kit cannot be read: \(error)")
    }
  }
}
