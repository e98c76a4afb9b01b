import AssetIdentifiers

/// What a part may be: one of its readings. The field and value that it names first are the reading; a manufacturer's code
/// may hold others beside it, such as the model before a serial number.
struct Claim: Hashable {
  struct Fact: Hashable {
    let field: CartonField
    let value: String
  }

  let facts: [Fact]
  let reason: Reason
  let confidence: Confidence

  init(_ field: CartonField, _ value: String, _ reason: Reason, _ confidence: Confidence, also: [Fact] = []) {
    facts = [Fact(field: field, value: value)] + also
    self.reason = reason
    self.confidence = confidence
  }

  var field: CartonField { facts[0].field }
  var value: String { facts[0].value }
}

extension Claim.Fact {
  /// By what two readings of one thing are known to be one: the digits of a GTIN without the zeros that fill it up, a
  /// hardware address without its marks.
  var key: String {
    switch field {
    case .gtin: String(value.drop { $0 == "0" })
    case .mac: MACAddress(Array(value.utf8), bare: true)?.description ?? value
    default: value
    }
  }
}
