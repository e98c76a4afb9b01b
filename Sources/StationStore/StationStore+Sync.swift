import Custody
import CustodyLedger
import Foundation
import GRDB
import TamperEvidence

/// One entry that the centre handed out: its place in the centre's log, and what was verified of it.
public struct HeldEntry: Sendable {
  /// Place in the centre's log, from 0 without gaps.
  public let logIndex: Int64
  /// The entry, its signature checked with the key of the station it names.
  public let entry: VerifiedEntry
  /// Why it counts for nothing, though its station's key signed it: a revocation or the opening of an epoch says so.
  public let doubt: KeyDoubt?
  /// When the centre took it, by the centre's clock; nil where that is not told.
  public let receivedAt: Instant?

  /// An entry at its place.
  public init(logIndex: Int64, entry: VerifiedEntry, doubt: KeyDoubt? = nil, receivedAt: Instant? = nil) {
    self.logIndex = logIndex
    self.receivedAt = receivedAt
    self.entry = entry
    self.doubt = doubt
  }
}

extension StoreReading {
  /// The oldest own entries that the centre is not proved to hold: at most `limit` entries and `maximumBytes` bytes,
  /// but at least one when there is any.
  public func pendingEntries(
    limit: Int, maximumBytes: Int
  ) throws -> [(epoch: Int, seq: Int, bytes: [UInt8])] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT outbox.epoch AS epoch, outbox.seq AS seq, coalesce(entry.bytes, own_statement.bytes) AS bytes FROM outbox
          LEFT JOIN entry ON entry.epoch = outbox.epoch AND entry.seq = outbox.seq
            AND entry.station = (SELECT value FROM meta WHERE key = 'site') || '/'
              || (SELECT value FROM meta WHERE key = 'station')
          LEFT JOIN own_statement ON own_statement.epoch = outbox.epoch AND own_statement.seq = outbox.seq
          ORDER BY outbox.epoch, outbox.seq LIMIT ?
          """),
      arguments: [limit])
    var entries: [(epoch: Int, seq: Int, bytes: [UInt8])] = []
    var total = 0
    while let row = try rows.next() {
      guard let bytes: Data = row["bytes"] else {
        throw StoreFault.damaged(reason: "entry \(row["seq"] as Int) is to be sent, and is not here")
      }
      total += bytes.count
      if !entries.isEmpty, total > maximumBytes { break }
      entries.append((row["epoch"], row["seq"], Array(bytes)))
    }
    return entries
  }

  /// Entries of the centre's log that could have no place here, by index, with the reason: they are asked for again,
  /// for a newer program may know them.
  public func leftWithCentre() throws -> [(logIndex: Int64, reason: String)] {
    try Row.fetchAll(db, sql: "SELECT log_index, reason FROM left_with_centre ORDER BY log_index").map {
      ($0["log_index"], $0["reason"])
    }
  }

  /// The index after which the centre's log has not been read yet; nil before the first page.
  public func pullCursor() throws -> Int64? {
    try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'pullCursor'").flatMap(Int64.init)
  }
}

extension StoreTransaction {
  /// Takes in a page of the centre's log. Own entries are held once they are proved, which is not done here; others' are kept, and applied when they fit
  /// what is known here. One that does not fit is kept with the reason and applied once it does. `last` is the log
  /// index that the page reaches. One that can have no place here, such as that of a newer program,
  /// stays with the centre and is named in what is given back: it holds up nothing that follows.
  public func admit(_ page: [HeldEntry], upTo last: Int64) throws -> [String] {
    let left = try page.compactMap { try admit($0) }
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO meta(key, value) VALUES ('pullCursor', ?)").execute(
      arguments: [String(last)])
    return left
  }

  /// Takes in one entry, wherever the log has been read to. Gives back why it stays with the centre; nil when it does not.
  public func admit(_ pulled: HeldEntry) throws -> String? {
    let reason = try place(pulled)
    if let reason {
      try leave(pulled.logIndex, because: reason)
    } else {
      try db.cachedStatement(sql: "DELETE FROM left_with_centre WHERE log_index = ?").execute(
        arguments: [pulled.logIndex])
    }
    return reason
  }

  /// An entry of the centre's log is not taken in, for the reason.
  public func leave(_ logIndex: Int64, because reason: String) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO left_with_centre(log_index, reason) VALUES (?,?)").execute(
      arguments: [logIndex, reason])
  }

  /// Gives back why it has no place here.
  private func place(_ pulled: HeldEntry) throws -> String? {
    let bytes = pulled.entry.entry.bytes
    if LogAudit.statement(in: bytes[...]) != nil {
      try keep(statement: pulled)
      return try takeBack(statement: pulled)
    }
    let event: CustodyEvent
    do {
      event = try CustodyEvent(entry: Data(bytes))
    } catch {
      return "entry \(pulled.logIndex) of the centre's log: \(error)"
    }
    let mine = event.chainName == sealing.identity.keyName
    if let hash = try Data.fetchOne(
      db.cachedStatement(sql: "SELECT hash FROM entry WHERE station = ? AND epoch = ? AND seq = ?"),
      arguments: [event.chainName, event.epoch, event.seq]), try !displaces(event, hash, by: pulled)
    {
      guard hash == Data(pulled.entry.entry.hash.bytes) else {
        // Also of its own chain: whoever holds a copy of the key wrote the other. Of its own it is asked for again, since the
        // opening of an epoch may yet say which of the two holds.
        try flagFork(event, pulled)
        return mine
          ? "the centre holds other bytes for entry \(event.seq) of \(event.chainName): the chain has forked" : nil
      }
      try flagClock(of: event, received: pulled.receivedAt)
      // Own ones wait for their proof.
      guard !mine else { return nil }
      try db.cachedStatement(
        sql: "UPDATE entry SET log_index = ? WHERE station = ? AND epoch = ? AND seq = ?"
      ).execute(arguments: [pulled.logIndex, event.chainName, event.epoch, event.seq])
      return nil
    }
    // What is of this station and not here is from before it was restored, or of another that signs as it does.
    if mine, event.epoch >= head.epoch {
      return "the centre holds entry \(event.seq) of this station's epoch \(event.epoch), which is not here"
    }
    try insert(event, bytes: bytes, hash: pulled.entry.entry.hash, logIndex: pulled.logIndex)
    untaken = event.eventID
    if let doubt = pulled.doubt {
      try doubtEntry(of: event, doubt)
    } else {
      try takeIn(event)
    }
    try flagClock(of: event, received: pulled.receivedAt)
    return nil
  }

  /// Projects an entry, unless it does not follow the entry before it in its chain: behind a fork, as at the centre.
  private func takeIn(_ event: CustodyEvent) throws {
    if event.seq > 1, let previous = try hash(before: event), previous != event.prevHash {
      try db.cachedStatement(
        sql: "UPDATE entry SET standpoint = 'sync.prevHash', misfit = ? WHERE asset = ? AND event_id = ?"
      ).execute(arguments: [
        "It does not follow entry \(event.seq - 1) of \(event.chainName) as it is here: the chain has forked.",
        event.asset,
        event.eventID,
      ])
      return
    }
    _ = try take(event, at: now)
    try endFlags(by: event)
  }

  /// The hash of the entry before an event's own in its chain; nil where that is not here.
  private func hash(before event: CustodyEvent) throws -> String? {
    let place: StatementArguments = [event.chainName, event.epoch, event.seq - 1]
    let hash = try Data.fetchOne(
      db.cachedStatement(sql: "SELECT hash FROM entry WHERE station = ? AND epoch = ? AND seq = ?"), arguments: place)
    if let hash { return EntryHash(bytes: hash)?.description }
    return try String.fetchOne(
      db.cachedStatement(sql: "SELECT hash FROM chain WHERE station = ? AND epoch = ? AND seq = ?"), arguments: place)
  }

  private func insert(_ event: CustodyEvent, bytes: [UInt8], hash: EntryHash, logIndex: Int64) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO entry(arrival, station, epoch, seq, event_id, asset, type, at, hash, bytes, log_index)
        VALUES (\(StoreSnapshot.nextArrival),?,?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      event.chainName, event.epoch, event.seq, event.eventID, event.asset, event.verb.rawValue,
      event.wallClock.milliseconds, Data(hash.bytes), Data(bytes), logIndex,
    ])
  }
}
