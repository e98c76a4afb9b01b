import Custody
import LabelDesign
import LabelPrinting
import StationStore

/// A printer as somebody set it up: where it is, what it understands, and which labels are in it.
struct PrinterSetting: Hashable, Sendable, Codable {
  /// See `PrinterAddress`.
  var address: String
  /// The id of a profile of `printers/`.
  var profile: String
  /// The sizes of labels that it has, `50x25` or with the gap between two, `50x25+3`, in millimetres. Empty: it is named by whoever
  /// wants it; one that takes documents prints every size.
  var labels: [String] = []
}

/// A size of labels as settings write it.
struct LoadedLabels: Hashable, Sendable {
  let width: Double
  let height: Double
  /// Between two labels; nil takes the template's.
  let gap: Double?

  /// Reads `WxH` or `WxH+GAP`, millimetres; nil for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: "+", omittingEmptySubsequences: false)
    let sides = parts[0].lowercased().split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "x" || $0 == "×" }
    ).map { Double($0) }
    guard parts.count <= 2, sides.count == 2, let width = sides[0], let height = sides[1] else { return nil }
    var gap: Double?
    if parts.count == 2 {
      guard let number = Double(parts[1]), (0...100).contains(number) else { return nil }
      gap = number
    }
    guard LabelSize.sides.contains(width), LabelSize.sides.contains(height) else { return nil }
    (self.width, self.height, self.gap) = (width, height, gap)
  }

  /// Whether a label of a size is one of these, half a millimetre either way.
  func fits(_ size: LabelSize) -> Bool { abs(width - size.width) <= 0.5 && abs(height - size.height) <= 0.5 }
}

/// A printer as it stands.
struct PrinterState: Sendable, Encodable {
  enum Condition: String, Sendable, Encodable {
    case ready, printing, paused
    /// Something is the matter: see `words`.
    case blocked
    /// Nobody knows whether its next label was printed: somebody must look.
    case asks
    /// It was not asked yet.
    case unasked
  }

  struct Pause: Sendable, Encodable {
    let at: Instant
    let by: PersonID
  }

  let name: String
  let address: String
  let profile: String
  let profileName: String
  let labels: [String]
  let dotsPerInch: Int
  let encodesTags: Bool
  let state: Condition
  let words: String
  let remedy: String?
  /// When the printer was last heard of.
  let asked: Instant?
  let paused: Pause?
  let queued: Int
  let unknown: Int
  /// The label that is being sent.
  let sending: LabelJobID?
  /// The first label that asks.
  let asks: LabelJobID?
}
