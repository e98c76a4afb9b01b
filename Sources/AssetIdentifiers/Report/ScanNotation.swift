/// A scan as a line of text: how scans stand in files, tests and on `custody identify`'s input.
///
/// ```
/// line   = "hex:" *(2HEXDIG / " ") [HEXDIG]      an EPC, or the raw bytes of a scan
///        / [prefix] *(escape / byte)
/// prefix = "]" letter modifier                   AIM symbology identifier
/// escape = "\x" 2HEXDIG / "\\"                   any other backslash stands for itself
/// ```
public struct ScanNotation: Sendable {
  /// The line, with `\xNN` where its bytes are no UTF-8. Spans of errors count in its UTF-8.
  public let input: String
  private let content: Content
  /// Where in `input` each byte of the content stands, and the end.
  private let places: [Int]

  private enum Content: Sendable {
    case scan([UInt8])
    /// Hexadecimal digits, one in each byte.
    case hexadecimal([UInt8])
    case wrong(IdentifierError)
  }

  /// - Parameter line: without its line end.
  public init(_ line: some Collection<UInt8>) {
    var bytes = Array(line)
    if bytes.last == 0x0D { bytes.removeLast() }
    if !bytes.contains(where: { $0 >= 0x80 }) {
      input = String(decoding: bytes, as: UTF8.self)
    } else if let text = String(validating: bytes, as: UTF8.self) {
      input = text
    } else {
      input = Self.escapingWhatIsNoText(bytes)
      bytes = Array(input.utf8)
    }
    if let digits = bytes[...].dropping("hex:") {
      (content, places) = Self.hexadecimal(digits)
    } else if bytes.contains(UInt8(ascii: "\\")) {
      (content, places) = Self.unescaped(bytes)
    } else {
      content = .scan(bytes)
      places = []
    }
  }

  /// What the scan means.
  /// - Parameters:
  ///   - caretIsFNC1, isWholeItem, hint, serialRules: as in ``RawScan``.
  /// - Throws: ``IdentifierError``, whose span counts in the UTF-8 of ``input``.
  public func interpret(
    caretIsFNC1: Bool = false, isWholeItem: Bool = true, hint: RawScan.Hint? = nil,
    serialRules: [SerialRule]? = nil
  ) throws(IdentifierError) -> AssetIdentifier {
    let bytes: [UInt8]
    switch content {
    case .wrong(let error): throw error
    case .scan(let scan): bytes = scan
    case .hexadecimal(let digits):
      if let epc = try epc(digits) { return .epc(epc) }
      bytes = Self.bytes(digits)
    }
    var prefix = 0
    do throws(IdentifierError) {
      var scan = try RawScan(prefixed: bytes)
      prefix = scan.symbology == nil ? 0 : 3
      scan.caretIsFNC1 = caretIsFNC1
      scan.isWholeItem = isWholeItem
      scan.hint = hint
      scan.serialRules = serialRules
      let identifier = try AssetIdentifier.interpret(scan)
      if case .bytes(let raw) = identifier, case .hexadecimal = content, raw.count.isMultiple(of: 2),
        raw.count <= RawEPC.longest
      {
        return .epc(.raw(try RawEPC(raw)))
      }
      return identifier
    } catch {
      throw placed(error, after: prefix)
    }
  }

  private func placed(_ error: IdentifierError, after prefix: Int) -> IdentifierError {
    let start = error.start + prefix
    let end = start + error.length
    guard !places.isEmpty else { return error.moved(to: start, length: error.length) }
    let last = places.count - 1
    guard case .hexadecimal = content else {
      let from = places[min(start, last)]
      return error.moved(to: from, length: max(0, places[min(end, last)] - from))
    }
    // Two digits make a byte; spaces may stand between them, and do not belong to what is before them.
    let from = places[min(start * 2, last)]
    let through = end > start ? places[max(0, min(end * 2, last) - 1)] + 1 : from
    return error.moved(to: from, length: max(0, through - from))
  }

  // MARK: Hexadecimal

  /// The EPC that the digits are; nil when they are rather the bytes of a scan.
  private func epc(_ digits: [UInt8]) throws(IdentifierError) -> EPC? {
    let bytes = Self.bytes(digits)
    guard let header = bytes.first else { return nil }
    do throws(IdentifierError) {
      if let encoding = EPCEncoding(header: header) {
        let bits = digits.count * 4
        let fits = (encoding.bitCount...(encoding.bitCount + 15) / 16 * 16).contains(bits)
        if fits { return .tag(try EPCTag(binary: bytes[...], bitCount: bits)) }
        // The headers are digits in ASCII: of another length, text is text.
        guard digits.count.isMultiple(of: 2), Self.isScan(bytes) else {
          // The first word of a tag's memory says in five bits how many words follow (Gen2 §6.3.2.1.2.2).
          let isBank = bytes.count > 2 && Int(header >> 3) * 2 == bytes.count - 2
          throw IdentifierError(
            "epc.length", "The EPC has \(bits) bits; \(encoding.rawValue) has \(encoding.bitCount).",
            remedy: isBank
              ? "The first four digits are the tag's protocol control word: leave them out." : "Read the tag again.",
            start: 0, length: isBank ? 2 : bytes.count)
        }
        return nil
      }
      guard digits.count.isMultiple(of: 2) else {
        throw IdentifierError(
          "hexadecimal", "The last hexadecimal digit lacks its second.", remedy: "Give two digits for every byte.",
          start: bytes.count - 1, length: 1)
      }
      let isWords = bytes.count.isMultiple(of: 2) && bytes.count <= RawEPC.longest
      return isWords && !Self.isScan(bytes) ? .raw(try RawEPC(bytes)) : nil
    } catch {
      throw placed(error, after: 0)
    }
  }

  /// Whether bytes are the text of a symbol rather than a tag's bits.
  private static func isScan(_ bytes: [UInt8]) -> Bool {
    guard String(validating: bytes, as: UTF8.self) != nil else { return false }
    return bytes.allSatisfy { $0 >= 0x20 || (0x1C...0x1F).contains($0) || $0 == endOfTransmission || isSpace($0) }
  }

  private static func bytes(_ digits: [UInt8]) -> [UInt8] {
    stride(from: 0, to: digits.count, by: 2).map { index in
      (nibble(digits[index]) ?? 0) << 4 | (index + 1 < digits.count ? nibble(digits[index + 1]) ?? 0 : 0)
    }
  }

  private static func hexadecimal(_ text: Bytes) -> (Content, [Int]) {
    var digits: [UInt8] = []
    var places: [Int] = []
    for index in text.indices where text[index] != 0x20 {
      guard nibble(text[index]) != nil else {
        let error = IdentifierError(
          "hexadecimal", "This is no hexadecimal digit.", remedy: "Give digits 0 to 9 and A to F behind hex:.",
          start: index, length: 1)
        return (.wrong(error), [])
      }
      digits.append(text[index])
      places.append(index)
    }
    return (.hexadecimal(digits), places + [text.endIndex])
  }

  // MARK: Escapes

  private static func unescaped(_ bytes: [UInt8]) -> (Content, [Int]) {
    var result: [UInt8] = []
    var places: [Int] = []
    var index = 0
    while index < bytes.count {
      places.append(index)
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      switch (bytes[index], next) {
      case (UInt8(ascii: "\\"), UInt8(ascii: "\\")):
        result.append(UInt8(ascii: "\\"))
        index += 2
      case (UInt8(ascii: "\\"), UInt8(ascii: "x")):
        guard index + 3 < bytes.count, let high = nibble(bytes[index + 2]), let low = nibble(bytes[index + 3]) else {
          let error = IdentifierError(
            "escape", "Two hexadecimal digits must follow \\x.", remedy: "Write a backslash itself as \\\\.",
            start: index, length: min(4, bytes.count - index))
          return (.wrong(error), [])
        }
        result.append(high << 4 | low)
        index += 4
      default:
        result.append(bytes[index])
        index += 1
      }
    }
    return (.scan(result), places + [bytes.count])
  }

  /// UTF-8 as it is, and `\xNN` for every byte that belongs to none.
  private static func escapingWhatIsNoText(_ bytes: [UInt8]) -> String {
    var text = ""
    var index = 0
    while index < bytes.count {
      // One character of UTF-8 has at most four bytes.
      let length = (1...4).first { count in
        index + count <= bytes.count && String(validating: bytes[index..<(index + count)], as: UTF8.self) != nil
      }
      if let length {
        text += String(decoding: bytes[index..<(index + length)], as: UTF8.self)
        index += length
      } else {
        let digits = [uppercaseHexadecimal[Int(bytes[index] >> 4)], uppercaseHexadecimal[Int(bytes[index] & 15)]]
        text += "\\x" + String(decoding: digits, as: UTF8.self)
        index += 1
      }
    }
    return text
  }
}
