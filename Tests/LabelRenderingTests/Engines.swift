import LabelDesign

@testable import BarcodeVision

/// The decoders that a drawn code is read back with, each by itself.
enum Engine: String, CaseIterable, Sendable {
  case zbar, zxing

  /// Whether it knows the symbology. zbar 0.23 reads no Micro QR, Data Matrix, PDF417 or Aztec; zxing-cpp 1.4 reads all.
  func reads(_ symbology: LabelSymbology) -> Bool {
    switch symbology {
    case .code128, .gs1Code128, .code39, .itf, .itf14, .ean13, .ean8, .upca, .upce, .qr: true
    case .microqr, .datamatrix, .gs1DataMatrix, .pdf417, .aztec: self == .zxing
    }
  }

  /// What it reads, without any second look of ours.
  func texts(in frame: GrayFrame, most: UInt32 = 8) throws -> [String] {
    switch self {
    case .zbar: return try ZBarScan.symbols(in: frame).map(\.text)
    case .zxing:
      var request = ZXingChild.Request()
      request.most = most
      request.formats = .anyButDataBar
      guard let symbols = ZXingPool.shared.symbols(in: frame, request, within: .seconds(300)) else {
        throw Silent()
      }
      return symbols.map(\.text)
    }
  }

  /// zxing-cpp has no program, or gave no answer.
  struct Silent: Error {}
}

extension SymbolContent {
  /// What a reader says of it: GS1 identifiers have no brackets in a symbol, and FNC1 stands after what has no fixed length.
  var readText: String {
    switch symbology {
    case .gs1Code128, .gs1DataMatrix: value.filter { $0 != "[" && $0 != "]" }
    default: value
    }
  }
}
