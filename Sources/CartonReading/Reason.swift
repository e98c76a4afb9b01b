/// Why a code is taken for what it is taken for.
public enum Reason: Hashable, Sendable {
  /// GS1 General Specifications §3: the application identifier names the field.
  case applicationIdentifier(String)
  /// ANSI MH10.8.2: the data identifier names the field. `lone` outside of an ISO/IEC 15434 envelope.
  case dataIdentifier(String, lone: Bool)
  /// EAN and UPC symbols hold nothing but GTINs (GS1 General Specifications §5.2).
  case tradeItemSymbol
  /// What stands before the value in the symbol itself, such as `S/N:`.
  case printedPrefix(String)
  /// The grammar of our own asset tags.
  case ownTag
  /// The catalogue knows it: which order and line, or which model.
  case catalogue(String)
  /// A check digit holds, and the length is that of the field.
  case checkDigit(String)
  /// A form of its own, in words.
  case form(String)
  /// A manufacturer's rule, in words.
  case manufacturerRule(String)
  /// An operator said so for this manufacturer and model.
  case corrected(by: String, on: String)
  /// An operator said so for this carton.
  case chosen(by: String)
  /// What was learned for a model, on a carton whose model is not known yet.
  case learned(manufacturer: String, model: String)
  /// It is the only code that is left.
  case onlyCodeLeft

  /// The reason in words, for people.
  public var words: String {
    switch self {
    case .applicationIdentifier(let identifier): "application identifier \(identifier)"
    case .dataIdentifier(let identifier, let lone):
      lone ? "begins like data identifier \(identifier)" : "data identifier \(identifier)"
    case .tradeItemSymbol: "EAN and UPC symbols hold GTINs"
    case .printedPrefix(let prefix): "the code itself begins with \(prefix)"
    case .ownTag: "the form of our own asset tags"
    case .catalogue(let place): place
    case .checkDigit(let words), .form(let words), .manufacturerRule(let words): words
    case .corrected(let name, let day): "corrected by \(name) on \(day)"
    case .chosen(let name): "chosen by \(name)"
    case .learned(let manufacturer, let model):
      "matches the pattern learned for " + (manufacturer.isEmpty ? model : "\(manufacturer) \(model)")
    case .onlyCodeLeft: "a code without another meaning"
    }
  }
}
