/// How much the centre has of a file that an event names.
public struct BlobStanding: Hashable, Sendable, Codable {
  /// SHA-256, 64 lowercase hexadecimal digits.
  public var digest: String
  /// Bytes that it has, and those that it has here: the offset at which to go on.
  public var length: Int
  public var held: Int
  public var mediaType: String
  /// Whether all of it is here, with its digest.
  public var complete: Bool
  /// Whether the centre had it, and let it go when its time was over.
  public var dropped: Bool

  /// A standing.
  public init(digest: String, length: Int, held: Int, mediaType: String, complete: Bool, dropped: Bool) {
    self.digest = digest
    self.length = length
    self.held = held
    self.mediaType = mediaType
    self.complete = complete
    self.dropped = dropped
  }
}

/// What is taken of files.
public enum BlobLimits {
  /// Most bytes of one file: 32 MiB.
  public static let bytes = 32 << 20
  /// Most bytes of one part: 1 MiB.
  public static let part = 1 << 20

  /// How the first bytes of each type that is taken look; empty where a type has no such mark.
  private static let types: [String: [[UInt8]]] = [
    "image/jpeg": [[0xFF, 0xD8, 0xFF]], "image/png": [[0x89, 0x50, 0x4E, 0x47]], "image/webp": [Array("RIFF".utf8)],
    "image/gif": [Array("GIF8".utf8)], "image/tiff": [[0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A]],
    "image/heic": [], "image/heif": [], "image/avif": [], "application/pdf": [Array("%PDF".utf8)],
    "text/plain": [], "text/csv": [], "application/json": [], "application/xml": [], "text/xml": [],
    "application/octet-stream": [],
  ]

  /// Whether files of a media type are taken.
  public static func takes(mediaType: String) -> Bool { types[mediaType] != nil }

  /// Whether a file begins as its type does.
  public static func begins(_ bytes: some Collection<UInt8>, as mediaType: String) -> Bool {
    guard let marks = types[mediaType] else { return false }
    return marks.isEmpty || marks.contains { bytes.starts(with: $0) }
  }
}
