/// Where a symbol that is smaller than its box lies in it, as it is read (before it is turned).
public struct SymbolAlignment: Hashable, Sendable {
  public enum Place: Hashable, Sendable {
    case start, middle, end

    func offset(of length: Int, in room: Int) -> Int {
      switch self {
      case .start: 0
      case .middle: (room - length) / 2
      case .end: room - length
      }
    }
  }

  public var horizontal: Place
  public var vertical: Place

  /// An alignment; the middle of the box unless told otherwise.
  public init(horizontal: Place = .middle, vertical: Place = .middle) {
    self.horizontal = horizontal
    self.vertical = vertical
  }
}
