import Custody
import TamperEvidence

/// What the verification of a dossier found.
public struct DossierReport: Hashable, Sendable {
  /// What was checked. The texts are stable: programs may depend on them.
  public enum Check: String, Hashable, Sendable, Codable, CaseIterable {
    /// The file is a zip file of the one form that is allowed.
    case zip
    /// The manifest can be read, and names exactly the members that are there.
    case manifest
    /// The tree head is signed by the log's key.
    case checkpoint
    /// An entry's bytes are an entry, and its event can be placed.
    case form
    /// An entry is in the log at its index.
    case inclusion
    /// A statement contradicts another, or itself.
    case statement
    /// A key is enrolled for the station at the entry's place.
    case key
    /// The entry is signed by that key.
    case signature
    /// The entry does not come after the revocation of its station.
    case revoked
    /// The entry does not stand in a closed epoch, beyond its end.
    case closed
    /// No place in a chain is taken twice, and no event stands twice.
    case fork
    /// An entry follows the one before it in its chain, where both are here.
    case prevHash
    /// An event's history leads back to a first event.
    case prior
    /// The log extends the tree head that the station had seen.
    case seenCheckpoint
    /// The files that an event names are here and are what they were, or are said to be left out.
    case blob
    /// A value that is shown is the one that was committed to.
    case commitment
    /// There is an event about what the dossier is about.
    case subject
  }

  /// One failed check.
  public struct Failure: Hashable, Sendable, Codable {
    /// Which check.
    public let check: Check
    /// The log index of the entry concerned, where there is one.
    public let index: Int?
    /// The event concerned, where its id can be read. Not to be believed when the signature is what failed.
    public let eventID: String?
    /// What is wrong, in one sentence.
    public let sentence: String
  }

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
  public internal(set) var failures: [Failure] = []
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

extension DossierReport.Failure: CustomStringConvertible {
  /// Place, check and sentence, on one line.
  public var description: String {
    var place: [String] = []
    if let index { place.append("log entry \(index)") }
    if let eventID { place.append("event \(eventID)") }
    return (place.isEmpty ? "" : place.joined(separator: ", ") + ": ") + "\(check.rawValue): \(sentence)"
  }
}
