/// What a printer understands.
public enum PrinterLanguage: String, Hashable, Sendable, CaseIterable {
  /// Zebra's ZPL II: pictures as `^GFA`, RFID by `^RF`.
  case zpl
  /// TSC's TSPL2 and what is compatible with it.
  case tspl
  /// Brother's raster commands of the QL series.
  case brotherQL = "brother-ql"
  /// Whole documents (PDF), as IPP printers take them.
  case document
}
