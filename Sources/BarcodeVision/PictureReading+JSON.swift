extension PictureReading {
  /// The reading as one line of JSON (RFC 8259), without the line end.
  ///
  /// `{"path":…,"results":[{"symbology":…,"text":…,"textIsGuess":true where the bytes are not UTF-8,"raw":hex,"addOn":…,"symbologyIdentifier":…,"engine":…,"quality":…,
  /// "corners":[[x,y]×4],"step":…,"milliseconds":…}],"milliseconds":…}`, or `{"path":…,"results":[],"error":…,"remedy":…}`.
  public var jsonLine: String {
    var line = JSONLine()
    line.put("{\"path\":", string: path)
    switch outcome {
    case .success(let symbols):
      line.put(",\"results\":[")
      for (index, symbol) in symbols.enumerated() {
        if index > 0 { line.put(",") }
        line.put(symbol)
      }
      line.put("],\"milliseconds\":\(JSONLine.milliseconds(duration))}")
    case .failure(let error):
      line.put(",\"results\":[],\"error\":", string: error.description)
      line.put(",\"remedy\":", string: error.remedy)
      line.put("}")
    }
    return line.text
  }
}

private struct JSONLine {
  private(set) var text = ""

  mutating func put(_ literal: String) { text += literal }

  mutating func put(_ symbol: Symbol) {
    put("{\"symbology\":", string: symbol.symbology.rawValue)
    put(",\"text\":", string: symbol.text)
    // Bytes that are not UTF-8 say nothing of what they mean: the text is what most writers would have meant.
    if String(validating: symbol.raw, as: UTF8.self) == nil { put(",\"textIsGuess\":true") }
    put(",\"raw\":", string: JSONLine.hex(symbol.raw))
    if let addOn = symbol.addOn { put(",\"addOn\":", string: addOn) }
    put(",\"symbologyIdentifier\":", string: symbol.symbologyIdentifier)
    put(",\"engine\":", string: symbol.engine.rawValue)
    put(",\"quality\":\(symbol.quality),\"corners\":[")
    put(symbol.corners.points.map { "[\($0.x),\($0.y)]" }.joined(separator: ","))
    put("],\"step\":", string: symbol.step)
    put(",\"milliseconds\":\(JSONLine.milliseconds(symbol.elapsed))}")
  }

  /// Puts `literal`, then the string in quotes with what RFC 8259 section 7 wants escaped.
  mutating func put(_ literal: String, string: String) {
    text += literal
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      // DEL is allowed bare, but upsets a terminal.
      case "\u{00}"..."\u{1F}", "\u{7F}":
        text += "\\u00"
        text += JSONLine.hex([UInt8(scalar.value)])
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Milliseconds to three decimals.
  static func milliseconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    let decimals = String(microseconds % 1000)
    return "\(microseconds / 1000)." + String(repeating: "0", count: 3 - decimals.count) + decimals
  }
}
