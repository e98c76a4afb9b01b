import Custody
import CustodyLedger
import Foundation
import GRDB

/// A badge of somebody who is known here, without its token.
public struct Badge: Hashable, Sendable {
  public let holder: Person
  /// The HMAC under which its token is kept.
  let digest: Data
}

extension StoreTransaction {
  /// Commits to a badge that was scanned: gives back HMAC-SHA256(salt, value) in lowercase hexadecimal, for an event to
  /// name. The value is the badge's digest, not its token, so that a stolen database makes no badges; with its random
  /// 32-byte salt it stands in a row of its own. Erasing that row leaves every proof as it was.
  public func commit(to badge: Badge) throws -> String {
    let value = badge.digest.map { String(format: "%02x", $0) }.joined()
    var random = SystemRandomNumberGenerator()
    let salt = (0..<CommitmentOpening.saltLength).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    let commitment = CommitmentOpening.commitment(to: Array(value.utf8), salt: salt)
    try db.cachedStatement(sql: "INSERT INTO personal(commitment, salt, value, person) VALUES (?,?,?,?)").execute(
      arguments: [commitment, Data(salt), value, badge.holder.id])
    return commitment
  }
}
