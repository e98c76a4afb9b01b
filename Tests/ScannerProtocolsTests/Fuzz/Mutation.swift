import Foundation
import Testing

/// Garbled inputs from the kept ones of Tests/Fuzz, the same in every run.
struct Mutation {
  private let corpus: [[UInt8]]
  private var dice: Dice

  /// The kept inputs of a folder; of lines with several words, the last one counts.
  init(_ folder: String) throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: tests.appendingPathComponent("Fuzz/\(folder)/corpus.txt"), encoding: .utf8)
    corpus = text.split(separator: "\n").map { hex(String($0.split(separator: " ").last ?? "")) }
    try #require(corpus.count > 10)
    dice = Dice(UInt64(Self.setting("CUSTODY_FUZZ_SEED", 1)))
  }

  /// How often to garble.
  static var rounds: Int { setting("CUSTODY_FUZZ_ROUNDS", 20_000) }

  private static func setting(_ name: String, _ standard: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? standard
  }

  /// Every kept input as it is.
  var kept: [[UInt8]] { corpus }

  /// The next garbled input, at most 8,192 bytes long.
  mutating func next() -> [UInt8] {
    var bytes = corpus[dice.roll(corpus.count)]
    for _ in 0...dice.roll(4) { garble(&bytes) }
    return Array(bytes.prefix(8_192))
  }

  /// A number below a bound.
  mutating func roll(_ bound: Int) -> Int { dice.roll(bound) }

  private mutating func garble(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = corpus[dice.roll(corpus.count)]
      return
    }
    let place = dice.roll(bytes.count)
    let length = 1 + dice.roll(min(8, bytes.count - place))
    switch dice.roll(8) {
    case 0: bytes[place] = dice.byte()
    case 1: bytes[place] ^= 1 << UInt8(dice.roll(8))
    case 2: bytes.removeSubrange(place..<(place + length))
    case 3: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
    case 4: bytes[place] = [0x00, 0xFF, 0x80, 0x7F, 0x01, 0xFE][dice.roll(6)]
    case 5: bytes = Array(bytes[..<place])
    case 6: bytes.insert(contentsOf: corpus[dice.roll(corpus.count)].prefix(200), at: place)
    default: bytes += bytes[place...].prefix(400)
    }
  }
}
