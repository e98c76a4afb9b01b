import CentralStore
import Custody
import CustodyLedger
import TamperEvidence

extension EntityID {
  /// The sixteen bytes, big-endian, as they stand in a column: sorts as the id does.
  var column: [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendBigEndian(high)
    bytes.appendBigEndian(low)
    return bytes
  }

  init(column: [UInt8]) throws {
    guard column.count == 16 else { throw CentralFault.damaged(reason: "a stored id has \(column.count) bytes") }
    self.init(
      high: column.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
      low: column.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
  }
}

extension EntryHash {
  init(column: [UInt8]) throws {
    guard let hash = EntryHash(bytes: column) else {
      throw CentralFault.damaged(reason: "a stored hash has \(column.count) bytes")
    }
    self = hash
  }
}

extension EnrolledStation {
  /// What ``init(_:)`` reads.
  static let columns = "vkey, enrolled_at, request_key, frozen_at, frozen_code, frozen_reason"

  /// A row that begins with the columns of ``columns``.
  init(_ row: PostgresRows.Row) throws {
    do {
      var frozen: StationFreeze?
      if let at = try row.optionalInt(3), let code = row.optionalText(4), let reason = row.optionalText(5) {
        frozen = StationFreeze(at: Instant(milliseconds: at), reason: AdmissionReason(code, reason))
      }
      self.init(
        key: try VerifierKey(try row.text(0)), enrolledAt: Instant(milliseconds: try row.int(1)),
        requestKey: try row.optionalText(2).map { try VerifierKey($0) }, frozen: frozen)
    } catch let error as KeyError {
      throw CentralFault.damaged(reason: "a station's key cannot be read: \(error)")
    }
  }
}

extension LogEntry {
  /// What ``init(_:)`` reads, from a table or an alias.
  static func columns(of table: String = "log") -> String {
    ["\"index\"", "received_at", "station", "epoch", "seq", "hash", "bytes", "status", "code", "reason"]
      .map { "\(table).\($0)" }.joined(separator: ", ")
  }

  /// A row that begins with the columns of ``columns(of:)``.
  init(_ row: PostgresRows.Row) throws {
    let index = try row.int(0)
    let name = try row.text(7)
    guard let status = Status(rawValue: name) else {
      throw CentralFault.damaged(reason: "log entry \(index) has status '\(name)'")
    }
    var place: ChainPlace?
    if let epoch = try row.optionalInt(3), let seq = try row.optionalInt(4) {
      place = ChainPlace(epoch: Int(epoch), seq: Int(seq))
    }
    var reason: AdmissionReason?
    if let code = row.optionalText(8), let sentence = row.optionalText(9) { reason = AdmissionReason(code, sentence) }
    self.init(
      index: index, receivedAt: Instant(milliseconds: try row.int(1)), station: try row.text(2), place: place,
      hash: try EntryHash(column: try row.bytes(5)), bytes: try row.bytes(6), status: status, reason: reason)
  }
}

extension Asset {
  init(document: [UInt8]) throws {
    do {
      self = try CanonicalDecoder().decode(Asset.self, from: document, limit: .max)
    } catch {
      throw CentralFault.damaged(reason: "an asset's row cannot be read: \(error)")
    }
  }
}

/// Texts as they are searched for: UTF-8 with the letters A to Z in lower case, as SQLite's LIKE compares them.
enum SearchKey {
  /// So many bytes of a text stand in an index, as the schema has it.
  static let indexed = 256

  static func bytes(_ text: String) -> [UInt8] { text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 } }

  /// The first bytes, in order, that do not begin with `prefix`; nil when there are none.
  static func end(of prefix: [UInt8]) -> [UInt8]? {
    guard let last = prefix.lastIndex(where: { $0 < 0xFF }) else { return nil }
    return prefix[..<last] + [prefix[last] + 1]
  }
}
