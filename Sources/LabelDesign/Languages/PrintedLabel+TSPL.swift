extension PrintedLabel {
  /// The label as TSPL2 commands (TSPL/TSPL2 Programming Language, TSC).
  func tspl(for printer: PrinterProfile) throws(PrinterLanguageFault) -> [UInt8] {
    try checkWidth(for: printer)
    // The empty line ends what a broken connection may have left half said.
    var lines = ["", "SIZE \(LabelMedia.text(media.width)) mm,\(LabelMedia.text(media.height)) mm"]
    lines.append("GAP \(LabelMedia.text(media.gap)) mm,0 mm")
    if let speed = printer.speed { lines.append("SPEED \(speed)") }
    if let darkness = printer.darkness { lines.append("DENSITY \(darkness)") }
    lines += ["DIRECTION 0,0", "REFERENCE 0,0", "CLS"]
    var bytes = Array(lines.map { $0 + "\r\n" }.joined().utf8)
    bytes += "BITMAP 0,0,\(picture.bytesPerRow),\(picture.height),0,".utf8
    // Here a set bit is a white dot.
    bytes += picture.bytes.lazy.map { ~$0 }
    bytes += "\r\nPRINT 1,\(copies)\r\n".utf8
    return bytes
  }
}
