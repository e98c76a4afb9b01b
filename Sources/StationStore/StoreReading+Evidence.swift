import Custody
import CustodyLedger
import Foundation
import GRDB

extension StoreReading {
  /// A page of events after an arrival number, oldest first, as their exact bytes.
  public func eventBytes(after arrival: Int64, limit: Int) throws -> [(arrival: Int64, event: [UInt8])] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT arrival, bytes FROM entry WHERE arrival > ? AND asset IS NOT NULL ORDER BY arrival LIMIT ?"),
      arguments: [arrival, limit]
    ).map { row in
      let bytes: Data = row["bytes"]
      return (row["arrival"], Array(bytes.dropFirst(LedgerEntry.signatureLength)))
    }
  }

  /// The ids under which an asset was received, its own first.
  public func ids(of asset: AssetID) throws -> [AssetID] {
    guard let found = try self.asset(asset) else { return [asset] }
    return [found.id] + (found.aliases ?? [])
  }
}
