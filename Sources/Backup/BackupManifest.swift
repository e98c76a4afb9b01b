import Foundation

/// What a backup holds: its last member but one, `manifest.json`. The very last, `manifest.sha256`, is its hash.
public struct BackupManifest: Codable, Hashable, Sendable {
  /// Whose backup it is.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case station, centre

    /// The file of the database in a data folder.
    public var database: String { self == .station ? "station.db" : "central.db" }
  }

  /// One file of the data folder.
  public struct File: Codable, Hashable, Sendable {
    /// Where it stands below the data folder.
    public let path: String
    public let length: Int64
    /// SHA-256, lowercase hexadecimal.
    public let sha256: String
  }

  /// The format of this version.
  public static let format = "custody-backup/1"

  public let format: String
  public let kind: Kind
  /// The station's `SITE/STATION`, or the origin of the centre's log.
  public let name: String
  /// When the copy was taken, RFC 3339 in UTC: every act that was acknowledged before is in it.
  public let taken: String
  /// The version of the program that made it.
  public let version: String
  /// Where the chain or the log ended: `EPOCH:SEQ:HASH` of a station, `SIZE:ROOT` of a centre.
  public let head: String
  /// What others verify by: the station's key, or that of the log.
  public let verifierKey: String
  /// Files that the database names and the folder did not have.
  public let missing: [String]
  /// In the order in which they stand in the archive.
  public let files: [File]

  /// Bytes of all files.
  public var bytes: Int64 { files.reduce(0) { $0 + $1.length } }

  func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    return try encoder.encode(self)
  }
}

/// What there is to back up: a copy of a database, and folders beside the database.
public struct BackupSource: Sendable {
  public var kind: BackupManifest.Kind
  public var name: String
  public var head: String
  public var verifierKey: String
  public var missing: [String]
  /// The copy of the database, which ``discard()`` removes.
  public var snapshot: String
  /// The data folder.
  public var folder: String
  /// When the copy was taken.
  public var taken: Date

  /// What there is to back up.
  public init(
    kind: BackupManifest.Kind, name: String, head: String, verifierKey: String, missing: [String] = [],
    snapshot: String, folder: String, taken: Date
  ) {
    self.kind = kind
    self.name = name
    self.head = head
    self.verifierKey = verifierKey
    self.missing = missing
    self.snapshot = snapshot
    self.folder = folder
    self.taken = taken
  }

  /// Folders whose files a backup holds. Keys, tokens and certificates lie beside them, and stay out.
  public static let folders = ["blobs", "labels"]

  /// Whether a backup of this kind may hold a file of that name below the data folder.
  static func holds(_ name: String, of kind: BackupManifest.Kind) -> Bool {
    name == kind.database || folders.contains { name.hasPrefix($0 + "/") }
  }

  /// Removes the copy of the database.
  public func discard() throws {
    try DatabaseSnapshot.remove(snapshot)
  }
}
