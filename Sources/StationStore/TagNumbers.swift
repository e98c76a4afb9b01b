import AssetIdentifiers
import Custody
import GRDB

/// Numbers of asset tags, from first to last, that are this station's to give away.
public struct TagBlock: Hashable, Sendable {
  /// Letters before the hyphen of the tags.
  public let letters: String
  public let first: Int
  public let last: Int

  /// A block of at least one number.
  public init(letters: String, first: Int, last: Int) {
    self.letters = letters
    self.first = first
    self.last = last
  }
}

extension StoreReading {
  /// How many numbers of a series are left to give away here.
  public func tagNumbersLeft(in series: TagSeries) throws -> Int {
    try Int.fetchOne(
      db, sql: "SELECT coalesce(sum(last - next + 1), 0) FROM tag_block WHERE letters = ?", arguments: [series.letters]
    ) ?? 0
  }

  /// The highest number of a series that is known to be in use here or to be this station's; 0 when none is.
  public func highestTagNumber(in series: TagSeries) throws -> Int {
    let own = try Int.fetchOne(
      db, sql: "SELECT coalesce(max(last), 0) FROM tag_block WHERE letters = ?", arguments: [series.letters])
    // From the highest text down: in a series all tags are of one length, so the order of texts is that of numbers.
    let tags = try String.fetchCursor(
      db,
      sql: "SELECT value FROM identifier WHERE value > ? AND value < ? AND kind = ? ORDER BY value DESC",
      arguments: [series.letters + "-", series.letters + ".", BoundIdentifier.Kind.tag.rawValue])
    var used = 0
    while let tag = try tags.next() {
      if let number = series.number(in: tag) {
        used = number
        break
      }
    }
    return max(own ?? 0, used)
  }
}

extension StoreTransaction {
  /// Takes the next free number of a series, for good: a tag that then is not used is lost, and never comes twice. Nil
  /// when no number is left.
  public func drawTag(in series: TagSeries) throws -> String? {
    while let row = try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT id, next FROM tag_block WHERE letters = ? AND next <= last ORDER BY id LIMIT 1"),
      arguments: [series.letters])
    {
      let number: Int = row["next"]
      try db.cachedStatement(sql: "UPDATE tag_block SET next = next + 1 WHERE id = ?").execute(
        arguments: [row["id"] as Int64])
      // Numbers beyond the series' digits cannot be written; those that somebody bound by hand are taken.
      guard let tag = series.text(of: number) else { continue }
      let isTaken =
        try Bool.fetchOne(
          db.cachedStatement(sql: "SELECT EXISTS(SELECT 1 FROM identifier WHERE value = ?)"), arguments: [tag]) ?? false
      if !isTaken { return tag }
    }
    return nil
  }

  /// Numbers become this station's. Those that it has already it does not get twice.
  public func own(_ block: TagBlock) throws {
    try db.execute(
      sql: """
        INSERT INTO tag_block(letters, first, last, next, at) VALUES (?,?,?,?,?) ON CONFLICT(letters, first) DO NOTHING
        """,
      arguments: [block.letters, block.first, block.last, block.first, now.milliseconds])
    try db.execute(sql: "DELETE FROM meta WHERE key = 'tagRequest'")
  }

  /// Keeps under which name numbers are asked for, so that an answer that got lost is asked for again and no block with it.
  public func beginTagRequest(for series: TagSeries) throws -> String {
    let open = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'tagRequest'")
    if let open, open.hasPrefix(series.letters + ":") { return open }
    let id: EventID = newID()
    let request = "\(series.letters):\(id)"
    try db.execute(sql: "INSERT OR REPLACE INTO meta(key, value) VALUES ('tagRequest', ?)", arguments: [request])
    return request
  }
}
