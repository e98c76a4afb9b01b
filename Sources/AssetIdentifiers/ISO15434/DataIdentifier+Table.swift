extension DataIdentifier {
  static let table: [String: String] = ["S": "serial number", "1P": "item code by the supplier"]
}
