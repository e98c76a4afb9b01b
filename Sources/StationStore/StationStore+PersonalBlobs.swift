import Custody
import CustodyLedger
import Foundation
import GRDB

/// A file that names a person, such as the picture of their signature. The ledger commits to it under a salt (HMAC-SHA256) and
/// not by its hash; it stays at its station, and goes when the person is erased: what the ledger holds says nothing then.
extension StationStore {
  /// Keeps such a file; gives back the name by which events commit to it, 64 lowercase hexadecimal digits.
  public func keepPersonalBlob(_ bytes: [UInt8], mediaType: String, of person: PersonID) async throws -> String {
    var random = SystemRandomNumberGenerator()
    let salt = (0..<CommitmentOpening.saltLength).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    let name = CommitmentOpening.commitment(to: bytes, salt: salt)
    try await write { transaction in
      // First, so that a file that is there without its row can only be one that was never named.
      try transaction.db.cachedStatement(
        sql: "INSERT INTO personal(commitment, salt, value, person) VALUES (?,?,'',?)"
      ).execute(arguments: [name, Data(salt), person])
    }
    try await keepBlob(bytes, digest: name, mediaType: mediaType)
    return name
  }

  /// The salt of a file that names a person; nil of any other, and of one whose person was erased.
  public func salt(ofBlob name: String) async throws -> [UInt8]? {
    try await read { snapshot in
      try Data.fetchOne(
        snapshot.db.cachedStatement(sql: "SELECT salt FROM personal WHERE commitment = ?"), arguments: [name]
      ).map { Array($0) }
    }
  }

  /// Deletes files whose persons are erased, before that is committed: an erasure that leaves a picture behind is none. One that
  /// is gone already is no fault.
  func removeBlobs(_ names: [String]) throws(StoreFault) {
    for name in names where unlink(blobPath(name)) != 0 && errno != ENOENT {
      throw .unreachable(path: blobPath(name), reason: String(cString: strerror(errno)))
    }
  }
}

extension StoreTransaction {
  /// Takes the files of a person off the store; they are deleted before that is committed.
  func forgetBlobs(of person: PersonID) throws {
    let names = try String.fetchAll(
      db, sql: "SELECT digest FROM blob WHERE digest IN (SELECT commitment FROM personal WHERE person = ?)",
      arguments: [person])
    for name in names { try db.execute(sql: "DELETE FROM blob WHERE digest = ?", arguments: [name]) }
    erasedBlobs += names
  }
}
