// Measures how many entries a second a centre takes: framed as they come over the wire, signatures checked, judged by the rules,
// applied, put into the log's tree, and durable before the answer. One line; the same entries for SQLite and PostgreSQL.
//
//     centre-speed FOLDER|postgresql://… [STATIONS] [ENTRIES OF EACH] [ENTRIES A PUSH]

import CentralStore
import CentralStorePostgres
import CentralStoreSQLite
import Custody
import CustodyLedger
import SyncProtocol
import SyncTestSupport
import TamperEvidence

struct Usage: Error {}

let arguments = CommandLine.arguments
guard arguments.count > 1 else { throw Usage() }
let place = arguments[1]
func number(_ at: Int, _ standard: Int) -> Int { arguments.count > at ? Int(arguments[at]) ?? standard : standard }
let stations = number(2, 8)
let length = number(3, 10_000)
let most = number(4, SyncLimits.pushEntries)

guard let author = LogAuthor(try SigningKey(name: "bench.example/log", seed: [UInt8](repeating: 200, count: 32))) else {
  throw Usage()
}
let isPostgres = place.hasPrefix("postgres")
let store: any CentralStore =
  isPostgres
  ? try await PostgresCentralStore(try PostgresAddress(place)) { _ in author }
  : try SQLiteCentralStore(folder: place) { _ in author }

/// What a station sends: assets that are received, deployed, taken back.
func pushes(of number: UInt8) throws -> (EnrolledStation, [[UInt8]]) {
  var writer = try ChainWriter(number)
  var entries: [UnverifiedEntry] = []
  while entries.count < length {
    let registered = try writer.register("AT-\(100_000 * Int(number) + entries.count)")
    entries.append(registered.entry)
    entries.append(try writer.deploy(registered.event.asset).entry)
    entries.append(try writer.takeBack(registered.event.asset).entry)
  }
  var rest = entries.prefix(length)
  var bodies: [[UInt8]] = []
  while let bundle = EntryBundle(prefixOf: rest.prefix(most)) {
    bodies.append(bundle.bytes)
    rest = rest.dropFirst(bundle.entries.count)
  }
  return (EnrolledStation(key: writer.key.verifierKey, enrolledAt: Instant(milliseconds: 1)), bodies)
}

let work = try (1...stations).map { try pushes(of: UInt8($0)) }
/// Sends all of it, every station for itself; how long each answer took, the shortest first.
func send(_ work: [(EnrolledStation, [[UInt8]])], to store: any CentralStore) async throws -> [Duration] {
  try await withThrowingTaskGroup(of: [Duration].self) { group in
    for (station, bodies) in work {
      group.addTask {
        var times: [Duration] = []
        for body in bodies {
          let sent = ContinuousClock.now
          let results = try await store.admit(
            try EntryBundle(bytes: body).entries, from: station, at: Instant(milliseconds: 5))
          times.append(ContinuousClock.now - sent)
          guard results.allSatisfy({ $0.status == .applied }) else { throw Usage() }
        }
        return times
      }
    }
    var times: [Duration] = []
    for try await more in group { times += more }
    return times.sorted()
  }
}

let start = ContinuousClock.now
let answers = try await send(work, to: store)
let elapsed = (ContinuousClock.now - start) / .seconds(1)
let count = try await store.headIndex() + 1
guard count == Int64(stations * length) else { throw Usage() }
func milliseconds(_ share: Double) -> Int {
  Int(answers[min(answers.count - 1, Int(Double(answers.count) * share))] / .milliseconds(1))
}
print(
  "\(isPostgres ? "PostgreSQL" : "SQLite"): \(count) entries of \(stations) stations, \(most) a push: "
    + "\(Int(Double(count) / elapsed)) a second; answer p50 \(milliseconds(0.5)) ms, p99 \(milliseconds(0.99)) ms")
try await store.close()
