import Custody
import CustodyLedger
import StationStore

/// Writes what a station knows as CSV or JSON, or its chain as it is signed, page by page: a sink that is slow holds
/// nobody up, and memory does not grow with the number of assets.
///
/// Pages are read one after the other while the station works on. Each asset comes once, as it stood when its page was
/// read; events and entries are those there were when the export began, and later ones that are reached.
///
/// In CSV a cell that a spreadsheet would run as a formula begins with an apostrophe, see ``FormulaGuard``; an import
/// takes it off again. What an export of assets says, an import of it understands.
public struct CatalogueExport: Sendable {
  /// How it is written.
  public enum Format: String, Hashable, Sendable, CaseIterable {
    /// RFC 4180 with a header row, UTF-8, CRLF.
    case csv
    /// One JSON array, an element a line.
    case json
  }

  /// Takes the next bytes. What it throws ends the export.
  public typealias Sink = ([UInt8]) async throws -> Void

  /// Rows or entries read at once.
  static let page = 500

  let store: StationStore

  /// Exports from `store`.
  public init(from store: StationStore) { self.store = store }

  /// Writes the station's own entries, exactly as they are stored, in the framing of `ChainFile`: what `custody-audit`
  /// verifies. Gives back how many.
  @discardableResult
  public func chain(to sink: Sink) async throws -> Int {
    let station = store.identity
    var count = 0
    var last = ChainPlace(epoch: 0, seq: 0)
    while true {
      let after = last
      let entries = try await store.read { try $0.chain(of: station, beyond: after, limit: Self.page) }
      guard !entries.isEmpty else { return count }
      var bytes: [UInt8] = []
      for entry in entries {
        let isNext = entry.place.epoch == last.epoch ? entry.place.seq == last.seq + 1 : entry.place.seq == 1
        // A gap would still be signed history, but no chain: the file must not hide it.
        guard isNext, entry.bytes.count <= LedgerEntry.maximumLength else {
          throw StoreFault.damaged(reason: "the entry at \(entry.place) of the chain is not where it should be")
        }
        bytes.append(UInt8(truncatingIfNeeded: entry.bytes.count >> 8))
        bytes.append(UInt8(truncatingIfNeeded: entry.bytes.count))
        bytes += entry.bytes
        last = entry.place
        count += 1
      }
      try await sink(bytes)
    }
  }
}

/// Puts elements into one JSON array, an element a line.
struct JSONArrayWriter: Sendable {
  private var isFirst = true

  /// The bytes that add one element.
  mutating func element(_ value: some Encodable) throws -> [UInt8] {
    defer { isFirst = false }
    return Array((isFirst ? "[\n" : ",\n").utf8) + (try CanonicalEncoder().encode(value, limit: .max))
  }

  /// The bytes that end the array.
  func end() -> [UInt8] { Array((isFirst ? "[]\n" : "\n]\n").utf8) }
}
