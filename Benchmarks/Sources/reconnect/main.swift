// Many stations come back to a centre at one moment, each with what it sealed while it was cut off: how long until all is
// taken, and whether every entry is in the log once. The centre is the built program, asked over HTTP.
//
//     reconnect CUSTODY [STATIONS] [EVENTS OF EACH]

import CustodyLedger
import Foundation
import StationSync
import SyncProtocol
import SyncTestSupport
import TamperEvidence

struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

let arguments = CommandLine.arguments
guard arguments.count > 1 else { throw Failure("reconnect CUSTODY [STATIONS] [EVENTS OF EACH]") }
let custody = arguments[1]
let stations = arguments.count > 2 ? Int(arguments[2]) ?? 200 : 200
let events = arguments.count > 3 ? Int(arguments[3]) ?? 500 : 500
let folder = FileManager.default.temporaryDirectory.appending(path: "reconnect-\(UUID().uuidString)")
defer { try? FileManager.default.removeItem(at: folder) }

/// Runs the program to its end; gives back what it printed.
func run(_ words: [String]) throws -> String {
  let process = Process()
  let pipe = Pipe()
  process.executableURL = URL(filePath: custody)
  process.arguments = words
  process.standardOutput = pipe
  try process.run()
  let printed = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw Failure("custody \(words): \(process.terminationStatus) \(printed)")
  }
  return printed
}

/// What a station sealed while it was cut off.
struct Station: Sendable {
  let token: String
  let pushes: [EntryBundle]
}

var all: Set<EntryHash> = []
var waiting: [Station] = []
for number in 1...stations {
  var writer = try ChainWriter(UInt8(number))
  let enrolled = try run(["central", "enrol", writer.key.verifierKey.description, "--data", folder.path])
  guard let token = enrolled.firstMatch(of: /cst_\S+/) else { throw Failure(enrolled) }
  var entries: [UnverifiedEntry] = []
  while entries.count < events {
    let registered = try writer.register("AT-\(100_000 * number + entries.count)")
    entries.append(registered.entry)
    if entries.count < events { entries.append(try writer.deploy(registered.event.asset).entry) }
    if entries.count < events { entries.append(try writer.takeBack(registered.event.asset).entry) }
  }
  all.formUnion(entries.map(\.entry.hash))
  var pushes: [EntryBundle] = []
  var rest = entries[...]
  while let bundle = EntryBundle(prefixOf: rest) {
    pushes.append(bundle)
    rest = rest.dropFirst(bundle.entries.count)
  }
  waiting.append(Station(token: String(token.0), pushes: pushes))
}

let centre = Process()
let pipe = Pipe()
centre.executableURL = URL(filePath: custody)
centre.arguments = ["central", "--data", folder.path, "--port", "0"]
centre.standardOutput = pipe
try centre.run()
defer {
  centre.terminate()
  centre.waitUntilExit()
}
var said = ""
while said.firstMatch(of: /listens on (http:\S+)\//) == nil {
  let more = pipe.fileHandleForReading.availableData
  guard !more.isEmpty else { throw Failure("the centre does not start: \(said)") }
  said += String(decoding: more, as: UTF8.self)
}
guard let base = said.firstMatch(of: /listens on (http:\S+)\//).map({ String($0.1) }) else { throw Failure(said) }

let start = ContinuousClock.now
let (answers, turnedAway) = try await withThrowingTaskGroup(of: ([Duration], Int).self) { group in
  for station in waiting {
    group.addTask {
      let client = try CentralClient(base: base, token: station.token)
      var backoff = SyncBackoff()
      var random = SystemRandomNumberGenerator()
      var times: [Duration] = []
      var refused = 0
      for push in station.pushes {
        while true {
          let sent = ContinuousClock.now
          do {
            let results = try await client.push(push).results
            guard results.allSatisfy({ $0.logIndex != nil }) else { throw Failure("\(results)") }
            times.append(ContinuousClock.now - sent)
            backoff.succeeded()
            break
          } catch let error as SyncError {
            // As a station does it: after a pause that grows, and not before the centre wants.
            refused += 1
            var retryAfter: Duration?
            if case .busy(_, let wait) = error { retryAfter = wait }
            try await Task.sleep(for: backoff.failed(retryAfter: retryAfter, using: &random))
          }
        }
      }
      return (times, refused)
    }
  }
  var (times, refused): ([Duration], Int) = ([], 0)
  for try await more in group {
    times += more.0
    refused += more.1
  }
  return (times.sorted(), refused)
}
let elapsed = (ContinuousClock.now - start) / .seconds(1)

// Each once: counted in the log itself.
let reader = try CentralClient(base: base, token: waiting[0].token)
var seen: [EntryHash: Int] = [:]
var cursor: Int64 = -1
while case let page = try await reader.pull(after: cursor), let last = page.last {
  for entry in page { seen[EntryHash(of: entry.entry), default: 0] += 1 }
  cursor = last.logIndex
}
let lost = all.count { seen[$0] == nil }
let twice = seen.values.count { $0 > 1 }
func milliseconds(_ share: Double) -> Int {
  Int(answers[min(answers.count - 1, Int(Double(answers.count) * share))] / .milliseconds(1))
}
print(
  "\(stations) stations with \(events) entries each: drained in \((elapsed * 10).rounded() / 10) s, "
    + "\(Int(Double(all.count) / elapsed)) a second; \(lost) lost, \(twice) twice; "
    + "answer p50 \(milliseconds(0.5)) ms, p99 \(milliseconds(0.99)) ms; turned away \(turnedAway) times")
guard lost == 0, twice == 0 else { throw Failure("entries are lost or doubled") }
