/// The encoding schemes that are read from pictures. The raw value is the name in JSON output.
public enum Symbology: String, Sendable, CaseIterable {
  case code128, code39, code93, itf, codabar
  case ean13, ean8, upca, upce
  case databar, databarLimited, databarExpanded
  case qr, microQR, aztec, dataMatrix, maxicode
  case pdf417
}

extension Symbology {
  /// Whether the symbol is an area rather than a row of bars; it corrects its own errors then.
  var isMatrix: Bool {
    switch self {
    case .qr, .microQR, .aztec, .dataMatrix, .maxicode, .pdf417: true
    default: false
    }
  }
}
