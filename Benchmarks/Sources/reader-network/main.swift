import Foundation
import ReaderNetwork
import ScannerProtocols
import Synchronization

/// What a reader on the network costs: an emulated one sends LLRP over TCP, 300 tags in turn, 100 a message; a client takes them
/// through decoder, clock and field. Both sides are in this process: run it on one core.
///
///     taskset -c 1 reader-network [SECONDS]
let length = Duration.seconds(CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 5 : 5)

let emulated = EmulatedReader(try LLRPEmulation())
let port = try await emulated.start()
let field = Mutex((field: TagField(), reads: 0, news: 0))
let (statuses, told) = AsyncStream.makeStream(of: ReaderStatus.Phase.self)
let reader = NetworkReader(
  name: "bench", address: try ReaderAddress("llrp://127.0.0.1:\(port)"), stopwatch: Stopwatch())
let running = Task {
  await reader.run { event in
    switch event {
    case .reads(let reads):
      field.withLock { state in
        for read in reads { state.news += state.field.take(read.read, reader: "bench", at: read.at).count }
        state.reads += reads.count
      }
    case .status(let status): told.yield(status.phase)
    case .interrupted: break
    }
  }
}
for await phase in statuses where phase == .reading { break }

var emulation = try LLRPEmulation()
let messages = try (0..<3).map { part in
  try emulation.report(
    (0..<100).map { number in
      let tag = part * 100 + number
      return TagRead(
        epc: [0x30, 0x74, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0, 0, UInt8(tag >> 8), UInt8(tag & 255)],
        control: ProtocolControl(rawValue: 0x3000), antenna: 1 + number % 4, strength: .dBm(-64 + number % 16),
        lastSeen: .utc(microseconds: 1_772_442_000_000_000))
    }
  ).bytes
}

func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func megabytes() -> String {
  let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
  return "\((Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0) / 1024) MB"
}

/// Sends as fast as is taken, or so many reads a second; gives back how many were taken, and the processor's time.
func send(atMost rate: Int?) async throws -> (reads: Int, seconds: Double, processor: Double) {
  let clock = ContinuousClock()
  let (start, before) = (clock.now, field.withLock { $0.reads })
  let processor = processorSeconds()
  var sent = 0
  while clock.now - start < length {
    if let rate {
      let due =
        Int(Double(rate) * Double((clock.now - start).components.seconds))
        + Int(Double(rate) * Double((clock.now - start).components.attoseconds) / 1e18)
      while sent < due {
        emulated.send(messages[sent / 100 % 3])
        sent += 100
      }
      try await Task.sleep(for: .milliseconds(5))
    } else {
      // No more under way than a socket holds.
      while sent - (field.withLock { $0.reads } - before) < 5_000 {
        emulated.send(messages[sent / 100 % 3])
        sent += 100
      }
      await Task.yield()
    }
  }
  while field.withLock({ $0.reads }) - before < sent { await Task.yield() }
  let took = (clock.now - start).components
  return (sent, Double(took.seconds) + Double(took.attoseconds) / 1e18, processorSeconds() - processor)
}

let steady = try await send(atMost: 20_000)
let share = Int((steady.processor / steady.seconds * 100).rounded())
print(
  "at 20,000 reads a second   \(Int(Double(steady.reads) / steady.seconds)) taken, \(share) % of a core, both sides")
let most = try await send(atMost: nil)
print("as fast as they are taken  \(Int(Double(most.reads) / most.seconds)) reads a second")
let (present, all) = field.withLock { ($0.field.presentCount, $0.reads) }
print("tags in the field          \(present) of 300; \(all) reads, none lost")
print("resident at most           \(megabytes())")
running.cancel()
await running.value
try await emulated.stop()
