import TamperEvidence

/// The log's newest tree head: how many entries the log has, their root, and the signed note that says so.
public struct LogHead: Hashable, Sendable {
  public let checkpoint: Checkpoint
  /// The C2SP signed note, as it is served.
  public let note: [UInt8]

  /// Signs a tree head.
  public init(size: UInt64, root: TreeHash, by author: LogAuthor) throws(CentralFault) {
    do {
      checkpoint = try Checkpoint(origin: author.origin, size: size, root: root)
      note = try checkpoint.signed(with: [author.key]).bytes
    } catch {
      throw .damaged(reason: "the log's tree head cannot be signed: \(error)")
    }
  }

  /// Takes a stored note: what it says must be signed by the author's key.
  public init(note: [UInt8], by author: LogAuthor) throws(CentralFault) {
    do {
      checkpoint = try VerifiedCheckpoint(note: note, keys: [author.key.verifierKey], origin: author.origin).checkpoint
    } catch {
      throw .foreignLog(key: "\(author.key.verifierKey)", reason: "\(error)")
    }
    self.note = note
  }

  /// Takes the note of a tree head that was signed here and has been in the store since.
  public init(trusted note: [UInt8]) throws(CentralFault) {
    do {
      checkpoint = try Checkpoint(text: try SignedNote(bytes: note).text)
    } catch {
      throw .damaged(reason: "the log's tree head cannot be read: \(error)")
    }
    self.note = note
  }

  /// Index of the newest entry; -1 for an empty log.
  public var headIndex: Int64 { Int64(clamping: checkpoint.size) - 1 }
}
