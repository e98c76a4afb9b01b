import Custody
import TamperEvidence

/// What the verification of a dossier found.
public struct DossierReport: Hashable, Sendable {
  /// How far the history of one asset is proved.
  public struct History: Hashable, Sendable, Codable {
    /// The asset.
    public let asset: String
    /// How many of its events are here and good.
    public let events: Int
    /// The newest of them: those that no other names as the one before. More than one where stations acted without
    /// knowing of each other.
    public let heads: [String]

    /// What is proved and what is not.
    public var sentence: String {
      "asset \(asset): \(events) event\(events == 1 ? "" : "s"), complete up to event "
        + heads.joined(separator: " and event ") + "; newer or concurrent events need a full-log audit"
    }
  }

  /// What a good event says, for a reader.
  public struct Line: Hashable, Sendable, Codable {
    /// Where it stands in the log.
    public let index: Int
    /// Its id.
    public let eventID: String
    /// The verb, or the kind of statement.
    public let type: String
    /// The station that wrote it, `site/station`.
    public let station: String
    /// When, by that station's clock.
    public let wallClock: String
  }

  /// What failed, in the order in which it was checked; empty when the dossier is verified.
  public internal(set) var failures: [EvidenceFailure] = []
  /// What the dossier says it is about.
  public internal(set) var subject: DossierManifest.Subject?
  /// The log's tree head, once verified.
  public internal(set) var checkpoint: Checkpoint?
  /// How many entries the dossier holds.
  public internal(set) var entries = 0
  /// The good entries, in the log's order.
  public internal(set) var lines: [Line] = []
  /// One for each asset that a good event is about, in the log's order of their first events.
  public internal(set) var histories: [History] = []
  /// The files that good events name and that are left out, with the reason that the manifest gives.
  public internal(set) var withheld: [DossierManifest.Withheld] = []

  /// Whether everything that was checked is as it must be.
  public var isVerified: Bool { failures.isEmpty }
}
