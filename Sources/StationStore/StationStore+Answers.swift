import Foundation
import GRDB

/// An answer that was given to a creating call, kept so that a retry gets the same one.
public struct KeptAnswer: Hashable, Sendable {
  /// What was asked, to tell a retry from another request under the same key.
  public let request: String
  /// HTTP status.
  public let status: Int
  public let body: [UInt8]

  /// An answer.
  public init(request: String, status: Int, body: [UInt8]) {
    self.request = request
    self.status = status
    self.body = body
  }
}

extension StationStore {
  /// The answer kept under an idempotency key.
  public func answer(to key: String) async throws -> KeptAnswer? {
    try await read { snapshot in
      try Row.fetchOne(snapshot.db, sql: "SELECT * FROM idempotency WHERE key = ?", arguments: [key]).map { row in
        let body: Data = row["body"]
        return KeptAnswer(request: row["request"], status: row["status"], body: Array(body))
      }
    }
  }
}

extension StoreTransaction {
  /// Answers are kept for a day.
  private static let answerLifetime: Int64 = 86_400_000

  /// Keeps an answer under an idempotency key, and forgets those older than a day. It belongs into the transaction of
  /// what the answer tells of, so that a station that is killed has done both or neither.
  public func keep(_ answer: KeptAnswer, to key: String) throws {
    let now = now.milliseconds
    try db.cachedStatement(sql: "DELETE FROM idempotency WHERE at < ?").execute(arguments: [now - Self.answerLifetime])
    try db.cachedStatement(
      sql: "INSERT OR IGNORE INTO idempotency(key, request, status, body, at) VALUES (?,?,?,?,?)"
    ).execute(arguments: [key, answer.request, answer.status, Data(answer.body), now])
  }
}
