/// A filled template: pages to be drawn.
public struct LabelDocument: Hashable, Sendable {
  /// The template that it was made from.
  public let template: String
  /// What people call it.
  public let title: String
  public let size: LabelSize
  /// At least one; more than one only for sheets with lists.
  public let pages: [LabelPage]
}

/// A page of a document: three layers, each over the one before.
public struct LabelPage: Hashable, Sendable {
  public let size: LabelSize
  /// Lines, shapes and pictures as an SVG document in millimetres; nil when there are none. It has no text, no script and no
  /// link, and has passed the limits of templates.
  public let artwork: String?
  public let texts: [PlacedText]
  public let symbols: [PlacedSymbol]

  /// A page. What is drawn of ``artwork`` is not checked again: it must come from a template that was.
  public init(size: LabelSize, artwork: String? = nil, texts: [PlacedText] = [], symbols: [PlacedSymbol] = []) {
    self.size = size
    self.artwork = artwork
    self.texts = texts
    self.symbols = symbols
  }
}
