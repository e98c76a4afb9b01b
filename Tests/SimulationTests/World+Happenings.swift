import CentralStore
import Custody
import CustodyLedger
import Foundation
import StationStore
import StationSync
import SyncProtocol
import SyncTestSupport
import TamperEvidence

@testable import Station

/// What befalls a world.
enum Happening: String, CaseIterable, Sendable {
  case cutOff, stationStops, centreStops, clockJumps, centreClockJumps, backUp, restore, clone, wipe, lie, truth
  case overload, replay, weatherChanges

  /// Each as often as it stands here.
  static let weighted: [Happening] = [
    .cutOff, .cutOff, .cutOff, .stationStops, .stationStops, .stationStops, .centreStops, .centreStops, .clockJumps,
    .clockJumps, .centreClockJumps, .backUp, .restore, .clone, .wipe, .lie, .lie, .lie, .truth, .overload, .replay,
    .replay, .replay, .weatherChanges,
  ]
}

extension World {
  // MARK: The beginning

  /// Makes the centre and the stations, and plans what people do and what befalls them.
  func begin() async throws {
    centre = try await CentreProcess(in: centreFolder, clock: centreClock)
    for number in 1...dice.pick(2...4) {
      // The last of many is another site's, with the same name as the first.
      let isElsewhere = number == 4
      try await add(site: isElsewhere ? "LAB" : "HQ", station: isElsewhere ? "S1" : "S\(number)", key: UInt8(number))
    }
    for _ in 0..<dice.pick(25...70) {
      schedule(.act(dice.pick(0...machines.count - 1)), in: dice.pick(0...Int(Self.roughTime)))
    }
    for _ in 0..<dice.pick(3...9) {
      schedule(.happen(dice.pick(Happening.weighted)), in: dice.pick(0...Int(Self.roughTime)))
    }
  }

  /// Stations that are cut off while people work at each, and then all come back at one moment.
  func gather(stations: Int, acts: Int) async throws {
    weather = .calm
    centre = try await CentreProcess(in: centreFolder, clock: centreClock)
    for number in 1...stations { try await add(site: "HQ", station: "S\(number)", key: UInt8(number)) }
    for index in machines.indices {
      machines[index].cutOffUntil = .max
      for _ in 0..<acts { schedule(.act(index), in: dice.pick(0...Int(Self.roughTime))) }
    }
    try await run(until: VirtualTime.start + Self.roughTime)
  }

  /// What happens in some of 200 worlds, or they are too calm.
  static let mustHappen =
    Happening.allCases.map(\.rawValue) + Lie.allCases.filter { $0 != .withheldTile }.map { "lie \($0.rawValue)" } + [
      "lost", "answer lost", "cut in the middle", "answer cut", "flipped", "answer flipped", "tile flipped",
      "duplicated", "reordered", "overloaded", "refused", "cut off", "the station stopped", "stored bit flipped",
      "deploy", "return", "dispose", "correct", "settle",
    ]

  /// A new station, enrolled.
  func add(site: String, station: String, key: UInt8) async throws {
    guard let site = SiteCode(site), let station = StationCode(station), let centre else {
      throw WorldFault("no station \(site)/\(station)")
    }
    let identity = StationIdentity(site: site, station: station)
    let signing = try SigningKey(name: identity.keyName, seed: [UInt8](repeating: key, count: 32))
    guard case .enrolled(_, let token) = try await centre.server.enrol(verifierKey: signing.verifierKey) else {
      throw WorldFault("\(identity.keyName) was not enrolled")
    }
    try await add(identity, key, token.secret, in: try newFolder())
  }

  private func add(_ identity: StationIdentity, _ key: UInt8, _ token: String, in folder: TemporaryFolder) async throws
  {
    let index = machines.count
    let clock = MachineClock(time, machine: index, error: Int64(dice.pick(-2000...2000)))
    let process = try await StationProcess(
      in: folder, identity: identity, seed: key, clock: clock, token: token,
      over: SimulatedTransport(world: self, machine: index, generation: 0))
    machines.append(
      Machine(
        name: "\(index):\(identity.keyName)", identity: identity, keySeed: key, token: token, clock: clock,
        process: process))
    begin(index)
  }

  // MARK: Folders

  /// In memory where the system has a folder for that: what is meant to be on disk is then synced fast.
  func newFolder() throws -> TemporaryFolder {
    let memory = "/dev/shm"
    return FileManager.default.isWritableFile(atPath: memory)
      ? try TemporaryFolder(in: memory) : try TemporaryFolder()
  }

  /// What a process that is killed now leaves behind: its files as they are, nothing flushed, nothing closed.
  func copy(_ folder: TemporaryFolder) throws -> TemporaryFolder {
    let copy = try newFolder()
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where !name.hasSuffix(".lock") && !name.hasSuffix("-shm") {
      try FileManager.default.copyItem(atPath: folder.path + "/" + name, toPath: copy.path + "/" + name)
    }
    return copy
  }

  /// Another process of a machine, in a folder.
  func restart(_ index: Int, in folder: TemporaryFolder) async throws {
    stopped.append(machines[index].process)
    machines[index].generation += 1
    let machine = machines[index]
    machines[index].process = try await StationProcess(
      in: folder, identity: machine.identity, seed: machine.keySeed, clock: machine.clock, token: machine.token,
      over: SimulatedTransport(world: self, machine: index, generation: machine.generation))
    machines[index].pushing = SyncBackoff()
    machines[index].pulling = SyncService.PullState()
    machines[index].numbering = SyncBackoff(ceiling: .seconds(600))
    machines[index].reading = SyncBackoff(ceiling: .seconds(600))
    machines[index].waitsForWork = false
    machines[index].waitsForLog = false
    begin(index)
  }

  func stopCentre() throws {
    guard let running = centre else { return }
    centreFolder = try copy(running.folder)
    stoppedCentres.append(running)
    centre = nil
    schedule(.startCentre, in: dice.pick(100...30_000))
  }

  func startCentre() async throws {
    guard centre == nil else { return }
    note("the centre starts")
    centre = try await CentreProcess(in: centreFolder, clock: centreClock)
  }

  /// Takes what did not come to the centre out of what must be there: the disk that it was on is gone.
  private func forgetUnsent(of index: Int) async throws {
    guard let centre else { return }
    let log = try await centre.store.entries(after: -1, limit: .max, bytes: .max)
    let held = Set(log.map(\.hash))
    acknowledged = acknowledged.filter { $0.value != index || held.contains($0.key) }
  }

  // MARK: What happens

  func happen(_ happening: Happening) async throws {
    let index = dice.pick(0...machines.count - 1)
    guard !machines[index].isGone else { return }
    note("\(happening.rawValue) (\(machines[index].name))")
    count(happening.rawValue)
    switch happening {
    case .cutOff: machines[index].cutOffUntil = time.now + Int64(dice.pick(1000...90_000))
    case .stationStops: try await restart(index, in: try copy(machines[index].process.folder))
    case .centreStops: try stopCentre()
    case .clockJumps:
      let year: Int64 = 31_557_600_000
      let error = dice.pick([-10 * year, 10 * year, -3_600_000, 3_600_000, 200_000, 0, -50 * year])
      machines[index].clock.set(error: error)
    case .centreClockJumps: centreClock.set(error: dice.pick([-31_557_600_000, 31_557_600_000, -60_000, 0]))
    case .backUp: machines[index].backup = try copy(machines[index].process.folder)
    case .restore: try await restore(index)
    case .clone:
      guard machines.count < 8, centre != nil else { return }
      machines[index].hasForked = true
      let machine = machines[index]
      try await add(machine.identity, machine.keySeed, machine.token, in: try copy(machine.process.folder))
      machines[machines.count - 1].hasForked = true
      for _ in 0..<6 { schedule(.act(dice.pick([index, machines.count - 1])), in: dice.pick(0...60_000)) }
    case .wipe:
      // Needs the centre: a new station is enrolled in its place, under another name.
      guard machines.count < 8, centre != nil else { return }
      try await forgetUnsent(of: index)
      machines[index].isGone = true
      machines[index].generation += 1
      let number = machines.count
      try await add(site: machines[index].identity.site.text, station: "S\(number)N", key: UInt8(100 + number))
      for _ in 0..<6 { schedule(.act(number), in: dice.pick(0...60_000)) }
    case .lie:
      let lie = dice.pick(Lie.allCases)
      note("lie: \(lie.rawValue)")
      self.lie = (lie, index)
      // Somebody must ask for it to be told.
      schedule(.act(index), in: dice.pick(1...3000))
      schedule(.happen(.truth), in: dice.pick(5000...60_000))
    case .truth: lie = nil
    case .overload: overloadedUntil = time.now + Int64(dice.pick(1000...40_000))
    case .replay: try await replay(by: index)
    case .weatherChanges: weather = Weather(&dice)
    }
  }

  private func restore(_ index: Int) async throws {
    guard let backup = machines[index].backup, centre != nil else { return }
    let lost = machines[index].process.store.head.seq
    try await forgetUnsent(of: index)
    try await restart(index, in: try copy(backup))
    // What it signed since is at the centre, or may still come there.
    if machines[index].process.store.head.seq < lost { machines[index].hasForked = true }
    for _ in 0..<4 { schedule(.act(index), in: dice.pick(0...60_000)) }
  }

  /// Somebody who listened in sends a push again: as it was, or in another form.
  private func replay(by index: Int) async throws {
    guard !overheard.isEmpty else { return }
    var request = dice.pick(overheard)
    let form = dice.pick([
      "as it was", "with another station's token", "cut off", "flipped", "backwards", "without a token",
    ])
    switch form {
    case "with another station's token":
      request.headers.replaceOrAdd(name: "authorization", value: "Bearer \(machines[index].token)")
    case "cut off": request.body.removeLast(dice.pick(1...request.body.count))
    case "flipped": flip(&request.body)
    case "backwards":
      let entries = try EntryBundle(bytes: request.body).entries.reversed()
      request.body = EntryBundle(prefixOf: Array(entries))?.bytes ?? []
    case "without a token": request.headers.replaceOrAdd(name: "authorization", value: "Bearer cst_0")
    default: break
    }
    let answer = await deliver(request)
    note("somebody sends \(Self.name(request)) again, \(form): \(answer.map { "\($0.status)" } ?? "no answer")")
  }

  // MARK: Lies

  /// What a centre answers that lies.
  func lying(_ lie: Lie, _ request: CentralRequest) async -> CentreProcess.Answer? {
    do {
      switch (lie, request.path == SyncRoute.push, request.path.hasPrefix(SyncRoute.entries)) {
      case (.unlogged, true, _): return try await unlogged(request)
      case (.withheldEntry, _, true):
        guard var answer = await deliver(request) else { return nil }
        var lines = answer.body.split(separator: UInt8(ascii: "\n"))
        guard lines.count > 1 else { return answer }
        lines.remove(at: dice.pick(0...lines.count - 2))
        answer.body = Array(lines.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
        count("lie \(lie.rawValue)")
        return answer
      case (_, true, _):
        guard var answer = await deliver(request) else { return nil }
        guard answer.status == 200 else { return answer }
        var said = try JSONDecoder().decode(PushAnswer.self, from: Data(answer.body))
        switch lie {
        case .oldCheckpoint: said.checkpoint = firstNote
        case .noCheckpoint: said.checkpoint = nil
        case .otherIndex:
          for position in said.results.indices { said.results[position].logIndex = 0 }
        case .otherRoot: said.checkpoint = try await otherRoot()
        default: return answer
        }
        count("lie \(lie.rawValue)")
        answer.body = Array(try JSONEncoder().encode(said))
        return answer
      default: return await deliver(request)
      }
    } catch {
      note("the lie failed: \(error)")
      return nil
    }
  }

  private func unlogged(_ request: CentralRequest) async throws -> CentreProcess.Answer? {
    guard let centre else { return nil }
    let head = try await centre.store.head()
    let entries = try EntryBundle(bytes: request.body).entries
    let results = entries.indices.map { position in
      PushResult(seq: nil, epoch: nil, status: .applied, logIndex: Int64(head.checkpoint.size) - 1 - Int64(position))
    }
    let said = PushAnswer(results: results, checkpoint: String(decoding: head.note, as: UTF8.self))
    count("lie unlogged")
    return CentreProcess.Answer(
      status: 200, headers: [(SyncHeader.protocolVersion, "1")], body: Array(try JSONEncoder().encode(said)))
  }

  private func otherRoot() async throws -> String? {
    guard let head = try await centre?.store.head().checkpoint else { return nil }
    var root = head.root.bytes
    root[0] ^= 1
    let author = try CentreProcess.author()
    guard let other = TreeHash(bytes: root) else { return nil }
    return String(decoding: try LogHead(size: head.size, root: other, by: author).note, as: UTF8.self)
  }
}
