import Custody

extension Cell {
  /// What a text says of an amount.
  enum Amount: Hashable {
    /// Digits as the ledger has them, and the currency if the cell names one.
    case amount(String, currency: String?)
    /// A separator could part thousands or decimals.
    case ambiguous
    case unreadable
  }

  /// Reads `1234.50`, `1,234.50`, `1.234,50`, `1 234,50`, with a currency sign or code before or after it.
  ///
  /// - Parameter decimals: how many decimals the currency has, if known: `1.250` is a plain number in a currency of
  ///   thousandths, and could be either elsewhere.
  static func amount(_ text: String, decimals: Int = 2) -> Amount {
    var currency: String?
    var digits = ""
    var letters = ""
    for character in text {
      switch character {
      case "0"..."9", ".", ",", "-": digits.append(character)
      case "€": currency = "EUR"
      case "£": currency = "GBP"
      case "¥": currency = "JPY"
      case "$", " ", "\u{00A0}", "\u{202F}", "'", "’": continue
      case "A"..."Z", "a"..."z": letters.append(character)
      default: return .unreadable
      }
    }
    if letters.count == 3 { currency = letters.uppercased() } else if !letters.isEmpty { return .unreadable }
    let isNegative = digits.hasPrefix("-")
    if isNegative { digits.removeFirst() }
    guard !digits.contains("-"), digits.first?.isNumber == true, digits.last?.isNumber == true else {
      return .unreadable
    }
    guard let plain = plainDecimal(digits, decimals: decimals) else {
      let groups: [Substring] = digits.split(omittingEmptySubsequences: false, whereSeparator: isMark)
      return groups.dropFirst().allSatisfy { $0.count == 3 } ? .ambiguous : .unreadable
    }
    return .amount((isNegative ? "-" : "") + plain, currency: currency)
  }

  private static func plainDecimal(_ digits: String, decimals: Int) -> String? {
    let marks = digits.filter(isMark)
    guard let last = marks.last else { return digits }
    let groups: [Substring] = digits.split(omittingEmptySubsequences: false, whereSeparator: isMark)
    let joined = groups.dropLast().joined()
    let areGroups = groups.dropFirst().dropLast().allSatisfy { $0.count == 3 } && groups[0].count <= 3
    if marks.count == 1 {
      if groups[1].count != 3 || groups[0].count > 3 || groups[0] == "0" || (last == "." && decimals == 3) {
        return "\(groups[0]).\(groups[1])"
      }
      return nil
    }
    // Several of one mark part thousands; a single other mark at the end parts the decimals.
    if Set(marks).count == 1 {
      return areGroups && groups[groups.count - 1].count == 3 ? digits.filter(\.isNumber) : nil
    }
    guard marks.filter({ $0 == last }).count == 1, areGroups else { return nil }
    return "\(joined).\(groups[groups.count - 1])"
  }

  private static func isMark(_ character: Character) -> Bool { character == "," || character == "." }

  /// How many decimals a currency has where it is not two (ISO 4217, minor units).
  static func decimals(of currency: String?) -> Int {
    switch currency {
    case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
    default: 2
    }
  }
}
