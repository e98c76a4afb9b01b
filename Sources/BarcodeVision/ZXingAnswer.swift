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
    guard let symbology = Symbology(zxing: format), !raw.isEmpty else { return .some(nil) }
    // An add-on comes behind the product code and a space.
    var addOn: String?
    if symbology.proof == .checkDigit, let space = raw.firstIndex(of: UInt8(ascii: " ")) {
      addOn = String(decoding: raw[space...].dropFirst(), as: UTF8.self)
      raw = raw[..<space]
    }
    // A declared character set (ECI) is believed, and the one that a kanji or hanzi segment implies.
    let isDeclared = flags & 1 != 0
    let known = isDeclared || String(validating: raw, as: UTF8.self) == nil ? decoded : []
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
