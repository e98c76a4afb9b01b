import Custody
import CustodyLedger
import Foundation
import GRDB
import SyncTestSupport
import TamperEvidence
import Testing

@testable import StationStore

/// A station that changes its key, and that begins a new epoch: what is on disk after each step, and what a crash leaves.
@Suite struct KeyRotationTests {
  private func mode(_ file: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: file)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  /// The whole chain, verified by a program of its own from the first key on.
  private func verified(_ store: StationStore, by key: VerifierKey) async throws -> ChainVerifier {
    var verifier = ChainVerifier(key: key)
    for entry in try await store.read({
      try $0.chain(of: store.identity, beyond: ChainPlace(epoch: 0, seq: 0), limit: 100)
    }) {
      if let fault = verifier.next(entry.bytes) { Issue.record("\(fault)") }
    }
    return verifier
  }

  @Test func theOldKeySignsTheRotationAndTheNewOneWhatFollows() async throws {
    try await Turns.stores.take {
      let folder = try TemporaryFolder()
      let store = try Desk.open(folder.path)
      let old = store.verifierKey
      _ = try await store.register("AT-1")
      let rotated = try await store.rotateKey(reason: "yearly")
      #expect(rotated.old == old && rotated.new == store.verifierKey && rotated.new != old)
      #expect(rotated.new.name == old.name)
      let event = try await store.act(Desk.registration("AT-2"), on: AssetID(high: 9 << 16 | 0x7000, low: 1 << 63))
      #expect(event.seq == 3 && event.keyID == rotated.new.keyID)
      #expect(try mode(folder.path + "/station.key") == 0o600)
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/station.key.next"))
      let pending = try await store.read { try $0.pendingEntries(limit: 9, maximumBytes: .max) }
      #expect(pending.map(\.seq) == [1, 2, 3])
      let entries = try pending.map { try UnverifiedEntry(bytes: $0.bytes) }
      #expect(entries.map { $0.verify(with: old) != nil } == [true, true, false])
      #expect(entries.map { $0.verify(with: rotated.new) != nil } == [false, false, true])
      let verifier = try await verified(store, by: old)
      #expect(verifier.head.seq == 3)
      try store.close()
      // It goes on with the new key.
      let again = try Desk.open(folder.path)
      #expect(again.verifierKey == rotated.new)
      #expect(again.head.seq == 3)
      let next = try await again.act(Desk.registration("AT-3"), on: AssetID(high: 8 << 16 | 0x7000, low: 1 << 63))
      #expect(next.prevHash == entries[2].entry.hash.description)
      try again.close()
    }
  }

  enum Crash: CaseIterable {
    /// The new key is on disk, and nothing else.
    case afterKey
    /// The ledger has handed over; the file of the old key is still there.
    case afterEntry
    /// All is done.
    case afterFile
  }

  @Test(arguments: Crash.allCases) func aCrashLeavesTheStationBeforeTheChangeOrAfterIt(_ crash: Crash) async throws {
    try await Turns.stores.take {
      let folder = try TemporaryFolder()
      let store = try Desk.open(folder.path)
      let old = store.verifierKey
      _ = try await store.register("AT-1")
      let next = try store.folder.makeNextKey(named: store.identity.keyName)
      #expect(try mode(folder.path + "/station.key.next") == 0o600)
      if crash != .afterKey { try await store.write { try $0.rotate(to: next, reason: "-") } }
      if crash == .afterFile { try store.folder.adoptNextKey() }
      try store.close()

      let again = try Desk.open(folder.path)
      #expect(again.verifierKey == (crash == .afterKey ? old : next.verifierKey))
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/station.key.next"))
      #expect(again.head.seq == (crash == .afterKey ? 1 : 2))
      _ = try await again.register("AT-2")
      #expect(try await verified(again, by: old).head.seq == (crash == .afterKey ? 2 : 3))
      // The next one goes through as well.
      let rotated = try await again.rotateKey(reason: "-")
      #expect(rotated.new == again.verifierKey)
      try again.close()
    }
  }

  @Test func aRotationThatIsUndoneChangesNothing() async throws {
    struct Undone: Error {}
    try await Desk.run { store in
      let old = store.verifierKey
      let next = try store.folder.makeNextKey(named: store.identity.keyName)
      await #expect(throws: Undone.self) {
        try await store.write { transaction in
          try transaction.rotate(to: next, reason: "-")
          throw Undone()
        }
      }
      #expect(store.verifierKey == old && store.head.seq == 0)
      let asset = try await store.register("AT-1")
      #expect(try await store.read { try $0.entries(of: asset).first?.event.keyID } == old.keyID)
    }
  }

  @Test func aNewKeyThatAnEnrolmentMadeWaitsForItsEpoch() async throws {
    try await Turns.stores.take {
      let folder = try TemporaryFolder()
      var store = try Desk.open(folder.path)
      let old = store.verifierKey
      _ = try await store.register("AT-1")
      let log = try SigningKey(name: "centre.example/log", seed: [UInt8](repeating: 200, count: 32)).verifierKey
      let next = try store.enrolmentKey(new: true)
      let request = try store.nextRequestKey()
      try await store.enrolled(
        CentreEnrolment(centre: "http://centre", epoch: 2), log: log, key: next.verifierKey)
      #expect(try store.folder.existingRequestKey()?.verifierKey == request.verifierKey)
      #expect(try mode(folder.path + "/request.key") == 0o600)
      await #expect(throws: KeyInWaiting.self) { try await store.rotateKey(reason: "-") }
      try store.close()
      // Also over a restart: what is sealed until then is signed by the key of before.
      store = try Desk.open(folder.path)
      #expect(store.verifierKey == old)
      _ = try await store.register("AT-2")
      let head = store.head
      try await store.openEpoch(2, after: (ChainPlace(epoch: 1, seq: 2), head.hash), reason: "enrolled anew")
      #expect(store.verifierKey == next.verifierKey)
      #expect(store.headPlace == ChainPlace(epoch: 2, seq: 1))
      let asset = try await store.register("AT-3")
      let event = try #require(try await store.read { try $0.entries(of: asset).first?.event })
      #expect(event.epoch == 2 && event.seq == 2 && event.keyID == next.keyID)
      // All of it is still to be sent, in order.
      let pending = try await store.read { try $0.pendingEntries(limit: 9, maximumBytes: .max) }
      #expect(pending.map { [$0.epoch, $0.seq] } == [[1, 1], [1, 2], [2, 1], [2, 2]])
      try store.close()
      store = try Desk.open(folder.path)
      #expect(store.verifierKey == next.verifierKey && store.headPlace == ChainPlace(epoch: 2, seq: 2))
      // Asked again, nothing is opened twice.
      try await store.openEpoch(2, after: nil, reason: "-")
      #expect(store.headPlace == ChainPlace(epoch: 2, seq: 2))
      try store.close()
    }
  }

  @Test func anEpochThatBeginsElsewhereLeavesBehindWhatIsBeyondItsStart() async throws {
    try await Desk.run { store in
      let first = try await store.register("AT-1")
      let second = try await store.register("AT-2")
      let entry = try #require(try await store.read { try $0.pendingEntries(limit: 1, maximumBytes: .max).first })
      let hash = try UnverifiedEntry(bytes: entry.bytes).entry.hash
      try await store.openEpoch(2, after: (ChainPlace(epoch: 1, seq: 1), hash), reason: "restored")
      #expect(try await store.read { try $0.asset(first) } != nil)
      #expect(try await store.read { try $0.asset(second) } == nil)
      let left = try await store.read { try $0.entries(of: second) }
      #expect(left.count == 1 && left[0].misfit?.contains("Record it again") == true)
      let pending = try await store.read { try $0.pendingEntries(limit: 9, maximumBytes: .max) }
      #expect(pending.map { [$0.epoch, $0.seq] } == [[1, 1], [2, 1]])
      // The chain that is given away is whole.
      #expect(try await verified(store, by: store.verifierKey).head.seq == 1)
    }
  }

  @Test func ownEntriesOfBeforeComeBackAndOnesOfAnotherTakeThePlace() async throws {
    try await Desk.run { store in
      // Another, with this station's key, had recorded three entries, of which the centre holds two.
      let key = try store.folder.signingKey(named: store.identity.keyName, needed: true)
      var twin = try ChainWriter(7, site: "HQ", station: "DESK-1")
      let one = try twin.register("FAR-1")
      let two = try twin.register("FAR-2")
      func held(_ written: ChainWriter.Written, _ index: Int64) throws -> HeldEntry {
        HeldEntry(logIndex: index, entry: try #require(written.entry.verify(with: twin.key.verifierKey)))
      }
      let mine = try await store.register("AT-1")
      let page = [try held(one, 0), try held(two, 1)]
      // While the epoch lasts, it is a fork, and stays with the centre.
      #expect(try await store.write { try $0.admit(page, upTo: 1) }.count == 2)
      #expect(try await store.read { try $0.leftWithCentre().map(\.logIndex) } == [0, 1])
      #expect(try await store.read { try $0.asset(mine) } != nil)
      try await store.openEpoch(
        2, after: (ChainPlace(epoch: 1, seq: 2), two.entry.entry.hash), reason: "enrolled anew")
      #expect(try await store.write { try $0.admit(page, upTo: 1) }.isEmpty)
      #expect(try await store.read { try $0.asset(mine) } == nil)
      #expect(try await store.read { try $0.asset(one.event.asset) } != nil)
      #expect(try await store.read { try $0.asset(two.event.asset) } != nil)
      #expect(try await store.read { try $0.displacedCount() } == 1)
      #expect(try await store.read { try $0.leftWithCentre().isEmpty })
      #expect(key.verifierKey == store.verifierKey)
    }
  }

  @Test func whatAStatementTakesTheTrustFromIsTakenOutOfTheProjection() async throws {
    try await Desk.run { store in
      var centre = try ChainWriter(200, site: "centre.example", station: "log")
      var writer = try ChainWriter(9)
      let registered = try writer.register("FAR-1")
      let deployed = try writer.deploy(registered.event.asset)
      let enrol = try centre.state(.enrol(KeyEnrolment(key: writer.key.verifierKey, epoch: 1)))
      let revoke = try centre.state(
        .revoke(KeyRevocation(subject: writer.key.name, epoch: 1, lastGoodSeq: 1, reason: "stolen")))
      let key = writer.key.verifierKey
      let page = try [registered, deployed].enumerated().map { index, written in
        HeldEntry(logIndex: Int64(index), entry: try #require(written.entry.verify(with: key)))
      }
      _ = try await store.write { try $0.admit(page, upTo: 1) }
      let asset = registered.event.asset
      #expect(try await store.read { try $0.asset(asset) }?.state == .deployed)
      let history = KeyHistory(authority: centre.key.verifierKey, statements: [enrol, revoke])
      try await store.write { try $0.judgeAgain(key.name, by: history) }
      #expect(try await store.read { try $0.asset(asset) }?.state == .inStock)
      let rows = try await store.read { try $0.entries(of: asset) }
      #expect(rows.map { $0.misfit?.contains("revoked") ?? false } == [false, true])
      // One that comes later is kept as well.
      let late = try writer.takeBack(asset)
      let doubt = KeyDoubt(
        history.judgement(of: writer.key.name, at: ChainPlace(epoch: 1, seq: 3)), of: writer.key.name)
      let entry = HeldEntry(
        logIndex: 5, entry: try #require(late.entry.verify(with: writer.key.verifierKey)), doubt: doubt)
      #expect(try await store.write { try $0.admit([entry], upTo: 5) }.isEmpty)
      #expect(try await store.read { try $0.asset(asset) }?.state == .inStock)
      // Nothing of it is lost when the projection is made anew.
      try await store.write { try $0.rebuildProjection() }
      #expect(try await store.read { try $0.asset(asset) }?.state == .inStock)
      #expect(try await store.read { try $0.entries(of: asset) }.count == 3)
    }
  }
}

/// What the disk has changed, and what a backup does not know.
struct DamagedAndRestoredTests {
  @Test("an own entry that the disk has changed ends its epoch: the station goes on behind the entry before it")
  func damaged() async throws {
    try await Desk.run { store in
      let first = try await store.register("AT-1")
      let second = try await store.register("AT-2")
      let third = try await store.register("AT-3")
      // As it was sealed nothing is left.
      #expect(try await store.write { try !$0.leaveDamaged(at: ChainPlace(epoch: 1, seq: 2)) })
      try await store.write { transaction in
        let bytes = try Data.fetchOne(transaction.db, sql: "SELECT bytes FROM entry WHERE seq = 2")
        var changed = try #require(bytes)
        changed[3] ^= 1
        try transaction.db.execute(sql: "UPDATE entry SET bytes = ? WHERE seq = 2", arguments: [changed])
      }
      #expect(try await store.write { try $0.leaveDamaged(at: ChainPlace(epoch: 1, seq: 2)) })
      #expect(store.headPlace == ChainPlace(epoch: 2, seq: 1))
      let pending = try await store.read { try $0.pendingEntries(limit: 9, maximumBytes: .max) }
      #expect(pending.map { [$0.epoch, $0.seq] } == [[1, 1], [2, 1]])
      // What stood behind it has to be recorded again, and can be.
      #expect(try await store.read { try $0.asset(first) } != nil)
      for lost in [second, third] { #expect(try await store.read { try $0.asset(lost) } == nil) }
      let again = try await store.register("AT-3")
      #expect(try await store.read { try $0.asset(again) } != nil)
    }
  }

  @Test(
    "a restored station records nothing before its centre has said what came after; one without a centre goes on",
    arguments: [true, false])
  func restored(_ hasCentre: Bool) async throws {
    try await Turns.stores.take {
      let folder = try TemporaryFolder()
      var store = try Desk.open(folder.path)
      _ = try await store.register("AT-1")
      let log = try SigningKey(name: "centre.example/log", seed: [UInt8](repeating: 200, count: 32)).verifierKey
      if hasCentre { try await store.write { _ = try $0.trustLog(log) } }
      try store.close()
      // As `custody restore` leaves it.
      _ = try Restoration.prepare(folder.path + "/station.db", at: Instant(milliseconds: 1), keepsBadges: false)
      try FileManager.default.removeItem(atPath: folder.path + "/station.key")
      store = try Desk.open(folder.path)
      if hasCentre {
        let refusal = try await store.write { try $0.refusalOfRestored() }
        #expect(refusal?.code == "station.restored")
        await #expect(throws: (any Error).self) { _ = try await store.register("AT-2") }
        #expect(store.head.seq == 0)
        try await store.openRestoredEpoch()
      }
      let next = try await store.register("AT-2")
      #expect(store.headPlace == ChainPlace(epoch: 2, seq: 2))
      #expect(try await store.read { try $0.asset(next) } != nil)
      try store.close()
    }
  }
}
