/// The centre's answer to a station's greeting.
public struct Hello: Hashable, Sendable, Codable {
  /// The centre's name, such as `Northgate centre`.
  public var name: String
  /// Version of the centre's program, such as `0.1.0`.
  public var version: String
  /// Versions of the protocol that it speaks.
  public var protocols: [Int]
  /// Index of the log's newest entry; -1 for an empty log.
  public var headIndex: Int64
  /// The end of the asking station's chain as the centre holds it; nil when it holds nothing of it.
  public var held: HeldChain?
  /// Verifier keys of all enrolled stations, as C2SP vkeys: a station checks by them what others recorded.
  public var keys: [String]?
  /// Verifier key of the centre's log, a C2SP vkey. A station that was told it otherwise believes no other.
  public var log: String?

  /// A greeting.
  public init(
    name: String, version: String, protocols: [Int], headIndex: Int64, held: HeldChain?, keys: [String]? = nil,
    log: String? = nil
  ) {
    self.name = name
    self.version = version
    self.protocols = protocols
    self.headIndex = headIndex
    self.held = held
    self.keys = keys
    self.log = log
  }
}

/// The entry with the highest epoch and sequence that the centre holds of a station.
public struct HeldChain: Hashable, Sendable, Codable {
  public var epoch: Int
  public var seq: Int
  /// SHA-256 of that entry, 64 lowercase hexadecimal digits.
  public var hash: String

  /// An end of a chain.
  public init(epoch: Int, seq: Int, hash: String) {
    self.epoch = epoch
    self.seq = seq
    self.hash = hash
  }
}
