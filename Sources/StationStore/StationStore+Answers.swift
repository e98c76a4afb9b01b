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
  /// Answers are kept for a day.
  private static let answerLifetime: Int64 = 86_400_000

  /// The answer kept under an idempotency key.
  public func answer(to key: String) async throws -> KeptAnswer? {
    try await read { snapshot in
      try Row.fetchOne(snapshot.db, sql: "SELECT * FROM idempotency WHERE key = ?", arguments: [key]).map { row in
        let body: Data = row["body"]
        return KeptAnswer(request: row["request"], status: row["status"], body: Array(body))
      }
    }
  }

  /// Keeps an answer under an idempotency key, and forgets those older than a day.
  public func keepAnswer(_ answer: KeptAnswer, to key: String) async throws {
    try await write { transaction in
      let now = transaction.now.milliseconds
      try transaction.db.execute(
        sql: "DELETE FROM idempotency WHERE at < ?", arguments: [now - Self.answerLifetime])
      try transaction.db.execute(
        sql: "INSERT OR IGNORE INTO idempotency(key, request, status, body, at) VALUES (?,?,?,?,?)",
        arguments: [key, answer.request, answer.status, Data(answer.body), now])
    }
  }
}
