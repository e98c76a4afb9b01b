import CentralStore
import Custody
import CustodyLedger
import SyncTestSupport
import TamperEvidence
import Testing

/// The rules for claims that disagree, through every backend: what a store makes of entries does not depend on the order in
/// which they are pushed.
@Suite struct InterleavedPushTests {
  /// What a store holds, log indexes and times left out.
  private struct Holding: Hashable {
    var assets: [AssetID: Asset]
    var statuses: [EntryHash: String]
    var open: Set<String>

    /// SHA-256 of all of it, always written alike.
    var hash: String {
      get throws {
        var bytes: [UInt8] = []
        for (_, asset) in assets.sorted(by: { $0.key < $1.key }) {
          bytes += try CanonicalEncoder().encode(asset, limit: .max)
        }
        for (hash, status) in statuses.sorted(by: { $0.key.description < $1.key.description }) {
          bytes += Array("\(hash) \(status)\n".utf8)
        }
        for row in open.sorted() { bytes += Array("\(row)\n".utf8) }
        return EntryHash(of: bytes).description
      }
    }
  }

  /// Three stations with claims of every kind that an asset's own events can raise.
  private func history() throws -> (writers: [ChainWriter], entries: [[UnverifiedEntry]], ids: [AssetID]) {
    var (one, two, three) = (try ChainWriter(1), try ChainWriter(2), try ChainWriter(3))
    var entries: [[UnverifiedEntry]] = [[], [], []]
    let registered = try (0..<4).map { try one.register("AT-0000\($0)") }
    entries[0] += registered.map(\.entry)
    for written in registered {
      try two.learn(written)
      try three.learn(written)
    }
    let ids = registered.map(\.event.asset)
    // Contested, and settled by the third station; then a claim that the settlement did not know of.
    let (first, second) = (try one.deploy(ids[0]), try two.deploy(ids[0], to: "Legal"))
    try three.learn(first)
    let settlement = try three.write(
      .settle(
        SettleDetails(
          kind: .contested, claims: [first.event.eventID, second.event.eventID], holds: first.event.eventID,
          reason: "it is at Finance")), ids[0], to: first.event.to)
    let late = try two.takeBack(ids[0])
    // Contested and open.
    let others = [try one.deploy(ids[1]), try two.retire(ids[1])]
    // Disposed of at one place, handed out at another.
    let disposal = try one.write(
      .dispose(DisposeDetails(order: "DO-1", route: .recycle)), ids[2], to: Standing(state: .disposed))
    let beside = try three.deploy(ids[2])
    // One number: received twice without a tag, and under two tags.
    func receive(_ writer: inout ChainWriter, _ serial: String, _ tag: String?) throws -> UnverifiedEntry {
      var facts = AssetFacts()
      facts.manufacturer = "HP"
      facts.model = "EliteBook"
      let marks = [BoundIdentifier(.serial, serial)] + (tag.map { [BoundIdentifier(.tag, $0)] } ?? [])
      let place = try #require(LocationCode("HQ"))
      return try writer.write(
        .receive(ReceiveDetails(location: place, facts: facts, identifiers: marks)), writer.newAssetID(),
        to: Standing(state: .inStock, location: place)
      ).entry
    }
    entries[0] += [first, others[0], disposal].map(\.entry)
    entries[0] += [try receive(&one, "SN-1", nil), try receive(&one, "SN-2", "AT-A")]
    entries[1] += [second, late, others[1]].map(\.entry)
    entries[1] += [try receive(&two, "SN-1", nil), try receive(&two, "SN-2", "AT-B")]
    entries[2] += [settlement, beside].map(\.entry)
    return ([one, two, three], entries, ids)
  }

  @Test("pushes in any order end in one projection, which made anew is the same", arguments: Backend.all)
  func interleavings(_ backend: Backend) async throws {
    let (writers, entries, ids) = try history()
    var holdings: Set<Holding> = []
    // Every order of the stations, and orders that change between them after so many entries.
    for (round, plan) in [
      ([0, 1, 2], 99), ([2, 1, 0], 99), ([1, 0, 2], 99), ([1, 2, 0], 99), ([0, 1, 2], 1), ([2, 1, 0], 1),
      ([1, 2, 0], 2),
      ([2, 0, 1], 3),
    ].enumerated() {
      let (turns, count) = plan
      try await backend.withStore { store in
        for start in stride(from: 0, to: 99, by: count) {
          for station in turns where start < entries[station].count {
            _ = try await store.push(Array(entries[station][start...].prefix(count)), from: writers[station])
          }
        }
        holdings.insert(try await self.holding(store))
      }
      guard round == 0, let holding = holdings.first else { continue }
      try await backend.withStore { store in
        for station in 0..<3 { _ = try await store.push(entries[station], from: writers[station]) }
        try await store.rebuildProjection()
        #expect(try await self.holding(store) == holding)
        let kinds = try await store.discrepancies(before: .max, openOnly: true, limit: 100).map(\.discrepancy.kind)
        #expect(Set(kinds) == [.contested, .contestedDisposal, .identityQuestion])
        let ended = try await store.discrepancies(about: .asset(ids[0]))
        #expect(ended.contains { $0.settledBy != nil } && ended.contains { $0.settledBy == nil })
        #expect(holding.assets.values.count { $0.aliases != nil } == 1)
      }
    }
    #expect(holdings.count == 1)
  }

  @Test("the same 200 interleavings on SQLite and on PostgreSQL give one hash of the projection")
  func sameOnBoth() async throws {
    let (writers, entries, _) = try history()
    var hashes: [String: Set<String>] = [:]
    for seed in 1...200 as ClosedRange<UInt64> {
      for backend in Backend.all {
        var dice = Dice(seed)
        var next = [0, 0, 0]
        try await backend.withStore { store in
          while true {
            let open = entries.indices.filter { next[$0] < entries[$0].count }
            guard let station = open.randomElement(using: &dice) else { break }
            let some = entries[station][next[station]...].prefix(Int.random(in: 1...3, using: &dice))
            next[station] += some.count
            _ = try await store.push(Array(some), from: writers[station])
          }
          let hash = try await self.holding(store).hash
          hashes[backend.testDescription, default: []].insert(hash)
          #expect(hashes.values.allSatisfy { $0 == [hash] }, "seed \(seed), \(backend)")
        }
      }
    }
    #expect(hashes.count == Backend.all.count)
    // A hash that tells one projection from another.
    let other = try await Backend.all[0].withHolding { store in
      _ = try await store.push(Array(entries[0].dropLast()), from: writers[0])
      return try await self.holding(store).hash
    }
    #expect(!hashes.values.contains([other]))
  }

  /// Random numbers of a seed: xorshift64*.
  private struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
      state ^= state >> 12
      state ^= state << 25
      state ^= state >> 27
      return state &* 0x2545_F491_4F6C_DD1D
    }
  }

  private func holding(_ store: any CentralStore) async throws -> Holding {
    Holding(
      assets: try await store.allAssets(),
      statuses: Dictionary(
        uniqueKeysWithValues: try await store.wholeLog().filter { $0.status != .stated }.map {
          ($0.hash, "\($0.status) \($0.reason?.code ?? "")")
        }),
      open: Set(
        try await store.discrepancies(before: .max, openOnly: true, limit: 100).map {
          "\($0.subject) \($0.discrepancy)"
        }))
  }

  @Test("a clock far ahead is flagged, not refused, and its settlement is signed", arguments: Backend.all)
  func skewedClock(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let early = try writer.register("AT-00001")
      // The station's clock says a second more than the bound.
      let received = Instant(milliseconds: early.event.hlc.milliseconds - AdmissionBounds.clockAhead - 1)
      #expect(try await store.push([early.entry], from: writer, at: received).statuses == [.applied])
      let open = try await store.discrepancies(about: .station("HQ/S1"))
      #expect(open.map(\.discrepancy) == [Discrepancy(.skewedClock, claims: [early.event.eventID])])
      #expect(open.map(\.openedAt) == [received])
      let settlement = try writer.write(
        .settle(SettleDetails(kind: .skewedClock, claims: [early.event.eventID], reason: "clock set")),
        early.event.asset, to: early.event.to)
      let later = Instant(milliseconds: settlement.event.hlc.milliseconds)
      #expect(try await store.push([settlement.entry], from: writer, at: later).statuses == [.applied])
      let ended = try await store.discrepancies(about: .station("HQ/S1"))
      #expect(ended.map(\.settledBy) == [settlement.event.eventID])
      #expect(ended.map(\.settledAt) == [later])
    }
  }
}
