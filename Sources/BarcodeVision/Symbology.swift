/// The encoding schemes that are read from pictures. The raw value is the name in JSON output.
public enum Symbology: String, Sendable, CaseIterable {
  case code128, code39, code93, itf, codabar
  case ean13, ean8, upca, upce
  case databar, databarExpanded
  case qr, microQR, aztec, dataMatrix, pdf417, maxicode
}
