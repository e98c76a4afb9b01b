import Foundation
import ScannerProtocols

/// What scanners and readers cost: reports of a keyboard to a scan, LLRP bytes to tags that arrive and stay. One core; the
/// best of five rounds beside the mean.
let clock = ContinuousClock()

func seconds(_ body: () -> Void) -> (best: Double, mean: Double) {
  let times = (0..<5).map { _ in
    let took = clock.measure(body).components
    return Double(took.seconds) + Double(took.attoseconds) / 1e18
  }
  return (times.min() ?? 0, times.reduce(0, +) / Double(times.count))
}

func text(_ value: Double) -> String { String((value * 100).rounded() / 100) }

// 300 tags in turn, 100 a message, as an LLRP reader sends them; fed in pieces of 1,460 bytes.
func message(_ first: Int) -> [UInt8] {
  var body: [UInt8] = []
  for number in first..<(first + 100) {
    let tag = number % 300
    body += [0x00, 0xF0, 0x00, 0x22, 0x8D, 0x30, 0x74, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0, 0]
    body += [UInt8(tag >> 8), UInt8(tag & 255), 0x81, 0, UInt8(1 + number % 4), 0x86, UInt8(0xC0 + number % 16)]
    body += [0x82, 0, 0x04, 0xEC, 0x2E, 0xA8, 0x35, 0x4C, UInt8(number & 255), 0x88, 0, 1]
  }
  return LLRPMessage(type: 61, id: UInt32(first), body: body).bytes
}
let stream = (0..<1_000).flatMap { message($0 * 100) }

// For scripts/bench-sllurp: the stream as a file, or how fast the reads of such a file are decoded, alone.
let arguments = CommandLine.arguments
if arguments.count == 3, arguments[1] == "--write" {
  try Data(stream).write(to: URL(fileURLWithPath: arguments[2]))
  exit(0)
}
if arguments.count == 4, arguments[1] == "--decode" {
  try decode(Array(Data(contentsOf: URL(fileURLWithPath: arguments[2]))), listing: arguments[3])
  exit(0)
}

/// Decodes a stream, prints how many reads a second that is at best, and lists the reads: EPC, antenna, signal.
func decode(_ stream: [UInt8], listing file: String) throws {
  func run(_ take: ([LLRPTagReport]) -> Void) {
    var decoder = FrameDecoder<LLRPFraming>()
    var reader = LLRPTagReportReader()
    for start in stride(from: 0, to: stream.count, by: 1_460) {
      decoder.receive(stream[start..<min(start + 1_460, stream.count)]) { message in
        do { take(try reader.read(message)) } catch { print("\(error)") }
      }
    }
  }
  var lines: [String] = []
  run { reports in
    for report in reports {
      let epc = report.tag.epc.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
      lines.append("\(epc) \(report.tag.antenna ?? 0) \(report.tag.strength?.value ?? 0)\n")
    }
  }
  try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: file))
  var reads = 0
  let time = seconds { run { reads += $0.count } }
  print(Int(Double(reads / 5) / time.best))
}

// A scan of 20 characters and Enter: 42 reports.
var wedge = KeyboardWedge(deviceID: "bench", configuration: .init(layout: .de))
var reports: [[UInt8]] = []
for usage in (0x1E...0x27).map(UInt8.init) + (0x04...0x0D).map(UInt8.init) + [0x28] {
  reports.append([0, 0, usage, 0, 0, 0, 0, 0])
  reports.append([0, 0, 0, 0, 0, 0, 0, 0])
}
var scans = 0
let keyboard = seconds {
  for _ in 0..<5_000 { for report in reports { scans += wedge.receive(report: report, at: .zero).count } }
}
let perReport = 1e6 / Double(5_000 * reports.count)
print("keyboard report      \(text(keyboard.best * perReport)) µs best, \(text(keyboard.mean * perReport)) µs mean")

let tags = 100_000
var events = 0
var reads = 0
let llrp = seconds {
  var decoder = FrameDecoder<LLRPFraming>()
  var reader = LLRPTagReportReader()
  var smoother = TagSmoother()
  var now = Duration.zero
  for start in stride(from: 0, to: stream.count, by: 1_460) {
    decoder.receive(stream[start..<min(start + 1_460, stream.count)]) { message in
      guard let reports = try? reader.read(message) else { return }
      for report in reports {
        now += .microseconds(50)
        reads += 1
        events += smoother.take(report.tag, reader: "bench", at: now).count
      }
    }
  }
}
print(
  "LLRP tag reads       \(Int(Double(tags) / llrp.best)) a second at best, \(Int(Double(tags) / llrp.mean)) mean, decode and smoother"
)
let bare = seconds {
  var decoder = FrameDecoder<LLRPFraming>()
  var reader = LLRPTagReportReader()
  for start in stride(from: 0, to: stream.count, by: 1_460) {
    decoder.receive(stream[start..<min(start + 1_460, stream.count)]) { message in
      reads += (try? reader.read(message))?.count ?? 0
    }
  }
}
print("LLRP tag reads       \(Int(Double(tags) / bare.best)) a second at best, decode alone")
let memory = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8))?.split(separator: "\n")
  .first { $0.hasPrefix("VmHWM") }
print("resident at most     \(memory.map { $0.dropFirst(6).trimmingCharacters(in: .whitespaces) } ?? "?")")
if scans == 0 || events == 0 || reads == 0 { print("nothing was read") }
