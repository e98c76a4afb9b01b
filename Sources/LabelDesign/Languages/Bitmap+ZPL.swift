extension Bitmap {
  /// The dots of a ZPL label that is a picture and nothing else, as `PrintedLabel` writes one; nil for any other, such as a
  /// template of somebody's own with texts and codes that the printer draws.
  public init?(zpl bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let width = Self.number(behind: "^PW", in: text), let height = Self.number(behind: "^LL", in: text),
      (1...32_000).contains(width), (1...32_000).contains(height)
    else { return nil }
    var rows = [UInt8](repeating: 0, count: (width + 7) / 8 * height)
    var rest = text[...]
    var isDrawn = false
    while let field = rest.firstRange(of: "^FO0,") {
      rest = rest[field.upperBound...]
      guard let mark = rest.firstRange(of: "^GFA,"), let top = Int(rest[..<mark.lowerBound]),
        let end = rest.firstRange(of: "^FS")
      else { return nil }
      let parts = rest[mark.upperBound..<end.lowerBound].split(
        separator: ",", maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count == 4, let total = Int(parts[1]), let perRow = Int(parts[2]), perRow == (width + 7) / 8,
        (0...rows.count).contains(total), top >= 0, top * perRow + total <= rows.count
      else { return nil }
      do throws(ZPLGraphic.Fault) {
        let drawn = try ZPLGraphic.decode(Array(parts[3].utf8), bytesPerRow: perRow, total: total)
        rows.replaceSubrange(top * perRow..<(top * perRow + total), with: drawn)
      } catch {
        return nil
      }
      isDrawn = true
      rest = rest[end.upperBound...]
    }
    guard isDrawn else { return nil }
    self.init(width: width, height: height, bytes: rows)
  }

  private static func number(behind command: String, in text: String) -> Int? {
    text.firstRange(of: command).flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
  }
}
