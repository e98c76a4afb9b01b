import Custody
import Foundation
import GRDB

/// A session as it is stored: the store knows its frame; the document belongs to the shell that wrote it.
public struct StoredSession: Hashable, Sendable {
  public let id: SessionID
  /// Whose session it is; another person may take it over.
  public var `operator`: PersonID
  public let openedAt: Instant
  public var closedAt: Instant?
  /// The desk whose scanner and page drive it; nil for a session of an API client.
  public let desk: String?
  /// Canonical JSON of the session's own state.
  public var document: [UInt8]

  /// A session.
  public init(
    id: SessionID, operator person: PersonID, openedAt: Instant, closedAt: Instant? = nil, desk: String?,
    document: [UInt8]
  ) {
    self.id = id
    self.operator = person
    self.openedAt = openedAt
    self.closedAt = closedAt
    self.desk = desk
    self.document = document
  }
}

extension StoreReading {
  /// A session by id.
  public func session(_ id: SessionID) throws -> StoredSession? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM session WHERE id = ?"), arguments: [id])
      .map(StoredSession.init)
  }

  /// The desk's open session: the newest that is not closed.
  public func openSession(desk: String) throws -> StoredSession? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT * FROM session WHERE desk = ? AND closed_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT 1"),
      arguments: [desk]
    ).map(StoredSession.init)
  }
}

extension StoreTransaction {
  /// Adds a session or keeps its new state.
  public func save(_ session: StoredSession) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO session(id, operator, opened_at, closed_at, desk, doc) VALUES (?,?,?,?,?,?)
        ON CONFLICT(id) DO UPDATE SET operator = excluded.operator,
          closed_at = excluded.closed_at, doc = excluded.doc
        """
    ).execute(arguments: [
      session.id, session.operator, session.openedAt.milliseconds, session.closedAt?.milliseconds, session.desk,
      Data(session.document),
    ])
  }
}

extension StoredSession {
  fileprivate init(_ row: Row) {
    id = row["id"]
    self.operator = row["operator"]
    openedAt = Instant(milliseconds: row["opened_at"])
    let closed: Int64? = row["closed_at"]
    closedAt = closed.map(Instant.init(milliseconds:))
    desk = row["desk"]
    let data: Data = row["doc"]
    document = Array(data)
  }
}
