import Custody

extension WipeReport {
  /// Maker and model as the report gives them, where the list of drives has another model for the drive: at most 256
  /// characters. Nil where the two agree, or where either says none.
  ///
  /// Letters are alike, blanks do not count, and neither does a maker's name before the model: `WDC WD10EZEX` is `wd10ezex`.
  public func otherModel(than medium: Medium) -> String? {
    let makers = [manufacturer, medium.manufacturer].compactMap(\.self)
    guard let model, let own = ModelKey(model, makers: makers),
      let listed = medium.model.flatMap({ ModelKey($0, makers: makers) }), own != listed
    else { return nil }
    let named = [model.lowercased().hasPrefix((manufacturer ?? "").lowercased()) ? nil : manufacturer, model]
    return String(named.compactMap(\.self).joined(separator: " ").prefix(256))
  }
}

/// A drive's model as it is compared.
struct ModelKey: Hashable {
  let text: String

  /// Names that makers go by before a model, a word or several. `ATA` is what Linux calls the maker of any SATA drive.
  private static let known = [
    "adata", "apple", "ata", "corsair", "crucial", "dell", "fujitsu", "hgst", "hitachi", "hp", "hpe", "hynix", "ibm",
    "intel", "kingston", "kioxia", "lenovo", "lite-on", "liteon", "maxtor", "micron", "phison", "samsung", "sandisk",
    "seagate", "sk hynix", "solidigm", "toshiba", "usb", "virt", "wd", "wdc", "western digital",
  ].map { ModelKey.words($0) }

  /// Nil for what names no model: blank, or a tool's word for none.
  ///
  /// - Parameter makers: as this drive's list and report name them.
  init?(_ model: String, makers: [String]) {
    var words = Self.words(model)
    let makers = makers.map { Self.words($0) }.filter { !$0.isEmpty } + Self.known
    // Several can stand there: `ATA SAMSUNG MZ7LN256`. What is left is never nothing.
    while let maker = makers.first(where: { words.count > $0.count && words.starts(with: $0) }) {
      words.removeFirst(maker.count)
    }
    let text = words.joined()
    guard !text.isEmpty, !["unknown", "n/a", "none", "-"].contains(text) else { return nil }
    self.text = text
  }

  private static func words(_ text: String) -> [String] {
    text.lowercased().split { $0.isWhitespace || $0 == "_" }.map(String.init)
  }
}
