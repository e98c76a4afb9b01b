import Custody
import Foundation
import GRDB

extension StoreReading {
  /// All columns but the payload, which may be large.
  private static var columns: String {
    """
    position, id, batch, printer, state, name, doc, length, labels, asset, epc, attempts, bytes_sent, confirmation, tag_read,
    words, remedy, person, asked_at, changed_at, reprint_of, held_at
    """
  }

  public func labelJob(_ id: LabelJobID) throws -> LabelJob? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(Self.columns) FROM label_job WHERE id = ?"), arguments: [id]
    ).map(LabelJob.init)
  }

  /// What a printer has to do next: the first of what is open and not held, unless that is being sent or nobody knows what became
  /// of it. The order is kept, so that whoever takes labels off a printer knows which is which.
  public func nextLabelJob(of printer: String) throws -> LabelJob? {
    let first = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT \(Self.columns) FROM label_job
          WHERE printer = ? AND state IN ('queued', 'sending', 'unknown') AND (held_at IS NULL OR state <> 'queued')
          ORDER BY position LIMIT 1
          """), arguments: [printer]
    ).map(LabelJob.init)
    return first?.state == .queued ? first : nil
  }

  /// The bytes that a job sends; nil when they are kept no longer.
  public func payload(of id: LabelJobID) throws -> [UInt8]? {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT payload FROM label_job WHERE id = ?"), arguments: [id])
    let payload: Data? = row?["payload"]
    return payload.map(Array.init)
  }

  /// Jobs, the newest first: of one printer, of one batch or of one asset, or all.
  public func labelJobs(
    printer: String? = nil, batch: LabelBatchID? = nil, asset: AssetID? = nil, states: [LabelJob.State] = [],
    before position: Int64? = nil, limit: Int
  ) throws -> [LabelJob] {
    var conditions: [String] = []
    var arguments: StatementArguments = []
    func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
      guard let value else { return }
      conditions.append(condition)
      arguments += [value]
    }
    add("printer = ?", printer)
    add("batch = ?", batch)
    add("asset = ?", asset)
    add("position < ?", position)
    if !states.isEmpty {
      conditions.append("state IN (\(states.map { "'\($0.rawValue)'" }.joined(separator: ", ")))")
    }
    let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    arguments += [limit]
    return try Row.fetchAll(
      db, sql: "SELECT \(Self.columns) FROM label_job \(filter) ORDER BY position DESC LIMIT ?", arguments: arguments
    ).map(LabelJob.init)
  }

  /// How many jobs are in which state: of a printer, of a batch, or of all.
  public func labelJobCounts(printer: String? = nil, batch: LabelBatchID? = nil) throws -> [LabelJob.State: Int] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT state, count(*) AS count FROM label_job
          WHERE (?1 IS NULL OR printer = ?1) AND (?2 IS NULL OR batch = ?2) GROUP BY state
          """), arguments: [printer, batch])
    return rows.reduce(into: [:]) { counts, row in
      if let state = LabelJob.State(rawValue: row["state"]) { counts[state] = row["count"] }
    }
  }

  /// When the newest labels of a batch were printed, at most so many, the newest first.
  public func newestPrints(of batch: LabelBatchID, limit: Int) throws -> [Instant] {
    try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT changed_at FROM label_job WHERE batch = ? AND state = 'printed' ORDER BY changed_at DESC LIMIT ?
          """), arguments: [batch, limit]
    ).map(Instant.init(milliseconds:))
  }

  /// How many jobs of a batch are held back.
  public func heldLabels(of batch: LabelBatchID) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(
        sql: "SELECT count(*) FROM label_job WHERE batch = ? AND state = 'queued' AND held_at IS NOT NULL"),
      arguments: [batch]) ?? 0
  }

  /// How many jobs of a printer are open.
  public func openLabelJobs(of printer: String) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(
        sql: "SELECT count(*) FROM label_job WHERE printer = ? AND state IN ('queued', 'sending', 'unknown')"),
      arguments: [printer]) ?? 0
  }
}

extension StoreTransaction {
  /// Puts labels behind what a printer has to do already, in their order.
  ///
  /// - Parameter batch: what they were asked for with; nil makes a batch of them.
  @discardableResult
  public func queueLabels(
    _ requests: [LabelRequest], on printer: String, by person: PersonID, batch: LabelBatchID? = nil,
    reprintOf: LabelJobID? = nil
  ) throws -> (batch: LabelBatchID, jobs: [LabelJobID]) {
    let batch = batch ?? newID()
    let jobs = try requests.map { request -> LabelJobID in
      let id: LabelJobID = newID()
      try db.cachedStatement(
        sql: """
          INSERT INTO label_job(id, batch, printer, state, name, doc, payload, length, labels, asset, epc, person, asked_at,
            changed_at, reprint_of)
          VALUES (?,?,?,'queued',?,?,?,?,?,?,?,?,?,?,?)
          """
      ).execute(arguments: [
        id, batch, printer, request.name, Data(request.document), Data(request.payload), request.payload.count,
        request.labels, request.asset, request.epc.map { Data($0) }, person, now.milliseconds, now.milliseconds,
        reprintOf,
      ])
      return id
    }
    return (batch, jobs)
  }

  /// A job begins to go out, right before its first byte does: from here on it is not tried again by itself. False when it was called
  /// off, or its printer paused or removed, in the meantime.
  public func beginSending(_ id: LabelJobID) throws -> Bool {
    try change(
      id, from: [.queued], to: .sending,
      also: ", attempts = attempts + 1, bytes_sent = 0, words = NULL, remedy = NULL, tag_read = NULL",
      where: "AND held_at IS NULL AND printer IN (SELECT name FROM printer WHERE paused_at IS NULL)")
  }

  /// Not one byte of it went out: it waits for its next turn.
  @discardableResult
  public func notSent(_ id: LabelJobID, words: String, remedy: String?) throws -> Bool {
    try change(
      id, from: [.queued, .sending], to: .queued, also: ", words = ?, remedy = ?", [words, remedy])
  }

  /// It was printed.
  @discardableResult
  public func printed(_ id: LabelJobID, confirmedBy: LabelJob.Confirmation, tagRead: [UInt8]? = nil) throws -> Bool {
    try change(
      id, from: [.sending], to: .printed,
      also: ", bytes_sent = length, confirmation = ?, tag_read = ?, words = NULL, remedy = NULL",
      [confirmedBy.rawValue, tagRead.map { Data($0) }])
  }

  /// Nobody knows whether it was printed; or whether it is good, for what its RFID tag says.
  @discardableResult
  public func becameUnknown(
    _ id: LabelJobID, bytesSent: Int, words: String, remedy: String?, tagRead: [UInt8]? = nil
  ) throws -> Bool {
    try change(
      id, from: [.sending], to: .unknown, also: ", bytes_sent = ?, words = ?, remedy = ?, tag_read = ?",
      [bytesSent, words, remedy, tagRead.map { Data($0) }])
  }

  /// The printer says that it has not printed it.
  @discardableResult
  public func failed(_ id: LabelJobID, words: String, remedy: String?) throws -> Bool {
    try change(id, from: [.sending], to: .failed, also: ", words = ?, remedy = ?", [words, remedy])
  }

  /// A person has looked: it is there.
  public func labelIsThere(_ id: LabelJobID) throws -> Bool {
    try change(
      id, from: [.unknown], to: .printed, also: ", confirmation = 'person', words = NULL, remedy = NULL")
  }

  /// A person wants it printed once more, in its old place; of one whose outcome is unknown it may then exist twice, which is kept.
  ///
  /// - Parameter document: what is asked for from now on; nil leaves it.
  public func printAgain(_ id: LabelJobID, document: [UInt8]? = nil) throws -> Bool {
    if let document {
      try db.execute(
        sql: "UPDATE label_job SET doc = ? WHERE id = ? AND state IN ('unknown', 'failed') AND payload IS NOT NULL",
        arguments: [Data(document), id])
    }
    return try change(
      id, from: [.unknown], to: .queued, also: ", words = 'Printed again; it may exist twice.', remedy = NULL",
      where: "AND payload IS NOT NULL")
      || change(
        id, from: [.failed], to: .queued, also: ", words = NULL, remedy = NULL", where: "AND payload IS NOT NULL")
  }

  /// Calls a job off; what is being sent can no longer be.
  public func cancelLabel(_ id: LabelJobID) throws -> Bool {
    try change(id, from: [.queued, .unknown, .failed], to: .cancelled)
  }

  /// Calls off what has not begun of a batch; gives back how many that were.
  public func cancelLabels(of batch: LabelBatchID) throws -> Int {
    try db.execute(
      sql: "UPDATE label_job SET state = 'cancelled', changed_at = ? WHERE batch = ? AND state = 'queued'",
      arguments: [now.milliseconds, batch])
    return db.changesCount
  }

  /// Holds what has not begun of a batch back: others are printed meanwhile. Gives back how many that were.
  @discardableResult
  public func holdLabels(of batch: LabelBatchID) throws -> Int {
    try db.execute(
      sql: "UPDATE label_job SET held_at = ? WHERE batch = ? AND state = 'queued' AND held_at IS NULL",
      arguments: [now.milliseconds, batch])
    return db.changesCount
  }

  /// Lets what was held back of a batch take its turn again; gives back how many that were.
  @discardableResult
  public func releaseLabels(of batch: LabelBatchID) throws -> Int {
    try db.execute(
      sql: "UPDATE label_job SET held_at = NULL WHERE batch = ? AND held_at IS NOT NULL", arguments: [batch])
    return db.changesCount
  }

  /// Holds a job back, or lets it take its turn again; false for one that has begun, or that was so already.
  public func setHeld(_ isHeld: Bool, label id: LabelJobID) throws -> Bool {
    try db.execute(
      sql: """
        UPDATE label_job SET held_at = ?
        WHERE id = ? AND state = 'queued' AND (held_at IS NULL) = \(isHeld ? 1 : 0)
        """, arguments: [isHeld ? now.milliseconds : nil, id])
    return db.changesCount > 0
  }

  /// What was being sent when the station stopped is unknown; gives back how many that were. For the start, before anything is sent.
  @discardableResult
  public func recoverLabelJobs() throws -> Int {
    try db.execute(
      sql: """
        UPDATE label_job SET state = 'unknown', changed_at = ?, bytes_sent = length,
          words = 'The station stopped while it was being sent.', remedy = 'Look at the printer: is the label there?'
        WHERE state = 'sending'
        """, arguments: [now.milliseconds])
    return db.changesCount
  }

  /// Forgets the bytes of jobs that ended before a moment; what they were stays.
  @discardableResult
  public func forgetPayloads(before moment: Instant) throws -> Int {
    try db.execute(
      sql: """
        UPDATE label_job SET payload = NULL
        WHERE payload IS NOT NULL AND state IN ('printed', 'failed', 'cancelled') AND changed_at < ?
        """, arguments: [moment.milliseconds])
    return db.changesCount
  }

  private func change(
    _ id: LabelJobID, from states: [LabelJob.State], to state: LabelJob.State, also: String = "",
    _ values: [(any DatabaseValueConvertible)?] = [], where condition: String = ""
  ) throws -> Bool {
    let known = states.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    var arguments: StatementArguments = [now.milliseconds]
    for value in values { arguments += [value] }
    arguments += [id]
    try db.cachedStatement(
      sql: """
        UPDATE label_job SET state = '\(state.rawValue)', changed_at = ?\(also) WHERE id = ? AND state IN (\(known)) \(condition)
        """
    ).execute(arguments: arguments)
    return db.changesCount > 0
  }
}
