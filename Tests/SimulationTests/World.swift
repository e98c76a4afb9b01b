import Custody
import CustodyLedger
import Foundation
import NIOCore
import NIOHTTP1
import StationStore
import StationSync
import SyncProtocol
import SyncTestSupport
import TamperEvidence

@testable import Station

/// Some stations, a centre and a network between them, all of it in one process and in virtual time. What happens follows
/// from the seed alone.
///
/// One thing happens at a time, as the queue of events says. While a request is in the air, what is due happens first: others
/// push and pull, people scan, machines stop. So every exchange may be cut between any two of its steps.
actor World {
  struct Event {
    enum What {
      case turn(Int, Machine.Loop, ticket: Int)
      case act(Int)
      /// A copy of a request that the network had kept.
      case copy(CentralRequest)
      case startCentre
      case happen(Happening)
    }

    let at: Int64
    let order: Int
    let what: What
  }

  /// How long the rough part of a world lasts, in virtual milliseconds.
  static let roughTime: Int64 = 180_000
  /// Everything is level again so soon after it, or something hangs: two hours, in which the longest pause fits.
  static let healingTime: Int64 = 7_200_000
  /// Requests in the air inside one another.
  private static let deepest = 3

  let seed: UInt64
  var dice: SplitMix
  let time = VirtualTime()
  var weather: Weather
  let centreClock: MachineClock
  var centre: CentreProcess?
  var centreFolder: TemporaryFolder
  var machines: [Machine] = []
  /// Of all stations, in order of their making.
  var assets: [AssetID] = []
  /// What was acknowledged to people, and by which machine; nothing may get lost of it.
  var acknowledged: [EntryHash: Int] = [:]
  /// The lie that the centre tells, to which machine.
  var lie: (lie: Lie, machine: Int)?
  /// Until then the centre takes nothing.
  var overloadedUntil: Int64 = 0
  /// Bodies of pushes that somebody listened in on.
  var overheard: [CentralRequest] = []
  /// The first tree head that was shown.
  var firstNote: String?
  /// How often what happened.
  var tally: [String: Int] = [:]
  /// The last steps, or all.
  private(set) var steps: [String] = []
  private let keepsAllSteps: Bool
  /// Ids, salts and ratchets are random even here, and what comes of a bit that flips hangs on the character that it hits.
  private let flipsBits: Bool
  private var stepCount = 0

  private var queue: [Event] = []
  private var order = 0
  private var depth = 0
  private var headSize: UInt64 = 0
  /// Processes that stopped; their stores are closed at the end.
  var stopped: [StationProcess] = []
  var stoppedCentres: [CentreProcess] = []
  private var broken: (any Error)?
  private var tileRequests: [String: Int] = [:]

  init(seed: UInt64, keepsAllSteps: Bool = false, flipsBits: Bool = true) throws {
    self.seed = seed
    self.keepsAllSteps = keepsAllSteps
    self.flipsBits = flipsBits
    dice = SplitMix(seed)
    weather = Weather(&dice)
    centreClock = MachineClock(time, machine: 15)
    centreFolder = try TemporaryFolder()
  }

  // MARK: Events

  func schedule(_ what: Event.What, in milliseconds: Int) { schedule(what, at: time.now + Int64(milliseconds)) }

  func schedule(_ what: Event.What, at moment: Int64) {
    order += 1
    let event = Event(at: moment, order: order, what: what)
    let place = queue.firstIndex { $0.at > moment } ?? queue.endIndex
    queue.insert(event, at: place)
  }

  /// More steps than this: something goes round in circles.
  private static let mostSteps = 40_000

  func note(_ step: String) {
    stepCount += 1
    if stepCount > Self.mostSteps { broken = WorldFault("something goes round in circles") }
    steps.append("\(stepCount) \(time.now - VirtualTime.start) ms: \(step)")
    if steps.count > 40, !keepsAllSteps { steps.removeFirst() }
  }

  func count(_ what: String) { tally[what, default: 0] += 1 }

  /// Runs what is due until a moment, or until `isOver` says so after an event.
  func run(until moment: Int64, isOver: () async throws -> Bool = { false }) async throws {
    while let next = queue.first, next.at <= moment {
      queue.removeFirst()
      time.advance(to: next.at)
      try await perform(next.what)
      if let broken { throw broken }
      if try await isOver() { return }
    }
  }

  /// Lets time pass while a request is in the air.
  func pass(_ milliseconds: Int) async {
    let moment = time.now + Int64(milliseconds)
    depth += 1
    while depth <= Self.deepest, broken == nil, let next = queue.first, next.at <= moment {
      queue.removeFirst()
      time.advance(to: next.at)
      do { try await perform(next.what) } catch { broken = error }
    }
    depth -= 1
    time.advance(to: moment)
  }

  private func perform(_ what: Event.What) async throws {
    switch what {
    case .turn(let machine, let loop, let ticket): try await turn(machine, loop, ticket)
    case .act(let machine): try await act(at: machine)
    case .copy(let request):
      note("a copy arrives of \(Self.name(request))")
      _ = await deliver(request)
    case .startCentre: try await startCentre()
    case .happen(let happening): try await happen(happening)
    }
  }

  // MARK: Turns

  func begin(_ index: Int) {
    for loop in Machine.Loop.allCases { scheduleTurn(index, loop, in: dice.pick(0...2000)) }
  }

  func scheduleTurn(_ index: Int, _ loop: Machine.Loop, in milliseconds: Int) {
    machines[index].tickets[loop.rawValue] += 1
    schedule(.turn(index, loop, ticket: machines[index].tickets[loop.rawValue]), in: milliseconds)
  }

  private func turn(_ index: Int, _ loop: Machine.Loop, _ ticket: Int) async throws {
    guard machines[index].tickets[loop.rawValue] == ticket, !machines[index].isGone else { return }
    let generation = machines[index].generation
    let sync = machines[index].process.sync
    var random = SplitMix(dice.next())
    let pause: SyncPause
    machines[index].waitsForWork = loop == .push ? false : machines[index].waitsForWork
    switch loop {
    case .push:
      var state = machines[index].pushing
      pause = try await sync.pushTurn(&state, using: &random)
      guard machines[index].generation == generation else { return }
      machines[index].pushing = state
    case .pull:
      var state = machines[index].pulling
      pause = try await sync.pullTurn(&state, using: &random)
      guard machines[index].generation == generation else { return }
      machines[index].pulling = state
    case .numbers:
      var state = machines[index].numbering
      pause = try await sync.tagNumbersTurn(&state, using: &random)
      guard machines[index].generation == generation else { return }
      machines[index].numbering = state
    case .reference:
      var state = machines[index].reading
      pause = try await sync.referenceTurn(&state, using: &random)
      guard machines[index].generation == generation else { return }
      machines[index].reading = state
    }
    let known = sync.core.sync.snapshot
    let trouble = [known.alarm?.sentence, known.reason].compactMap { $0 }.map { "; \($0)" }.joined()
    note("\(machines[index].name) \(loop): \(pause)\(trouble)")
    switch pause {
    case .none where loop == .pull && machines[index].waitsForLog:
      // What the centre would wait for a long poll, the world waits.
      scheduleTurn(index, loop, in: dice.pick(10_000...20_000))
    case .none: scheduleTurn(index, loop, in: 1)
    case .time(let pause):
      scheduleTurn(index, loop, in: Int(pause / .milliseconds(1)) + 1)
    case .work:
      machines[index].waitsForWork = true
      scheduleTurn(index, loop, in: 5000)
    }
  }

  private func act(at index: Int) async throws {
    guard !machines[index].isGone else { return }
    let (identity, assets, actSeed) = (machines[index].identity, assets, dice.next())
    let done = try await machines[index].process.store.write {
      try Acts.act(at: identity, on: assets, $0, seed: actSeed)
    }
    for entry in done.entries { acknowledged[entry.hash] = index }
    for verb in done.verbs { count("\(verb)") }
    if let asset = done.newAsset { self.assets.append(asset) }
    guard let last = done.entries.last else { return }
    note("\(machines[index].name) records \(done.verbs.map(\.rawValue).sorted()) as \(last.seq)")
    if machines[index].waitsForWork {
      machines[index].waitsForWork = false
      scheduleTurn(index, .push, in: 50)
    }
  }

  // MARK: The network

  /// What `SimulatedTransport` asks.
  func carry(
    _ request: CentralRequest, from index: Int, generation: Int
  ) async throws(SyncError) -> CentralAnswer {
    if request.path.hasPrefix(SyncRoute.log) { return try await carryTile(request, from: index) }
    var request = request
    let name = "\(machines[index].name) → \(Self.name(request))"
    let weather = weather
    if request.path.hasPrefix(SyncRoute.entries), let wait = request.path.range(of: "&wait=") {
      request.path.replaceSubrange(wait.upperBound..., with: "0")
    }
    func lost(_ why: String) -> SyncError {
      note("\(name): \(why)")
      count(why)
      return .unreachable(reason: why)
    }
    func requireAlive() throws(SyncError) {
      if machines[index].generation != generation { throw lost("the station stopped") }
    }
    let timeout = Int(request.timeout / .milliseconds(1))

    await pass(dice.pick(1...weather.slowest))
    try requireAlive()
    guard time.now >= machines[index].cutOffUntil else {
      await pass(10_000)
      throw lost("cut off")
    }
    guard centre != nil else { throw lost("refused") }
    if dice.chance(weather.loses) {
      await pass(timeout)
      throw lost("lost")
    }
    if time.now < overloadedUntil || dice.chance(weather.refuses) {
      count("overloaded")
      note("\(name): overloaded")
      return Self.overloaded(dice.pick([429, 503]), retryAfter: dice.pick(1...20))
    }
    if request.path == SyncRoute.push {
      overheard.append(request)
      if overheard.count > 20 { overheard.removeFirst() }
      if dice.chance(weather.shuffles) { request.body = shuffled(request.body) }
    }
    if dice.chance(weather.flips), !request.body.isEmpty {
      count("flipped")
      note("\(name): a bit is flipped")
      flip(&request.body)
    }
    var cut: Int?
    if dice.chance(weather.cuts), request.body.count > 1 { cut = dice.pick(0...request.body.count - 1) }
    if dice.chance(weather.repeats) { schedule(.copy(request), in: dice.pick(1...60_000)) }
    if dice.chance(weather.duplicates) {
      count("duplicated")
      _ = await deliver(request)
    }
    var answer: CentreProcess.Answer?
    if let lie, lie.machine == index {
      answer = await lying(lie.lie, request)
    } else {
      answer = await deliver(request, cutAfter: cut)
    }
    if cut != nil { throw lost("cut in the middle") }
    guard var answer else { throw lost("the centre stopped") }
    if dice.chance(weather.losesAnswer) {
      await pass(timeout)
      throw lost("answer lost")
    }
    await pass(dice.pick(1...weather.slowest))
    try requireAlive()
    note("\(name): \(answer.status)")
    if request.path.hasPrefix(SyncRoute.entries) { machines[index].waitsForLog = answer.body.isEmpty }
    if dice.chance(weather.flipsAnswer), !answer.body.isEmpty {
      count("answer flipped")
      note("\(name): a bit of the answer is flipped")
      flip(&answer.body)
    }
    let isCut = dice.chance(weather.cutsAnswer)
    if isCut {
      count("answer cut")
      answer.body = Array(answer.body.prefix(dice.pick(0...answer.body.count)))
    }
    return CentralAnswer(
      status: answer.status, headers: HTTPHeaders(answer.headers),
      body: BrokenBody(ByteBuffer(bytes: answer.body), ends: !isCut))
  }

  /// Tiles are asked for side by side: what befalls them hangs on what they are, not on their order.
  private func carryTile(_ request: CentralRequest, from index: Int) async throws(SyncError) -> CentralAnswer {
    let key = "\(index) \(request.path)"
    tileRequests[key, default: 0] += 1
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
    for byte in "\(key) \(tileRequests[key] ?? 0)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var dice = SplitMix(hash)
    guard let centre, time.now >= machines[index].cutOffUntil else { throw .unreachable(reason: "refused") }
    if lie?.machine == index, lie?.lie == .withheldTile {
      return CentralAnswer(status: 404, headers: [:], body: BrokenBody(ByteBuffer(), ends: true))
    }
    guard !dice.chance(weather.spoilsTile) else { throw .unreachable(reason: "lost") }
    var answer: CentreProcess.Answer
    do { answer = try await centre.answer(request) } catch { throw .unreachable(reason: "\(error)") }
    if dice.chance(weather.spoilsTile), !answer.body.isEmpty {
      count("tile flipped")
      answer.body[dice.pick(0...answer.body.count - 1)] ^= 1 << UInt8(dice.pick(0...7))
    }
    return CentralAnswer(
      status: answer.status, headers: HTTPHeaders(answer.headers),
      body: BrokenBody(ByteBuffer(bytes: answer.body), ends: true))
  }

  /// Hands a request to the centre; nil when the connection was lost.
  func deliver(_ request: CentralRequest, cutAfter cut: Int? = nil) async -> CentreProcess.Answer? {
    guard let centre else { return nil }
    do {
      let answer = try await centre.answer(request, cutAfter: cut)
      if request.path == SyncRoute.push { try await wakePulls(centre) }
      return answer
    } catch {
      if cut == nil { broken = error }
      return nil
    }
  }

  private func wakePulls(_ centre: CentreProcess) async throws {
    let head = try await centre.store.head()
    if firstNote == nil { firstNote = String(decoding: head.note, as: UTF8.self) }
    guard head.checkpoint.size > headSize else { return }
    headSize = head.checkpoint.size
    for index in machines.indices where machines[index].waitsForLog {
      machines[index].waitsForLog = false
      scheduleTurn(index, .pull, in: dice.pick(1...weather.slowest))
    }
  }

  func flip(_ bytes: inout [UInt8]) {
    guard flipsBits else { return }
    bytes[dice.pick(0...bytes.count - 1)] ^= 1 << UInt8(dice.pick(0...7))
  }

  private func shuffled(_ body: [UInt8]) -> [UInt8] {
    guard let bundle = try? EntryBundle(bytes: body),
      let other = EntryBundle(prefixOf: bundle.entries.shuffled(using: &dice))
    else { return body }
    count("reordered")
    note("its entries change places")
    return other.bytes
  }

  private static func overloaded(_ status: Int, retryAfter seconds: Int) -> CentralAnswer {
    let problem = Problem(status: status, code: "sync.busy", title: "Busy", detail: "Busy.", remedy: "Wait.")
    // Five strings always encode.
    let body = (try? JSONEncoder().encode(problem)) ?? Data()
    return CentralAnswer(
      status: status, headers: [SyncHeader.protocolVersion: "1", "retry-after": "\(seconds)"],
      body: BrokenBody(ByteBuffer(bytes: body), ends: true))
  }

  static func name(_ request: CentralRequest) -> String {
    let path = request.path.dropFirst("/sync/v1/".count)
    // Ids are random, and so is the head's hash.
    guard request.path == SyncRoute.push else { return String(path.prefix { $0 != "=" || !path.hasPrefix("hello") }) }
    var count = 0
    var reader = ChainFileReader()
    reader.append(request.body)
    while let frame = try? reader.next(), !frame.entry.isEmpty { count += 1 }
    return "push of \(count)"
  }
}

/// A machine's way to the centre of its world.
struct SimulatedTransport: CentralTransport {
  let world: World
  let machine: Int
  let generation: Int

  func exchange(_ request: CentralRequest) async throws(SyncError) -> CentralAnswer {
    try await world.carry(request, from: machine, generation: generation)
  }
}
