import CentralStore
import Custody
import CustodyLedger
import TamperEvidence

extension PostgresAdmission {
  /// Extends the tree, writes what was decided and commits. Once it returns, all of it is on the server's disk.
  func commit() throws {
    let head = try sequencer.finish()
    try copyEntries()
    var steps = try entrySteps() + assetSteps() + rejectedSteps() + tree.steps()
    if !isUnchanged {
      steps.append(
        .init("UPDATE head SET next_rejected = $1::int8", [.int(nextRejected)]))
    }
    if let head { steps.append(HeadListener.notification(head: head.headIndex)) }
    steps.append(.init("COMMIT"))
    _ = try connection.pipeline(steps)
  }

  private func copyEntries() throws {
    let entries = newEntries
    if entries.isEmpty { return }
    var rows = CopyRows()
    for held in entries {
      let entry = held.entry
      rows.append([
        .int(entry.index), .utf8(entry.station), entry.place.map { .int($0.epoch) } ?? .null,
        entry.place.map { .int($0.seq) } ?? .null, .bytes(entry.hash.bytes), .bytes(entry.bytes),
        .int(entry.receivedAt.milliseconds), .bool(held.holdsPlace), held.eventID.map { .bytes($0.column) } ?? .null,
        held.asset.map { .bytes($0.column) } ?? .null, .word(entry.status.rawValue),
        entry.reason.map { .word($0.code) } ?? .null,
        entry.reason.map { .utf8($0.sentence) } ?? .null,
      ])
    }
    try connection.copy(
      rows,
      by: """
        COPY log("index", station, epoch, seq, hash, bytes, received_at, holds_place, event_id, asset, status, code,
          reason) FROM STDIN (FORMAT binary)
        """)
  }

  /// Entries that were there before and stand otherwise now.
  func entrySteps() throws -> [PostgresConnection.Step] {
    let entries = changedEntries
    if entries.isEmpty { return [] }
    return [
      .init(
        """
        UPDATE log SET status = now.status, code = now.code, reason = now.reason
        FROM unnest($1::int8[], $2::text[], $3::text[], $4::bytea[])
          AS now("index", status, code, reason)
        WHERE log."index" = now."index"
        """,
        [
          .intArray(entries.map(\.entry.index)), .wordArray(entries.map(\.entry.status.rawValue)),
          .wordArray(entries.map(\.entry.reason?.code)),
          .utf8Array(entries.map(\.entry.reason?.sentence)),
        ])
    ]
  }

  /// Makes the tables of the projection say what memory says.
  func assetSteps() throws -> [PostgresConnection.Step] {
    var steps: [PostgresConnection.Step] = []
    // In one order for all: two that write the same rows in two orders would wait for each other.
    let changes = changedAssets.sorted { $0.id < $1.id }
    let gone = changes.filter { $0.after == nil && $0.before != nil }.map(\.id.column)
    if !gone.isEmpty {
      steps.append(.init("DELETE FROM asset WHERE id = ANY($1::bytea[])", [.bytesArray(gone)]))
    }
    let kept = changes.compactMap { change in change.after.map { (id: change.id, asset: $0) } }
    if !kept.isEmpty {
      let encoder = CanonicalEncoder()
      steps.append(
        .init(
          """
          INSERT INTO asset(id, manufacturer, model, state, doc)
          SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::text[], $5::bytea[])
          ON CONFLICT (id) DO UPDATE SET manufacturer = excluded.manufacturer, model = excluded.model,
            state = excluded.state, doc = excluded.doc
          """,
          [
            .bytesArray(kept.map(\.id.column)),
            .bytesArray(kept.map { $0.asset.facts.manufacturer.map(SearchKey.bytes) }),
            .bytesArray(kept.map { $0.asset.facts.model.map(SearchKey.bytes) }),
            .wordArray(kept.map(\.asset.state.rawValue)),
            .bytesArray(try kept.map { try encoder.encode($0.asset, limit: .max) }),
          ]))
    }
    let renamed = changes.filter { ($0.before?.identifiers ?? []) != ($0.after?.identifiers ?? []) }
    let unnamed = renamed.filter { $0.before != nil }.map(\.id.column)
    if !unnamed.isEmpty {
      steps.append(.init("DELETE FROM identifier WHERE asset = ANY($1::bytea[])", [.bytesArray(unnamed)]))
    }
    let identifiers = renamed.flatMap { change in
      (change.after?.identifiers ?? []).map { (asset: change.id, identifier: $0) }
    }
    if !identifiers.isEmpty {
      steps.append(
        .init(
          """
          INSERT INTO identifier(asset, kind, value) SELECT * FROM unnest($1::bytea[], $2::text[], $3::bytea[])
          """,
          [
            .bytesArray(identifiers.map(\.asset.column)), .wordArray(identifiers.map(\.identifier.kind.rawValue)),
            .bytesArray(identifiers.map { SearchKey.bytes($0.identifier.value) }),
          ]))
    }
    return steps
  }

  private func rejectedSteps() throws -> [PostgresConnection.Step] {
    let rejected = newRejected
    if rejected.isEmpty { return [] }
    let places = rejected.map { $0.entry.content.header?.place }
    return [
      .init(
        """
        INSERT INTO rejected(id, station, hash, epoch, seq, bytes, received_at, times, code, reason)
        SELECT * FROM unnest($1::int8[], $2::bytea[], $3::bytea[], $4::int8[], $5::int8[], $6::bytea[], $7::int8[],
          $8::int8[], $9::text[], $10::bytea[])
        ON CONFLICT (station, hash) DO UPDATE
          SET times = rejected.times + excluded.times, received_at = excluded.received_at
        """,
        [
          .intArray(rejected.map(\.id)), .utf8Array(rejected.map(\.station)),
          .bytesArray(rejected.map(\.entry.hash.bytes)), .intArray(places.map { $0.map { Int64($0.epoch) } }),
          .intArray(places.map { $0.map { Int64($0.seq) } }), .bytesArray(rejected.map(\.entry.bytes)),
          .intArray(rejected.map(\.moment.milliseconds)), .intArray(rejected.map(\.times)),
          .wordArray(rejected.map(\.reason.code)), .utf8Array(rejected.map(\.reason.sentence)),
        ])
    ]
  }

  /// Makes the projection anew, asset by asset, from all their events; commits. With `moment`, only if other rules had made it,
  /// and what disagrees by these is recorded then too.
  static func rebuildProjection(
    _ connection: PostgresConnection, author: LogAuthor, recordingAt moment: Instant? = nil
  ) throws {
    let head = try HeadRow(try connection.pipeline([.init("BEGIN"), HeadRow.take])[1])
    // Looked up while nobody else can write: another process may have done it meanwhile.
    let version = try connection.rows("SELECT version FROM projection").first?.int(0)
    if moment == nil || version != Int64(ProjectionVersion.current) {
      try connection.run("DELETE FROM identifier; DELETE FROM asset; DELETE FROM alias")
      var after: [UInt8] = []
      while true {
        let ledger = PostgresAdmission(connection, head, author: author)
        let page = try connection.rows(
          "SELECT DISTINCT asset FROM log WHERE asset > $1::bytea ORDER BY asset LIMIT 500", [.bytes(after)]
        ).map { try $0.bytes(0) }
        guard let last = page.last else { break }
        for id in try page.map(AssetID.init(column:)) {
          if let moment { try ledger.refold(id, recordingAt: moment) } else { try ledger.refold(id) }
        }
        _ = try connection.pipeline(try ledger.entrySteps() + ledger.assetSteps())
        after = last
      }
      _ = try connection.rows(
        """
        INSERT INTO projection(version) VALUES ($1::int8) ON CONFLICT (id) DO UPDATE SET version = excluded.version
        """, [.int(ProjectionVersion.current)])
    }
    _ = try connection.rows("COMMIT")
  }

  /// See ``CentralStore/foldedOtherwise(after:limit:)``; in a transaction that is rolled back.
  static func foldedOtherwise(
    _ connection: PostgresConnection, author: LogAuthor, after id: AssetID?, limit: Int
  ) throws -> FoldedPortion {
    let head = try HeadRow(try connection.pipeline([.init("BEGIN"), HeadRow.take])[1])
    let page = try connection.rows(
      "SELECT DISTINCT asset FROM log WHERE asset > $1::bytea ORDER BY asset LIMIT $2::int8",
      [.bytes(id?.column ?? []), .int(limit)]
    ).map { try AssetID(column: $0.bytes(0)) }
    var wrong: [AssetID: String] = [:]
    for id in page {
      // Of what was folded before nothing is taken over.
      let ledger = PostgresAdmission(connection, head, author: author)
      do {
        try ledger.refold(id)
        if ledger.changedAssets.contains(where: { $0.before != $0.after }) { wrong[id] = FoldedPortion.changed }
      } catch let fault as CentralFault {
        wrong[id] = FoldedPortion.unreadable(fault)
      }
    }
    try connection.run("ROLLBACK")
    return FoldedPortion(assets: page.count, last: page.last, wrong: wrong)
  }
}
