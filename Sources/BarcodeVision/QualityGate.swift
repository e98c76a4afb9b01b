/// When one look at a picture is proof enough.
///
/// A misread is worse than a miss: it books the wrong asset. The number of scan lines that agree tells them apart
/// (for UPC-A and EAN-13 the median is 6 when wrong and 74 when right); the figures are those that did best on public
/// photographs.
enum QualityGate {
  /// The quality from which a symbol is believed on its own. Below it, a second look must read the same.
  static func threshold(_ symbology: Symbology) -> Int {
    switch symbology {
    // zbar joins halves of different guesses; the one check digit lets every tenth such pair pass.
    case .ean13, .upca, .upce, .ean8: 30
    case .databarExpanded: 10
    case .itf, .databar: 5
    case .code39, .codabar: 3
    // A check character over the whole symbol, and for QR its error correction.
    case .code128, .code93, .qr, .microQR, .aztec, .dataMatrix, .pdf417, .maxicode: 1
    }
  }
}
