import CentralStore
import Custody
import CustodyLedger
import SyncProtocol
import SyncTestSupport
import TamperEvidence
import Testing

/// What every backend of the centre's store must do.
@Suite struct CentralStoreConformance {
  /// Registers two laptops, deploys the first, takes it back, deploys the second: five entries.
  private func fiveEntries(_ writer: inout ChainWriter) throws -> [ChainWriter.Written] {
    let first = try writer.register("AT-00001")
    let second = try writer.register("AT-00002")
    return [
      first, second, try writer.deploy(first.event.asset), try writer.takeBack(first.event.asset),
      try writer.deploy(second.event.asset, to: "Legal"),
    ]
  }

  @Test("a push is applied: indexes from 0 without gaps, assets as the station has them", arguments: Backend.all)
  func applies(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let written = try fiveEntries(&writer)
      #expect(try await store.headIndex() == -1)
      let results = try await store.push(written.map(\.entry), from: writer, at: Instant(milliseconds: 77))
      #expect(results.statuses == Array(repeating: .applied, count: 5))
      #expect(results.indexes == [0, 1, 2, 3, 4])
      #expect(results.map(\.seq) == [1, 2, 3, 4, 5])
      #expect(results.map(\.epoch) == [1, 1, 1, 1, 1])
      #expect(try await store.allAssets() == writer.assets)
      #expect(try await store.headIndex() == 4)
      let log = try await store.wholeLog()
      #expect(log.map(\.bytes) == written.map(\.entry.entry.bytes))
      #expect(log.allSatisfy { $0.receivedAt == Instant(milliseconds: 77) && $0.station == "HQ/S1" })
      let history = try await store.entries(about: written[0].event.asset)
      #expect(history.map(\.index) == [0, 2, 3])
    }
  }

  @Test("a retry is harmless, whole or overlapping, and gives the same indexes", arguments: Backend.all)
  func retries(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let entries = try fiveEntries(&writer).map(\.entry)
      _ = try await store.push(Array(entries[0..<3]), from: writer)
      let whole = try await store.push(Array(entries[0..<3]), from: writer)
      #expect(whole.statuses == [.duplicate, .duplicate, .duplicate])
      #expect(whole.indexes == [0, 1, 2])
      let overlapping = try await store.push(Array(entries[1..<5]), from: writer)
      #expect(overlapping.statuses == [.duplicate, .duplicate, .applied, .applied])
      #expect(overlapping.indexes == [1, 2, 3, 4])
      let twiceInOne = try await store.push([entries[4], entries[4]], from: writer)
      #expect(twiceInOne.indexes == [4, 4])
      #expect(try await store.headIndex() == 4)
      #expect(try await store.allAssets() == writer.assets)
    }
  }

  @Test("a station that was offline for long catches up in several pushes", arguments: Backend.all)
  func catchesUp(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      var entries: [UnverifiedEntry] = []
      for number in 0..<60 {
        let written = try writer.register("AT-\(number)")
        entries.append(written.entry)
        if number.isMultiple(of: 2) { entries.append(try writer.deploy(written.event.asset).entry) }
      }
      for start in stride(from: 0, to: entries.count, by: 25) {
        let results = try await store.push(Array(entries[start...].prefix(25)), from: writer)
        #expect(results.allSatisfy { $0.status == .applied })
      }
      #expect(try await store.allAssets() == writer.assets)
      let held = try await store.chain(
        of: EnrolledStation(key: writer.key.verifierKey, enrolledAt: Instant(milliseconds: 1)))
      #expect(held == HeldChain(epoch: 1, seq: 90, hash: writer.prevHash.description))
    }
  }

  @Test(
    "a bad signature is kept aside and stops nothing; the good entry later frees what waited", arguments: Backend.all)
  func badSignature(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let written = try fiveEntries(&writer)
      var sent = written.map(\.entry)
      sent[2] = try sent[2].flipping(byte: 3)
      let results = try await store.push(sent, from: writer)
      // Entry 4 follows nothing that is here; entry 5 follows entry 4 and is about the other asset.
      #expect(results.statuses == [.applied, .applied, .rejected, .quarantined, .applied])
      #expect(results.codes == [nil, nil, "sync.signature", "sync.gap", nil])
      #expect(results.indexes == [0, 1, nil, 2, 3])
      #expect(results[2].seq == 3)
      let rejected = try await store.rejectedEntries(before: .max, limit: 10)
      #expect(rejected.map(\.bytes) == [sent[2].entry.bytes])
      #expect(rejected[0].claimed == ChainPlace(epoch: 1, seq: 3))
      #expect(rejected[0].replacedBy == nil)

      // Sent again it is counted, not kept twice.
      _ = try await store.push([sent[2]], from: writer)
      #expect(try await store.rejectedEntries(before: .max, limit: 10).map(\.times) == [2])

      let late = try await store.push([written[2].entry], from: writer)
      #expect(late.statuses == [.applied])
      #expect(late.indexes == [4])
      #expect(try await store.wholeLog().allSatisfy { $0.status == .applied && $0.reason == nil })
      #expect(try await store.allAssets() == writer.assets)
      #expect(try await store.rejectedEntries(before: .max, limit: 10)[0].replacedBy == 4)
    }
  }

  @Test("a flipped bit anywhere in an entry is found", arguments: Backend.all)
  func flippedBits(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let entry = try writer.register("AT-00001").entry
      let broken = try entry.entry.bytes.indices.map { try entry.flipping(byte: $0) }
      let results = try await store.push(broken, from: writer)
      #expect(results.count == entry.entry.bytes.count)
      #expect(results.allSatisfy { $0.status == .rejected && $0.logIndex == nil })
      #expect(try await store.headIndex() == -1)
      #expect(try await store.allAssets().isEmpty)
    }
  }

  @Test("other bytes in a place that is taken are a fork: both kept, the first stands", arguments: Backend.all)
  func fork(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let registered = try writer.register("AT-00001")
      var clone = writer
      // The clone names its events by itself.
      _ = clone.newAssetID()
      let deployed = try writer.deploy(registered.event.asset, to: "Finance")
      let other = try clone.deploy(registered.event.asset, to: "Legal")
      let after = try clone.takeBack(registered.event.asset)
      _ = try await store.enrol(writer.key.verifierKey, at: Instant(milliseconds: 1))
      _ = try await store.push([registered.entry, deployed.entry], from: writer)
      let results = try await store.push([other.entry, after.entry], from: writer)
      #expect(results.statuses == [.quarantined, .quarantined])
      #expect(results.codes == ["sync.fork", "sync.prevHash"])
      // Index 0 states the enrolment.
      #expect(results.indexes == [3, 4])
      #expect(try await store.allAssets() == writer.assets)
      #expect(try await store.stations().map(\.forks) == [1])
      #expect(try await store.wholeLog()[3].bytes == other.entry.entry.bytes)
      let again = try await store.push([other.entry], from: writer)
      #expect(again.statuses == [.duplicate])
      #expect(again.indexes == [3])
      #expect(again.codes == ["sync.fork"])
      // Told once, with both entries, and ended by whoever looked into it.
      let flagged = try await store.discrepancies(about: .station(writer.key.name))
      let claims = [deployed.event.eventID, other.event.eventID].sorted()
      #expect(flagged.map(\.discrepancy) == [Discrepancy(.fork, claims: claims)])
      #expect(flagged.map(\.settledBy) == [nil])
      var manager = try ChainWriter(2)
      try manager.learn(registered)
      try manager.learn(deployed)
      let settlement = try manager.write(
        .settle(SettleDetails(kind: .fork, claims: claims, reason: "a copy of its disk")), registered.event.asset,
        to: deployed.event.to)
      #expect(try await store.push([settlement.entry], from: manager).statuses == [.applied])
      #expect(
        try await store.discrepancies(about: .station(writer.key.name)).map(\.settledBy) == [settlement.event.eventID])
      // It moves nothing.
      #expect(try await store.asset(registered.event.asset)?.standing == deployed.event.to)
      #expect(try await store.asset(registered.event.asset)?.discrepancies == nil)
    }
  }

  @Test("a gap is quarantined, and filled later in the right order", arguments: Backend.all)
  func gap(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let registered = try writer.register("AT-00001")
      let asset = registered.event.asset
      let rest = [try writer.deploy(asset), try writer.takeBack(asset), try writer.retire(asset)]
      let early = try await store.push([rest[1].entry, rest[2].entry], from: writer)
      #expect(early.statuses == [.quarantined, .quarantined])
      #expect(early.codes == ["sync.gap", "custody.waiting"])
      #expect(try await store.allAssets().isEmpty)
      let first = try await store.push([registered.entry], from: writer)
      #expect(first.statuses == [.applied])
      #expect(try await store.asset(asset)?.state == .inStock)
      let filling = try await store.push([rest[0].entry], from: writer)
      #expect(filling.statuses == [.applied])
      #expect(try await store.allAssets() == writer.assets)
      #expect(try await store.entries(before: .max, status: [.quarantined, .unsupported], limit: 10).isEmpty)
    }
  }

  @Test("entries out of order in one push end as if they had come in order", arguments: Backend.all)
  func outOfOrder(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let entries = try fiveEntries(&writer).map(\.entry)
      let results = try await store.push(entries.reversed(), from: writer)
      #expect(results.statuses == Array(repeating: .applied, count: 5))
      #expect(results.codes == [nil, nil, nil, nil, nil])
      #expect(try await store.allAssets() == writer.assets)
    }
  }

  @Test(
    "two stations that moved one asset: both claims are contested, and the later clock holds meanwhile",
    arguments: Backend.all)
  func contested(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var one = try ChainWriter(1)
      var two = try ChainWriter(2)
      let registered = try one.register("AT-00001")
      try two.learn(registered)
      let byOne = try one.deploy(registered.event.asset, to: "Finance")
      let byTwo = try two.deploy(registered.event.asset, to: "Legal")
      let unrelated = try two.register("AT-00002")
      _ = try await store.push([registered.entry, byOne.entry], from: one)
      let results = try await store.push([byTwo.entry, unrelated.entry], from: two)
      #expect(results.statuses == [.contested, .applied])
      #expect(results.codes == ["custody.contested", nil])
      let entries = try await store.entries(about: registered.event.asset)
      #expect(entries.map(\.status) == [.applied, .contested, .contested])
      let claims = [byOne.event.eventID, byTwo.event.eventID].sorted()
      let asset = try #require(try await store.asset(registered.event.asset))
      #expect(asset.discrepancies?.map(\.claims) == [claims])
      // Both lines are equally long; the stations' clocks and then the ids tell.
      let holds = (byOne.event.hlc, byOne.event.eventID) < (byTwo.event.hlc, byTwo.event.eventID) ? byTwo : byOne
      #expect(asset.standing == holds.event.to)
      #expect(asset.head == holds.event.eventID)
      let open = try await store.discrepancies(before: .max, openOnly: true, limit: 10)
      #expect(open.map(\.discrepancy) == asset.discrepancies)
      #expect(open.map(\.subject) == [.asset(registered.event.asset)])
      #expect(try await store.figures().discrepancies == 1)
    }
  }

  @Test("an event of a type nobody knows is kept as it is, and the chain goes on", arguments: Backend.all)
  func unsupported(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let registered = try writer.register("AT-00001")
      let details = writer.someDetails
      let strange = try writer.write(details, registered.event.asset, to: nil) { $0["type"] = "teleport" }
      let newer = try writer.write(details, registered.event.asset, to: nil) { $0["v"] = 2 }
      let broken = try writer.write(details, registered.event.asset, to: nil) { $0["asset"] = "no id" }
      let deployed = try writer.deploy(registered.event.asset)
      let results = try await store.push(
        [registered.entry, strange, newer, broken, deployed.entry], from: writer)
      #expect(results.statuses == [.applied, .unsupported, .unsupported, .quarantined, .applied])
      #expect(results.codes == [nil, "event.unsupported", "event.unsupported", "event.unreadable", nil])
      #expect(try await store.wholeLog()[1].bytes == strange.entry.bytes)
      #expect(try await store.figures().unsupported == 2)
      #expect(try await store.allAssets() == writer.assets)
    }
  }

  @Test("an unknown type fills a gap like any other", arguments: Backend.all)
  func unsupportedFillsGap(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let registered = try writer.register("AT-00001")
      let strange = try writer.write(
        writer.someDetails, registered.event.asset, to: nil
      ) { $0["type"] = "teleport" }
      let deployed = try writer.deploy(registered.event.asset)
      let early = try await store.push([registered.entry, deployed.entry], from: writer)
      #expect(early.codes == [nil, "sync.gap"])
      _ = try await store.push([strange], from: writer)
      #expect(try await store.allAssets() == writer.assets)
    }
  }

  @Test("another station's event under this token is not admitted, whoever signed it", arguments: Backend.all)
  func foreignStation(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var one = try ChainWriter(1)
      var two = try ChainWriter(2)
      let byTwo = try two.register("AT-00001")
      let pretending = try one.write(
        one.someDetails, one.newAssetID(), to: nil
      ) { $0["station"] = "S2" }
      let results = try await store.push([byTwo.entry, pretending], from: one)
      #expect(results.statuses == [.rejected, .rejected])
      #expect(results.codes == ["sync.foreignStation", "sync.foreignStation"])
      #expect(try await store.headIndex() == -1)
      #expect(try await store.rejectedEntries(before: .max, limit: 10).map(\.station) == ["HQ/S1", "HQ/S1"])
    }
  }

  @Test("an event id that was used before is not applied again", arguments: Backend.all)
  func eventIDTwice(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let registered = try writer.register("AT-00001")
      let again = try writer.write(
        writer.someDetails, registered.event.asset, to: Standing(state: .retired)
      ) { $0["eventID"] = .string(registered.event.eventID.description) }
      let results = try await store.push([registered.entry, again], from: writer)
      #expect(results.statuses == [.applied, .quarantined])
      #expect(results.codes == [nil, "event.eventID"])
    }
  }

  @Test("two stations that work together end the same however their pushes interleave", arguments: Backend.all)
  func interleaved(_ backend: Backend) async throws {
    var one = try ChainWriter(1)
    var two = try ChainWriter(2)
    let first = try one.register("AT-00001")
    try two.learn(first)
    let second = try two.deploy(first.event.asset)
    try one.learn(second)
    let third = try one.takeBack(first.event.asset)
    try two.learn(third)
    let fourth = try two.retire(first.event.asset)
    let ones = [first.entry, third.entry]
    let twos = [second.entry, fourth.entry]
    let expected = [first.event.asset: try #require(two.assets[first.event.asset])]

    // Every way to merge two chains of two that keeps the order within each.
    for order in [[1, 1, 2, 2], [1, 2, 1, 2], [1, 2, 2, 1], [2, 1, 1, 2], [2, 1, 2, 1], [2, 2, 1, 1]] {
      try await backend.withStore { store in
        var next = (0, 0)
        for station in order {
          if station == 1 {
            _ = try await store.push([ones[next.0]], from: one)
            next.0 += 1
          } else {
            _ = try await store.push([twos[next.1]], from: two)
            next.1 += 1
          }
        }
        #expect(try await store.allAssets() == expected, "order \(order)")
        #expect(try await store.wholeLog().allSatisfy { $0.status == .applied }, "order \(order)")
      }
    }
  }

  @Test("concurrent pushes of many stations lose nothing and leave no gap", arguments: Backend.all)
  func concurrent(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var pushes: [(ChainWriter, [UnverifiedEntry])] = []
      var expected: [AssetID: Asset] = [:]
      for number in 1...8 {
        var writer = try ChainWriter(UInt8(number))
        var entries: [UnverifiedEntry] = []
        for tag in 0..<10 {
          let written = try writer.register("AT-\(number)-\(tag)")
          entries += [written.entry, try writer.deploy(written.event.asset).entry]
        }
        pushes.append((writer, entries))
        expected.merge(writer.assets) { first, _ in first }
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (writer, entries) in pushes {
          group.addTask {
            for entry in entries { _ = try await store.push([entry], from: writer) }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await store.wholeLog().map(\.index) == Array(0..<160))
      #expect(try await store.allAssets() == expected)
    }
  }

  @Test("a correction folds what came before it", arguments: Backend.all)
  func correction(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let registered = try writer.register("AT-00001")
      let inStock = try #require(writer.assets[registered.event.asset])
      let deployed = try writer.deploy(registered.event.asset)
      let correction = try writer.write(
        .correct(CorrectDetails(event: deployed.event.eventID, reason: "wrong laptop")), registered.event.asset,
        to: inStock.standing
      ) { $0["corrects"] = .string(deployed.event.eventID.description) }
      let results = try await store.push([registered.entry, deployed.entry, correction], from: writer)
      #expect(results.statuses == [.applied, .applied, .applied])
      let asset = try #require(try await store.asset(registered.event.asset))
      #expect(asset.state == .inStock)
      #expect(asset.custodian == nil)
      #expect(asset.version == 3)
    }
  }

  @Test("a projection made anew is the same", arguments: Backend.all)
  func rebuild(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var one = try ChainWriter(1)
      var two = try ChainWriter(2)
      let written = try fiveEntries(&one)
      try two.learn(written[0])
      let claim = try two.deploy(written[0].event.asset, to: "Legal")
      // Out of order, with a misfit and a bad signature, so that order of application and of the log differ.
      _ = try await store.push([written[2].entry, written[3].entry, written[0].entry], from: one)
      _ = try await store.push([try written[1].entry.flipping(byte: 100), written[4].entry], from: one)
      _ = try await store.push([written[1].entry], from: one)
      #expect(try await store.push([claim.entry], from: two).statuses == [.contested])
      let before = try await store.allAssets()
      let log = try await store.wholeLog()
      try await store.rebuildProjection()
      #expect(try await store.allAssets() == before)
      #expect(before[written[1].event.asset] == one.assets[written[1].event.asset])
      #expect(try await store.wholeLog() == log)
      #expect(try await store.assets(AssetQuery(text: "AT-00002", limit: 5)).map(\.id) == [written[1].event.asset])
    }
  }

  @Test("what was acknowledged is there after the store is opened again", arguments: Backend.all)
  func reopen(_ backend: Backend) async throws {
    let folder = try TemporaryFolder()
    var writer = try ChainWriter(1)
    let written = try fiveEntries(&writer)
    let first = try await backend.open(folder.path)
    guard
      case .enrolled(let station, let token) = try await first.enrol(
        writer.key.verifierKey, at: Instant(milliseconds: 1))
    else {
      Issue.record("the first enrolment was refused")
      return
    }
    _ = try await first.admit(written.map(\.entry), from: station, at: Instant(milliseconds: 5))
    let log = try await first.wholeLog()
    try await first.close()
    await #expect(throws: CentralFault.closed) {
      try await first.admit(written.map(\.entry), from: station, at: Instant(milliseconds: 6))
    }
    let second = try await backend.open(folder.path)
    #expect(try await second.wholeLog() == log)
    #expect(try await second.allAssets() == writer.assets)
    #expect(try await second.station(presenting: token.digest) == station)
    try await second.close()
  }

  @Test("numbers of asset tags: each to one station, the same request the same ones", arguments: Backend.all)
  func tagNumbers(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let stations = try (1...3).map {
        EnrolledStation(key: try ChainWriter($0).key.verifierKey, enrolledAt: Instant(milliseconds: 1))
      }
      func ask(_ station: Int, _ request: String, _ letters: String = "AT", inUse: Int = 0) async throws -> TagNumbers {
        try await store.tagNumbers(
          TagNumberRequest(request: request, letters: letters, count: 100, inUse: inUse), for: stations[station],
          at: Instant(milliseconds: 5))
      }
      #expect(try await ask(0, "a", inUse: 42) == TagNumbers(letters: "AT", first: 43, last: 142))
      #expect(try await ask(0, "a", inUse: 42) == TagNumbers(letters: "AT", first: 43, last: 142))
      // The same name at another station is another request.
      #expect(try await ask(1, "a") == TagNumbers(letters: "AT", first: 143, last: 242))
      #expect(try await ask(1, "b", "MON") == TagNumbers(letters: "MON", first: 1, last: 100))
      #expect(try await ask(2, "c", inUse: 1000) == TagNumbers(letters: "AT", first: 1001, last: 1100))
      let many = try await withThrowingTaskGroup(of: TagNumbers.self) { group in
        for number in 0..<30 { group.addTask { try await ask(number % 3, "many \(number)") } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(many.map(\.first).sorted() == (0..<30).map { 1101 + $0 * 100 })
    }
  }

  @Test("tokens: only the right one is known; a new one takes the old one's place", arguments: Backend.all)
  func tokens(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let writer = try ChainWriter(1)
      let key = writer.key.verifierKey
      guard case .enrolled(let station, let token) = try await store.enrol(key, at: Instant(milliseconds: 9)),
        case .enrolled(_, let other) = try await store.enrol(
          try ChainWriter(2).key.verifierKey, at: Instant(milliseconds: 9))
      else {
        Issue.record("an enrolment was refused")
        return
      }
      #expect(token.secret.count == 68)
      #expect(token != other)
      #expect(try await store.station(presenting: token.digest) == station)
      #expect(try await store.station(presenting: other.digest)?.name == "HQ/S2")
      #expect(try await store.station(presenting: TokenDigest(of: token.secret + "0")) == nil)
      #expect(try await store.station(presenting: TokenDigest(of: "")) == nil)
      guard case .enrolled(_, let renewed) = try await store.enrol(key, at: Instant(milliseconds: 10)) else {
        Issue.record("the same key was refused")
        return
      }
      #expect(try await store.station(presenting: token.digest) == nil)
      #expect(try await store.station(presenting: renewed.digest)?.key == key)
      #expect(!"\(token)".contains(token.secret))
    }
  }

  @Test("a name that is taken by another key is refused", arguments: Backend.all)
  func nameTaken(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let key = try ChainWriter(1).key.verifierKey
      _ = try await store.enrol(key, at: Instant(milliseconds: 1))
      let impostor = try SigningKey(name: key.name, seed: [UInt8](repeating: 99, count: 32)).verifierKey
      guard case .refused(let refusal) = try await store.enrol(impostor, at: Instant(milliseconds: 2)) else {
        Issue.record("a second key was enrolled under the name of the first")
        return
      }
      #expect(refusal.code == "central.enrol.nameTaken")
      #expect(try await store.stations().map(\.station.key) == [key])
    }
  }

  @Test("pages: of the log by index and bytes, of assets by id, state and text", arguments: Backend.all)
  func pages(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let written = try (1...5).map { try writer.register("AT-0000\($0)") }
      let deployed = try writer.deploy(written[2].event.asset)
      _ = try await store.push(written.map(\.entry) + [deployed.entry], from: writer)
      #expect(try await store.entries(after: 1, limit: 2, bytes: .max).map(\.index) == [2, 3])
      #expect(try await store.entries(after: -1, limit: 10, bytes: 1).map(\.index) == [0])
      #expect(try await store.entries(after: 5, limit: 10, bytes: .max).isEmpty)
      #expect(try await store.entries(before: 3, status: [.applied], limit: 2).map(\.index) == [2, 1])
      let ids = written.map(\.event.asset).sorted()
      let page = try await store.assets(AssetQuery(after: ids[1], limit: 2))
      #expect(page.map(\.id) == Array(ids[2...3]))
      #expect(try await store.assets(AssetQuery(state: .deployed, limit: 9)).map(\.id) == [written[2].event.asset])
      #expect(try await store.assets(AssetQuery(text: "AT-00004", limit: 9)).map(\.tag) == ["AT-00004"])
      #expect(try await store.assets(AssetQuery(text: "think", limit: 9)).count == 5)
      #expect(try await store.assets(AssetQuery(text: "AT_", limit: 9)).isEmpty)
      #expect(try await store.figures().assets == [.inStock: 4, .deployed: 1])
      #expect(try await store.figures().entries == 6)
    }
  }
}
