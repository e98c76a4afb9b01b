import Foundation

/// Values made by others, in Tests/Vectors/AssetIdentifiers.
enum Vectors {
  struct Check: Decodable, CustomStringConvertible {
    let check: String
    let value: String
    let marked: String?

    var description: String { "\(check) \(marked ?? value)" }
  }

  struct Case: Decodable {
    let kind: String
    let ok: Bool
    let given: String
    let gives: String?
    let stem: String?
  }

  static func lines<Line: Decodable>(_ name: String, of type: Line.Type) throws -> [Line] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appendingPathComponent("Vectors/AssetIdentifiers/\(name)"))
    return try data.split(separator: 0x0A).map { try JSONDecoder().decode(type, from: Data($0)) }
  }
}

/// Pseudo-random numbers that are the same in every run (a linear congruential generator, Knuth's MMIX constants).
struct Dice {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func roll(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  mutating func pick<Choices: RandomAccessCollection>(_ choices: Choices) -> Choices.Element {
    choices[choices.index(choices.startIndex, offsetBy: roll(choices.count))]
  }

  mutating func digits(_ count: Int) -> String { String((0..<count).map { _ in pick(Array("0123456789")) }) }

  /// A number without leading zeros, below 10 to the power of `most`.
  mutating func number(_ most: Int) -> String { String(Int(digits(1 + roll(most))) ?? 0) }

  /// Characters of GS1's set 82.
  mutating func text(_ range: ClosedRange<Int>) -> String {
    let characters = Array(
      "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
    return String((0..<(range.lowerBound + roll(range.count))).map { _ in pick(characters) })
  }
}
