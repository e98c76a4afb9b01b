// How many frames a second of a live camera are read, and how soon a code that enters the view is.
//
//   taskset -c 0 camera-speed               a camera that shows no code: frames made here, with noise, edges, strokes like print
//   taskset -c 0 camera-speed PICTURE…      also: each picture slides into a view of 1280 × 720; those without a code are
//                                           shown to the camera as well
//
// The camera is the station's own: an ffmpeg child that plays a film of motion JPEG at its speed, and the newest frame read.
// `taskset` puts ffmpeg, the reading and the child that helps it on one core.

import BarcodeVision
import Foundation

func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

let reader = SymbolReader()
var dice = Dice()

/// Runs a camera over these frames for six seconds: frames that came, that were read, and what reading took.
func live(_ frames: [GrayFrame], rate: Int, _ name: String) async throws {
  let path = FileManager.default.temporaryDirectory.appending(path: "camera-speed-\(getpid()).avi").path
  try Film.write(frames, rate: rate, to: path)
  defer { unlink(path) }
  let camera = Camera(name: "bench", source: .file(path: path, loops: true))
  let running = Task { await camera.run() }
  var times: [Duration] = []
  var (found, first, seen) = (0, 0, 0)
  var start: ContinuousClock.Instant?
  for await frame in camera.frames {
    // The first half second is ffmpeg's start.
    if start == nil, frame.number > rate / 2 { (start, first) = (.now, frame.number) }
    let time = try ContinuousClock().measure {
      found += try reader.look(at: frame.gray, effort: .live(turn: frame.number)).certain.count
    }
    if let start {
      times.append(time)
      seen = frame.number - first + 1
      if ContinuousClock.now - start > .seconds(6) {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        times.sort()
        print(
          "\(name): \(rounded(Double(times.count) / seconds)) frames/s read of \(rounded(Double(seen) / seconds)) that came;",
          "reading: median \(rounded(times[times.count / 2] / .milliseconds(1))) ms, p95",
          "\(rounded(times[times.count * 95 / 100] / .milliseconds(1))) ms; \(found) symbols found")
        break
      }
    }
  }
  running.cancel()
  await running.value
}

let sizes = [(1280, 720, 75), (1920, 1080, 45)]
for (width, height, rate) in sizes {
  try await live(
    (0..<6).compactMap { _ in scene(width, height, &dice) }, rate: rate, "no code, made, \(width) × \(height)")
}

var blank: [GrayFrame] = []
var (cases, never) = (0, 0)
var within: [Int] = []
for path in CommandLine.arguments.dropFirst() {
  let film = try Film.entering(path)
  guard film.count == Film.sliding + Film.held, let last = film.last else { continue }
  let texts = Set(try reader.read(last).map(\.raw))
  if texts.isEmpty {
    if blank.count < 24 { blank.append(try GrayFrame(pictureAt: path)) }
    continue
  }
  func shows(_ symbols: [Symbol]) -> Bool { symbols.contains { texts.contains($0.raw) } }
  // It is in the view from the first frame that would be read if it stood still.
  guard let entry = try film.firstIndex(where: { shows(try reader.read($0)) }) else { continue }
  cases += 1
  // Which of the looks is at turn by then is chance.
  let turn = dice.roll(1000)
  let read = try film.indices[entry...].first {
    shows(try reader.look(at: film[$0], effort: .live(turn: turn + $0)).certain)
  }
  if let read { within.append(read - entry + 1) } else { never += 1 }
}
if cases > 0 {
  func share(_ frames: Int) -> Double { rounded(Double(within.count { $0 <= frames }) * 100 / Double(cases)) }
  print(
    "a code slides into a view of 1280 × 720, \(cases) pictures that a still reads there: read in the first such frame",
    "\(share(1)) %, within 3 \(share(3)) %, while it was there \(rounded(Double(within.count) * 100 / Double(cases))) %"
  )
}
if blank.count >= 4 {
  for (width, height, rate) in sizes {
    let frames = blank.compactMap { view($0, width, height, shiftX: 0, shiftY: 0) }
    try await live(frames, rate: rate, "no code, \(blank.count) photographs, \(width) × \(height)")
  }
}
