import Custody
import Foundation
import StationStore
import Synchronization
import Testing

/// A station that is killed in the middle of its work: what it acknowledged is there, and nothing half.
struct KillTests {
  /// What the clients saw between a start and a kill.
  private final class Round: Sendable {
    let answers = Mutex<[StationClient.ScanAnswer]>([])
    let faults = Mutex<[String]>([])

    /// Keeps an answer; gives back how many there are.
    func keep(_ answer: StationClient.ScanAnswer) -> Int {
      answers.withLock {
        $0.append(answer)
        return $0.count
      }
    }
  }

  /// Hands out the numbers of the assets, each once.
  private final class Numbers: Sendable {
    private let given = Atomic(0)
    var count: Int { given.load(ordering: .relaxed) }
    func next() -> Int { given.wrappingAdd(1, ordering: .relaxed).oldValue }
  }

  @Test func everyAcknowledgedScanSurvivesKill9AndNothingIsHalfThere() async throws {
    let seed = UInt64.random(in: .min ... .max)
    print("kill -9 seed: \(seed)")
    var random = SplitMix(state: seed)
    let assets = 1_400
    let folder = try await Prepared.folder(assets: assets)
    let numbers = Numbers()
    var acknowledged: [StationClient.ScanAnswer] = []
    // More than 500 scans before the first kill; two more kills soon after a restart.
    for moment in [Int.random(in: 520...600, using: &random)]
      + (0..<2).map({ _ in Int.random(in: 10...150, using: &random) })
    {
      let station = try StationProgram.station(in: folder.path)
      let address = try await station.address()
      let client = try await StationClient(address)
      let round = Round()
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<6 {
          group.addTask {
            while true {
              let number = numbers.next()
              guard number < assets else { return }
              do {
                let answer = try await client.accepted(Prepared.tag(number))
                if round.keep(answer) == moment { station.signal(SIGKILL) }
              } catch {
                round.faults.withLock { $0.append("\(error)") }
                return
              }
            }
          }
        }
      }
      #expect(try await station.ends() == -SIGKILL)
      let (answers, faults) = (round.answers.withLock { $0 }, round.faults.withLock { $0 })
      #expect(answers.count >= moment)
      // Only the kill ends the clients, each in the middle of a scan.
      #expect(faults.count == 6 && !faults.contains { $0.contains("was answered") }, "\(faults)")
      acknowledged += answers
      try await expectAllThere(acknowledged, asked: numbers.count, in: folder.path, assets: assets)
    }
  }

  private func expectAllThere(
    _ acknowledged: [StationClient.ScanAnswer], asked: Int, in folder: String, assets: Int
  ) async throws {
    let store = try StationStore(folder: folder + "/data", identity: nil)
    let rows = try await store.read { try $0.entries(after: 0, limit: .max) }
    let bySeq = Dictionary(uniqueKeysWithValues: rows.map { ($0.event.seq, $0) })
    for answer in acknowledged {
      let recorded = try #require(answer.decision.recorded.first)
      let row = try #require(bySeq[recorded.seq], "entry \(recorded.seq) was acknowledged and is gone")
      #expect(row.event.eventID.description == recorded.eventID)
      #expect(row.hash == answer.decision.entryHash)
      let reading = try await store.read { try $0.reading(answer.reading.id) }
      #expect(reading?.event == row.event.eventID)
    }
    // What was asked and not answered is there whole or not at all: entry, reading, projection, outbox.
    let scans = rows.filter { $0.event.verb == .deploy }
    #expect(scans.count >= acknowledged.count && scans.count <= asked)
    let unread = try await store.count(
      "SELECT count(*) FROM entry WHERE type = 'deploy' AND event_id NOT IN (SELECT event FROM reading)")
    let unwritten = try await store.count(
      "SELECT count(*) FROM reading WHERE outcome = 'accepted' AND event NOT IN (SELECT event_id FROM entry)")
    #expect(unread == 0 && unwritten == 0)
    #expect(try await store.read { try $0.countByState()[.deployed] } == scans.count)
    #expect(rows.count == assets + scans.count)
    try await store.expectWhole()
    try store.close()
  }
}

/// Steele, Lea, Flood: SplitMix64, so that a printed seed gives the same moments again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
