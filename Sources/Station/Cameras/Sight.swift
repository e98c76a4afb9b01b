import BarcodeVision
import Custody

/// What a camera's newest frame shows, as pages draw it over the picture.
struct Sight: Sendable, Encodable {
  /// The frame's number, as in the picture's `ETag`.
  let frame: Int
  let at: Instant
  /// Pixels of the frame; corners are in them.
  let width: Int
  let height: Int
  let symbols: [SightedSymbol]
}

/// One symbol in view.
struct SightedSymbol: Sendable, Encodable {
  /// How far a symbol has come.
  enum State: String, Sendable, Encodable {
    /// Read weakly: it counts only when another look reads the same.
    case doubtful
    /// It has no checksum, and waits for a second frame that agrees.
    case waiting
    /// It counted with this frame.
    case counted
    /// It counted before and is still in view.
    case held
  }

  /// What it says; of a badge only that it is one.
  let text: String
  let symbology: String
  let symbologyIdentifier: String
  /// Four corners, clockwise.
  let corners: [[Int]]
  let state: State
  /// What came of it, in the words of a scan's result; nil when it was not scanned.
  let result: String?
  let words: String?

  init(_ symbol: Symbol, _ state: State, _ mark: MarksInView.Came? = nil) {
    let scan = Scan(raw: symbol.raw, source: .symbol)
    text = scan.holdsBadge ? "CUSTODY:BADGE:" : symbol.text
    symbology = symbol.symbology.rawValue
    symbologyIdentifier = symbol.symbologyIdentifier
    corners = symbol.corners.points.map { [$0.x, $0.y] }
    self.state = state
    result = mark?.result.rawValue
    words = mark?.words
  }
}
