/// One failed check of a log or a dossier: which check, at which event, and what is wrong.
public struct EvidenceFailure: Hashable, Sendable, Codable {
  /// What was checked. The texts are stable: programs may depend on them.
  public enum Check: String, Hashable, Sendable, Codable, CaseIterable {
    /// A dossier is a zip file of the one form that is allowed.
    case zip
    /// A dossier's manifest can be read, and names exactly the members that are there.
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
    /// There is an event about what the dossier says that it is about.
    case subject
    /// The log holds as many entries as its tree head says, and they have its root.
    case root
    /// The log's stored hashes are those of its entries.
    case tile
    /// A chain has no gap.
    case seq
  }

  /// Which check.
  public let check: Check
  /// The log index of the entry concerned, where there is one.
  public let index: Int?
  /// The event concerned, where its id can be read. Not to be believed when the signature is what failed.
  public let eventID: String?
  /// What is wrong, in one sentence.
  public let sentence: String

  /// A failed check.
  public init(check: Check, index: Int?, eventID: String?, sentence: String) {
    self.check = check
    self.index = index
    self.eventID = eventID
    self.sentence = sentence
  }
}

extension EvidenceFailure: CustomStringConvertible {
  /// Place, check and sentence, on one line.
  public var description: String {
    var place: [String] = []
    if let index { place.append("log entry \(index)") }
    if let eventID { place.append("event \(eventID)") }
    return (place.isEmpty ? "" : place.joined(separator: ", ") + ": ") + "\(check.rawValue): \(sentence)"
  }
}
