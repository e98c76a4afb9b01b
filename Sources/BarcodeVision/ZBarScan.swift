import CZBar

/// One pass of zbar over one frame.
enum ZBarScan {
  /// What zbar sees in the frame, as it says it: nothing is held back yet. Blocks.
  ///
  /// Every frame gets a fresh scanner: a reused one keeps halves of EAN symbols and joins them with halves of the next
  /// picture into product codes that exist nowhere.
  /// `density` is the distance of its scan lines in pixels; from 2 on QR codes are missed.
  static func symbols(in frame: GrayFrame, density: Int32 = 1) throws(PictureError) -> [Symbol] {
    guard let scanner = zbar_image_scanner_create() else { throw .symbolSearchFailed }
    defer { zbar_image_scanner_destroy(scanner) }
    configure(scanner)
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_X_DENSITY, density)
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_Y_DENSITY, density)

    guard let image = zbar_image_create() else { throw .symbolSearchFailed }
    defer { zbar_image_destroy(image) }
    zbar_image_set_format(image, y800)
    zbar_image_set_size(image, UInt32(frame.width), UInt32(frame.height))

    return try frame.bytes.withUnsafeBytes { bytes in
      Result { () throws(PictureError) in
        // No clean-up handler: the bytes are ours and zbar only reads them, until this closure ends.
        zbar_image_set_data(image, bytes.baseAddress, UInt(bytes.count), nil)
        guard zbar_scan_image(scanner, image) >= 0 else { throw PictureError.symbolSearchFailed }
        var symbols: [Symbol] = []
        var next = zbar_image_first_symbol(image)
        while let found = next {
          if let symbol = Symbol(found) { symbols.append(symbol) }
          next = zbar_symbol_next(found)
        }
        return symbols
      }
    }.get()
  }

  /// "Y800" as zbar packs a four-character code: 8-bit gray.
  private static let y800: UInt = 0x3030_3859

  private static func configure(_ scanner: OpaquePointer) {
    // Off: PDF417, which zbar decodes in part only, and SQ Code; nobody labels hardware with that.
    zbar_image_scanner_set_config(scanner, ZBAR_PDF417, ZBAR_CFG_ENABLE, 0)
    zbar_image_scanner_set_config(scanner, ZBAR_SQCODE, ZBAR_CFG_ENABLE, 0)
    // On: otherwise they are reported as the EAN-13 that they stand for.
    zbar_image_scanner_set_config(scanner, ZBAR_UPCA, ZBAR_CFG_ENABLE, 1)
    zbar_image_scanner_set_config(scanner, ZBAR_UPCE, ZBAR_CFG_ENABLE, 1)
    // zbar guesses the character set of QR data, and guesses Big5 for many a Latin-1 text. We want the bytes.
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1)
  }
}

extension Symbol {
  /// A symbol of zbar's; `nil` for what is none by itself, such as an add-on.
  fileprivate init?(_ symbol: OpaquePointer) {
    guard let symbology = Symbology(zbar_symbol_get_type(symbol)) else { return nil }
    let count = Int(zbar_symbol_get_data_length(symbol))
    guard count > 0, let data = zbar_symbol_get_data(symbol) else { return nil }
    let raw = data.withMemoryRebound(to: UInt8.self, capacity: count) {
      [UInt8](UnsafeBufferPointer(start: $0, count: count))
    }
    let places = (0..<zbar_symbol_get_loc_size(symbol)).map {
      Corners.Point(x: Int(zbar_symbol_get_loc_x(symbol, $0)), y: Int(zbar_symbol_get_loc_y(symbol, $0)))
    }
    self.init(
      symbology: symbology,
      text: SymbolText.decode(raw, symbology: symbology),
      raw: raw,
      symbologyIdentifier: symbology.identifier(modifiers: zbar_symbol_get_modifiers(symbol)),
      engine: .zbar,
      quality: max(1, Int(zbar_symbol_get_quality(symbol))),
      corners: symbology == .qr && places.count == 4 ? Corners(named: places) : Corners(enclosing: places))
  }
}

extension Symbology {
  fileprivate init?(_ type: zbar_symbol_type_t) {
    switch type {
    case ZBAR_CODE128: self = .code128
    case ZBAR_CODE39: self = .code39
    case ZBAR_CODE93: self = .code93
    case ZBAR_I25: self = .itf
    case ZBAR_CODABAR: self = .codabar
    case ZBAR_EAN13: self = .ean13
    case ZBAR_EAN8: self = .ean8
    case ZBAR_UPCA: self = .upca
    case ZBAR_UPCE: self = .upce
    case ZBAR_DATABAR: self = .databar
    case ZBAR_DATABAR_EXP: self = .databarExpanded
    case ZBAR_QRCODE: self = .qr
    default: return nil
    }
  }

  /// The AIM symbology identifier, ISO/IEC 15424. zbar drops a leading FNC1 and records it as a modifier.
  fileprivate func identifier(modifiers: UInt32) -> String {
    let isGS1 = modifiers & (1 << ZBAR_MOD_GS1.rawValue) != 0
    let isAIM = modifiers & (1 << ZBAR_MOD_AIM.rawValue) != 0
    return switch self {
    case .code128: isGS1 ? "]C1" : isAIM ? "]C2" : "]C0"
    case .code39: "]A0"
    case .code93: "]G0"
    case .itf: "]I0"
    case .codabar: "]F0"
    case .ean13, .upca, .upce: "]E0"
    case .ean8: "]E4"
    case .databar, .databarLimited, .databarExpanded: "]e0"
    case .qr: isGS1 ? "]Q3" : isAIM ? "]Q5" : "]Q1"
    case .microQR: "]Q1"
    case .aztec: "]z0"
    case .dataMatrix: "]d1"
    case .pdf417: "]L0"
    case .maxicode: "]U0"
    }
  }
}
