import AssetIdentifiers
import Foundation

/// How long it takes to say what a scan means, over a mix of what a receiving desk sees. One core; the best of five
/// rounds is printed beside the mean, for other work disturbs a measurement only upwards.
let mix: [(name: String, prefix: String, text: String)] = [
  ("asset tag", "", "AT-00042"), ("asset tag URL", "]Q1", "https://assets.example/a/AT-00042"),
  ("command", "", "CUSTODY:CMD:RECEIVE"), ("GTIN and serial", "]C1", "010950600013435221ABC1234567"),
  ("carton label", "]d2", "0109506000134352112611301012345\u{1D}21ABC\u{1D}24012"),
  ("SSCC", "]C1", "00106141412345678908"), ("bracketed", "", "(01)80614141123458(21)6789"),
  ("EAN-13", "]E0", "2112345678900"),
  ("Digital Link", "]Q1", "https://example.com/01/09506000134352/21/ABC123?11=261130"),
  ("EPC URI", "", "urn:epc:tag:sgtin-96:3.0614141.812345.6789"),
  ("ISO 15434", "]d1", "[)>\u{1E}06\u{1D}1PABC-123\u{1D}SXYZ12345\u{1D}Q10\u{1D}4LCN\u{1D}10D2548\u{1E}\u{04}"),
  ("MAC", "]C0", "00:1B:21:3C:4D:5E"), ("IMEI", "]C0", "490154203237518"), ("serial", "]C0", "S5CG1234XYZ"),
  ("text", "]Q1", "Property of Example Ltd., call +44 20 7946 0000"),
]
let tag: [UInt8] = [0x30, 0x74, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0x00, 0x00, 0x1A, 0x85]

let clock = ContinuousClock()
let rounds = 20_000
var failures = 0

func microseconds(_ body: () -> Void) -> (best: Double, mean: Double) {
  var times: [Double] = []
  for _ in 0..<5 {
    let took = clock.measure { for _ in 0..<rounds { body() } }
    times.append(
      Double(took.components.attoseconds) / 1e12 / Double(rounds) + Double(took.components.seconds) * 1e6
        / Double(rounds))
  }
  return (times.min() ?? 0, times.reduce(0, +) / Double(times.count))
}

func row(_ name: String, _ time: (best: Double, mean: Double)) {
  func text(_ value: Double) -> String { String((value * 100).rounded() / 100) }
  print(
    "\(name)\(String(repeating: " ", count: max(1, 20 - name.count)))\(text(time.best)) µs best, \(text(time.mean)) µs mean"
  )
}

var sum = (best: 0.0, mean: 0.0)
for (name, prefix, text) in mix {
  var scan = RawScan(text.utf8)
  if !prefix.isEmpty { scan.symbology = try? SymbologyIdentifier(Array(prefix.utf8)) }
  scan.isWholeItem = false
  let time = microseconds {
    if (try? AssetIdentifier.interpret(scan)) == nil { failures += 1 }
  }
  sum = (sum.best + time.best, sum.mean + time.mean)
  row(name, time)
}
let time = microseconds { if (try? EPC(binary: tag)) == nil { failures += 1 } }
row("EPC bits", time)
sum = (sum.best + time.best, sum.mean + time.mean)
row("average of \(mix.count + 1)", (sum.best / Double(mix.count + 1), sum.mean / Double(mix.count + 1)))
if failures > 0 { print("\(failures) scans were not taken") }
