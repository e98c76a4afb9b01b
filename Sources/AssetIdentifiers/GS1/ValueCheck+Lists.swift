extension ValueCheck {
  static func listed(_ value: Bytes, _ codes: Set<UInt32>, _ length: Int, _ sentence: String) -> Fault? {
    value.count == length && codes.contains(CodeList.pack(value)) ? nil : Fault(sentence, value)
  }

  /// A country, or 999 for several.
  static func countryOrSeveral(_ value: Bytes) -> Fault? {
    if value.elementsEqual("999".utf8) { return nil }
    return listed(value, CodeList.countries, 3, "The country is neither a number of ISO 3166 nor 999.")
  }

  static func packageType(_ value: Bytes) -> Fault? {
    (1...3).contains(value.count) && CodeList.packageTypes.contains(CodeList.pack(value))
      ? nil : Fault("The package type is not known.", value)
  }

  /// 01 to 10 and 80 to 99; the others are reserved.
  static func mediaType(_ value: Bytes) -> Fault? {
    if value.count == 2, value.areDigits, (1...10).contains(number(value)) || number(value) >= 80 { return nil }
    return Fault("The medium type is not known.", value)
  }

  static func importerIndex(_ value: Bytes) -> Fault? {
    guard value.count == 1, let byte = value.first else { return Fault("The importer index has one character.", value) }
    return isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      ? nil : Fault("The importer index holds a character that it cannot have.", value)
  }
}
