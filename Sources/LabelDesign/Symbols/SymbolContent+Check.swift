extension SymbolContent {
  /// Why the symbology cannot carry the value; nil when it can, as far as its alphabet and its check digit tell. What only
  /// encoding shows (length, GS1 rules) the encoder says.
  public func refusal(field: String?, box: String) -> LabelRefusal? {
    func refuse(_ what: String, _ sentence: String, _ remedy: String) -> LabelRefusal {
      LabelRefusal("label.symbol.\(what)", sentence, remedy: remedy, field: field, box: box)
    }
    guard !value.isEmpty else {
      return refuse("missing", "The \(symbology.title) has nothing to say.", "Give \(field ?? "its value").")
    }
    if let wrong = value.unicodeScalars.first(where: { !takes($0) }) {
      return refuse(
        "characters", "\(symbology.title) cannot carry “\(wrong)”.",
        "Write \(field ?? "it") with \(alphabet), or take a template with another symbology.")
    }
    let digits = value.utf8.map { Int($0) - 0x30 }
    switch symbology {
    case .itf:
      guard digits.count.isMultiple(of: 2) else {
        return refuse(
          "length", "Interleaved 2 of 5 carries pairs of digits; \(value) has \(digits.count).",
          "Put a 0 before it, or take another symbology.")
      }
    case .itf14, .ean13, .ean8, .upca:
      return checkDigitRefusal(digits, length: [.itf14: 14, .ean13: 13, .ean8: 8, .upca: 12][symbology] ?? 0, refuse)
    case .upce:
      guard digits.count == 8, digits[0] <= 1 else {
        return refuse(
          "length", "UPC-E has 8 digits, of which the first is 0 or 1; \(value) is not such.",
          "Give all 8 digits, with the check digit.")
      }
      return checkDigitRefusal(Self.expanded(upce: digits), length: 12, refuse)
    default: break
    }
    return nil
  }

  private func checkDigitRefusal(
    _ digits: [Int], length: Int, _ refuse: (_ what: String, _ sentence: String, _ remedy: String) -> LabelRefusal
  ) -> LabelRefusal? {
    guard digits.count == length else {
      return refuse(
        "length", "\(symbology.title) has \(length) digits; \(value) has \(digits.count).",
        "Give all \(length) digits, with the check digit.")
    }
    // GS1 General Specifications, 7.9.1: weights 3 and 1 from the right.
    let sum = digits.dropLast().reversed().enumerated().reduce(0) {
      $0 + $1.element * ($1.offset.isMultiple(of: 2) ? 3 : 1)
    }
    let right = (10 - sum % 10) % 10
    guard digits[length - 1] != right else { return nil }
    return refuse(
      "checkDigit", "The check digit of \(value) is wrong: it would be \(right), not \(digits[length - 1]).",
      "Look for a mistyped digit, or write \(right) at its end.")
  }

  /// GS1 General Specifications, 5.2.2.4.2: what the six digits stand for.
  private static func expanded(upce digits: [Int]) -> [Int] {
    let d = Array(digits[1...6])
    let body: [Int] =
      switch d[5] {
      case 0, 1, 2: [d[0], d[1], d[5], 0, 0, 0, 0, d[2], d[3], d[4]]
      case 3: [d[0], d[1], d[2], 0, 0, 0, 0, 0, d[3], d[4]]
      case 4: [d[0], d[1], d[2], d[3], 0, 0, 0, 0, 0, d[4]]
      default: [d[0], d[1], d[2], d[3], d[4], 0, 0, 0, 0, d[5]]
      }
    return [digits[0]] + body + [digits[7]]
  }

  private func takes(_ scalar: Unicode.Scalar) -> Bool {
    switch symbology {
    case .itf, .itf14, .ean13, .ean8, .upca, .upce: ("0"..."9").contains(scalar)
    case .code39: LabelCharacters.code.firstWrong(in: String(scalar), isMultiline: false) == nil
    case .code128, .gs1Code128, .gs1DataMatrix: (0x20...0x7E).contains(scalar.value)
    case .qr, .microqr, .datamatrix, .pdf417, .aztec: scalar.value >= 0x20 && scalar.value != 0x7F
    }
  }

  private var alphabet: String {
    switch symbology {
    case .itf, .itf14, .ean13, .ean8, .upca, .upce: "digits"
    case .code39: LabelCharacters.code.words
    default: "printable ASCII"
    }
  }
}
