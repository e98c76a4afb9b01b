/// The bytes of an answer of `custody-zxing`, taken from the front. The layout is told in its `main.cpp`.
struct ZXingAnswer {
  private var bytes: ArraySlice<UInt8>

  /// The answer as it came.
  init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

  /// Whether all has been taken.
  var isAtEnd: Bool { bytes.isEmpty }

  /// The next number, or `nil` when too few bytes are left.
  mutating func number() -> UInt32? {
    guard let taken = take(4) else { return nil }
    return taken.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The next symbol. The outer `nil` is an answer that makes no sense, the inner one a symbology that is unknown here.
  mutating func symbol() -> Symbol?? {
    guard let format = number(), let flags = number(), let identifier = take(4), let lines = number() else {
      return nil
    }
    var corners: [Corners.Point] = []
    for _ in 0..<4 {
      guard let x = number(), let y = number() else { return nil }
      corners.append(Corners.Point(x: Int(Int32(bitPattern: x)), y: Int(Int32(bitPattern: y))))
    }
    guard let rawCount = number(), let carried = take(Int(rawCount)), let textCount = number(),
      let decoded = take(Int(textCount))
    else { return nil }
    // The AI 01 that every DataBar implies is said here as in DataBar Expanded; zxing-cpp 1.4 leaves it out.
    var raw = format == 10 && carried.count == 14 ? ArraySlice("01".utf8) + carried : carried
    if format == 11 { raw = Self.unbracketed(raw) }
    guard let symbology = Symbology(zxing: format), !raw.isEmpty else { return .some(nil) }
    // An add-on comes behind the product code and a space.
    var addOn: String?
    if symbology.proof == .checkDigit, let space = raw.firstIndex(of: UInt8(ascii: " ")) {
      addOn = String(decoding: raw[space...].dropFirst(), as: UTF8.self)
      raw = raw[..<space]
    }
    // A declared character set (ECI) is believed, and the one that a kanji or hanzi segment implies.
    let isDeclared = flags & 1 != 0
    let isAsCarried = isDeclared || String(validating: raw, as: UTF8.self) == nil
    let known = isAsCarried && format != 11 ? decoded : []
    let text = known.isEmpty ? nil : String(validating: known, as: UTF8.self)
    var symbol = Symbol(
      symbology: symbology,
      text: text ?? SymbolText.decode(Array(raw), symbology: symbology),
      raw: Array(raw),
      symbologyIdentifier: String(decoding: identifier.prefix { $0 != 0 }, as: UTF8.self),
      engine: .zxing,
      quality: max(1, Int(lines)),
      corners: symbology.isMatrix ? Corners(named: corners) : Corners(enclosing: corners))
    symbol.isFaint = flags & 2 != 0
    symbol.addOn = addOn
    return symbol
  }

  /// Prefixes of the application identifiers whose values have a length of their own, so that no FNC1 follows them (GS1
  /// General Specifications, figure 7.8.5-2).
  private static let predefinedLength: Set<String> = [
    "00", "01", "02", "03", "04", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "31", "32", "33", "34",
    "35", "36", "41",
  ]

  /// What a DataBar Expanded symbol carries, of what zxing-cpp makes of it: `(10)567(11)010101` for `10567` FNC1 `11010101`.
  /// Left as it is when it is not of that form.
  static func unbracketed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var carried: ArraySlice<UInt8> = []
    var rest = text
    while !rest.isEmpty {
      guard rest.first == UInt8(ascii: "("), let close = rest.firstIndex(of: UInt8(ascii: ")")) else { return text }
      let identifier = rest[rest.startIndex + 1..<close]
      guard (2...4).contains(identifier.count), identifier.allSatisfy({ (0x30...0x39).contains($0) }) else {
        return text
      }
      let next = Self.nextIdentifier(in: rest[(close + 1)...])
      carried += identifier + rest[(close + 1)..<next]
      if next < rest.endIndex, !predefinedLength.contains(String(decoding: identifier.prefix(2), as: UTF8.self)) {
        carried.append(0x1D)
      }
      rest = rest[next...]
    }
    return carried
  }

  /// Where the next `(digits)` begins: a value may have brackets of its own.
  private static func nextIdentifier(in text: ArraySlice<UInt8>) -> Int {
    for start in text.indices where text[start] == UInt8(ascii: "(") {
      let digits = text[(start + 1)...].prefix { (0x30...0x39).contains($0) }
      if (2...4).contains(digits.count), digits.endIndex < text.endIndex, text[digits.endIndex] == UInt8(ascii: ")") {
        return start
      }
    }
    return text.endIndex
  }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard bytes.count >= count else { return nil }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }
}

extension Symbology {
  /// The number that `custody-zxing` gives it.
  fileprivate init?(zxing number: UInt32) {
    switch number {
    case 1: self = .code128
    case 2: self = .code39
    case 3: self = .code93
    case 4: self = .itf
    case 5: self = .codabar
    case 6: self = .ean13
    case 7: self = .ean8
    case 8: self = .upca
    case 9: self = .upce
    case 10: self = .databar
    case 11: self = .databarExpanded
    case 12: self = .qr
    case 13: self = .microQR
    case 14: self = .aztec
    case 15: self = .dataMatrix
    case 16: self = .pdf417
    case 17: self = .maxicode
    case 18: self = .databarLimited
    default: return nil
    }
  }
}
