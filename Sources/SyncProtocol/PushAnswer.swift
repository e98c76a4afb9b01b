/// What became of a push: one result for each entry, in the order of the bundle. It is given after everything that it
/// says is durable at the centre.
public struct PushAnswer: Hashable, Sendable, Codable {
  public var results: [PushResult]
  /// The newest tree head of the log, a C2SP signed note: it covers every entry that has a log index. The proofs are made of
  /// the log's tiles. Nil from a centre that keeps no tree.
  public var checkpoint: String?
  /// What the next push presents as ``SyncHeader/ratchet``; nil for a station of an older program.
  public var ratchet: String?

  /// An answer.
  public init(results: [PushResult], checkpoint: String? = nil, ratchet: String? = nil) {
    self.results = results
    self.checkpoint = checkpoint
    self.ratchet = ratchet
  }
}

/// What became of one entry. With a log index the centre holds it for good, whatever its status; without one it does
/// not.
public struct PushResult: Hashable, Sendable, Codable {
  /// Place in the station's chain; nil where it cannot be read from the entry.
  public var seq: Int?
  public var epoch: Int?
  public var status: PushStatus
  /// Where the log holds it, from 0 without gaps; nil when rejected.
  public var logIndex: Int64?
  /// Why it is not applied: stable and dotted, such as `sync.gap`.
  public var code: String?
  /// The same in one sentence.
  public var message: String?

  /// A result.
  public init(
    seq: Int?, epoch: Int?, status: PushStatus, logIndex: Int64? = nil, code: String? = nil, message: String? = nil
  ) {
    self.seq = seq
    self.epoch = epoch
    self.status = status
    self.logIndex = logIndex
    self.code = code
    self.message = message
  }
}

extension PushResult {
  /// The result as a station of an older version of the protocol can read it: a status that it does not know becomes the nearest
  /// that it does; code and message still say what is the matter.
  public func understood(by version: Int) -> PushResult {
    guard version < 2, status == .contested else { return self }
    var result = self
    // Version 1 had no word for it: the entry is in the log and in the projection.
    result.status = .applied
    return result
  }
}

/// The ways in which the centre takes an entry. A further one needs a further version of the protocol.
public enum PushStatus: String, Hashable, Sendable, Codable, CaseIterable {
  /// In the log, and in what the centre knows of the asset.
  case applied
  /// In the log, and in what the centre knows of the asset, but other events claim otherwise: people must settle it.
  case contested
  /// These bytes were in the log before.
  case duplicate
  /// In the log as evidence, but its chain is at fault, or an event before it is not here; the result says why. May be
  /// applied later.
  case quarantined
  /// In the log, but of a type or version that the centre does not know yet.
  case unsupported
  /// Not in the log: it is not signed by the station's key. A copy is kept aside and shown.
  case rejected
}
