import CentralStore
import Custody
import CustodyLedger
import SyncProtocol
import SyncTestSupport
import TamperEvidence
import Testing

/// What every backend makes of keys that are rotated, revoked, enrolled by a code, copied or restored.
@Suite struct StationKeyConformance {
  private static let moment = Instant(milliseconds: 1_795_000_500_000)

  /// A station that is enrolled by a code, with its request key.
  private func enrolled(
    _ writer: ChainWriter, at store: any CentralStore, request: UInt8 = 100
  ) async throws -> (station: EnrolledStation, epoch: Int) {
    let (code, _, refusal) = try await store.issueCode(for: writer.key.name, at: Self.moment)
    #expect(refusal == nil)
    let enrolment = try await store.enrol(
      writer.key.verifierKey, requestKey: try requestKey(writer, request), code: TokenDigest(of: code.presented),
      at: Self.moment)
    guard case .enrolled(_, let epoch) = enrolment else { throw Refused(enrolment: "\(enrolment)") }
    return (try #require(try await store.station(named: writer.key.name)), epoch)
  }

  private struct Refused: Error { let enrolment: String }

  private func requestKey(_ writer: ChainWriter, _ seed: UInt8) throws -> VerifierKey {
    try SigningKey(name: writer.key.name, seed: [UInt8](repeating: seed, count: 32)).verifierKey
  }

  private func push(
    _ entries: [UnverifiedEntry], _ ratchet: PresentedRatchet, by station: EnrolledStation, to store: any CentralStore
  ) async throws -> PushOutcome {
    try await store.push(StationPush(entries, ratchet: ratchet), from: station, at: Self.moment)
  }

  // MARK: Rotation and epochs

  @Test("a rotation hands over to the next key, in one push or in two", arguments: Backend.all)
  func rotation(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let station = try await enrolled(writer, at: store).station
      let first = try writer.register("AT-00001").entry
      let old = writer.key
      let rotate = try writer.rotate(to: 50)
      let second = try writer.register("AT-00002").entry
      let results = try await store.admit([first, rotate, second], from: station, at: Self.moment)
      #expect(results.statuses == [.applied, .applied, .applied])
      #expect(try await store.station(named: station.name)?.key == writer.key.verifierKey)
      // The next push comes with what the centre knows now, or knew before.
      let third = try writer.register("AT-00003").entry
      #expect(try await store.admit([third], from: station, at: Self.moment).statuses == [.applied])
      #expect(try await store.allAssets().count == 3)
      #expect(try await store.wholeLog().map(\.status) == [.stated, .applied, .stated, .applied, .applied])
      // Who has only the old key cannot go on.
      var thief = try ChainWriter(1)
      for _ in 0..<4 { _ = try thief.register("X") }
      let forged = try thief.register("AT-00004").entry
      #expect(old.verifierKey == thief.key.verifierKey)
      let results2 = try await store.admit([forged], from: station, at: Self.moment)
      #expect(results2.statuses == [.rejected])
      #expect(results2.codes == ["sync.foreignKey"])
    }
  }

  @Test("a rotation that another key signs, or that names another station, changes nothing", arguments: Backend.all)
  func foreignRotation(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let station = try await enrolled(writer, at: store).station
      let other = try ChainWriter(2).key.verifierKey
      let stolen = try writer.state(.rotate(KeyRotation(key: other, reason: "-")))
      // Only the centre enrols and revokes.
      let enrol = try writer.state(.enrol(KeyEnrolment(key: other, epoch: 1)))
      let revoke = try writer.state(
        .revoke(KeyRevocation(subject: "HQ/S2", epoch: 1, lastGoodSeq: 0, reason: "-")))
      let results = try await store.admit([stolen, enrol, revoke], from: station, at: Self.moment)
      #expect(results.statuses == [.quarantined, .quarantined, .quarantined])
      #expect(results.codes == ["sync.statement", "sync.statement", "sync.statement"])
      #expect(try await store.station(named: station.name)?.key == station.key)
      #expect(try await store.keyStatements(about: "HQ/S2").isEmpty)
      // What follows is the station's.
      #expect(
        try await store.admit([try writer.register("AT-1").entry], from: station, at: Self.moment).statuses == [
          .applied
        ])
    }
  }

  @Test(
    "opening an epoch closes the one before: what comes in it is kept, and freezes the station", arguments: Backend.all)
  func epochs(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let station = try await enrolled(writer, at: store).station
      _ = try await store.admit([try writer.register("AT-1").entry], from: station, at: Self.moment)
      var clone = writer
      let opening = try writer.openEpoch()
      let next = try writer.register("AT-2").entry
      #expect(try await store.admit([opening, next], from: station, at: Self.moment).statuses == [.applied, .applied])
      #expect(
        try await store.chain(of: station) == HeldChain(epoch: 2, seq: 2, hash: writer.prevHash.description))
      let late = try clone.register("AT-3")
      let results = try await store.admit([late.entry], from: station, at: Self.moment)
      #expect(results.statuses == [.quarantined])
      #expect(results.codes == ["sync.closed"])
      #expect(try await store.asset(late.event.asset) == nil)
      let held = try #require(try await store.station(named: station.name))
      #expect(held.frozen?.reason.code == "sync.closed")
      let open = try await store.discrepancies(about: .station(station.name))
      #expect(open.map(\.discrepancy) == [Discrepancy(.fork, claims: [late.event.eventID])])
      // An epoch begins with its opening, and nothing else.
      var wrong = try ChainWriter(1)
      _ = try wrong.openEpoch()
      _ = try wrong.openEpoch()
      let skipped = try wrong.write(
        wrong.someDetails, wrong.newAssetID(), to: nil,
        changing: {
          $0["epoch"] = .integer(9)
          $0["seq"] = .integer(1)
        })
      #expect(try await store.admit([skipped], from: station, at: Self.moment).codes == ["event.place"])
    }
  }

  @Test("an opening takes out of the projection what its station had sent beyond it", arguments: Backend.all)
  func openingBehind(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let station = try await enrolled(writer, at: store).station
      _ = try await store.admit([try writer.register("AT-1").entry], from: station, at: Self.moment)
      var clone = writer
      let lost = try clone.register("AT-2")
      _ = try await store.admit([lost.entry], from: station, at: Self.moment)
      #expect(try await store.asset(lost.event.asset) != nil)
      let opening = try writer.openEpoch()
      #expect(try await store.admit([opening], from: station, at: Self.moment).statuses == [.applied])
      #expect(try await store.asset(lost.event.asset) == nil)
      #expect(try await store.wholeLog().map(\.status) == [.stated, .applied, .quarantined, .stated])
      // What had counted is not undone in silence.
      let flags = try await store.discrepancies(about: .station(station.name))
      #expect(flags.map(\.discrepancy) == [Discrepancy(.fork, claims: [lost.event.eventID])])
      #expect(try await store.station(named: station.name)?.frozen?.reason.code == "sync.closed")
      // Made anew from the log it is the same.
      let before = try await store.allAssets()
      try await store.rebuildProjection()
      #expect(try await store.allAssets() == before)
    }
  }

  // MARK: Revocation

  @Test(
    "after the last good entry nothing counts, what is here and what still comes; all of it is kept",
    arguments: Backend.all)
  func revocation(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let station = try await enrolled(writer, at: store).station
      let good = try writer.register("AT-1")
      let bad = try writer.deploy(good.event.asset)
      let worse = try writer.register("AT-2")
      _ = try await store.admit([good.entry, bad.entry, worse.entry], from: station, at: Self.moment)
      #expect(
        try await store.revoke("HQ/S9", after: nil, reason: "-", at: Self.moment)?.code == "central.revoke.unknown")
      #expect(
        try await store.revoke(
          station.name, after: ChainPlace(epoch: 1, seq: 4), reason: "-", at: Self.moment)?.code
          == "central.revoke.place")
      #expect(
        try await store.revoke(station.name, after: ChainPlace(epoch: 1, seq: 1), reason: "stolen", at: Self.moment)
          == nil)
      #expect(try await store.asset(good.event.asset)?.state == .inStock)
      #expect(try await store.asset(worse.event.asset) == nil)
      #expect(
        try await store.chain(of: station)
          == HeldChain(epoch: 1, seq: 1, hash: good.entry.entry.hash.description))
      let log = try await store.wholeLog()
      #expect(log.map(\.status) == [.stated, .applied, .quarantined, .quarantined, .stated])
      #expect(log.map { $0.reason?.code } == [nil, nil, "sync.revoked", "sync.revoked", nil])
      #expect(log[2].bytes == bad.entry.entry.bytes)
      // What comes later, also by a key that the thief handed over to, is kept.
      let rotate = try writer.rotate(to: 60)
      let late = try writer.register("AT-3")
      let results = try await store.admit([rotate, late.entry], from: station, at: Self.moment)
      #expect(results.codes == ["sync.revoked", "sync.revoked"])
      #expect(results.indexes == [5, 6])
      #expect(try await store.asset(late.event.asset) == nil)
      // In any order of arrival the log tells the same.
      let history = KeyHistory(authority: store.logKey, statements: try await store.keyStatements(about: station.name))
      #expect(
        history.judgement(of: station.name, at: ChainPlace(epoch: 1, seq: 2))
          == .revoked(station.key, lastGood: ChainPlace(epoch: 1, seq: 1)))
      // The same key is let in no more; another goes on in the next epoch.
      await #expect(throws: Refused.self) { _ = try await enrolled(try ChainWriter(1), at: store) }
      #expect(try await store.enrolment(of: 70, named: writer, request: 101) == 2)
    }
  }

  @Test("revoked without a place, also a key that has signed nothing yet is trusted no more", arguments: Backend.all)
  func revocationOfAnUnusedKey(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let station = try await enrolled(writer, at: store).station
      let good = try writer.register("AT-1")
      _ = try await store.admit([good.entry], from: station, at: Self.moment)
      #expect(try await store.enrolment(of: 70, named: writer, request: 101) == 2)
      let renewed = try #require(try await store.station(named: station.name))
      #expect(try await !store.isRevoked(renewed))
      #expect(try await store.revoke(station.name, after: nil, reason: "stolen", at: Self.moment) == nil)
      #expect(try await store.isRevoked(renewed))
      // What it had signed before counts.
      #expect(try await store.asset(good.event.asset) != nil)
      let opening = try writer.openEpoch(seed: 70)
      let late = try writer.register("AT-2")
      let results = try await store.admit([opening, late.entry], from: renewed, at: Self.moment)
      #expect(results.codes == ["sync.revoked", "sync.revoked"])
      #expect(try await store.asset(late.event.asset) == nil)
      #expect(try await store.enrolment(of: 71, named: writer, request: 102) == 3)
      #expect(try await !store.isRevoked(try #require(try await store.station(named: station.name))))
    }
  }

  @Test("an erasure takes a person off once it stands in its chain, and not before", arguments: Backend.all)
  func erasureInItsPlace(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let station = try await enrolled(writer, at: store).station
      let person = PersonID(high: 7 << 16 | 0x7000, low: 1 << 63)
      _ = try await store.changeReference([
        ReferenceChange(kind: .person, key: "\(person)", value: #"{"name":"Kim"}"#),
        ReferenceChange(kind: .badge, key: "ab", value: #"{"person":"\#(person)"}"#),
        ReferenceChange(kind: .badge, key: "cd", value: #"{"person":"another"}"#),
      ])
      func left() async throws -> [String] {
        try await store.reference(after: 0, limit: 10).items.filter { $0.value != nil }.map(\.key).sorted()
      }
      let first = try writer.register("AT-1")
      let erasure = try writer.state(.erase(ErasureRecord(person: person, reason: "asked for it")))
      #expect(try await store.admit([erasure], from: station, at: Self.moment).codes == ["sync.gap"])
      #expect(try await left() == ["\(person)", "ab", "cd"].sorted())
      _ = try await store.admit([first.entry], from: station, at: Self.moment)
      #expect(try await left() == ["cd"])
      #expect(try await store.reference(after: 3, limit: 10).items.count == 2)
    }
  }

  @Test("what is signed of a disposal order stands in its chain as a statement", arguments: Backend.all)
  func disposalActs(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let station = try await enrolled(writer, at: store).station
      let first = try writer.register("AT-1")
      var sealed = DisposalStatement(
        act: .sealed, order: "DO-7", route: .recycle, vendor: "GreenCycle GmbH", assets: 1,
        lines: DisposalStatement.hash(of: [first.event.asset]))
      sealed.seal = "SEAL-1"
      let entry = try writer.state(.disposalOrder(sealed))
      let second = try writer.register("AT-2")
      let pushed = try await store.admit([first.entry, entry, second.entry], from: station, at: Self.moment)
      #expect(pushed.statuses == [.applied, .applied, .applied])
      let stated = try await store.entries(before: .max, status: [.stated], limit: 10)
      let details = stated.compactMap { held -> StationStatement.Details? in
        if case .statement(let statement) = held.content { return statement.details }
        return nil
      }
      #expect(details.contains(.disposalOrder(sealed)))
    }
  }

  // MARK: Codes

  @Test("a code lets in one station once, for its time; five wrong ones and it is gone", arguments: Backend.all)
  func codes(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let writer = try ChainWriter(1)
      let keys = (writer.key.verifierKey, try requestKey(writer, 100))
      func present(_ code: EnrolmentCode, _ other: VerifierKey? = nil, at: Int64 = 0) async throws -> String {
        switch try await store.enrol(
          other ?? keys.0, requestKey: keys.1, code: TokenDigest(of: code.presented),
          at: Instant(milliseconds: Self.moment.milliseconds + at))
        {
        case .enrolled(_, let epoch): "epoch \(epoch)"
        case .refused(let refusal): refusal.code
        }
      }
      func code() async throws -> EnrolmentCode { try await store.issueCode(for: "HQ/S1", at: Self.moment).code }
      let wrong = EnrolmentCode(random: [1, 2, 3, 4, 5, 6, 7, 8])
      // None was made; another's; over to the millisecond.
      #expect(try await present(wrong) == "sync.enrol.code")
      let elsewhere = try await store.issueCode(for: "HQ/S2", at: Self.moment).code
      #expect(try await present(elsewhere) == "sync.enrol.code")
      let late = try await code()
      #expect(try await present(late, at: EnrolmentCode.lifetime) == "sync.enrol.code")
      // A new one takes the place of the one before.
      let first = try await code()
      let second = try await code()
      #expect(try await present(first) == "sync.enrol.code")
      for _ in 0..<3 { #expect(try await present(wrong) == "sync.enrol.code") }
      #expect(try await present(second) == "epoch 1")
      // The same keys again, for the answer was lost; other keys never.
      #expect(try await present(second) == "epoch 1")
      let thief = try SigningKey(name: "HQ/S1", seed: [UInt8](repeating: 99, count: 32)).verifierKey
      #expect(try await present(second, thief) == "sync.enrol.code")
      #expect(try await store.headIndex() == 0)
      let third = try await code()
      for _ in 0..<5 { #expect(try await present(wrong) == "sync.enrol.code") }
      #expect(try await present(third, thief) == "sync.enrol.code")
      let station = try #require(try await store.station(named: "HQ/S1"))
      #expect(station.key == keys.0 && station.requestKey == keys.1)
      // The name of the log, and one that is too long for an index, are nobody's.
      for name in [store.logKey.name, "HQ/" + String(repeating: "x", count: 700)] {
        #expect(try await store.issueCode(for: name, at: Self.moment).refusal != nil)
      }
    }
  }

  @Test(
    "a station with a new key goes on in the next epoch, and its old key and token are over", arguments: Backend.all)
  func wiped(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      guard case .enrolled(let old, let token) = try await store.enrol(writer.key.verifierKey, at: Self.moment) else {
        throw Refused(enrolment: "token")
      }
      #expect(try await store.station(presenting: token.digest)?.requestKey == nil)
      _ = try await store.admit(try (0..<3).map { try writer.register("AT-\($0)").entry }, from: old, at: Self.moment)
      var clone = writer
      #expect(try await store.enrolment(of: 70, named: writer, request: 101) == 2)
      #expect(try await store.station(presenting: token.digest) == nil)
      let station = try #require(try await store.station(named: writer.key.name))
      let opening = try writer.openEpoch(seed: 70)
      let next = try writer.register("AT-9").entry
      #expect(try await store.admit([opening, next], from: station, at: Self.moment).statuses == [.applied, .applied])
      // The old key opens nothing.
      let forged = try clone.openEpoch()
      #expect(try await store.admit([forged], from: station, at: Self.moment).statuses == [.rejected])
      #expect(try await store.keys().count == 2)
    }
  }

  // MARK: Ratchets

  @Test("each push presents what the one before was given; a lost answer is given again", arguments: Backend.all)
  func ratchets(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let station = try await enrolled(writer, at: store).station
      func taken(_ entries: [UnverifiedEntry], _ ratchet: PresentedRatchet) async throws -> ([PushResult], String) {
        guard case .taken(let results, let next) = try await push(entries, ratchet, by: station, to: store) else {
          throw Refused(enrolment: "collided")
        }
        return (results, try #require(next))
      }
      let registered = try writer.register("AT-1")
      let one = [registered.entry, try registered.entry.flipping(byte: 0)]
      let (results, first) = try await taken(one, .first)
      #expect(results.statuses == [.applied, .rejected])
      // The very same again has the very same answer; one that goes on has it for what it repeats.
      let (again, same) = try await taken(one, .first)
      #expect(again == results && same == first)
      let deployed = try writer.deploy(registered.event.asset)
      let (more, second) = try await taken(one + [deployed.entry], .first)
      #expect(more.statuses == [.applied, .rejected, .applied])
      #expect(second != first)
      let (last, third) = try await taken([try writer.register("AT-2").entry], .value(second))
      #expect(last.statuses == [.applied])
      #expect(third != second)
      // What was long on its way, or is sent again by somebody who listened in, says nothing new: it freezes nobody, and does
      // not move the ratchet.
      for ratchet in [PresentedRatchet.first, .value(first), .value(PresentedRatchet.make(random: [UInt8](0..<12)))] {
        guard case .taken(let old, nil) = try await push(one, ratchet, by: station, to: store) else {
          throw Refused(enrolment: "replayed")
        }
        #expect(old.statuses == [.duplicate, .rejected])
      }
      #expect(try await taken([try writer.register("AT-3").entry], .value(third)).0.statuses == [.applied])
      #expect(try await store.station(named: station.name)?.frozen == nil)
    }
  }

  @Test("a clone collides by its ratchet, before its chain does; what it sent is kept as proof", arguments: Backend.all)
  func clone(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let station = try await enrolled(writer, at: store).station
      guard
        case .taken(_, let shared?) = try await push(
          [try writer.register("AT-1").entry], .first, by: station, to: store)
      else { throw Refused(enrolment: "first") }
      var clone = writer
      guard
        case .taken(_, .some) = try await push(
          [try writer.register("AT-2").entry], .value(shared), by: station, to: store)
      else { throw Refused(enrolment: "second") }
      // The clone has heard of the other's entry, and goes on behind it.
      _ = try clone.register("AT-2")
      let behind = try clone.register("AT-3")
      guard case .collided(let freeze) = try await push([behind.entry], .value(shared), by: station, to: store) else {
        throw Refused(enrolment: "clone")
      }
      #expect(freeze.reason.code == "sync.ratchet")
      #expect(try await store.hash(of: station.name, at: ChainPlace(epoch: 1, seq: 3)) == behind.entry.entry.hash)
      guard case .frozen = try await push([try writer.register("AT-4").entry], .first, by: station, to: store) else {
        throw Refused(enrolment: "not frozen")
      }
      // What was never given, or is not there, is no better.
      #expect(try await store.wholeLog().count == 4)
      // People enrol the right one anew, and it goes on.
      #expect(try await store.enrolment(of: 70, named: writer, request: 101) == 2)
      #expect(try await store.station(named: station.name)?.frozen == nil)
    }
  }

  @Test(
    "other bytes in one place are both kept, and freeze the station until people have settled it",
    arguments: Backend.all)
  func fork(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      var judge = try ChainWriter(2)
      let station = try await enrolled(writer, at: store).station
      let other = try await enrolled(judge, at: store, request: 102).station
      let asset = try judge.register("AT-9")
      _ = try await store.admit([asset.entry], from: other, at: Self.moment)
      var clone = writer
      let mine = try writer.register("AT-1")
      let its = try clone.deploy(try clone.register("AT-2").event.asset)
      let theirs = try #require([its].first)
      _ = try await store.admit([mine.entry], from: station, at: Self.moment)
      var second = try ChainWriter(1)
      let forked = try second.register(second.newAssetID(), "AT-2b")
      #expect(theirs.event.seq == 2)
      let results = try await store.admit([forked.entry], from: station, at: Self.moment)
      #expect(results.codes == ["sync.fork"])
      #expect(try await store.station(named: station.name)?.frozen?.reason.code == "sync.fork")
      guard case .frozen = try await push([mine.entry], .first, by: station, to: store) else {
        throw Refused(enrolment: "not frozen")
      }
    }
  }

  // MARK: Standing and requests

  @Test("a station is told how it stands: level, behind the centre, or forked", arguments: Backend.all)
  func standing(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let station = try await enrolled(writer, at: store).station
      func end(_ writer: ChainWriter) -> HeldChain {
        HeldChain(epoch: writer.epoch, seq: writer.seq, hash: writer.prevHash.description)
      }
      #expect(try await store.standing(of: station, at: end(writer)) == .level)
      let backup = writer
      let entries = try (0..<3).map { try writer.register("AT-\($0)").entry }
      _ = try await store.admit(entries, from: station, at: Self.moment)
      #expect(try await store.standing(of: station, at: end(writer)) == .level)
      #expect(try await store.standing(of: station, at: end(backup)) == .ahead)
      var clone = backup
      _ = try clone.register(clone.newAssetID(), "X")
      #expect(try await store.standing(of: station, at: end(clone)) == .forked)
      // What it has not sent yet is beyond the centre's.
      _ = try writer.register("AT-9")
      #expect(try await store.standing(of: station, at: end(writer)) == .level)
      let late = end(writer)
      var restored = writer
      _ = try await store.admit(
        [try restored.openEpoch()], from: station, at: Self.moment)
      #expect(try await store.standing(of: station, at: late) == .forked)
    }
  }

  @Test("the id of a request is remembered until it is over, by all who share the store", arguments: Backend.all)
  func requests(_ backend: Backend) async throws {
    try await backend.withStore { store in
      func remember(_ id: String, until: Int64, at: Int64) async throws -> Bool {
        try await store.remember(
          request: id, until: Instant(milliseconds: until), at: Instant(milliseconds: at))
      }
      #expect(try await remember("HQ/S1 a", until: 60_000, at: 0))
      #expect(try await !remember("HQ/S1 a", until: 60_000, at: 59_999))
      #expect(try await remember("HQ/S2 a", until: 60_000, at: 59_999))
      #expect(try await remember("HQ/S1 b", until: 120_000, at: 60_001))
      // Over, and forgotten: its token is over as well.
      #expect(try await remember("HQ/S1 a", until: 120_000, at: 60_002))
      let many = try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<8 { group.addTask { try await remember("HQ/S1 c", until: 120_000, at: 60_003) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(many.filter(\.self).count == 1)
    }
  }
}

extension CentralStore {
  /// Enrols another key under a station's name, by a code; the epoch that it begins.
  fileprivate func enrolment(of seed: UInt8, named writer: ChainWriter, request: UInt8) async throws -> Int? {
    let moment = Instant(milliseconds: 1_795_000_600_000)
    let name = writer.key.name
    let (code, _, _) = try await issueCode(for: name, at: moment)
    let enrolment = try await enrol(
      try SigningKey(name: name, seed: [UInt8](repeating: seed, count: 32)).verifierKey,
      requestKey: try SigningKey(name: name, seed: [UInt8](repeating: request, count: 32)).verifierKey,
      code: TokenDigest(of: code.presented), at: moment)
    guard case .enrolled(_, let epoch) = enrolment else { return nil }
    return epoch
  }
}
