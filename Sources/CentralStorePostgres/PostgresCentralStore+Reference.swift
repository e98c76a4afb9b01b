import CentralStore
import SyncProtocol

extension PostgresCentralStore {
  public func changeReference(_ changes: [ReferenceChange]) async throws -> Int64 {
    try await write { connection in
      let begun = try connection.pipeline([
        .init("BEGIN"), .init("SELECT version FROM reference_head WHERE id = 0 FOR UPDATE"),
      ])
      var version = try begun[1].first?.int(0) ?? 0
      for portion in stride(from: 0, to: changes.count, by: 500).map({ changes[$0..<min($0 + 500, changes.count)] }) {
        let held = try connection.pipeline(
          portion.map { change in
            .init(
              "SELECT doc FROM reference WHERE kind = $1::text AND key = $2::bytea",
              [.word(change.kind.rawValue), .utf8(change.key)])
          })
        var steps: [PostgresConnection.Step] = []
        var seen: Set<String> = []
        for (change, rows) in zip(portion, held) {
          // What is so already, what is to go and was never there; of one thing twice in a list, the first is what is read here.
          if rows.first?.optionalText(0) == change.value, !seen.contains(change.kind.rawValue + " " + change.key) {
            continue
          }
          seen.insert(change.kind.rawValue + " " + change.key)
          version += 1
          steps.append(
            .init(
              """
              INSERT INTO reference(kind, key, version, doc) VALUES ($1::text, $2::bytea, $3::int8, $4::bytea)
              ON CONFLICT(kind, key) DO UPDATE SET version = excluded.version, doc = excluded.doc
              """,
              [
                .word(change.kind.rawValue), .utf8(change.key), .int(version),
                change.value.map(PostgresValue.utf8) ?? .null,
              ]))
        }
        if !steps.isEmpty { _ = try connection.pipeline(steps) }
      }
      _ = try connection.pipeline([
        .init("UPDATE reference_head SET version = $1::int8", [.int(version)]), .init("COMMIT"),
      ])
      return version
    }
  }

  public func reference(after version: Int64, limit: Int) async throws -> ReferencePage {
    try await read { connection in
      let items = try connection.rows(
        """
        SELECT version, kind, key, doc FROM reference WHERE version > $1::int8 ORDER BY version LIMIT $2::int8
        """, [.int(version), .int(limit + 1)]
      ).map { row in
        ReferenceItem(
          version: try row.int(0), kind: try row.text(1), key: try row.text(2), value: row.optionalText(3))
      }
      let page = Array(items.prefix(limit))
      return ReferencePage(version: page.last?.version ?? version, more: items.count > limit, items: page)
    }
  }
}
