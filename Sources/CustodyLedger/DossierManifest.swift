import Custody
import FoundationEssentials
import TamperEvidence

/// What a dossier holds and how it hangs together: `manifest.json`. Nothing in it is believed: it says where the proofs
/// are, and each of them is checked against what is signed. `docs/verify/` has the written form.
public struct DossierManifest: Hashable, Sendable, Codable {
  /// What the dossier is about. It says what was asked for; what is proved stands in the entries.
  public enum Subject: Hashable, Sendable {
    case asset(AssetID)
    case order(String)
    case period(from: Instant, to: Instant)
  }

  /// One entry of the log; its exact bytes are the member `entries/` and 16 digits of the index.
  public struct Entry: Hashable, Sendable, Codable {
    /// Its place in the log, from 0.
    public var index: Int
    /// The audit path from its leaf to the root of the checkpoint, from the leaf's sibling upwards.
    public var proof: [TreeHash]

    /// An entry.
    public init(index: Int, proof: [TreeHash]) {
      self.index = index
      self.proof = proof
    }
  }

  /// That the checkpoint extends a tree head which a station had seen.
  public struct Consistency: Hashable, Sendable, Codable {
    /// The size of the tree that was seen.
    public var size: Int
    /// The hashes of the proof, as RFC 6962 orders them.
    public var proof: [TreeHash]

    /// A proof.
    public init(size: Int, proof: [TreeHash]) {
      self.size = size
      self.proof = proof
    }
  }

  /// A file that an event names; its bytes are the member `blobs/` and the digest.
  public struct Blob: Hashable, Sendable, Codable {
    /// As the event names it: SHA-256, or HMAC-SHA256 where there is a salt; 64 lower-case hexadecimal digits.
    public var digest: String
    /// The salt of a file that names people, base64.
    public var salt: String?

    /// A file.
    public init(digest: String, salt: String? = nil) {
      self.digest = digest
      self.salt = salt
    }
  }

  /// A file that an event names and that is left out.
  public struct Withheld: Hashable, Sendable, Codable {
    /// As the event names it.
    public var digest: String
    /// Why: erased, or not for this reader.
    public var reason: String

    /// A file.
    public init(digest: String, reason: String) {
      self.digest = digest
      self.reason = reason
    }
  }

  /// A personal value that is shown to this reader.
  public struct Opening: Hashable, Sendable, Codable {
    /// The event that commits to it.
    public var event: EventID
    /// The name among the event's commitments.
    public var name: String
    /// The 32 bytes of the salt, base64.
    public var salt: String
    /// The value's bytes, base64.
    public var value: String

    /// An opening.
    public init(event: EventID, name: String, opening: CommitmentOpening) {
      self.event = event
      self.name = name
      salt = Data(opening.salt).base64EncodedString()
      value = Data(opening.value).base64EncodedString()
    }
  }

  /// The version of the form: 1.
  public static let version = 1
  /// The most bytes of a manifest: 32 MiB.
  public static let maximumLength = 32 << 20

  /// The version.
  public var v: Int
  /// What it is about.
  public var subject: Subject
  /// When it was made, by its maker's clock.
  public var madeAt: Instant
  /// The entries, ascending by index.
  public var entries: [Entry]
  /// The proofs, ascending by size.
  public var consistency: [Consistency]
  /// The files that are here, ascending by digest.
  public var blobs: [Blob]
  /// The files that are not, ascending by digest.
  public var withheld: [Withheld]
  /// The values that are shown.
  public var openings: [Opening]

  /// A manifest; lists are put in order.
  public init(
    subject: Subject, madeAt: Instant, entries: [Entry], consistency: [Consistency] = [], blobs: [Blob] = [],
    withheld: [Withheld] = [], openings: [Opening] = []
  ) {
    v = Self.version
    self.subject = subject
    self.madeAt = madeAt
    self.entries = entries.sorted { $0.index < $1.index }
    self.consistency = consistency.sorted { $0.size < $1.size }
    self.blobs = blobs.sorted { $0.digest.utf8.lexicographicallyPrecedes($1.digest.utf8) }
    self.withheld = withheld.sorted { $0.digest.utf8.lexicographicallyPrecedes($1.digest.utf8) }
    self.openings = openings
  }
}

extension DossierManifest.Subject: Codable {
  private enum CodingKeys: String, CodingKey { case asset, order, period }
  private enum PeriodKeys: String, CodingKey { case from, to }

  /// Decodes an object with the one key that applies.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let asset = try container.decodeIfPresent(AssetID.self, forKey: .asset) {
      self = .asset(asset)
    } else if let order = try container.decodeIfPresent(String.self, forKey: .order) {
      self = .order(order)
    } else {
      let period = try container.nestedContainer(keyedBy: PeriodKeys.self, forKey: .period)
      self = .period(
        from: try period.decode(Instant.self, forKey: .from), to: try period.decode(Instant.self, forKey: .to))
    }
  }

  /// Encodes an object with the one key that applies.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .asset(let asset): try container.encode(asset, forKey: .asset)
    case .order(let order): try container.encode(order, forKey: .order)
    case .period(let from, let to):
      var period = container.nestedContainer(keyedBy: PeriodKeys.self, forKey: .period)
      try period.encode(from, forKey: .from)
      try period.encode(to, forKey: .to)
    }
  }
}

extension DossierManifest.Subject: CustomStringConvertible {
  /// Such as `asset 0190…`.
  public var description: String {
    switch self {
    case .asset(let asset): "asset \(asset)"
    case .order(let order): "order \(order)"
    case .period(let from, let to): "period \(from) to \(to)"
    }
  }
}
