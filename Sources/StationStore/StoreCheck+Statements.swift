import Custody
import CustodyLedger
import Foundation
import GRDB
import TamperEvidence

/// An own entry about no asset as it is stored, nothing of it believed.
struct StoredStatement: Sendable {
  let place: ChainPlace
  let hash: Data
  let bytes: [UInt8]

  /// All of them, in the order of the chain.
  static func fetch(_ db: Database) throws -> [StoredStatement] {
    try Row.fetchAll(db, sql: "SELECT epoch, seq, hash, bytes FROM own_statement ORDER BY epoch, seq").map { row in
      let bytes: Data = row["bytes"]
      return StoredStatement(
        place: ChainPlace(epoch: row["epoch"], seq: row["seq"]), hash: row["hash"], bytes: Array(bytes))
    }
  }
}

extension StoreCheck {
  /// Holds an own entry about no asset against its hash, its signature and the place that it is found by.
  mutating func take(_ row: StoredStatement, _ keys: StationKeys, own: String) {
    func finding(_ sentence: String) -> StoreFinding {
      StoreFinding(
        part: "entry", station: own, epoch: row.place.epoch, seq: row.place.seq, eventID: nil, asset: nil, tag: nil,
        sentence: sentence)
    }
    guard Data(EntryHash(of: row.bytes).bytes) == row.hash else {
      count("unknown")
      return add(
        finding("its bytes do not have the hash that was stored with them: bytes or hash were changed."))
    }
    let statement: StationStatement
    do {
      statement = try StationStatement(entry: Data(row.bytes))
    } catch {
      count("unknown")
      return add(finding("it cannot be read: \(error)"))
    }
    count(statement.details.kind.rawValue)
    guard statement.author == own, statement.place == row.place else {
      return add(finding("the columns by which it is found do not say what the signed statement says."))
    }
    switch keys.verify(row.bytes, by: statement.keyID, of: statement.author, at: statement.place) {
    case true?: break
    case false?: add(finding("its signature is not that of its station's key."))
    case nil: unsigned += 1
    }
  }

  private mutating func count(_ kind: String) { statementKinds[kind, default: 0] += 1 }
}
