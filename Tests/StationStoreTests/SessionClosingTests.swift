import Crypto
import Custody
import CustodyLedger
import Foundation
import GRDB
import SyncTestSupport
import Testing

@testable import StationStore

@Suite("Sessions are closed by a signed entry")
struct SessionClosingTests {
  private static func session(_ transaction: StoreTransaction) -> StoredSession {
    StoredSession(
      id: transaction.newID(), operator: Desk.ann, openedAt: transaction.now, desk: "desk", document: Array("{}".utf8))
  }

  private static func keep(
    _ outcome: KeptReading.Outcome, _ event: EventID?, in session: StoredSession, _ transaction: StoreTransaction
  ) throws {
    var reading = KeptReading(
      at: transaction.now, raw: [65], symbologyIdentifier: nil, device: nil, session: session.id, person: Desk.ann,
      outcome: outcome, words: "")
    reading.event = event
    _ = try transaction.keep(reading)
  }

  @Test("a closing names how many readings there were, and by a hash the very events, in order")
  func closing() async throws {
    try await Desk.run { store in
      let (session, events) = try await store.write { transaction -> (StoredSession, [EventID]) in
        let session = Self.session(transaction)
        try transaction.save(session)
        var events: [EventID] = []
        for number in 1...3 {
          let event = try transaction.act(Desk.registration("AT-0000\(number)"), on: transaction.newID())
          events.append(event.eventID)
          try Self.keep(number == 2 ? .undone : .accepted, event.eventID, in: session, transaction)
        }
        for outcome in [KeptReading.Outcome.duplicate, .duplicate, .unknown, .refused, .lookup] {
          try Self.keep(outcome, nil, in: session, transaction)
        }
        // Another session's are not this one's.
        let other = Self.session(transaction)
        try transaction.save(other)
        try Self.keep(
          .accepted, try transaction.act(Desk.registration("AT-9"), on: transaction.newID()).eventID, in: other,
          transaction)
        return (session, events)
      }
      let seq = store.head.seq
      let closed = try await store.write { try $0.close(session, order: "PO-1", by: Desk.clerk) }
      #expect(closed.closedAt == store.clock.now())
      #expect(try await store.read { try $0.session(session.id)?.closedAt } == closed.closedAt)
      #expect(store.head.seq == seq + 1)
      let bytes = try await store.read { snapshot in
        try #require(try Data.fetchOne(snapshot.db, sql: "SELECT bytes FROM own_statement"))
      }
      #expect(try UnverifiedEntry(bytes: Array(bytes)).verify(with: store.verifierKey) != nil)
      let statement = try StationStatement(entry: bytes)
      #expect(statement.operator == Desk.ann)
      // As docs/events.md says it: the ids' sixteen bytes, one after the other.
      var hash = SHA256()
      for event in events {
        let hex = event.description.replacing("-", with: "")
        hash.update(
          data: Data(stride(from: 0, to: 32, by: 2).map { UInt8(hex.dropFirst($0).prefix(2), radix: 16) ?? 0 }))
      }
      let digest = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      guard case .closeSession(let closing) = statement.details else {
        Issue.record("no closing: \(statement.details)")
        return
      }
      #expect(closing.session == session.id && closing.order == "PO-1" && closing.openedAt == session.openedAt)
      #expect(closing.tally == .init(readings: 8, events: 3, duplicate: 2, unknown: 1, refused: 1))
      #expect(closing.events.description == digest)
    }
  }

  @Test("a session in which nothing was recorded leaves nothing to sign")
  func nothing() async throws {
    try await Desk.run { store in
      let session = try await store.write { transaction -> StoredSession in
        let session = Self.session(transaction)
        try transaction.save(session)
        try Self.keep(.lookup, nil, in: session, transaction)
        return session
      }
      _ = try await store.write { try $0.close(session, order: nil, by: Desk.clerk) }
      #expect(store.head.seq == 0)
      #expect(try await store.read { try $0.session(session.id)?.closedAt } != nil)
    }
  }

  @Test func `a check counts the closings besides the events, and names one that was changed`() async throws {
    try await Desk.run { store in
      for number in 1...2 {
        try await store.write { transaction in
          let session = Self.session(transaction)
          try transaction.save(session)
          let event = try transaction.act(Desk.registration("AT-0000\(number)"), on: transaction.newID())
          try Self.keep(.accepted, event.eventID, in: session, transaction)
          _ = try transaction.close(session, order: nil, by: Desk.clerk)
        }
      }
      let sound = try await StoreCheck.run(store)
      #expect(sound.findings.isEmpty && sound.unsigned == 0)
      #expect(sound.entries == 2 && sound.ownEntries == 2 && sound.statementKinds == ["closeSession": 2])
      #expect(store.head.seq == 4)
      // The last entry of the chain: none follows that would tell.
      try await store.write { transaction in
        var changed = try #require(
          try Data.fetchOne(transaction.db, sql: "SELECT bytes FROM own_statement WHERE seq = 4"))
        changed[changed.endIndex - 20] ^= 1
        try transaction.db.execute(
          sql: "UPDATE own_statement SET bytes = ? WHERE seq = 4", arguments: [changed])
      }
      let found = try await StoreCheck.run(store)
      #expect(found.findings.map(\.seq) == [4] && found.findings.first?.sentence.contains("hash") == true)
    }
  }
}
