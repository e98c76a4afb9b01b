import Custody

/// A product that the demo's company buys.
struct DemoModel: Sendable {
  let manufacturer: String
  let model: String
  let category: String
  /// In euros; nil where the demo does not say.
  let price: String?
  /// Type, manufacturer, model and bytes of each drive; a phone is its own.
  var drive: (type: String, manufacturer: String, model: String, capacity: Int64)?
  var driveCount = 1

  static let thinkPad = DemoModel(
    manufacturer: "Lenovo", model: "ThinkPad T14 Gen 4", category: "laptop", price: "1349.00",
    drive: ("nvme", "Samsung", "MZVL2512HCJQ", 512_110_190_592))
  static let latitude = DemoModel(
    manufacturer: "Dell", model: "Latitude 5540", category: "laptop", price: "1189.00",
    drive: ("nvme", "KIOXIA", "KXG80ZNV512G", 512_110_190_592))
  static let eliteBook = DemoModel(
    manufacturer: "HP", model: "EliteBook 840 G8", category: "laptop", price: "1279.00",
    drive: ("nvme", "Micron", "MTFDKBA512TFH", 512_110_190_592))
  static let macBook = DemoModel(
    manufacturer: "Apple", model: "MacBook Pro 14 (M3)", category: "laptop", price: "2199.00",
    drive: ("nvme", "Apple", "AP0512Z", 500_277_792_768))
  static let optiPlex = DemoModel(
    manufacturer: "Dell", model: "OptiPlex 7010 Micro", category: "desktop", price: "749.00",
    drive: ("ssd", "Samsung", "MZ7L3480HCHQ", 480_103_981_056))
  static let server = DemoModel(
    manufacturer: "Dell", model: "PowerEdge R650", category: "server", price: "8420.00",
    drive: ("ssd", "Intel", "SSDSC2KG960G8", 960_197_124_096), driveCount: 4)
  static let phone = DemoModel(
    manufacturer: "Apple", model: "iPhone 14", category: "phone", price: "799.00",
    drive: ("flash", "Apple", "embedded", 128_000_000_000))
  static let handheld = DemoModel(
    manufacturer: "Zebra", model: "TC52", category: "mobile computer", price: "1055.00",
    drive: ("flash", "Zebra", "embedded", 32_000_000_000))
  static let eliteDisplay = DemoModel(
    manufacturer: "HP", model: "EliteDisplay E243", category: "monitor", price: "219.00")
  static let monitor = DemoModel(
    manufacturer: "Dell", model: "U2723QE", category: "monitor", price: "519.00")
  static let dock = DemoModel(manufacturer: "Dell", model: "WD22TB4", category: "dock", price: "249.00")
  static let `switch` = DemoModel(
    manufacturer: "Cisco", model: "Catalyst 9200L-24T", category: "switch", price: "1890.00")
  static let headset = DemoModel(manufacturer: "Jabra", model: "Evolve2 65", category: "headset", price: "189.00")

  /// What is known of one that was bought on a day.
  func facts(serial: String, supplier: String, boughtOn day: CalendarDate, costCentre: String) -> AssetFacts {
    var facts = AssetFacts()
    facts.manufacturer = manufacturer
    facts.model = model
    facts.category = category
    facts.supplier = supplier
    facts.price = price.map { Money(amount: $0, currency: "EUR") }
    facts.purchaseDate = day
    facts.warrantyEnd = Cell.day(day, plusMonths: 36)
    facts.costCentre = costCentre
    facts.media = media(of: serial)
    return facts
  }

  private func media(of serial: String) -> [Medium]? {
    guard let drive else { return category == "switch" ? nil : [] }
    return (1...driveCount).map { number in
      Medium(
        serial: drive.model == "embedded" ? serial : "\(drive.model.prefix(4))\(serial.suffix(6))N\(number)",
        type: drive.type, manufacturer: drive.manufacturer, model: drive.model, capacity: drive.capacity)
    }
  }
}
