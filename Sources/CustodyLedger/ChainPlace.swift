/// Where an entry stands in its station's chain.
public struct ChainPlace: Hashable, Sendable, Codable {
  /// Counts the station's chains, from 1.
  public var epoch: Int
  /// From 1 without gaps.
  public var seq: Int

  /// A place.
  public init(epoch: Int, seq: Int) {
    self.epoch = epoch
    self.seq = seq
  }
}

extension ChainPlace: Comparable {
  /// Earlier epochs first; in one epoch, in order of the chain.
  public static func < (left: Self, right: Self) -> Bool {
    (left.epoch, left.seq) < (right.epoch, right.seq)
  }
}

extension ChainPlace: CustomStringConvertible {
  /// Such as `epoch 2, seq 17`.
  public var description: String { "epoch \(epoch), seq \(seq)" }
}
