/// The encoding schemes that a label may carry. The raw value is how templates name them.
public enum LabelSymbology: String, Hashable, Sendable, CaseIterable {
  case code128, code39, itf, itf14, ean13, ean8, upca, upce, qr, microqr, datamatrix, pdf417, aztec
  /// Code 128 with GS1 element strings, given as `[01]09506000134352[21]ABC`.
  case gs1Code128 = "gs1-128"
  /// Data Matrix with GS1 element strings.
  case gs1DataMatrix = "gs1-datamatrix"

  /// Whether it is a row of bars, as high as its box, rather than an area of modules.
  public var isLinear: Bool {
    switch self {
    case .code128, .gs1Code128, .code39, .itf, .itf14, .ean13, .ean8, .upca, .upce: true
    case .qr, .microqr, .datamatrix, .gs1DataMatrix, .pdf417, .aztec: false
    }
  }

  /// Whether a damaged symbol can be read back by what is left of it.
  public var correctsErrors: Bool { !isLinear }

  /// The name that people know.
  public var title: String {
    switch self {
    case .code128: "Code 128"
    case .gs1Code128: "GS1-128"
    case .code39: "Code 39"
    case .itf: "Interleaved 2 of 5"
    case .itf14: "ITF-14"
    case .ean13: "EAN-13"
    case .ean8: "EAN-8"
    case .upca: "UPC-A"
    case .upce: "UPC-E"
    case .qr: "QR code"
    case .microqr: "Micro QR code"
    case .datamatrix: "Data Matrix"
    case .gs1DataMatrix: "GS1 Data Matrix"
    case .pdf417: "PDF417"
    case .aztec: "Aztec code"
    }
  }

  /// The white that must stay around it, in modules: ISO/IEC 15417 4.6 (Code 128), 16388 4.4 (Code 39), 16390 4.4 (ITF),
  /// 15420 4.3.4 (EAN/UPC), 18004 6.3.8 (QR: 4, Micro QR: 2), 16022 5.9 (Data Matrix), 15438 5.8.3 (PDF417). Aztec (24778)
  /// needs none; it gets one module, or a line beside it could join it.
  public var quietZone: QuietZone {
    switch self {
    case .code128, .gs1Code128, .code39, .itf, .itf14: QuietZone(left: 10, right: 10, vertical: 0)
    case .ean13: QuietZone(left: 11, right: 7, vertical: 0)
    case .ean8: QuietZone(left: 7, right: 7, vertical: 0)
    case .upca: QuietZone(left: 9, right: 9, vertical: 0)
    case .upce: QuietZone(left: 9, right: 7, vertical: 0)
    case .qr: QuietZone(left: 4, right: 4, vertical: 4)
    case .microqr, .pdf417: QuietZone(left: 2, right: 2, vertical: 2)
    case .datamatrix, .gs1DataMatrix, .aztec: QuietZone(left: 1, right: 1, vertical: 1)
    }
  }

  /// The error correction that may be asked for: for QR `L`, `M`, `Q`, `H` (7, 15, 25, 30 %; Micro QR has no `H`), for PDF417
  /// a level from `0` to `8`, for Aztec `10`, `23`, `36` or `50` %. Empty where there is no choice.
  public var errorCorrections: [String] {
    switch self {
    case .qr: ["L", "M", "Q", "H"]
    case .microqr: ["L", "M", "Q"]
    case .pdf417: ["0", "1", "2", "3", "4", "5", "6", "7", "8"]
    case .aztec: ["10", "23", "36", "50"]
    default: []
    }
  }
}

/// White around a symbol, in modules.
public struct QuietZone: Hashable, Sendable {
  public var left: Int
  public var right: Int
  /// Above, and as much below.
  public var vertical: Int

  /// A quiet zone.
  public init(left: Int, right: Int, vertical: Int) {
    self.left = left
    self.right = right
    self.vertical = vertical
  }
}
