import CentralStore
import Custody
import CustodyLedger
import SyncTestSupport
import TamperEvidence
import Testing

/// What the log's tree must be on every backend: always that of the entries, under a head that was signed.
@Suite struct LogTreeConformance {
  /// The tree of the log's entries by the definition (RFC 6962 §2.1), which knows no tiles.
  private static func root(_ leaves: ArraySlice<TreeHash>) -> TreeHash {
    guard leaves.count > 1 else { return leaves.first ?? .empty }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    return .node(root(leaves.prefix(split)), root(leaves.dropFirst(split)))
  }

  static func check(_ store: any CentralStore) async throws {
    let head = try await store.head()
    let verified = try VerifiedCheckpoint(note: head.note, keys: [store.logKey], origin: "centre.example/log")
    #expect(verified.checkpoint == head.checkpoint)
    let leaves = try await store.wholeLog().map { TreeHash.leaf($0.bytes) }
    #expect(head.checkpoint.size == UInt64(leaves.count))
    #expect(head.checkpoint.root == root(leaves[...]))
    for start in stride(from: 0, to: leaves.count, by: 256) {
      let wanted = Tile.bytes(of: leaves[start..<min(start + 256, leaves.count)])
      #expect(try await store.tile(level: 0, index: UInt64(start / 256)) == wanted)
    }
    #expect(try await store.tile(level: 0, index: UInt64(leaves.count + 255) / 256) == nil)
    for index in 0..<leaves.count / 256 {
      let bytes = try #require(try await store.tile(level: 1, index: 0))
      #expect(Tile.hashes(in: bytes)?[index] == root(leaves[index * 256..<(index + 1) * 256]))
    }
  }

  @Test("a new log has a signed head of nothing", arguments: Backend.all)
  func empty(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let head = try await store.head()
      #expect(head.checkpoint.size == 0)
      #expect(head.checkpoint.root == .empty)
      #expect(try await store.headIndex() == -1)
      try await Self.check(store)
    }
  }

  @Test(
    "tree, tiles and head are those of the entries after every push, over the edge of a tile", arguments: Backend.all)
  func grows(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      for count in [1, 1, 2, 60, 190, 1, 1, 1, 300, 7] {
        _ = try await store.push(try (0..<count).map { _ in try writer.register("AT-00001").entry }, from: writer)
        try await Self.check(store)
      }
      #expect(try await store.head().checkpoint.size == 564)
    }
  }

  @Test("what is not admitted, or here before, leaves the tree as it is", arguments: Backend.all)
  func unchanged(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      let entry = try writer.register("AT-00001").entry
      _ = try await store.push([entry], from: writer)
      let head = try await store.head()
      _ = try await store.push([entry, try entry.flipping(byte: 9)], from: writer)
      #expect(try await store.head() == head)
    }
  }

  @Test("every state of the log extends the one before", arguments: Backend.all)
  func consistent(_ backend: Backend) async throws {
    try await backend.withStore { store in
      var writer = try ChainWriter(1)
      var heads: [Checkpoint] = []
      for _ in 0..<12 {
        _ = try await store.push(try (0..<53).map { _ in try writer.register("AT-00001").entry }, from: writer)
        heads.append(try await store.head().checkpoint)
      }
      let newest = heads[11]
      for old in heads {
        let plan = try ConsistencyProof.plan(oldSize: old.size, newSize: newest.size)
        var tiles: [Tile: [TreeHash]] = [:]
        for tile in plan.tiles {
          tiles[tile] = Tile.hashes(in: try #require(try await store.tile(level: tile.level, index: tile.index)))
        }
        let proof = ConsistencyProof(
          oldSize: old.size, newSize: newest.size, hashes: try plan.hashes { tiles[$0] ?? [] })
        try proof.verify(oldRoot: old.root, newRoot: newest.root)
      }
    }
  }

  @Test("pushes of many stations at once leave one tree", arguments: Backend.all)
  func concurrent(_ backend: Backend) async throws {
    try await backend.withStore { store in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...8 {
          group.addTask {
            var writer = try ChainWriter(UInt8(number))
            for _ in 0..<20 {
              _ = try await store.push(try (0..<5).map { _ in try writer.register("AT-00001").entry }, from: writer)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await store.head().checkpoint.size == 800)
      try await Self.check(store)
    }
  }

  @Test("an enrolment stands in the log, signed by the centre, in a chain of its own", arguments: Backend.all)
  func enrolments(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let keys = try (1...3).map { try ChainWriter($0).key.verifierKey }
      for key in keys { _ = try await store.enrol(key, at: Instant(milliseconds: 1_795_000_000_000)) }
      // The same key again: a new token and no new statement.
      _ = try await store.enrol(keys[1], at: Instant(milliseconds: 1_795_000_000_001))
      let log = try await store.wholeLog()
      #expect(log.map(\.status) == [.stated, .stated, .stated])
      #expect(log.map(\.place?.seq) == [1, 2, 3])
      var verifier = ChainVerifier(key: store.logKey)
      for entry in log { #expect(verifier.next(entry.bytes[...]) == nil) }
      let history = KeyHistory(
        authority: store.logKey, statements: try log.map { try UnverifiedEntry(bytes: $0.bytes) })
      #expect(history.faults.isEmpty)
      for key in keys {
        #expect(history.judgement(of: key.name, at: ChainPlace(epoch: 1, seq: 9)) == .key(key))
      }
      try await Self.check(store)
      guard case .refused(let refusal) = try await store.enrol(store.logKey, at: Instant(milliseconds: 2)) else {
        Issue.record("the log's own name was given to a station")
        return
      }
      #expect(refusal.code == "central.enrol.nameTaken")
    }
  }

  @Test("tree and head are there after the store is opened again", arguments: Backend.all)
  func reopened(_ backend: Backend) async throws {
    let folder = try TemporaryFolder()
    var writer = try ChainWriter(1)
    let first = try await backend.open(folder.path)
    _ = try await first.push(try (0..<300).map { _ in try writer.register("AT-00001").entry }, from: writer)
    let head = try await first.head()
    try await first.close()
    let second = try await backend.open(folder.path)
    #expect(try await second.head() == head)
    _ = try await second.push([try writer.register("AT-00001").entry], from: writer)
    try await Self.check(second)
    try await second.close()
  }
}
