import CentralStore
import Custody
import CustodyLedger
import Foundation
import GRDB
import StationStore
import SyncProtocol
import SyncTestSupport
import TamperEvidence

@testable import Central
@testable import Station

extension World {
  // MARK: Healing

  /// Ends all that is wrong but clocks and forks: everything that must come level now does.
  func heal() async throws {
    note("all is well again")
    weather = .calm
    lie = nil
    overloadedUntil = 0
    for index in machines.indices { machines[index].cutOffUntil = 0 }
    try await startCentre()
    var events = 0
    try await run(until: time.now + Self.healingTime) {
      events += 1
      return events % 8 == 0 ? try await isLevel() : false
    }
    guard try await isLevel() else { throw WorldFault("two hours later not all is level: \(try await unlevel())") }
  }

  private func isLevel() async throws -> Bool { try await unlevel().isEmpty }

  /// What is not level yet.
  private func unlevel() async throws -> [String] {
    guard let centre else { return ["no centre"] }
    let head = try await centre.store.headIndex()
    var all: [String] = []
    for machine in machines where !machine.isGone {
      guard try await !isFrozen(machine) else { continue }
      let (pending, cursor, left) = try await machine.process.store.read {
        (try $0.pendingCount(), try $0.pullCursor() ?? -1, try $0.leftWithCentre())
      }
      if pending > 0 { all.append("\(machine.name) has \(pending) to send") }
      if cursor < head { all.append("\(machine.name) has read up to \(cursor) of \(head)") }
      // The second half of another's fork has no place at a station.
      for (index, reason) in left where !reason.contains("the chain has forked") {
        all.append("\(machine.name) left \(index) with the centre: \(reason)")
      }
    }
    return all
  }

  /// Of two that sign as one the centre takes nothing until people have found out which is which.
  private func isFrozen(_ machine: Machine) async throws -> Bool {
    guard machine.hasForked, let centre else { return false }
    if machine.process.sync.core.sync.snapshot.refused?.code == "sync.fork" { return true }
    return try await centre.store.stations().contains {
      $0.station.name == machine.identity.keyName && $0.station.frozen != nil
    }
  }

  // MARK: What must hold

  /// Everything that does not hold, one sentence each.
  func violations() async throws -> [String] {
    guard let centre else { return ["there is no centre"] }
    let log = try await centre.store.entries(after: -1, limit: .max, bytes: .max)
    var found = log.enumerated().filter { $0.offset != Int($0.element.index) }.map {
      "index \($0.element.index) is not its place"
    }
    let times = Dictionary(log.map { ($0.hash, 1) }, uniquingKeysWith: +)
    for (hash, index) in acknowledged where times[hash] != 1 {
      // What two made in one place of a chain stays with the one that the centre did not believe.
      if times[hash] == nil, machines[index].hasForked, try await keeps(machines[index], hash) { continue }
      found.append("\(machines[index].name) acknowledged \(hash); the log has it \(times[hash] ?? 0) times")
    }
    found += try await audit(log, centre)
    let central = try await projection(of: centre)
    for machine in machines where !machine.isGone { found += try await check(machine, log, central) }
    return found
  }

  private func keeps(_ machine: Machine, _ hash: EntryHash) async throws -> Bool {
    try await machine.process.store.read {
      try Bool.fetchOne(
        $0.db,
        sql: """
          SELECT EXISTS(SELECT 1 FROM entry JOIN outbox USING (epoch, seq) WHERE hash = ?1 AND station = ?2)
            OR EXISTS(SELECT 1 FROM displaced WHERE hash = ?1)
          """, arguments: [Data(hash.bytes), machine.identity.keyName]) ?? false
    }
  }

  private func audit(_ log: [LogEntry], _ centre: CentreProcess) async throws -> [String] {
    // A chain that was signed twice is named; nothing else is.
    let forked = Set(machines.filter(\.hasForked).map(\.identity.keyName))
    return try await failures(in: log, of: centre).filter { failure in
      guard let index = failure.index, log.indices.contains(index) else { return true }
      return !forked.contains(log[index].station)
    }.map { "audit: \($0)" }
  }

  /// What an audit of the whole log finds, as `custody-audit verify` makes it of an exported log.
  private func failures(in log: [LogEntry], of centre: CentreProcess) async throws -> [EvidenceFailure] {
    let head = try await centre.store.head()
    let key = try CentreProcess.author().key.verifierKey
    var audit = LogAudit(
      checkpoint: try VerifiedCheckpoint(note: head.note, keys: [key], origin: key.name).checkpoint, key: key,
      statements: log.compactMap { LogAudit.statement(in: $0.bytes[...]) })
    for entry in log { audit.next(entry.bytes[...]) }
    audit.finish()
    for tile in Tile.all(inTreeOf: head.checkpoint.size) {
      guard let bytes = try await centre.store.tile(level: tile.level, index: tile.index),
        let hashes = Tile.hashes(in: bytes)
      else { throw WorldFault("\(LogPath.tile(tile)) is missing") }
      audit.check(tile, holds: hashes)
    }
    return audit.failures
  }

  private func projection(of centre: CentreProcess) async throws -> [AssetID: [UInt8]] {
    var all: [AssetID: [UInt8]] = [:]
    for asset in try await centre.store.assets(AssetQuery(limit: .max)) {
      all[asset.id] = try CanonicalEncoder().encode(asset, limit: .max)
    }
    return all
  }

  private func check(_ machine: Machine, _ log: [LogEntry], _ central: [AssetID: [UInt8]]) async throws -> [String] {
    var found: [String] = []
    let store = machine.process.store
    // What it sealed before it was restored comes back without proofs.
    let epoch = store.headPlace.epoch
    let (chain, proofs, local, key) = try await store.read { snapshot in
      (
        try snapshot.chain(of: machine.identity, beyond: ChainPlace(epoch: epoch, seq: 0), limit: .max),
        try Row.fetchAll(
          snapshot.db,
          sql: """
            SELECT seq, entry.bytes AS bytes, log_index, proof, note FROM entry
            LEFT JOIN tree_head ON tree_head.size = proof_size
            WHERE station = ?1 AND entry.epoch = ?2 AND seq NOT IN (SELECT seq FROM outbox WHERE epoch = ?2)
            """, arguments: [machine.identity.keyName, epoch]
        ).map { row -> (seq: Int, bytes: Data, index: Int64?, proof: Data?, note: Data?) in
          (row["seq"], row["bytes"], row["log_index"], row["proof"], row["note"])
        },
        try snapshot.assets(limit: .max), try snapshot.logKey()
      )
    }
    // Its own chain; of a frozen one it leaves out what came after the end that another has set.
    let isFrozen = try await isFrozen(machine)
    var verifier = ChainVerifier(key: store.verifierKey)
    for entry in chain {
      if let fault = verifier.next(entry.bytes), !isFrozen { return ["\(machine.name): \(fault)"] }
    }
    let end: (seq: Int, hash: EntryHash)? = chain.isEmpty || isFrozen ? nil : store.head
    if let (seq, hash) = end,
      let fault = verifier.finish(expectedHead: ChainHead(seq: seq, hash: hash))
    {
      found.append("\(machine.name): \(fault)")
    }
    // Nothing is held without a proof, and the proof is true.
    for (seq, bytes, index, proof, note) in proofs {
      guard let index, let proof, let note, let key else {
        found.append("\(machine.name) holds \(seq) for sent without a proof")
        continue
      }
      let head = try VerifiedCheckpoint(note: Array(note), keys: [key], origin: key.name).checkpoint
      let path = InclusionProof(
        leafIndex: UInt64(index), treeSize: head.size, hashes: proof.isEmpty ? [] : Tile.hashes(in: proof) ?? [])
      do {
        try path.verify(leaf: .leaf(bytes), root: head.root)
      } catch {
        found.append("\(machine.name): the proof of \(seq) does not verify: \(error)")
      }
      if !log.indices.contains(Int(index)) || log[Int(index)].bytes != Array(bytes) {
        found.append("\(machine.name) holds \(seq) for sent at \(index), where the log has something else")
      }
    }
    guard !isFrozen else { return found }
    // What it makes of everything is what the centre makes of it.
    var differing: [AssetID] = []
    for asset in local where try CanonicalEncoder().encode(asset, limit: .max) != central[asset.id] {
      differing.append(asset.id)
    }
    let missing = Set(central.keys).subtracting(local.map(\.id))
    if !differing.isEmpty || !missing.isEmpty {
      found.append(
        "\(machine.name) sees \(differing.count) assets otherwise than the centre, and \(missing.count) not at all")
      for id in differing.prefix(2) {
        found.append("there: \(central[id].map { String(decoding: $0, as: UTF8.self) } ?? "nothing")")
        if let asset = local.first(where: { $0.id == id }) {
          found.append("here: \(String(decoding: try CanonicalEncoder().encode(asset, limit: .max), as: UTF8.self))")
        }
      }
    }
    return found
  }

  // MARK: Flipped bits

  /// Turns over one bit of what is stored, at the centre and at a station, and tells what nobody noticed.
  func unnoticedFlips() async throws -> [String] {
    guard let running = centre else { return ["there is no centre"] }
    var found: [String] = []
    // Where a chain was signed twice there is something to find already.
    let before = try await failures(
      in: try await running.store.entries(after: -1, limit: .max, bytes: .max), of: running)
    let folder = try copy(running.folder)
    let spoiled = try flipStored(folder.path + "/central.db", dice.pick(["log", "log", "tile"]), "TRUE")
    do {
      let centre = try await CentreProcess(in: folder, clock: centreClock)
      let log = try await centre.store.entries(after: -1, limit: .max, bytes: .max)
      if try await failures(in: log, of: centre) == before { found.append("at the centre: \(spoiled)") }
      try await centre.store.close()
    } catch {
      // It does not even start, and says why.
    }
    count("stored bit flipped")
    guard let machine = machines.first(where: { !$0.isGone }), machine.process.store.head.seq > 0 else { return found }
    let own = try copy(machine.process.folder)
    let epoch = machine.process.store.headPlace.epoch
    let entry = try flipStored(
      own.path + "/station.db", "entry", "station = '\(machine.identity.keyName)' AND epoch = \(epoch)")
    do {
      let store = try StationStore(folder: own.path, identity: machine.identity, clock: machine.clock)
      var verifier = ChainVerifier(key: store.verifierKey)
      let chain = try await store.read {
        try $0.chain(of: machine.identity, beyond: ChainPlace(epoch: epoch, seq: 0), limit: .max)
      }
      for entry in chain {
        _ = verifier.next(entry.bytes)
      }
      if verifier.finish(expectedHead: ChainHead(seq: store.head.seq, hash: store.head.hash)) == nil {
        found.append("\(machine.name): \(entry)")
      }
      try store.close()
    } catch {
      // Likewise.
    }
    return found
  }

  /// Flips a bit of one row's bytes; gives back which.
  private func flipStored(_ database: String, _ table: String, _ condition: String) throws -> String {
    let queue = try DatabaseQueue(path: database)
    // Tiles have no row ids, but a place.
    let row = table == "tile" ? "level * 1000000000 + \"index\"" : "rowid"
    let rows = try queue.read {
      try Int64.fetchAll($0, sql: "SELECT \(row) FROM \(table) WHERE \(condition) ORDER BY 1")
    }
    let picked = dice.pick(rows)
    let (place, bit) = (dice.next(), UInt8(dice.pick(0...7)))
    try queue.write { db in
      var bytes =
        try Data.fetchOne(db, sql: "SELECT bytes FROM \(table) WHERE \(row) = ?", arguments: [picked]) ?? Data()
      bytes[Int(place % UInt64(bytes.count))] ^= 1 << bit
      try db.execute(sql: "UPDATE \(table) SET bytes = ? WHERE \(row) = ?", arguments: [bytes, picked])
    }
    try queue.close()
    return "a bit of row \(picked) of \(table)"
  }

  // MARK: The end

  /// Lets go of all stores and folders.
  func end() async throws {
    for process in stopped + machines.map(\.process) { try process.store.close() }
    for process in stoppedCentres { try await process.store.close() }
    try await centre?.store.close()
    // The machines' transports hold the world.
    machines = []
    stopped = []
    stoppedCentres = []
    centre = nil
  }
}
