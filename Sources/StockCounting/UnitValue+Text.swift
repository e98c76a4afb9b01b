extension Consumable.UnitValue {
  /// How many decimals a currency has: the minor units of ISO 4217.
  public static func decimals(of currency: String) -> Int {
    switch currency {
    case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF":
      0
    case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
    case "CLF", "UYW": 4
    default: 2
    }
  }

  /// Minor units as an amount with a dot, such as `3.33` for 333 of EUR. ``minorUnits(_:of:)`` is its inverse.
  public static func text(_ minorUnits: Int64, of currency: String) -> String {
    let decimals = decimals(of: currency)
    guard decimals > 0 else { return String(minorUnits) }
    let digits = String(minorUnits)
    let filled = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return "\(filled.dropLast(decimals)).\(filled.suffix(decimals))"
  }

  /// An amount in minor units; nil for what is no amount of that currency, has more decimals than it has, or is not from 0 to
  /// ``Consumable/mostValue``.
  public static func minorUnits(_ text: String, of currency: String) -> Int64? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let decimals = decimals(of: currency)
    let (whole, rest) = (parts[0], parts.count > 1 ? parts[1] : "")
    guard !whole.isEmpty, parts.count == 1 || !rest.isEmpty, rest.count <= decimals, text.utf8.count <= 20,
      (whole + rest).utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    let digits = whole + rest + String(repeating: "0", count: decimals - rest.count)
    return Int64(digits).flatMap { (0...Consumable.mostValue).contains($0) ? $0 : nil }
  }
}
