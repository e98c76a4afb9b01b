import Custody
import Foundation
import GRDB
import Testing

@testable import StationStore

/// The lists of a million assets are read by indexes, never row by row.
@Suite("Lists by index") struct ListIndexTests {
  private func plan(_ sql: String, _ store: StationStore) async throws -> String {
    try await store.read { snapshot in
      try Row.fetchAll(snapshot.db, sql: "EXPLAIN QUERY PLAN " + sql).map { row -> String in row["detail"] }
        .joined(separator: "; ")
    }
  }

  @Test func `what waits, what lies at a place, models and hand-overs each have their index, and none is sorted`()
    async throws
  {
    try await Desk.run { store in
      for (sql, index) in [
        (
          "SELECT doc FROM asset WHERE state = 'inRepair' AND (changed_at, id) > (1, x'00') ORDER BY changed_at, id LIMIT 9",
          "asset_waiting"
        ), ("SELECT count(*) FROM asset WHERE state = 'quarantined'", "asset_"),
        ("SELECT count(*) FROM asset WHERE location = 'A' AND location IS NOT NULL", "asset_location"),
        ("SELECT doc FROM asset WHERE location = 'A' AND id > x'00' ORDER BY id LIMIT 9", "asset_location"),
        ("SELECT doc FROM asset WHERE custodian = 'team:A' AND id > x'00' ORDER BY id LIMIT 9", "asset_custodian"),
        (
          """
          SELECT count(*) FROM asset INDEXED BY asset_unassigned
            WHERE (state = 'deployed' AND custodian IS NULL) OR (state = 'inStock' AND location IS NULL)
          """, "COVERING INDEX asset_unassigned"
        ),
        (
          """
          SELECT po_line, state = 'expected' AS is_expected, count(*) AS n FROM asset WHERE po = 'PO-1'
            GROUP BY po_line, state
          """, "COVERING INDEX asset_po"
        ),
        (
          "SELECT count(*) FROM reading WHERE outcome = 'unknown' AND known_as IS NULL",
          "COVERING INDEX reading_unknown"
        ), ("SELECT EXISTS (SELECT 1 FROM reading WHERE reading.event = x'01')", "COVERING INDEX reading_event"),
        (
          """
          SELECT bytes FROM entry WHERE type IN ('deploy', 'transfer', 'return') AND type = 'transfer' AND arrival < 9
          ORDER BY arrival DESC LIMIT 9
          """, "entry_hand_over"
        ),
      ] {
        let found = try await plan(sql, store)
        #expect(found.contains(index), "\(sql): \(found)")
        #expect(!found.contains("TEMP B-TREE"), "\(sql): \(found)")
      }
    }
  }

  @Test func `the newest entry of some acts is the asset's, whatever came between`() async throws {
    try await Desk.run { store in
      let found = try await store.write { transaction -> [Verb?] in
        let id: AssetID = transaction.newID()
        try transaction.act(Desk.registration("AT-00001"), on: id)
        try transaction.act(Desk.deployment(to: "Finance"), on: id)
        return try [[Verb.register], [.deploy, .register], [.ship]].map {
          try transaction.newestEntry(of: id, among: Set($0))?.event.verb
        }
      }
      #expect(found == [.register, .deploy, nil])
    }
  }
}
