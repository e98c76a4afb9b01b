import BarcodeVision
import Custody
import StationStore

/// What lies before a lens: which marks in view led to which asset, and what came of them.
///
/// One thing carries several marks: its tag, its serial number, the barcodes of its carton. Once one of them was acted on
/// and as long as it is in view, a mark of the same asset is no second scan, and a mark that leads nowhere is taken for one
/// more of the thing's own. Another known asset in view is a scan of its own.
struct MarksInView: Sendable {
  /// What came of a mark.
  struct Came: Sendable {
    let result: KeptReading.Outcome
    let words: String
  }

  /// What a mark means before it is scanned.
  enum Meaning: Sendable, Equatable {
    /// A command, location or badge: it is always scanned.
    case instruction
    case asset(AssetID)
    /// It leads to no asset, or to several.
    case unknown
  }

  private var assets: [Symbol.Mark: AssetID] = [:]
  private var outcomes: [Symbol.Mark: Came] = [:]

  /// Whether a mark that has just come into view is to be scanned.
  func wants(_ meaning: Meaning) -> Bool {
    switch meaning {
    case .instruction: true
    case .asset(let asset): !assets.values.contains(asset)
    case .unknown: assets.isEmpty
    }
  }

  /// Notes what came of a mark.
  mutating func scanned(_ mark: Symbol.Mark, _ came: Came, asset: AssetID?) {
    outcomes[mark] = came
    assets[mark] = asset
  }

  /// What came of a mark in view; nil when it was not scanned.
  func came(of mark: Symbol.Mark) -> Came? { outcomes[mark] }

  /// Forgets the marks that are out of view.
  mutating func keep(_ isInView: (Symbol.Mark) -> Bool) {
    assets = assets.filter { isInView($0.key) }
    outcomes = outcomes.filter { isInView($0.key) }
  }
}
