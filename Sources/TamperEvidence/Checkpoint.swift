/// A log's tree head: what a signed note says of a log at one size (C2SP tlog-checkpoint, "Note text").
///
///     text = ORIGIN LF SIZE LF BASE64(root) LF *( EXTENSION LF )
///
/// `SIZE` is decimal without leading zeros; no line is empty. `Checkpoint(text: checkpoint.text) == checkpoint`.
public struct Checkpoint: Hashable, Sendable {
  /// Names the log, such as `centre.example.com/log`; fixed for ever at its first start.
  public let origin: String
  /// How many entries the log has.
  public let size: UInt64
  /// The root of their tree.
  public let root: TreeHash
  /// Lines after the root. Logs of this product write none.
  public let extensions: [String]

  /// A tree head.
  public init(origin: String, size: UInt64, root: TreeHash, extensions: [String] = []) throws(CheckpointError) {
    guard Self.isLine(origin) else { throw .origin }
    guard extensions.allSatisfy(Self.isLine) else { throw .extensionLine }
    guard size > 0 || root == .empty else { throw .emptyTreeRoot }
    self.origin = origin
    self.size = size
    self.root = root
    self.extensions = extensions
  }

  /// Reads a note's text, with its final newline.
  public init(text: String) throws(CheckpointError) {
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard lines.count >= 4, lines.last == "" else { throw .lines }
    guard let size = UInt64(lines[1]), lines[1].utf8.elementsEqual(String(size).utf8) else { throw .size }
    guard let root = TreeHash(base64: lines[2]) else { throw .root }
    try self.init(origin: lines[0], size: size, root: root, extensions: Array(lines[3..<lines.count - 1]))
  }

  /// The note's text, with its final newline.
  public var text: String {
    ([origin, String(size), root.base64] + extensions).map { $0 + "\n" }.joined()
  }

  /// Signs this head as a note.
  public func signed(with keys: [SigningKey]) throws(SignedNoteError) -> SignedNote {
    try SignedNote.sign(text, with: keys)
  }

  /// A line is not empty and holds no control character.
  private static func isLine(_ line: String) -> Bool {
    !line.isEmpty && line.utf8.allSatisfy { $0 >= 0x20 }
  }
}

/// A tree head that known keys signed; `init(note:keys:origin:)` alone makes one.
public struct VerifiedCheckpoint: Hashable, Sendable {
  /// The tree head.
  public let checkpoint: Checkpoint
  /// Which of the known keys signed it, at least one.
  public let signers: [VerifierKey]

  /// Verifies a signed note: one of `keys` must have signed it, no signature by one of them may be wrong, and its text
  /// must be a tree head of the log `origin`. Signatures of other keys, such as of witnesses, are passed over.
  public init(note: [UInt8], keys: [VerifierKey], origin: String) throws(CheckpointError) {
    let verified: VerifiedNote
    do {
      verified = try SignedNote(bytes: note).verified(by: keys)
    } catch {
      throw .note(error)
    }
    let checkpoint = try Checkpoint(text: verified.text)
    guard checkpoint.origin.utf8.elementsEqual(origin.utf8) else {
      throw .otherLog(origin: checkpoint.origin, expected: origin)
    }
    self.checkpoint = checkpoint
    signers = verified.signers
  }
}

/// Why bytes are not a checkpoint, or not one to be trusted.
public enum CheckpointError: Error, Hashable, Sendable {
  /// The signed note is malformed, or not signed as it must be.
  case note(SignedNoteError)
  /// Fewer than three lines, or no newline at the end.
  case lines
  /// The origin is empty or holds a control character.
  case origin
  /// The size is not a decimal number below 2^64 without leading zeros.
  case size
  /// The root is not the base64 of 32 bytes.
  case root
  /// The root of a log without entries is not SHA-256 of nothing.
  case emptyTreeRoot
  /// An extension line is empty or holds a control character.
  case extensionLine
  /// It is a checkpoint of another log.
  case otherLog(origin: String, expected: String)
}

extension CheckpointError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .note(let error): error.description
    case .lines: "a checkpoint has at least three lines: origin, size and root"
    case .origin: "the checkpoint's first line, the origin, is empty"
    case .size: "the checkpoint's second line is not a number of entries"
    case .root: "the checkpoint's third line is not the base64 of a 32-byte root"
    case .emptyTreeRoot: "the checkpoint gives a root to a log without entries that is not SHA-256 of nothing"
    case .extensionLine: "the checkpoint holds an empty line"
    case .otherLog(let origin, let expected): "the checkpoint is of log '\(origin)', not of '\(expected)'"
    }
  }
}
