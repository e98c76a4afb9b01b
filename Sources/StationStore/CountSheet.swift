import Custody
import CustodyLedger
import Foundation
import GRDB
import StockCounting

/// One line of a count as a counter's own device keeps it, to tell by itself what a scan is while the station cannot be asked.
public struct CountSheetLine: Hashable, Sendable {
  public let line: CountLine
  /// Whether it was expected when the count was opened.
  public let isExpected: Bool
  /// Tag, else serial number; nil for a code and for an asset that has neither.
  public let name: String?
  /// Manufacturer and model; nil where none is known.
  public let title: String?
  /// Every text by which the asset is known.
  public let marks: [String]
}

extension StoreReading {
  /// All lines of a count, what is odd first; nil when there are more than `limit`.
  public func countSheet(of count: CountID, limit: Int) throws -> [CountSheetLine]? {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT count_line.*, asset.tag, asset.serial, asset.manufacturer, asset.model FROM count_line
          LEFT JOIN asset ON asset.id = count_line.asset WHERE count_line.count = ?
          ORDER BY count_line.result, count_line.asset, count_line.code LIMIT ?
        """, arguments: [count, limit + 1])
    guard rows.count <= limit else { return nil }
    var marks: [Data: [String]] = [:]
    let identifiers = try Row.fetchCursor(
      db,
      sql: """
        SELECT identifier.asset, identifier.value FROM count_line JOIN identifier ON identifier.asset = count_line.asset
          WHERE count_line.count = ? AND length(count_line.asset) > 0
        """, arguments: [count])
    while let row = try identifiers.next() {
      let asset: Data = row["asset"]
      marks[asset, default: []].append(row["value"])
    }
    return try rows.map { row in
      let stored = try StoredCountLine(row)
      let asset: Data = row["asset"]
      let (tag, serial): (String?, String?) = (row["tag"], row["serial"])
      let (manufacturer, model): (String?, String?) = (row["manufacturer"], row["model"])
      let words = [manufacturer, model].compactMap { $0 }
      return CountSheetLine(
        line: stored.line, isExpected: stored.isExpected, name: tag ?? serial,
        title: words.isEmpty ? nil : words.joined(separator: " "), marks: Set(marks[asset] ?? []).sorted())
    }
  }
}
