// Fills a new centre's folder with the registrations of many assets, as stations push them: what scripts/bench-bootstrap begins
// a station with.
//
//     bootstrap-fill FOLDER [ASSETS]

import CentralStore
import CentralStoreSQLite
import Custody
import CustodyLedger
import Foundation
import SyncProtocol
import SyncTestSupport
import TamperEvidence

struct Usage: Error {}

guard CommandLine.arguments.count > 1 else { throw Usage() }
let folder = CommandLine.arguments[1]
let assets = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 1_000_000 : 1_000_000
let key = try SigningKey(name: "bench.example/log", seed: [UInt8](repeating: 200, count: 32))
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
try Data((key.secretText + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/log.key"))
guard let author = LogAuthor(key) else { throw Usage() }
let store = try SQLiteCentralStore(folder: folder) { _ in author }

/// Of each station so many, so that none keeps all of them in mind.
let each = 20_000
let start = ContinuousClock.now
for number in 0..<(assets + each - 1) / each {
  var writer = try ChainWriter(UInt8(number % 200 + 1), station: "S\(number)")
  guard case .enrolled(let station, _) = try await store.enrol(writer.key.verifierKey, at: Instant(milliseconds: 5))
  else { throw Usage() }
  let count = min(each, assets - number * each)
  for begin in stride(from: 0, to: count, by: SyncLimits.pushEntries) {
    let entries = try (begin..<min(begin + SyncLimits.pushEntries, count)).map { item in
      try writer.register(
        "AT-\(1_000_000 + number * each + item)", serial: "SN\(number * each + item)X\(number)"
      ).entry
    }
    let results = try await store.admit(entries, from: station, at: Instant(milliseconds: 5))
    guard results.allSatisfy({ $0.status == .applied }) else { throw Usage() }
  }
}
print("\(assets) assets in \(Int((ContinuousClock.now - start) / .seconds(1))) s")
try await store.close()
