/// The properties that text inherits from what it stands in.
struct TextStyle {
  var font = LabelFont(.sans)
  var size = 3.0
  /// Its paint, as written.
  var fill = "black"
  var anchor = PlacedText.Anchor.start
  /// What stroke it would inherit; text is not stroked.
  var stroke = "none"

  /// Why a value is none that text takes.
  struct Fault: Error { let message: String }

  /// Takes over what an element says.
  mutating func inherit(_ element: MarkupElement) throws(Fault) {
    for attribute in element.attributes {
      let value = attribute.value
      switch attribute.name {
      case "font-family": font.family = try Self.family(value)
      case "font-size":
        guard let size = LabelNumber.length(value), size > 0, size <= 200 else {
          throw Fault(message: "`font-size` must be a number above 0, in the drawing's units, not \(value)")
        }
        self.size = size
      case "font-weight":
        switch value {
        case "normal", "400": font.isBold = false
        case "bold", "700", "600", "800", "900": font.isBold = true
        default: throw Fault(message: "`font-weight` must be normal or bold, not \(value)")
        }
      case "font-style":
        guard value == "normal" else { throw Fault(message: "`font-style` must be normal: labels have no italics") }
      // A shape's paint is not text's business until text stands in it.
      case "fill": fill = value
      case "text-anchor":
        guard let anchor = PlacedText.Anchor(rawValue: value) else {
          throw Fault(message: "`text-anchor` must be start, middle or end, not \(value)")
        }
        self.anchor = anchor
      case "stroke": stroke = value
      default: break
      }
    }
  }

  /// What text is drawn in.
  func colour() throws(Fault) -> LabelColour {
    guard stroke == "none" else { throw Fault(message: "text is not stroked: give it, or its group, stroke=\"none\"") }
    guard let colour = LabelColour(svg: fill) else {
      throw Fault(message: "text wants a plain colour as fill, such as black, white or #333333, not \(fill)")
    }
    return colour
  }

  private static func family(_ value: String) throws(Fault) -> LabelFont.Family {
    let first = value.split(separator: ",").first.map(String.init) ?? ""
    let name = first.filter { $0 != "'" && $0 != "\"" }.split(separator: " ").joined(separator: " ")
    switch name {
    case "sans-serif", "Sans": return .sans
    case "monospace": return .mono
    case "serif": return .serif
    default:
      guard let family = LabelFont.Family(rawValue: name) else {
        let known = LabelFont.Family.allCases.map(\.rawValue).joined(separator: ", ")
        throw Fault(
          message: "`font-family` must be one of \(known), so that labels look the same everywhere, not \(name)")
      }
      return family
    }
  }
}

extension LabelColour {
  /// A colour as SVG writes it: `#rgb`, `#rrggbb`, or one of few names.
  init?(svg text: String) {
    let names: [String: UInt32] = [
      "black": 0x000000, "white": 0xFFFFFF, "gray": 0x808080, "grey": 0x808080, "silver": 0xC0C0C0, "red": 0xFF0000,
      "green": 0x008000, "blue": 0x0000FF, "navy": 0x000080, "maroon": 0x800000, "currentColor": 0x000000,
    ]
    var number = names[text]
    if number == nil, text.hasPrefix("#") {
      let digits = text.dropFirst()
      if digits.count == 6 { number = UInt32(digits, radix: 16) }
      if digits.count == 3 { number = UInt32(digits.map { "\($0)\($0)" }.joined(), radix: 16) }
    }
    guard let number else { return nil }
    self.init(
      red: UInt8(truncatingIfNeeded: number >> 16), green: UInt8(truncatingIfNeeded: number >> 8),
      blue: UInt8(truncatingIfNeeded: number))
  }
}

/// Numbers of a drawing.
enum LabelNumber {
  /// A length in the drawing's units: a number, or one with px.
  static func length(_ text: String) -> Double? {
    let digits = text.hasSuffix("px") ? text.dropLast(2) : text[...]
    guard let number = Double(digits), number.magnitude <= Double(MarkupLimits.number) else { return nil }
    return number
  }

  /// A length in millimetres, with its unit.
  static func millimetres(_ text: String) -> Double? {
    guard text.hasSuffix("mm") else { return nil }
    return Double(text.dropLast(2))
  }

  /// Whether a value holds a number that is not below the limit, or has an exponent that could bring it there.
  static func isTooGreat(_ text: String) -> Bool {
    var digits = 0
    var isFraction = false
    var previous: UInt8 = 0
    let bytes = Array(text.utf8)
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case 0x30...0x39:
        // Leading zeros do not count.
        if !isFraction, digits > 0 || byte != 0x30 { digits += 1 }
        if digits > 4 { return true }
      case 0x2E:
        isFraction = true
        digits = 0
      case 0x45, 0x65:
        let isExponent = (0x30...0x39).contains(previous) || previous == 0x2E
        guard !isExponent || (index + 1 < bytes.count && bytes[index + 1] == 0x2D) else { return true }
        isFraction = true
      default:
        isFraction = false
        digits = 0
      }
      previous = byte
    }
    return false
  }
}
