import Custody
import TamperEvidence

/// The end of the station's own chain: what the next entry follows. A value, so that a rolled back transaction
/// restores it by assignment.
struct ChainEnd: Hashable, Sendable {
  var epoch: Int
  /// Sequence of the last entry; 0 before the first.
  var seq: Int
  var hash: EntryHash
  var hlc: HybridTime
  /// The wall clock of the last entry: a clock behind it has stepped back.
  var wallClock: Instant

  static let empty = ChainEnd(
    epoch: 1, seq: 0, hash: .zero, hlc: HybridTime(milliseconds: 0, counter: 0), wallClock: Instant(milliseconds: 0))
}
