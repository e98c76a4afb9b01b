/// What a code on a carton can be. The raw values are the words of the API and of the store.
public enum CartonField: String, CaseIterable, Hashable, Sendable, Codable {
  /// The manufacturer's serial number.
  case serial
  /// The number of an asset label, ours or somebody else's.
  case assetTag
  /// What is ordered by: the manufacturer's or the supplier's part or product number.
  case partNumber
  case model
  /// GTIN-8, -12, -13 or -14, which is what EAN and UPC symbols hold.
  case gtin
  /// A hardware address of a network interface; several are usual.
  case mac
  /// The identity of a mobile device; two in a phone with two SIM cards.
  case imei
  /// Number of our purchase order.
  case purchaseOrder
  /// Serial shipping container code: the carton or pallet itself.
  case sscc
  case quantity
  /// Date or date code of manufacture, packing or delivery, as the label writes it.
  case date
  /// Known to be none of the others, such as a lot or a country of origin.
  case other

  /// Whether one item carries several of it as a matter of course.
  public var mayRepeat: Bool { self == .mac || self == .imei || self == .other || self == .date }

  /// What it is called in a sentence.
  public var words: String {
    switch self {
    case .serial: "serial number"
    case .assetTag: "asset tag"
    case .partNumber: "part number"
    case .model: "model"
    case .gtin: "GTIN"
    case .mac: "MAC address"
    case .imei: "IMEI"
    case .purchaseOrder: "purchase order"
    case .sscc: "SSCC"
    case .quantity: "quantity"
    case .date: "date"
    case .other: "something else"
    }
  }

  /// Position among all fields: the order in which findings are listed.
  var rank: Int { Self.ranks[self] ?? 0 }
  private static let ranks = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
}
