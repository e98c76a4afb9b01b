import Custody
import CustodyLedger
import TamperEvidence

/// An entry of a push whose signature has been checked. That needs no database, so it is done before the transaction.
public struct CheckedEntry: Sendable {
  /// The signature's verdict.
  public enum Verdict: Sendable {
    /// Signed by this key of the station. Whether the key was good for the entry's place is judged with the log at hand.
    case verified(VerifiedEntry, by: VerifierKey)
    case rejected(AdmissionReason)
  }

  public let bytes: [UInt8]
  public let hash: EntryHash
  /// The hash of its leaf in the log's tree.
  public let leaf: TreeHash
  public let content: EntryContent
  public let verdict: Verdict

  /// Checks the entries that came with a station's credentials, in their order: one may hand over to the key that signs the
  /// next.
  public static func check(_ entries: [UnverifiedEntry], from station: EnrolledStation, by keys: StationKeys)
    -> [CheckedEntry]
  {
    var known = keys.history.keys(of: station.name)
    return entries.map { entry in
      let checked = CheckedEntry(entry, from: station, keys: known)
      if case .verified = checked.verdict, case .statement(let statement) = checked.content,
        case .rotate(let rotation) = statement.details, rotation.key.name == station.name
      {
        known.append(rotation.key)
      }
      return checked
    }
  }

  private init(_ entry: UnverifiedEntry, from station: EnrolledStation, keys: [VerifierKey]) {
    bytes = entry.entry.bytes
    hash = entry.entry.hash
    leaf = .leaf(entry.entry.bytes)
    content = EntryContent(eventBytes: entry.entry.event)
    let header = content.header
    if let header, header.station != station.name {
      verdict = .rejected(
        AdmissionReason(
          "sync.foreignStation",
          "The event is of \(header.station), but it came with the credentials of \(station.name)."))
      return
    }
    // The key that it names first; a name that is wrong is told otherwise than a signature that is.
    let named = keys.filter { $0.keyID == header?.keyID }
    for key in named + keys.reversed().filter({ !named.contains($0) }) {
      if let verified = entry.verify(with: key) {
        verdict = .verified(verified, by: key)
        return
      }
    }
    verdict = .rejected(
      header.map { named.isEmpty ? .foreignKey($0.keyID, of: station.name, keys.last) : .signature(station.name) }
        ?? .signature(station.name))
  }

  /// An entry that the centre has signed itself.
  init(own entry: VerifiedEntry, by key: VerifierKey) {
    bytes = entry.entry.bytes
    hash = entry.entry.hash
    leaf = .leaf(entry.entry.bytes)
    content = EntryContent(eventBytes: entry.entry.event)
    verdict = .verified(entry, by: key)
  }

  /// Whether a key signed it.
  func isSigned(by key: VerifierKey) -> Bool {
    switch verdict {
    case .verified(_, let signer) where signer == key: return true
    case .verified(let entry, _):
      // Rare: the log knows of a key that was not known when the signature was checked.
      return content.header?.keyID == key.keyID && UnverifiedEntry(entry).verify(with: key) != nil
    case .rejected: return false
    }
  }
}

extension AdmissionReason {
  static func foreignKey(_ keyID: String, of station: String, _ key: VerifierKey?) -> AdmissionReason {
    AdmissionReason(
      "sync.foreignKey",
      "The event is signed with key \(keyID), but \(station) is enrolled with \(key?.keyID ?? "none").")
  }

  static func signature(_ station: String) -> AdmissionReason {
    AdmissionReason("sync.signature", "The signature is not that of \(station) over these bytes.")
  }
}
