import CLibPQ
import CentralStore

/// What a statement gave back, in binary form. Freed with the last reference to it.
final class PostgresRows {
  private let pq: custody_pq
  private let result: UnsafeMutableRawPointer

  init(_ pq: custody_pq, _ result: UnsafeMutableRawPointer) {
    self.pq = pq
    self.result = result
  }

  deinit { pq.PQclear(result) }

  var count: Int { Int(pq.PQntuples(result)) }

  /// One row, its columns counted from 0. Throws for a value of another type than the schema has.
  struct Row {
    fileprivate let rows: PostgresRows
    fileprivate let row: Int32

    func bytes(_ column: Int) throws -> [UInt8] { try rows.known(optionalBytes(column), column) }
    func optionalBytes(_ column: Int) -> [UInt8]? { rows.field(row, column).map(Array.init) }

    func int(_ column: Int) throws -> Int64 { try rows.known(try optionalInt(column), column) }
    func optionalInt(_ column: Int) throws -> Int64? {
      guard let field = rows.field(row, column) else { return nil }
      guard field.count == 8 else { throw CentralFault.damaged(reason: "column \(column) is no 8-byte integer") }
      return field.reduce(0) { $0 << 8 | Int64($1) }
    }

    func bool(_ column: Int) throws -> Bool { try rows.known(rows.field(row, column).map { $0.first == 1 }, column) }

    /// A text, of `text` or of UTF-8 in `bytea`.
    func text(_ column: Int) throws -> String { try rows.known(optionalText(column), column) }
    func optionalText(_ column: Int) -> String? { rows.field(row, column).map { String(decoding: $0, as: UTF8.self) } }
  }

  subscript(row: Int) -> Row { Row(rows: self, row: Int32(row)) }

  func map<Value>(_ body: (Row) throws -> Value) rethrows -> [Value] { try (0..<count).map { try body(self[$0]) } }

  var first: Row? { count > 0 ? self[0] : nil }

  private func field(_ row: Int32, _ column: Int) -> UnsafeRawBufferPointer? {
    guard pq.PQgetisnull(result, row, Int32(column)) == 0 else { return nil }
    return UnsafeRawBufferPointer(
      start: pq.PQgetvalue(result, row, Int32(column)), count: Int(pq.PQgetlength(result, row, Int32(column))))
  }

  private func known<Value>(_ value: Value?, _ column: Int) throws -> Value {
    guard let value else { throw CentralFault.damaged(reason: "column \(column) is null") }
    return value
  }
}
