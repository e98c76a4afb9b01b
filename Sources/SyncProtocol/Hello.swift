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
  /// The end of the asking station's chain as the centre holds it, as far as it counts; nil when it holds nothing of it.
  public var held: HeldChain?
  /// How the station stands, if it said where its chain ends.
  public var standing: Standing?
  /// Why the station's pushes are refused; nil while they are not.
  public var frozen: Frozen?
  /// Verifier keys of all stations, as C2SP vkeys, for stations of older programs. Newer ones believe what the log states and
  /// proves.
  public var keys: [String]?
  /// Verifier key of the centre's log, a C2SP vkey. A station that was told it otherwise believes no other.
  public var log: String?

  /// A greeting.
  public init(
    name: String, version: String, protocols: [Int], headIndex: Int64, held: HeldChain?, keys: [String]? = nil,
    log: String? = nil, standing: Standing? = nil, frozen: Frozen? = nil
  ) {
    self.name = name
    self.version = version
    self.protocols = protocols
    self.headIndex = headIndex
    self.held = held
    self.keys = keys
    self.log = log
    self.standing = standing
    self.frozen = frozen
  }

  /// How a station's chain stands to what the centre holds of it. What a newer centre says is read as ``level``.
  public enum Standing: String, Hashable, Sendable, Codable {
    /// The centre holds the chain to its end, or only its end is not there yet.
    case level
    /// The centre holds more, that goes on from the chain's end: the station was restored, or is new under its name.
    case ahead
    /// The centre holds other bytes in a place of the chain, or its epoch was closed: two stations sign as one.
    case forked

    /// Reads a standing.
    public init(from decoder: any Decoder) throws {
      self = Standing(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .level
    }
  }

  /// Why a station's pushes are refused.
  public struct Frozen: Hashable, Sendable, Codable {
    public var code: String
    /// One sentence.
    public var sentence: String
    public var remedy: String

    /// A reason.
    public init(code: String, sentence: String, remedy: String) {
      self.code = code
      self.sentence = sentence
      self.remedy = remedy
    }
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
