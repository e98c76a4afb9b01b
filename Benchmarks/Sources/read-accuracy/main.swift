// What is read rightly of labelled pictures, and how fast: ours beside the bare engines, in one run.
//
//   read-accuracy MANIFEST [--half 0|1] [--only SYMBOLOGY] [--ours-only] [--faults] [--custody PROGRAM]
//
// A manifest has one JSON object a line: {"path": beside the manifest, "symbology": …, "expected": [text…],
// "alsoReadable": [text…]}; no expected text marks a picture without a code, which is correct when nothing is read.
// Times are those of finding symbols in the gray frame, the same for all but zbarimg, which is a process a picture.
// `--half` takes the pictures of one half, by a hash of their names, `--faults` names what went wrong, and `--custody`
// adds the pictures a second of `custody read` over all of them.

import BarcodeVision
import CZBar
import Foundation

struct Usage: Error, CustomStringConvertible { let description: String }

var arguments = Array(CommandLine.arguments.dropFirst())

@MainActor func flag(_ name: String) -> Bool {
  defer { arguments.removeAll { $0 == name } }
  return arguments.contains(name)
}

@MainActor func option(_ name: String) throws -> String? {
  guard let index = arguments.firstIndex(of: name) else { return nil }
  guard index + 1 < arguments.count else { throw Usage(description: "\(name) wants a value") }
  defer { arguments.removeSubrange(index...index + 1) }
  return arguments[index + 1]
}

let (isOursOnly, showsFaults) = (flag("--ours-only"), flag("--faults"))
let half = try option("--half").flatMap { Int($0) }
let only = try option("--only")
let custody = try option("--custody")
guard arguments.count == 1 else {
  throw Usage(
    description: "read-accuracy MANIFEST [--half 0|1] [--only SYMBOLOGY] [--ours-only] [--faults] [--custody PROGRAM]")
}
let manifest = URL(filePath: arguments[0])
let pictures = try LabelledPicture.all(in: manifest).filter {
  (half == nil || $0.half == half) && (only == nil || $0.symbology == only)
}
guard !pictures.isEmpty else { throw Usage(description: "the manifest has no such pictures") }

let own = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
if !FileManager.default.isExecutableFile(atPath: own.appending(path: "custody-zxing").path) {
  throw Usage(
    description: "custody-zxing is missing in \(own.path): build it there, or half of the reader is not measured")
}
let zxing = BareZXing(program: own.appending(path: "bare-zxing"))
let reader = SymbolReader()
let hasZBarImg = FileManager.default.isExecutableFile(atPath: ZBarImg.program.path)
let clock = ContinuousClock()

var readers = ["custody"]
if !isOursOnly { readers += ["zbar", "zxing"] + (hasZBarImg ? ["zbarimg"] : []) }
/// By symbology, then by reader.
var scores: [String: [String: Score]] = [:]
var totals: [String: Score] = [:]
var faults: [String] = []
var loading = Duration.zero
var undecoded = 0

// zbar's warnings about damaged symbols are of use to its authors alone; our own go to descriptor 2 all the same.
if let nowhere = fopen("/dev/null", "we") { _ = custody_replace_stderr(nowhere) }

// The engines' code and the child are there before anything is measured.
if let blank = GrayFrame(width: 64, height: 64, bytes: [UInt8](repeating: 255, count: 4096)) {
  _ = try reader.read(blank)
}

for picture in pictures {
  let file = manifest.deletingLastPathComponent().appending(path: picture.path)
  func note(_ name: String, _ texts: [String], _ time: Duration) {
    let verdict = picture.judge(texts)
    scores[picture.symbology, default: [:]][name, default: Score()].add(verdict, time)
    if !picture.expected.isEmpty { totals[name, default: Score()].add(verdict, time) }
    if showsFaults, verdict != .correct {
      faults.append("\(name) \(verdict) \(picture.path): \(texts) instead of \(picture.expected)")
    }
  }
  let start = clock.now
  let frame: GrayFrame
  do { frame = try GrayFrame(pictureAt: file.path) } catch {
    FileHandle.standardError.write(Data("\(picture.path): \(error)\n".utf8))
    undecoded += 1
    continue
  }
  loading += clock.now - start
  var symbols: [Symbol] = []
  let time = try clock.measure { symbols = try reader.read(frame) }
  note("custody", symbols.map(\.text), time)
  if isOursOnly { continue }
  var texts: [String] = []
  let zbarTime = clock.measure { texts = BareZBar.texts(frame) }
  note("zbar", texts, zbarTime)
  let found = try zxing.read(frame)
  note("zxing", found.texts, found.time)
  if hasZBarImg {
    let time = try clock.measure { texts = try ZBarImg.texts(file) }
    note("zbarimg", texts, time)
  }
}

func column(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
func decimals(_ value: Double, _ digits: Int = 1) -> String { String(format: "%.\(digits)f", value) }
func print(row name: String, _ reader: String, _ score: Score) {
  Swift.print(
    name.padding(toLength: 16, withPad: " ", startingAt: 0) + reader.padding(toLength: 8, withPad: " ", startingAt: 0)
      + column("\(score.count)", 7) + column("\(score.correct)", 9) + column("\(score.wrong)", 7)
      + column("\(score.missed)", 8) + column(decimals(score.milliseconds(percentile: 50), 2), 11)
      + column(decimals(score.milliseconds(percentile: 95)), 9))
}

for fault in faults { print(fault) }
print("symbology       reader  pictures  correct  wrong  missed  median ms   p95 ms")
for symbology in scores.keys.sorted(by: { ($0 == "none" ? "~" : $0) < ($1 == "none" ? "~" : $1) }) {
  for reader in readers {
    if let score = scores[symbology]?[reader] { print(row: symbology, reader, score) }
  }
}
for reader in readers {
  if let score = totals[reader] { print(row: "all with codes", reader, score) }
}
if undecoded > 0 { print("not decoded: \(undecoded)") }
if !isOursOnly { print("bare zxing died \(zxing.deaths) times") }

// Pictures a second, with loading them: what a folder costs. The bare engines' one look each, one after the other, is what ours
// is held against.
let seconds = loading / .seconds(1)
@MainActor func sum(_ names: String...) -> Double {
  scores.values.reduce(0) { sum, row in names.reduce(sum) { $0 + (row[$1]?.sum ?? .zero) / .seconds(1) } }
}
@MainActor func pace(_ seconds: Double) -> String { decimals(Double(pictures.count) / seconds) }
for (name, time) in [("custody", sum("custody"))]
  + (isOursOnly
    ? [] : [("zbar", sum("zbar")), ("zxing", sum("zxing")), ("zbar, then zxing", sum("zbar", "zxing"))])
{
  print(
    "\(name): \(pace(time)) pictures/s of gray pixels, \(pace(time + seconds)) with loading them"
      + (name == "custody" ? "" : "; custody \(decimals(time / sum("custody"), 2)) of that"))
}
if let custody {
  let process = Process()
  let input = Pipe()
  process.executableURL = URL(filePath: custody)
  process.arguments = ["read"]
  process.standardInput = input
  process.standardOutput = FileHandle.nullDevice
  let paths = pictures.map { manifest.deletingLastPathComponent().appending(path: $0.path).path + "\n" }.joined()
  let time = try clock.measure {
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(paths.utf8))
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
  guard process.terminationStatus == 0 else { throw Usage(description: "\(custody) read failed") }
  print(
    "custody read: \(decimals(Double(pictures.count) / (time / .seconds(1)))) pictures/s, start and loading included")
}
