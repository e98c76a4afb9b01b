import Foundation
import Testing

/// Stations, a centre and a bad network in virtual time: whatever happens, nothing that was acknowledged is lost, nothing is
/// there twice, and in the end all agree. See docs/faults.md.
@Suite struct SimulationTests {
  /// What a seed came to.
  private struct Outcome: Sendable {
    let seed: UInt64
    let violations: [String]
    let steps: [String]
    let tally: [String: Int]
  }

  /// Which worlds run: 200 of them unless the environment says otherwise.
  ///
  /// `CUSTODY_SIM_SEED=n` runs one again and prints its every step; `CUSTODY_SIM_SEEDS=n` so many, from `CUSTODY_SIM_FIRST=n` on;
  /// `CUSTODY_SIM_MINUTES=n` begins none after so many minutes.
  private struct Plan {
    let seeds: Range<UInt64>
    let keepsAllSteps: Bool
    let end: ContinuousClock.Instant?

    init(_ environment: [String: String]) {
      func number(_ name: String) -> UInt64? { environment[name].flatMap { UInt64($0) } }
      let one = number("CUSTODY_SIM_SEED")
      let first = one ?? number("CUSTODY_SIM_FIRST") ?? 1
      seeds = first..<first + (one == nil ? number("CUSTODY_SIM_SEEDS") ?? 200 : 1)
      keepsAllSteps = one != nil
      end = number("CUSTODY_SIM_MINUTES").map { .now + .seconds(60 * Int($0)) }
    }
  }

  /// So many worlds at once: one for each core of a small machine.
  private static let atOnce = 2
  /// After so many that fail, no more are begun.
  private static let enough = 5

  @Test("the worlds of 200 seeds come level, with nothing lost, doubled, or believed without proof")
  func seeds() async throws {
    let plan = Plan(ProcessInfo.processInfo.environment)
    var tally: [String: Int] = [:]
    var failed: [Outcome] = []
    var done = 0
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      var seeds = plan.seeds.makeIterator()
      func begin() {
        guard failed.count < Self.enough, plan.end.map({ ContinuousClock.now < $0 }) ?? true, let seed = seeds.next()
        else { return }
        group.addTask { try await Self.run(seed, keepsAllSteps: plan.keepsAllSteps) }
      }
      for _ in 0..<Self.atOnce { begin() }
      while let outcome = try await group.next() {
        tally.merge(outcome.tally, uniquingKeysWith: +)
        if !outcome.violations.isEmpty { failed.append(outcome) }
        done += 1
        if done.isMultiple(of: 50) {
          Self.tell("simulated: \(done) worlds of \(plan.seeds.count), \(failed.count) failed")
        }
        begin()
      }
    }
    for outcome in failed {
      Issue.record(
        """
        seed \(outcome.seed) fails; CUSTODY_SIM_SEED=\(outcome.seed) runs it again
        \(outcome.violations.prefix(20).joined(separator: "\n"))
        The last steps:
        \(outcome.steps.joined(separator: "\n"))
        """)
    }
    Self.tell("simulated: \(tally.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
    // A simulation in which nothing happens proves nothing.
    guard done >= 200 else { return }
    let missing = World.mustHappen.filter { tally[$0] == nil }
    #expect(missing.isEmpty, "in \(done) worlds these never happened: \(missing)")
  }

  @Test(
    "a seed gives the same steps every time, but for what a flipped bit does to random ids",
    arguments: [1, 7, 23] as [UInt64])
  func repeats(_ seed: UInt64) async throws {
    let (one, two) = (
      try await Self.run(seed, keepsAllSteps: true, flipsBits: false),
      try await Self.run(seed, keepsAllSteps: true, flipsBits: false)
    )
    #expect(one.steps.count > 100)
    #expect(one.steps == two.steps)
  }

  @Test("stations that were cut off for long all come back at once: drained, none lost, none twice")
  func reconnection() async throws {
    let world = try World(seed: 1)
    var violations: [String]
    do {
      try await world.gather(stations: 20, acts: 30)
      try await world.heal()
      violations = try await world.violations()
    } catch {
      violations = ["\(error)"]
    }
    let count = await world.acknowledged.count
    try await world.end()
    #expect(violations.isEmpty, "\(violations.joined(separator: "\n"))")
    #expect(count > 400)
  }

  private static func run(_ seed: UInt64, keepsAllSteps: Bool = false, flipsBits: Bool = true) async throws -> Outcome {
    let world = try World(seed: seed, keepsAllSteps: keepsAllSteps, flipsBits: flipsBits)
    var violations: [String] = []
    do {
      try await world.begin()
      try await world.run(until: VirtualTime.start + World.roughTime)
      try await world.heal()
      violations = try await world.violations()
      if violations.isEmpty { violations = try await world.unnoticedFlips() }
    } catch {
      violations = ["\(error)"]
    }
    try await world.end()
    return Outcome(seed: seed, violations: violations, steps: await world.steps, tally: await world.tally)
  }

  /// At once, on a pipe too.
  private static func tell(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
