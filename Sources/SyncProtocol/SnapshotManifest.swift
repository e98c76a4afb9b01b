import TamperEvidence

/// What the centre signs of a snapshot: which state of the log it is made of, and which bytes it is.
///
/// It is the text of a C2SP signed note by the log's key. Its first line is no origin, so that no tree head can be mistaken for
/// one nor it for a tree head:
///
///     custody-snapshot/v1
///     origin centre.example/log
///     size 1000001
///     root BASE64
///     projection 1
///     sha256 HEX
///     length 123456789
///     unpacked 987654321
public struct SnapshotManifest: Hashable, Sendable {
  /// Which form of snapshot this program makes and takes.
  public static let projection = 1
  /// Most bytes of a manifest with its signature.
  public static let longest = 4096
  /// Most bytes that a snapshot may have unpacked, whoever signed it: 32 GiB.
  public static let mostUnpacked: UInt64 = 32 << 30

  /// The log's origin.
  public var origin: String
  /// How many entries of the log are in it: all below this index.
  public var size: UInt64
  /// The root of the log's tree at that size.
  public var root: TreeHash
  /// The form of the snapshot: see ``projection``.
  public var projection: Int
  /// SHA-256 of the packed file, 64 lowercase hexadecimal digits.
  public var digest: String
  /// Bytes of the packed file, and of the SQLite file in it.
  public var length: UInt64
  public var unpacked: UInt64

  /// A manifest.
  public init(
    origin: String, size: UInt64, root: TreeHash, projection: Int = Self.projection, digest: String, length: UInt64,
    unpacked: UInt64
  ) {
    self.origin = origin
    self.size = size
    self.root = root
    self.projection = projection
    self.digest = digest
    self.length = length
    self.unpacked = unpacked
  }

  /// The text that is signed.
  public var text: String {
    """
    custody-snapshot/v1
    origin \(origin)
    size \(size)
    root \(root.base64)
    projection \(projection)
    sha256 \(digest)
    length \(length)
    unpacked \(unpacked)

    """
  }

  /// Signs it as the log's key.
  public func signed(with key: SigningKey) throws(SignedNoteError) -> [UInt8] {
    try SignedNote.sign(text, with: [key]).bytes
  }

  /// Takes a note that the log's key must have signed, about the log of that key.
  public init(note: [UInt8], key: VerifierKey) throws(SnapshotFault) {
    let text: String
    do {
      text = try SignedNote(bytes: note).verified(by: [key]).text
    } catch {
      throw .signature("\(error)")
    }
    guard let manifest = Self(text: text) else { throw .malformed }
    guard manifest.origin == key.name else { throw .otherLog(manifest.origin) }
    guard manifest.projection == Self.projection else { throw .otherProjection(manifest.projection) }
    guard manifest.length > 0, manifest.unpacked > 0, manifest.unpacked <= Self.mostUnpacked,
      manifest.length <= manifest.unpacked + (1 << 16)
    else { throw .tooLarge(manifest.unpacked) }
    self = manifest
  }

  /// Reads what ``text`` writes; nil for anything else.
  init?(text: String) {
    let names = ["origin", "size", "root", "projection", "sha256", "length", "unpacked"]
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == names.count + 2, lines[0] == "custody-snapshot/v1", lines[names.count + 1].isEmpty else {
      return nil
    }
    var values: [String] = []
    for (name, line) in zip(names, lines.dropFirst()) {
      guard line.hasPrefix(name + " ") else { return nil }
      values.append(String(line.dropFirst(name.utf8.count + 1)))
    }
    guard let size = UInt64(values[1]), let root = TreeHash(base64: values[2]), let projection = Int(values[3]),
      let length = UInt64(values[5]), let unpacked = UInt64(values[6]), Self.isDigest(values[4])
    else { return nil }
    self.init(
      origin: values[0], size: size, root: root, projection: projection, digest: values[4], length: length,
      unpacked: unpacked)
    guard self.text == text else { return nil }
  }

  /// Whether a text is a SHA-256 as it is written here: 64 lowercase hexadecimal digits.
  public static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}

/// Why a snapshot is not taken.
public enum SnapshotFault: Error, Hashable, Sendable {
  /// The log's key did not sign its manifest.
  case signature(String)
  /// The manifest is not of the form that is written above.
  case malformed
  /// It is of another log.
  case otherLog(String)
  /// It is of a form that this program does not know.
  case otherProjection(Int)
  /// It says more bytes than any snapshot may have.
  case tooLarge(UInt64)
  /// The bytes are not those of the manifest: what is different.
  case bytes(String)
  /// The file in it is not what a snapshot is.
  case contents(String)
}

extension SnapshotFault: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .signature(let why): "The snapshot's manifest is not signed by the log's key: \(why)."
    case .malformed: "The snapshot's manifest cannot be read."
    case .otherLog(let origin): "The snapshot is of the log \(origin)."
    case .otherProjection(let number):
      "The snapshot is of form \(number); this program knows \(SnapshotManifest.projection)."
    case .tooLarge(let bytes): "The snapshot says that it has \(bytes) bytes unpacked, more than any may have."
    case .bytes(let why): "The snapshot's bytes are not those of its manifest: \(why)."
    case .contents(let why): "The snapshot holds something else: \(why)."
    }
  }
}
