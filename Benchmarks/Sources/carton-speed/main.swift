import CartonReading
import Foundation

/// How long it takes to say which of a carton's codes is which, from the bytes of its symbols: a switch with eight, on a desk
/// that knows 200 order lines and 500 corrections of 50 models. One core; the best of five rounds is printed beside the
/// mean, for other work disturbs a measurement only upwards.
func symbols(_ codes: [(String, String)]) -> [CartonSymbol] {
  codes.map { CartonSymbol($0.0.utf8, symbologyIdentifier: $0.1) }
}

let switchLabel = symbols([
  ("1PC9200L-24T-4G-E", "]C0"), ("SFOC2614X0AB", "]C0"), ("001EC947D49B", "]C0"), ("KPO-2031", "]C0"), ("Q1", "]C0"),
  ("0889098001232", "]E0"), ("00106141412345678908", "]C1"), ("9D2525", "]C0"),
])
let phone = symbols([
  ("490154203237518", "]C0"), ("356938035643809", "]C0"), ("R58M123ABCD", "]C0"), ("SM-G991BZADEUB", "]C0"),
  ("8806092221234", "]E0"), ("AT-00042", "]Q1"), ("4500123456", "]C0"), ("20260315", "]C0"),
])
let message = symbols([
  (
    "[)>\u{1E}06\u{1D}PMBR120VLSFT1GOSCT-ND\u{1D}1PMBR120VLSFT1G\u{1D}30PMBR120VLSFT1GOSCT-ND\u{1D}K\u{1D}1K98237652"
      + "\u{1D}10K123034605\u{1D}9D2525\u{1D}1TPT25SF00J\u{1D}11K1\u{1D}4LMY\u{1D}Q3\u{1D}11ZPICK\u{1D}12Z893874"
      + "\u{1D}13Z999999\u{1D}20Z0000\u{1E}\u{04}", "]d1"
  )
])

let lines = (0..<200).map { number in
  KnownProduct(
    manufacturer: ["Cisco", "HP", "Dell"][number % 3], model: "Model \(number)",
    partNumber: number == 7 ? "C9200L-24T-4G-E" : "PART-\(number)", order: "PO-\(2000 + number / 5)", line: number % 5)
}
let taught = (0..<500).map { number in
  let code = String(repeating: "A", count: 4 + number % 10) + "-\(100_000 + number)"
  let carton = Carton(
    reading: [CartonSymbol(code.utf8, symbologyIdentifier: "]C0")], knowing: CartonKnowledge())
  return Correction.learn(
    carton.parts[0], as: .assetTag, of: lines[number % 50], by: "Kim", on: "2026-11-21")
}
let nothing = CartonKnowledge()
let much = CartonKnowledge(products: lines, orders: Array(Set(lines.compactMap(\.order))), corrections: taught)

let clock = ContinuousClock()
let rounds = 2_000
var parts = 0

@MainActor func row(_ name: String, _ codes: [CartonSymbol], _ knowledge: CartonKnowledge) {
  var times: [Double] = []
  for _ in 0..<5 {
    let start = clock.now
    for _ in 0..<rounds { parts += Carton(reading: codes, knowing: knowledge).findings.count }
    let took = clock.now - start
    times.append(
      (Double(took.components.attoseconds) / 1e12 + Double(took.components.seconds) * 1e6) / Double(rounds))
  }
  func text(_ value: Double) -> String { String((value * 10).rounded() / 10) }
  let mean = times.reduce(0, +) / Double(times.count)
  print(
    "\(name.padding(toLength: 44, withPad: " ", startingAt: 0))\(text(times.min() ?? 0)) µs best, \(text(mean)) µs mean"
  )
}

row("a switch, 8 symbols", switchLabel, nothing)
row("a switch, 8 symbols, catalogue, corrections", switchLabel, much)
row("a phone, 8 symbols", phone, nothing)
row("a phone, 8 symbols, catalogue, corrections", phone, much)
row("a bag, one symbol of 15 fields", message, much)
if parts == 0 { print("nothing was found") }
