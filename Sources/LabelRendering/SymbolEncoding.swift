import CZint
import LabelDesign

/// Turns what a symbol says into its modules, with zint.
public enum SymbolEncoding {
  /// The modules of a symbol, or why there are none: too long for the symbology, or against the rules of GS1.
  ///
  /// - Parameters:
  ///   - field: the field that it comes from, for the refusal.
  ///   - box: the box of the template that it is for.
  public static func encode(
    _ content: SymbolContent, field: String? = nil, box: String = "the symbol"
  ) -> LabelAnswer<SymbolModules> {
    if let refusal = content.refusal(field: field, box: box) { return .refused(refusal) }
    let attempts = content.attempts
    var answer = encode(content, attempts[0], field, box)
    for attempt in attempts.dropFirst() {
      guard case .refused(let refusal) = answer, refusal.code == "label.symbol.tooLong" else { break }
      answer = encode(content, attempt, field, box)
    }
    return answer
  }

  /// What zint is told of a symbol beside its text: its own choice where nil.
  fileprivate struct Attempt {
    /// zint's number of the size.
    var size: Int32?
    /// zint's number of the error correction.
    var errorCorrection: Int32?
  }

  private static func encode(
    _ content: SymbolContent, _ attempt: Attempt, _ field: String?, _ box: String
  ) -> LabelAnswer<SymbolModules> {
    guard let symbol = ZBarcode_Create() else {
      return .refused(refusal("memory", content, "there is no memory for it", "Try again.", field, box))
    }
    defer { ZBarcode_Delete(symbol) }
    symbol.pointee.symbology = content.symbology.zint
    symbol.pointee.show_hrt = 0
    symbol.pointee.output_options = BARCODE_NO_QUIET_ZONES
    symbol.pointee.input_mode = UNICODE_MODE
    switch content.symbology {
    case .gs1Code128, .gs1DataMatrix: symbol.pointee.input_mode = GS1_MODE
    default: break
    }
    switch content.symbology {
    case .datamatrix, .gs1DataMatrix:
      symbol.pointee.option_3 = DM_SQUARE
      if let size = attempt.size { symbol.pointee.option_2 = size }
    case .pdf417:
      symbol.pointee.option_2 = Int32(content.columns ?? 0)
    default: break
    }
    if let level = attempt.errorCorrection { symbol.pointee.option_1 = level }
    var bytes = Array(content.value.utf8)
    let status = ZBarcode_Encode(symbol, &bytes, Int32(bytes.count))
    // A warning would do, but for a symbol that is against its standard, such as GS1 data with a wrong check digit.
    guard status < ZINT_ERROR, status != ZINT_WARN_NONCOMPLIANT else {
      return .refused(refusal(status, symbol, content, field, box))
    }
    return modules(of: symbol, content.symbology).map { .made($0) }
      ?? .refused(refusal("encoding", content, "zint made no modules of it", "Give another value.", field, box))
  }

  private static func modules(
    of symbol: UnsafePointer<zint_symbol>, _ symbology: LabelSymbology
  ) -> SymbolModules? {
    let rows = Int(symbol.pointee.rows)
    let columns = Int(symbol.pointee.width)
    guard rows > 0, columns > 0, columns <= Int(custody_zint_row_bytes()) * 8 else { return nil }
    var dark: [Bool] = []
    dark.reserveCapacity(rows * columns)
    for row in 0..<rows {
      let bits = custody_zint_row(symbol, Int32(row))
      for column in 0..<columns { dark.append((bits?[column / 8] ?? 0) >> UInt8(column % 8) & 1 == 1) }
    }
    // ISO/IEC 15438, 5.8.2: a row of PDF417 is three modules high at least.
    return SymbolModules(columns: columns, rows: rows, dark: dark, rowHeight: symbology == .pdf417 ? 3 : 1)
  }

  private static func refusal(
    _ status: Int32, _ symbol: UnsafePointer<zint_symbol>, _ content: SymbolContent, _ field: String?, _ box: String
  ) -> LabelRefusal {
    let words = reason(symbol)
    let remedies: (String, String) =
      switch status {
      case ZINT_ERROR_TOO_LONG:
        ("tooLong", "Shorten \(field ?? "it"), or take a template with a symbology that holds more.")
      case ZINT_ERROR_INVALID_CHECK: ("checkDigit", "Look for a mistyped digit.")
      case ZINT_ERROR_INVALID_DATA, ZINT_WARN_NONCOMPLIANT:
        content.symbology == .gs1Code128 || content.symbology == .gs1DataMatrix
          ? ("gs1", "Write GS1 data as [01]09506000134352[21]ABC: each identifier in brackets, with what it demands.")
          : ("characters", "Write \(field ?? "it") in characters that the symbology has.")
      default: ("encoding", "Give another value, or take a template with another symbology.")
      }
    return refusal(remedies.0, content, words, remedies.1, field, box)
  }

  private static func refusal(
    _ what: String, _ content: SymbolContent, _ words: String, _ remedy: String, _ field: String?, _ box: String
  ) -> LabelRefusal {
    LabelRefusal(
      "label.symbol.\(what)", "\(content.symbology.title) cannot carry “\(content.value.prefix(60))”: \(words).",
      remedy: remedy, field: field, box: box)
  }

  /// zint's message, `Error 259: Invalid …`, without the number.
  private static func reason(_ symbol: UnsafePointer<zint_symbol>) -> String {
    let message = String(cString: custody_zint_error(symbol))
    let words =
      message.hasPrefix("Error ") || message.hasPrefix("Warning ")
      ? message.drop { $0 != ":" }.dropFirst(2) : message[...]
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}

extension LabelSymbology {
  /// zint's number. Values with a check digit come whole, and theirs is checked.
  fileprivate var zint: Int32 {
    switch self {
    case .code128: BARCODE_CODE128
    case .gs1Code128: BARCODE_GS1_128
    case .code39: BARCODE_CODE39
    case .itf, .itf14: BARCODE_C25INTER
    case .ean13, .ean8: BARCODE_EANX_CHK
    case .upca: BARCODE_UPCA_CHK
    case .upce: BARCODE_UPCE_CHK
    case .qr: BARCODE_QRCODE
    case .microqr: BARCODE_MICROQR
    case .datamatrix, .gs1DataMatrix: BARCODE_DATAMATRIX
    case .pdf417: BARCODE_PDF417
    case .aztec: BARCODE_AZTEC
    }
  }
}

extension SymbolContent {
  /// What to try, in this order, until the text fits.
  fileprivate var attempts: [SymbolEncoding.Attempt] {
    switch symbology {
    case .datamatrix where shape != .square, .gs1DataMatrix where shape != .square:
      // After the 24 squares come the rectangles, in the order of ISO/IEC 16022, Table 7.
      let numbered = DataMatrixShape.rectangles.enumerated().map { (shape: $1, number: Int32(25 + $0)) }
      return numbered.filter { shape == .rectangle || $0.shape == shape }.map { .init(size: $0.number) }
    default: return levels.map { .init(errorCorrection: $0) }
    }
  }

  /// zint's numbers of the error correction to try; nil for its own choice.
  ///
  /// Labels are rubbed and scratched: unless a template says otherwise, QR codes have Q (25 %), Aztec 50 %, PDF417 level 4, and
  /// Micro QR the most that leaves room for the text.
  private var levels: [Int32?] {
    let usual: [LabelSymbology: [String]] = [.qr: ["Q"], .microqr: ["Q", "M", "L"], .aztec: ["50"], .pdf417: ["4"]]
    let words = errorCorrection.map { [$0] } ?? usual[symbology] ?? []
    // PDF417 counts its levels from 0, the others from 1.
    let first = symbology == .pdf417 ? 0 : 1
    let numbers = words.compactMap { symbology.errorCorrections.firstIndex(of: $0) }.map { Int32($0 + first) }
    return numbers.isEmpty ? [nil] : numbers
  }
}
