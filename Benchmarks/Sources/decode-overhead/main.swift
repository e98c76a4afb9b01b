// What SymbolReader costs over zbar itself.
//
//   decode-overhead PICTURE…            (default: 9 rounds)
//   decode-overhead --rounds 21 PICTURE…
//
// For every picture that one look settles, both read the same gray frame in turn: zbar through its C interface, with
// a fresh scanner per frame and the same symbologies, and SymbolReader. The order alternates from round to round, the
// best round of each counts, and the overhead is that of the sums. Pictures where SymbolReader climbs its ladder are
// counted apart: there it does more than zbar, on purpose.

import BarcodeVision
import CZBar
import Glibc

/// What bare zbar does: every symbol's type and data is touched, nothing is made of it.
func bareZBar(_ frame: GrayFrame) -> Int {
  guard let scanner = zbar_image_scanner_create(), let image = zbar_image_create() else { return 0 }
  defer {
    zbar_image_destroy(image)
    zbar_image_scanner_destroy(scanner)
  }
  zbar_image_scanner_set_config(scanner, ZBAR_PDF417, ZBAR_CFG_ENABLE, 0)
  zbar_image_scanner_set_config(scanner, ZBAR_SQCODE, ZBAR_CFG_ENABLE, 0)
  zbar_image_scanner_set_config(scanner, ZBAR_UPCA, ZBAR_CFG_ENABLE, 1)
  zbar_image_scanner_set_config(scanner, ZBAR_UPCE, ZBAR_CFG_ENABLE, 1)
  zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1)
  zbar_image_set_format(image, 0x3030_3859)
  zbar_image_set_size(image, UInt32(frame.width), UInt32(frame.height))
  return frame.bytes.withUnsafeBytes { bytes in
    zbar_image_set_data(image, bytes.baseAddress, UInt(bytes.count), nil)
    guard zbar_scan_image(scanner, image) >= 0 else { return 0 }
    var count = 0
    var next = zbar_image_first_symbol(image)
    while let symbol = next {
      if zbar_symbol_get_data_length(symbol) > 0 { count += 1 }
      next = zbar_symbol_next(symbol)
    }
    return count
  }
}

func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }

/// Two decimals, without Foundation.
func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

var arguments = Array(CommandLine.arguments.dropFirst())
var rounds = 9
if arguments.first == "--rounds", arguments.count > 1, let given = Int(arguments[1]), given > 0 {
  rounds = given
  arguments.removeFirst(2)
}
guard !arguments.isEmpty else {
  print("usage: decode-overhead [--rounds N] PICTURE…")
  throw Usage()
}
struct Usage: Error {}

// zbar's warnings about damaged symbols are of use to its authors alone.
if let nowhere = fopen("/dev/null", "we") { _ = custody_replace_stderr(nowhere) }
let reader = SymbolReader()
let clock = ContinuousClock()
var bareTotal = Duration.zero
var ourTotal = Duration.zero
var ratios: [Double] = []
var climbed = 0
var unreadable = 0

for path in arguments {
  let frame: GrayFrame
  do { frame = try GrayFrame(pictureAt: path) } catch {
    unreadable += 1
    continue
  }
  var bareBest = Duration.seconds(3600)
  var ourBest = Duration.seconds(3600)
  var bareCount = 0
  var ourCount = 0
  func runBare() { bareBest = min(bareBest, clock.measure { bareCount = bareZBar(frame) }) }
  func runOurs() throws { ourBest = min(ourBest, try clock.measure { ourCount = try reader.read(frame).count }) }
  for round in 0..<rounds {
    if round.isMultiple(of: 2) {
      runBare()
      try runOurs()
    } else {
      try runOurs()
      runBare()
    }
  }
  // Nothing found, something held back, or half again as long: more than one look was taken.
  guard bareCount > 0, bareCount == ourCount, ourBest < bareBest * 1.5 else {
    climbed += 1
    continue
  }
  bareTotal += bareBest
  ourTotal += ourBest
  ratios.append(ourBest / bareBest)
}

ratios.sort()
guard let median = ratios.isEmpty ? nil : ratios[ratios.count / 2] else {
  print("no picture was settled by one look; \(climbed) needed more, \(unreadable) could not be decoded")
  throw Usage()
}
print(
  """
  pictures settled by one look: \(ratios.count) (further looks: \(climbed), not decoded: \(unreadable)), \
  best of \(rounds) rounds
  bare zbar     \(rounded(milliseconds(bareTotal))) ms in sum
  SymbolReader  \(rounded(milliseconds(ourTotal))) ms in sum
  overhead      \(rounded((ourTotal / bareTotal - 1) * 100)) % of the sum, \(rounded((median - 1) * 100)) % in the \
  median picture, \(rounded((ratios[ratios.count * 95 / 100] - 1) * 100)) % at the 95th percentile
  """)
