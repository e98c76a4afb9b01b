import Foundation
import GRDB

extension StationStore {
  /// Keeps a file under its SHA-256, on disk when the call returns. Keeping it twice is harmless.
  public func keepBlob(_ bytes: [UInt8], digest: String, mediaType: String) async throws {
    let file = blobPath(digest)
    if !FileManager.default.fileExists(atPath: file) {
      let folder = (file as NSString).deletingLastPathComponent
      try DurableFile.makeFolder(folder, mode: 0o700)
      try DurableFile.write(Data(bytes), to: file, mode: 0o600)
    }
    let length = bytes.count
    try await write { transaction in
      try transaction.db.execute(
        sql: "INSERT OR IGNORE INTO blob(digest, length, media_type) VALUES (?,?,?)",
        arguments: [digest, length, mediaType])
    }
  }

  /// A kept file and its media type; nil when there is none.
  public func blob(_ digest: String) async throws -> (bytes: Data, mediaType: String)? {
    let mediaType = try await read { snapshot in
      try String.fetchOne(snapshot.db, sql: "SELECT media_type FROM blob WHERE digest = ?", arguments: [digest])
    }
    guard let mediaType else { return nil }
    do {
      return (try Data(contentsOf: URL(fileURLWithPath: blobPath(digest))), mediaType)
    } catch {
      throw StoreFault.unreachable(path: blobPath(digest), reason: error.localizedDescription)
    }
  }

  func blobPath(_ digest: String) -> String { "\(folder.blobs)/\(digest.prefix(2))/\(digest)" }
}
