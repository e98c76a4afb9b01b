/// Why nothing can be drawn on this machine.
public enum LabelRenderingFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// A library, or a function of it.
  case libraryMissing(part: String)
  /// A typeface that labels are drawn in.
  case typefaceMissing(family: String)
  case outOfMemory
  /// The page has more dots than are drawn at once.
  case pageTooLarge(dots: Int, most: Int)
  /// librsvg or cairo could not do what it should, in their words.
  case drawing(String)

  public var description: String {
    switch self {
    case .libraryMissing(let part): "\(part) is not there, and nothing can be drawn without."
    case .typefaceMissing(let family): "The typeface \(family) is not installed; labels are drawn in it."
    case .outOfMemory: "There is not enough memory to draw this page."
    case .pageTooLarge(let dots, let most): "The page has \(dots) dots at this resolution; at most \(most) are drawn."
    case .drawing(let words): "The page cannot be drawn: \(words)."
    }
  }

  /// What to do about it.
  public var remedy: String {
    switch self {
    case .libraryMissing: "Install the packages librsvg2-2 and libpangocairo-1.0-0."
    case .typefaceMissing: "Install the package fonts-dejavu-core, and look that FONTCONFIG_FILE leads nowhere else."
    case .outOfMemory, .pageTooLarge: "Take a lower resolution, or a smaller label."
    case .drawing: "Look at what the template draws; `custody label preview` shows it."
    }
  }
}
