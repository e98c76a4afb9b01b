import Custody
import Foundation
import GRDB

extension StoreReading {
  /// The assets on whose list of media each serial stands, letters alike and without surrounding blanks; in order of id. One
  /// pass over all assets, however many serials are asked for: a list of media has no index, and reports come rarely.
  public func holders(ofMedia serials: Set<String>) throws -> [String: [Asset]] {
    let wanted = Set(serials.map(Self.foldedSerial).filter { !$0.isEmpty })
    guard !wanted.isEmpty else { return [:] }
    var found: [String: [Asset]] = [:]
    // A drive's serial stands in the row in plain letters, or, of what JSON escapes, is looked for in every row.
    let plain =
      wanted.count <= 100
      && wanted.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 && $0 != 0x22 && $0 != 0x5C && $0 >= 0x20 } }
    let filter =
      plain
      ? "WHERE " + wanted.map { _ in "instr(lower(CAST(doc AS TEXT)), ?) > 0" }.joined(separator: " OR ") : ""
    let rows = try Data.fetchCursor(
      db, sql: "SELECT doc FROM asset \(filter) ORDER BY id", arguments: plain ? StatementArguments(Array(wanted)) : [])
    while let document = try rows.next() {
      let asset = try Asset(document: document)
      for serial in Set((asset.mediaList ?? []).map { Self.foldedSerial($0.serial) }).intersection(wanted) {
        found[serial, default: []].append(asset)
      }
    }
    return found
  }

  /// A drive's serial as it is compared here.
  public static func foldedSerial(_ serial: String) -> String {
    serial.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
  }
}
