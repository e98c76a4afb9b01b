/// What is known of an asset beyond its identity and custody. Every fact is optional; a nil says nothing. Used whole
/// on an asset, and in part by the events that bring or change facts.
public struct AssetFacts: Hashable, Sendable, Codable {
  public var manufacturer: String?
  public var model: String?
  /// Kind of thing: laptop, server, phone, drive, dock… Lowercase; open list.
  public var category: String?
  /// Who owns it (a legal entity or a lessor).
  public var owner: String?
  public var department: String?
  public var costCentre: String?
  public var orderLine: OrderLineReference?
  public var supplier: String?
  public var price: Money?
  public var purchaseDate: CalendarDate?
  public var warrantyEnd: CalendarDate?
  public var refreshDate: CalendarDate?
  /// True while a legal hold forbids wiping and disposal.
  public var legalHold: Bool?
  /// Data classification, in the site's words.
  public var classification: String?
  /// Whether it can hold data. When nil the category decides: see ``Asset/isDataBearing``.
  public var dataBearing: Bool?
  /// The drives in it. Nil says that the list is unknown, empty that there are none.
  public var media: [Medium]?
  public var licences: [String]?
  /// The site's own fields.
  public var custom: [String: String]?

  /// No facts at all.
  public init() {}
}

/// A line of a purchase order or ship notice.
public struct OrderLineReference: Hashable, Sendable, Codable {
  /// The order's number as the supplier and we know it.
  public let order: String
  /// The line, from 1.
  public let line: Int

  /// A line of an order.
  public init(order: String, line: Int) {
    self.order = order
    self.line = line
  }
}

/// An amount of money: decimal digits as text, so that nothing is rounded, with its ISO 4217 currency.
public struct Money: Hashable, Sendable, Codable {
  /// Such as `1234.50`: optional minus, digits, optionally a point and digits.
  public let amount: String
  /// ISO 4217, such as `EUR`.
  public let currency: String

  /// An amount; form is checked where it enters.
  public init(amount: String, currency: String) {
    self.amount = amount
    self.currency = currency
  }
}

/// One storage medium of an asset, named by its own serial number.
public struct Medium: Hashable, Sendable, Codable {
  /// The drive's serial number: what a wipe tool's report names.
  public let serial: String
  /// hdd, ssd, nvme, flash, tape, optical, other.
  public var type: String?
  public var manufacturer: String?
  public var model: String?
  /// Size in bytes.
  public var capacity: Int64?

  /// A medium by its serial.
  public init(
    serial: String, type: String? = nil, manufacturer: String? = nil, model: String? = nil, capacity: Int64? = nil
  ) {
    self.serial = serial
    self.type = type
    self.manufacturer = manufacturer
    self.model = model
    self.capacity = capacity
  }
}
