import Custody
import Foundation
import GRDB

/// A site by code and name.
public struct Site: Hashable, Sendable {
  public let code: SiteCode
  public var name: String

  /// A site.
  public init(code: SiteCode, name: String) {
    self.code = code
    self.name = name
  }
}

/// A location: a place at a site, perhaps inside another.
public struct Location: Hashable, Sendable {
  public let code: LocationCode
  public var site: SiteCode
  public var name: String
  public var parent: LocationCode?

  /// A location.
  public init(code: LocationCode, site: SiteCode, name: String, parent: LocationCode? = nil) {
    self.code = code
    self.site = site
    self.name = name
    self.parent = parent
  }
}

/// A purchase order with its lines.
public struct PurchaseOrder: Hashable, Sendable {
  /// A line: so many of one model.
  public struct Line: Hashable, Sendable {
    /// From 1.
    public var line: Int
    public var manufacturer: String?
    public var model: String
    public var category: String?
    public var partNumber: String?
    public var quantity: Int

    /// A line.
    public init(
      line: Int, manufacturer: String?, model: String, category: String?, partNumber: String?, quantity: Int
    ) {
      self.line = line
      self.manufacturer = manufacturer
      self.model = model
      self.category = category
      self.partNumber = partNumber
      self.quantity = quantity
    }
  }

  public let number: String
  public var supplier: String?
  public var orderedOn: CalendarDate?
  public var lines: [Line]

  /// An order.
  public init(number: String, supplier: String?, orderedOn: CalendarDate?, lines: [Line]) {
    self.number = number
    self.supplier = supplier
    self.orderedOn = orderedOn
    self.lines = lines
  }
}

extension StoreReading {
  /// All sites, by code.
  public func sites() throws -> [Site] {
    try Row.fetchAll(db, sql: "SELECT code, name FROM site ORDER BY code").map { row in
      Site(code: try code(row["code"]), name: row["name"])
    }
  }

  /// All locations, by code.
  public func locations() throws -> [Location] {
    try Row.fetchAll(db, sql: "SELECT * FROM location ORDER BY code").map(location)
  }

  /// A location by code.
  public func location(_ code: LocationCode) throws -> Location? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM location WHERE code = ?"), arguments: [code.text])
      .map(location)
  }

  /// All orders with their lines, by number.
  public func orders() throws -> [PurchaseOrder] {
    var lines: [String: [PurchaseOrder.Line]] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT * FROM order_line ORDER BY number, line") {
      lines[row["number"], default: []].append(PurchaseOrder.Line(row))
    }
    return try Row.fetchAll(db, sql: "SELECT * FROM purchase_order ORDER BY number").map { row in
      let number: String = row["number"]
      let orderedOn: String? = row["ordered_on"]
      return PurchaseOrder(
        number: number, supplier: row["supplier"], orderedOn: orderedOn.flatMap(CalendarDate.init),
        lines: lines[number] ?? [])
    }
  }

  /// One line of an order.
  public func orderLine(_ reference: OrderLineReference) throws -> PurchaseOrder.Line? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM order_line WHERE number = ? AND line = ?"),
      arguments: [reference.order, reference.line]
    ).map(PurchaseOrder.Line.init)
  }

  private func location(_ row: Row) throws -> Location {
    let parent: String? = row["parent"]
    return Location(
      code: try code(row["code"]), site: try code(row["site"]), name: row["name"],
      parent: parent.flatMap(LocationCode.init))
  }

  private func code<Kind>(_ text: String) throws -> Code<Kind> {
    guard let code = Code<Kind>(text) else { throw StoreFault.damaged(reason: "'\(text)' is not a code") }
    return code
  }
}

extension PurchaseOrder.Line {
  init(_ row: Row) {
    self.init(
      line: row["line"], manufacturer: row["manufacturer"], model: row["model"], category: row["category"],
      partNumber: row["part_number"], quantity: row["quantity"])
  }
}

extension StoreTransaction {
  /// Adds or renames a site.
  public func save(_ site: Site) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO site(code, name) VALUES (?,?)").execute(
      arguments: [site.code.text, site.name])
  }

  /// Adds or changes a location.
  public func save(_ location: Location) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO location(code, site, name, parent) VALUES (?,?,?,?)").execute(
      arguments: [location.code.text, location.site.text, location.name, location.parent?.text])
  }

  /// Adds an order, or adds and replaces lines of one that is there.
  public func save(_ order: PurchaseOrder) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO purchase_order(number, supplier, ordered_on) VALUES (?,?,?) ON CONFLICT(number) DO UPDATE SET
          supplier = coalesce(excluded.supplier, supplier), ordered_on = coalesce(excluded.ordered_on, ordered_on)
        """
    ).execute(arguments: [order.number, order.supplier, order.orderedOn?.description])
    for line in order.lines {
      try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO order_line(number, line, manufacturer, model, category, part_number, quantity)
          VALUES (?,?,?,?,?,?,?)
          """
      ).execute(arguments: [
        order.number, line.line, line.manufacturer, line.model, line.category, line.partNumber, line.quantity,
      ])
    }
  }
}
