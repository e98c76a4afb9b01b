import Custody
import Testing

/// "When claims disagree": whatever the order in which events come, as long as each station's own order is kept, one
/// projection comes out.
@Suite struct InterleavingTests {
  static let seed: UInt64 = 20_261_122

  @Test("every row of the table, and 10,000 interleavings of 4 stations give one projection")
  func interleavings() throws {
    var region = try Region(stations: 4, seed: Self.seed)
    try Self.live(in: &region)
    let logs = region.logs
    let total = logs.reduce(0) { $0 + $1.count }
    #expect(total >= 200, "\(total) events")
    #expect(logs.count == 4 && logs.allSatisfy { $0.count > 20 })

    var replay = Replay(logs)
    var dice = Dice(state: Self.seed &+ 1)
    var hashes: Set<UInt64> = []
    for _ in 0..<10_000 { hashes.insert(try replay.run(&dice)) }
    #expect(hashes.count == 1, "seed \(Self.seed): \(hashes.count) projections")

    // The steps that were looked up are what a projection does: some orders, every event taken for itself.
    for _ in 0..<3 {
      let projection = MemoryProjection()
      for event in interleaved(logs, &dice) { try projection.receive(event) }
      #expect(hashes == [replay.hash(of: projection.state)], "seed \(Self.seed)")
      #expect(Set(projection.state.standpoints.keys).count == total)
      expectEveryRow(projection, replay)
    }
  }

  @Test("other histories, fewer interleavings", arguments: 1...6 as ClosedRange<UInt64>)
  func otherSeeds(_ seed: UInt64) throws {
    var region = try Region(stations: 5, seed: seed)
    try Self.live(in: &region)
    var replay = Replay(region.logs)
    var dice = Dice(state: seed)
    var hashes: Set<UInt64> = []
    for _ in 0..<200 { hashes.insert(try replay.run(&dice)) }
    #expect(hashes.count == 1, "seed \(seed): \(hashes.count) projections")
  }

  private func expectEveryRow(_ projection: MemoryProjection, _ replay: Replay) {
    let state = projection.state
    let open = state.assets.values.flatMap { $0.discrepancies ?? [] }
    let standpoints = Set(state.standpoints.values)
    #expect(standpoints.contains(.applied))
    for kind in Discrepancy.Kind.allCases where kind.isFolded {
      #expect(open.contains { $0.kind == kind }, "nothing of kind \(kind) is open")
      #expect(
        projection.recorded.contains { $0.discrepancy.kind == kind && $0.settledBy != nil },
        "nothing of kind \(kind) was settled")
    }
    #expect(standpoints.contains(.superseded))
    #expect(!state.canonical.isEmpty, "nothing was received twice")
    func claims(_ verb: Verb) -> Bool {
      open.contains { $0.kind == .contested && $0.claims.contains { state.events[$0]?.verb == verb } }
    }
    #expect(claims(.settle), "no settlement was opened again by a new claim")
    #expect(claims(.correct), "no correction met what depends on the corrected event")
    #expect(claims(.deploy))
    #expect(replay.hasWaited, "no event came before the one that it follows")
  }

  private func interleaved(_ logs: [[CustodyEvent]], _ dice: inout Dice) -> [CustodyEvent] {
    var next = Array(repeating: 0, count: logs.count)
    var events: [CustodyEvent] = []
    while true {
      let open = logs.indices.filter { next[$0] < logs[$0].count }
      guard let station = open.randomElement(using: &dice) else { return events }
      events.append(logs[station][next[station]])
      next[station] += 1
    }
  }

  /// Lives through every row of the table several times, with random stations and random acts in between.
  static func live(in region: inout Region) throws {
    for round in 0..<2 {
      try contested(&region, round)
      try disposals(&region, round)
      try receipts(&region, round)
      try corrections(&region, round)
      for number in 0..<8 { try wander(&region, "W\(round)-\(number)") }
    }
  }

  /// Station numbers in a random order.
  private static func shuffled(_ region: inout Region) -> [Int] { region.places.indices.shuffled(using: &region.dice) }

  private static func contested(_ region: inout Region, _ round: Int) throws {
    for variant in 0..<4 {
      let s = shuffled(&region)
      let id: AssetID = region.newID()
      try region.receive(id, at: s[0], tag: "C\(round)\(variant)")
      try region.tellAll()
      try region.deploy(id, at: s[0])
      try region.deploy(id, at: s[1])
      if Bool.random(using: &region.dice) { try region.takeBack(id, at: s[1]) }
      if Bool.random(using: &region.dice) { try region.note(id, at: s[0]) }
      if variant == 0 { continue }
      try region.tellAll(except: s[3])
      try region.settle(id, at: s[2])
      if variant == 1 { continue }
      try region.tellAll(except: s[3])
      try region.note(id, at: s[1])
      // A third claim, by a station that heard nothing of all that.
      try region.deploy(id, at: s[3])
      if variant == 2 { continue }
      try region.tellAll()
      try region.settle(id, at: s[3])
      try region.tellAll()
      try region.note(id, at: s[0])
    }
  }

  private static func disposals(_ region: inout Region, _ round: Int) throws {
    for variant in 0..<6 {
      let s = shuffled(&region)
      let id: AssetID = region.newID()
      try region.receive(id, at: s[0], tag: "D\(round)\(variant)")
      try region.deploy(id, at: s[0])
      try region.tellAll()
      if variant >= 4 {
        // After a disposal: a station with an older program records it all the same.
        try region.dispose(id, at: s[0])
        try region.tellAll()
        try region.note(id, at: s[1])
        try region.takeBack(id, at: s[1])
        if variant == 5 {
          try region.tellAll()
          try region.settle(id, at: s[2])
        }
        continue
      }
      try region.takeBack(id, at: s[1])
      try region.retire(id, at: s[0])
      try region.dispose(id, at: s[0])
      try region.tellAll(except: s[3])
      if variant == 0 { continue }
      // One person alone settles no disposal.
      try region.settle(id, at: s[2], by: variant == 1 ? 1 : 2)
      try region.tellAll(except: s[3])
      if variant == 3 { try region.note(id, at: s[3]) }
      try region.note(id, at: s[1])
    }
  }

  private static func receipts(_ region: inout Region, _ round: Int) throws {
    for variant in 0..<7 {
      let s = shuffled(&region)
      let serial = "SN\(round)\(variant)"
      let ids: [AssetID] = [region.newID(), region.newID(), region.newID()]
      let hasTags = variant >= 4
      try region.receive(ids[0], at: s[0], serial: serial, tag: hasTags ? "T\(serial)A" : nil)
      if variant == 3 {
        try region.dispose(ids[0], at: s[0])
      }
      try region.receive(
        ids[1], at: s[1], serial: serial, tag: hasTags ? "T\(serial)B" : nil, maker: variant == 1 ? "hp" : "HP")
      if variant == 1 || variant == 2 { try region.deploy(ids[1], at: s[1]) }
      if variant == 2 { try region.deploy(ids[0], at: s[0]) }
      try region.tellAll()
      if variant == 0 { try region.deploy(ids[1], at: s[2]) }
      if variant == 1 { try region.takeBack(ids[0], at: s[3]) }
      if variant == 4 { continue }
      if hasTags {
        try region.settle(ids[0], at: s[2], identity: variant == 5 ? .same : .different)
        try region.tellAll(except: s[3])
        try region.note(ids[1], at: s[0])
        if variant == 6 { try region.receive(ids[2], at: s[3], serial: serial, tag: "T\(serial)C") }
      }
    }
  }

  private static func corrections(_ region: inout Region, _ round: Int) throws {
    for variant in 0..<3 {
      let s = shuffled(&region)
      let id: AssetID = region.newID()
      try region.receive(id, at: s[0], tag: "K\(round)\(variant)")
      let deployed = try region.deploy(id, at: s[0])
      try region.tellAll()
      switch variant {
      case 0:
        // Taken back at one place while another went on from it.
        try region.correct(deployed, at: s[1], to: Standing(state: .inStock))
        try region.takeBack(id, at: s[2])
      case 1:
        // Taken back after all, and noted beside.
        try region.note(id, at: s[2])
        try region.correct(deployed, at: s[1], to: Standing(state: .inStock))
        try region.tellAll()
        try region.deploy(id, at: s[3])
      default:
        // A claim that was withdrawn contests nothing.
        let returned = try region.takeBack(id, at: s[1])
        try region.correct(returned, at: s[1], to: deployed.to)
        try region.record(
          .transfer(TransferDetails(location: try Fixture.place("HQ-1"))), on: id, at: s[2],
          to: Standing(state: .deployed, custodian: deployed.to?.custodian, location: try Fixture.place("HQ-1")))
      }
    }
  }

  /// Random acts of random stations about one asset, with some talk in between.
  private static func wander(_ region: inout Region, _ tag: String) throws {
    let id: AssetID = region.newID()
    let first = shuffled(&region)[0]
    try region.receive(id, at: first, serial: "S" + tag, tag: tag)
    try region.tellAll()
    for _ in 0..<Int.random(in: 2...6, using: &region.dice) {
      let s = shuffled(&region)
      guard let asset = try region.asset(id, at: s[0]) else { continue }
      switch (asset.state, Int.random(in: 0..<8, using: &region.dice)) {
      case (_, 0): try region.note(id, at: s[0])
      case (_, 1): try region.tell(s[0], of: s[1])
      case (_, 2) where asset.discrepancies != nil: try region.settle(id, at: s[0])
      case (_, 3):
        if let newest = region.places[s[0]].view.state.events[asset.head], newest.verb != .correct, newest.prior != nil
        {
          try region.correct(newest, at: s[0], to: newest.from)
        }
      case (.inStock, _): try region.deploy(id, at: s[0])
      case (.deployed, _): try region.takeBack(id, at: s[0])
      case (.quarantined, _): try region.retire(id, at: s[0])
      case (.retired, _): try region.dispose(id, at: s[0])
      default: try region.note(id, at: s[0])
      }
    }
  }
}

/// Takes interleavings of logs one after the other, incrementally. Assets that share no maker's number bear on nothing of
/// one another, so each such cluster has a projection of its own; and what a projection becomes by an event follows from
/// the two alone, so each such step is made once and looked up from then on.
private struct Replay {
  private struct Cluster {
    var states: [MemoryProjection.State] = [MemoryProjection.State()]
    var hashes: [UInt64] = [MemoryProjection.State().hash]
    var numbers: [MemoryProjection.State: Int] = [MemoryProjection.State(): 0]
    /// By state, then by event: the state that comes of it; -1 where nobody has been yet.
    var steps: [[Int]] = []
    var events: [CustodyEvent] = []
  }

  private var clusters: [Cluster] = []
  /// Of each station's events: the cluster, and the place in it.
  private var sites: [[(cluster: Int, event: Int)]]
  private let clusterOf: [AssetID: Int]
  private(set) var hasWaited = false

  init(_ logs: [[CustodyEvent]]) {
    var clusterOf: [AssetID: Int] = [:]
    var bySerial: [String: Int] = [:]
    var count = 0
    for event in logs.joined() {
      guard case .receive(let details) = event.details else { continue }
      let serial = details.identifiers.first { $0.kind == .serial }?.value
      let cluster = serial.flatMap { bySerial[$0] } ?? count
      if cluster == count { count += 1 }
      if let serial { bySerial[serial] = cluster }
      clusterOf[event.asset] = cluster
    }
    clusters = Array(repeating: Cluster(), count: count)
    sites = logs.map { _ in [] }
    for (station, log) in logs.enumerated() {
      for event in log {
        guard let cluster = clusterOf[event.asset] else { continue }
        sites[station].append((cluster, clusters[cluster].events.count))
        clusters[cluster].events.append(event)
      }
    }
    for cluster in clusters.indices {
      clusters[cluster].steps = [Array(repeating: -1, count: clusters[cluster].events.count)]
    }
    self.clusterOf = clusterOf
  }

  /// One random interleaving; the hash of what comes out.
  mutating func run(_ dice: inout Dice) throws -> UInt64 {
    var at = Array(repeating: 0, count: clusters.count)
    var next = Array(repeating: 0, count: sites.count)
    var open = Array(sites.indices)
    while !open.isEmpty {
      let choice = Int(truncatingIfNeeded: dice.next() >> 33) % open.count
      let station = open[choice]
      let (cluster, event) = sites[station][next[station]]
      next[station] += 1
      if next[station] == sites[station].count { open.remove(at: choice) }
      let known = clusters[cluster].steps[at[cluster]][event]
      at[cluster] = known >= 0 ? known : try step(cluster, from: at[cluster], by: event)
    }
    return Self.combined(clusters.indices.map { clusters[$0].hashes[at[$0]] })
  }

  private mutating func step(_ cluster: Int, from state: Int, by event: Int) throws -> Int {
    let projection = MemoryProjection()
    projection.state = clusters[cluster].states[state]
    let changes = try projection.receive(clusters[cluster].events[event])
    if changes.values.contains(.waiting) { hasWaited = true }
    let after = projection.state
    let number: Int
    if let known = clusters[cluster].numbers[after] {
      number = known
    } else {
      number = clusters[cluster].states.count
      clusters[cluster].numbers[after] = number
      clusters[cluster].states.append(after)
      clusters[cluster].hashes.append(after.hash)
      clusters[cluster].steps.append(Array(repeating: -1, count: clusters[cluster].events.count))
    }
    clusters[cluster].steps[state][event] = number
    return number
  }

  /// The hash of a projection that holds all clusters at once.
  func hash(of state: MemoryProjection.State) -> UInt64 {
    var parts = Array(repeating: MemoryProjection.State(), count: clusters.count)
    for (id, event) in state.events {
      guard let cluster = clusterOf[event.asset] else { continue }
      parts[cluster].events[id] = event
      parts[cluster].standpoints[id] = state.standpoints[id]
    }
    for (id, asset) in state.assets { if let cluster = clusterOf[id] { parts[cluster].assets[id] = asset } }
    for (id, canonical) in state.canonical {
      if let cluster = clusterOf[id] { parts[cluster].canonical[id] = canonical }
    }
    return Self.combined(parts.map(\.hash))
  }

  private static func combined(_ hashes: [UInt64]) -> UInt64 {
    hashes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ $1) &* 0x100_0000_01b3 }
  }
}
