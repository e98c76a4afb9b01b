extension PrintedLabel {
  /// The most bytes that one `^GF` takes (ZPL II Programming Guide, `^GF`: 1 to 99999).
  private static let mostBytesOfField = 99_999

  /// The label as one ZPL format.
  func zpl(for printer: PrinterProfile) throws(PrinterLanguageFault) -> [UInt8] {
    try checkWidth(for: printer)
    var text = ""
    if let darkness = printer.darkness { text += "~SD\(darkness < 10 ? "0" : "")\(darkness)\n" }
    // What an earlier format may have left set: origin, orientation, mirroring, reversal.
    text += "^XA\n^LH0,0^PON^PMN^LRN\n^PW\(picture.width)^LL\(picture.height)\n"
    if let speed = printer.speed { text += "^PR\(speed)\n" }
    if let tag { text += tag.zpl }
    var bytes = Array(text.utf8)
    let perRow = picture.bytesPerRow
    let rowsOfField = max(1, Self.mostBytesOfField / perRow)
    for top in stride(from: 0, to: picture.height, by: rowsOfField) {
      let rows = min(rowsOfField, picture.height - top)
      let count = rows * perRow
      bytes += "^FO0,\(top)^GFA,\(count),\(count),\(perRow),".utf8
      bytes += ZPLGraphic.encode(picture.bytes[top * perRow..<(top * perRow + count)], bytesPerRow: perRow)
      bytes += "^FS\n".utf8
    }
    bytes += "^PQ\(copies)\n^XZ\n".utf8
    return bytes
  }
}

extension PrinterProfile {
  /// What asks a printer for its state; empty for those that are asked otherwise.
  public var statusQuery: [UInt8] {
    switch language {
    case .zpl: Array("~HS\r\n".utf8)
    case .tspl: [0x1B, UInt8(ascii: "!"), UInt8(ascii: tsplStatus == .short ? "?" : "S")]
    case .brotherQL:
      Array(repeating: 0, count: BrotherRaster.invalidating) + BrotherRaster.initialize + [0x1B, 0x69, 0x53]
    case .document: []
    }
  }
}
