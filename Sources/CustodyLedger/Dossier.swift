import Custody
import TamperEvidence

/// The evidence package of an asset, an order or a period: exact entries, the proofs that they are in the log, the log's
/// signed tree head, the statements about the keys that signed them, and the files they name. Who has the log's verifier
/// key can check it offline, with nobody's help (`Dossier.verify`).
///
///     dossier = zip of: blobs/DIGEST…, checkpoint, entries/INDEX…, manifest.json, summary.html        ; see StoredZip
///
/// It proves what is in it. That nothing was left out shows as far as each event names the one before it.
public struct Dossier: Sendable {
  /// One entry with its place in the log.
  public struct Entry: Sendable {
    /// From 0.
    public let index: UInt64
    /// The exact bytes.
    public let entry: LedgerEntry
    /// The hashes of `InclusionProof.plan(leafIndex:treeSize:)` for the checkpoint's size.
    public let proof: [TreeHash]

    /// An entry.
    public init(index: UInt64, entry: LedgerEntry, proof: [TreeHash]) {
      self.index = index
      self.entry = entry
      self.proof = proof
    }
  }

  /// A file that an event names.
  public struct Blob: Sendable {
    /// As the event names it.
    public let digest: String
    /// Its content.
    public let content: [UInt8]
    /// The salt of a file that names people, 32 bytes.
    public let salt: [UInt8]?

    /// A file.
    public init(digest: String, content: [UInt8], salt: [UInt8]? = nil) {
      self.digest = digest
      self.content = content
      self.salt = salt
    }
  }

  static let manifestName = "manifest.json"
  static let checkpointName = "checkpoint"
  static let summaryName = "summary.html"

  static func entryName(_ index: Int) -> String {
    let digits = String(index)
    return "entries/" + String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
  }

  static func blobName(_ digest: String) -> String { "blobs/" + digest }
}
