// How many frames a second one core reads, and how soon a code that enters the view is read.
//
//   camera-speed                       frames without a code, made here: noise, edges and print-like texture
//   camera-speed PICTURE…              also: each picture enters a 1280 × 720 view; and those that hold no code as frames
//
// Frames are read as a live camera's are: the cheap look, and one dear look in turn. "One core": reading is one thread, and
// waits for the child process that helps it; run under `taskset -c 0` to be sure.

import BarcodeVision

/// Numbers that look random and are the same in every run (Numerical Recipes' linear congruential generator).
struct Dice {
  var state: UInt32 = 1
  mutating func roll(_ sides: Int) -> Int {
    state = state &* 1_664_525 &+ 1_013_904_223
    return Int(state >> 8) % sides
  }
}

/// A desk without a code: a lit table, noise, boxes with edges, and lines of dark strokes like print.
func scene(_ width: Int, _ height: Int, _ dice: inout Dice) -> GrayFrame? {
  var bytes = [UInt8](repeating: 0, count: width * height)
  for y in 0..<height {
    for x in 0..<width { bytes[y * width + x] = UInt8(90 + x * 60 / width + y * 30 / height + dice.roll(14)) }
  }
  for _ in 0..<12 {
    let (left, top) = (dice.roll(width - 200), dice.roll(height - 150))
    let shade = UInt8(40 + dice.roll(180))
    for y in top..<(top + 60 + dice.roll(80)) {
      for x in left..<(left + 100 + (y % 7) / 6) { bytes[y * width + x] = shade }
    }
  }
  for _ in 0..<8 {
    let (left, top) = (dice.roll(width - 320), dice.roll(height - 20))
    var x = left
    while x < left + 300 {
      let stroke = 1 + dice.roll(4)
      let tall = 6 + dice.roll(10)
      for y in top..<(top + tall) { for column in x..<(x + stroke) { bytes[y * width + column] = 25 } }
      x += stroke + 1 + dice.roll(5)
    }
  }
  return GrayFrame(width: width, height: height, bytes: bytes)
}

/// A picture as a camera of that size shows it: made smaller to fit, by the mean of the pixels, and put somewhere.
func view(_ picture: GrayFrame, _ width: Int, _ height: Int, shiftX: Int, shiftY: Int) -> GrayFrame? {
  let scale = max(1, max(Double(picture.width) / Double(width), Double(picture.height) / Double(height)))
  let (w, h) = (Int(Double(picture.width) / scale), Int(Double(picture.height) / scale))
  var bytes = [UInt8](repeating: 120, count: width * height)
  let (left, top) = ((width - w) / 2 + shiftX, (height - h) / 2 + shiftY)
  for y in 0..<h where (0..<height).contains(top + y) {
    let (from, to) = (Int(Double(y) * scale), max(Int(Double(y) * scale) + 1, Int(Double(y + 1) * scale)))
    for x in 0..<w where (0..<width).contains(left + x) {
      let (first, last) = (Int(Double(x) * scale), max(Int(Double(x) * scale) + 1, Int(Double(x + 1) * scale)))
      var (sum, count) = (0, 0)
      for row in from..<min(to, picture.height) {
        for column in first..<min(last, picture.width) {
          sum += Int(picture.bytes[row * picture.width + column])
          count += 1
        }
      }
      bytes[(top + y) * width + left + x] = UInt8(sum / max(1, count))
    }
  }
  return GrayFrame(width: width, height: height, bytes: bytes)
}

func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

let reader = SymbolReader()
let clock = ContinuousClock()
var dice = Dice()

/// Reads frames one after the other, for at least two seconds.
func rate(_ frames: [GrayFrame], _ name: String) throws {
  var times: [Duration] = []
  var found = 0
  let start = clock.now
  var turn = 0
  while clock.now - start < .seconds(4) || turn < frames.count {
    let frame = frames[turn % frames.count]
    turn += 1
    times.append(try clock.measure { found += try reader.look(at: frame, effort: .live(turn: turn)).certain.count })
  }
  let total = times.reduce(.zero, +)
  times.sort()
  print(
    "\(name): \(rounded(Double(times.count) / (total / .seconds(1)))) frames/s, median",
    "\(rounded(times[times.count / 2] / .milliseconds(1))) ms, p95 \(rounded(times[times.count * 95 / 100] / .milliseconds(1))) ms;",
    "\(times.count) frames, \(found) symbols found")
}

for (width, height) in [(1280, 720), (1920, 1080)] {
  try rate((0..<6).compactMap { _ in scene(width, height, &dice) }, "no code in view, made, \(width) × \(height)")
}

let paths = CommandLine.arguments.dropFirst()
var blank: [GrayFrame] = []
var cases = 0
var within: [Int] = []
var never = 0
for path in paths {
  let picture: GrayFrame
  do { picture = try GrayFrame(pictureAt: path) } catch { continue }
  guard let still = view(picture, 1280, 720, shiftX: 0, shiftY: 0) else { continue }
  let texts = Set(try reader.read(still).map(\.raw))
  if texts.isEmpty {
    if blank.count < 40 { blank.append(picture) }
    continue
  }
  cases += 1
  // The turn at which a code enters is chance; a hand holds it, so that no two frames are alike.
  let entry = dice.roll(1000)
  var frames = 0
  for frame in 1...12 {
    guard let seen = view(picture, 1280, 720, shiftX: dice.roll(9) - 4, shiftY: dice.roll(9) - 4) else { break }
    let read = try reader.look(at: seen, effort: .live(turn: entry + frame)).certain
    if read.contains(where: { texts.contains($0.raw) }) {
      frames = frame
      break
    }
  }
  if frames > 0 { within.append(frames) } else { never += 1 }
}
if cases > 0 {
  func share(_ frames: Int) -> Double { rounded(Double(within.filter { $0 <= frames }.count) * 100 / Double(cases)) }
  print(
    "a code enters a 1280 × 720 view, \(cases) pictures that a still reads there: read in the first frame \(share(1)) %,",
    "within 3 frames \(share(3)) %, within 12 \(share(12)) %; never \(never)")
}
if blank.count >= 4 {
  for (width, height) in [(1280, 720), (1920, 1080)] {
    let frames = blank.compactMap { view($0, width, height, shiftX: 0, shiftY: 0) }
    try rate(frames, "no code in view, \(blank.count) photographs, \(width) × \(height)")
  }
}
