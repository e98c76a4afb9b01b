import Foundation
import Testing

@testable import BarcodeVision

/// Garbled picture files: what comes of them is a frame within the limits, or an error with a remedy, in bounded time.
@Suite("Garbled pictures") struct PictureMutationTests {
  /// The kept files of Tests/Fuzz/pictures, in order of their names.
  private static func corpus() throws -> [[UInt8]] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fuzz/pictures")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .map { try [UInt8](Data(contentsOf: folder.appending(path: $0))) }
  }

  private static func setting(_ name: String, _ standard: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? standard
  }

  /// SplitMix64: the same throws in every run.
  private struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((mixed ^ (mixed >> 31)) % UInt64(sides))
    }
  }

  @Test("Cut, doubled, joined and flipped files are frames or errors", .timeLimit(.minutes(25)))
  func garbled() throws {
    let corpus = try Self.corpus()
    try #require(corpus.count >= 12)
    for file in corpus { try Self.judge(file, turn: 0) }
    var dice = Dice(state: UInt64(Self.setting("CUSTODY_FUZZ_SEED", 1)))
    for round in 0..<Self.setting("CUSTODY_FUZZ_PICTURES", 300) {
      var file = corpus[dice.roll(corpus.count)]
      for _ in 0...dice.roll(3) { Self.garble(&file, corpus, &dice) }
      try Self.judge(Array(file.prefix(200_000)), turn: round)
    }
  }

  private static func garble(_ file: inout [UInt8], _ corpus: [[UInt8]], _ dice: inout Dice) {
    guard !file.isEmpty else { return file = corpus[dice.roll(corpus.count)] }
    // Half of the time in the headers, where a byte means most.
    let place = dice.roll(dice.roll(2) == 0 ? min(64, file.count) : file.count)
    let length = 1 + dice.roll(min(64, file.count - place))
    switch dice.roll(7) {
    case 0: file[place] = UInt8(dice.roll(256))
    case 1: file[place] ^= 1 << UInt8(dice.roll(8))
    case 2: file.removeSubrange(place..<place + length)
    case 3: file.insert(contentsOf: file[place..<place + length], at: place)
    case 4: for index in place..<min(place + 4, file.count) { file[index] = dice.roll(2) == 0 ? 0xFF : 0 }
    case 5: file = Array(file[..<place])
    default:
      let other = corpus[dice.roll(corpus.count)]
      file = Array(file[..<place]) + other[min(place, other.count)...]
    }
  }

  private static func judge(_ file: [UInt8], turn: Int) throws {
    let shown = { "the file \(Data(file).base64EncodedString())" }
    let start = ContinuousClock.now
    do throws(PictureError) {
      let frame = try GrayFrame(picture: file)
      #expect(frame.width > 0 && frame.width <= PictureLimits.side && frame.height <= PictureLimits.side, "\(shown())")
      #expect(
        frame.bytes.count == frame.width * frame.height && frame.bytes.count <= PictureLimits.pixels, "\(shown())")
      // Searching a picture is bounded by its pixels alone; what is found has to be sayable, and inside of it.
      guard frame.bytes.count <= 1_000_000 else { return }
      let symbols = try SymbolReader().read(frame, effort: .live(turn: turn))
      let line = PictureReading(path: "a", outcome: .success(symbols), duration: .zero).jsonLine
      #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil, "\(shown())")
    } catch {
      #expect(!error.description.isEmpty && !error.remedy.isEmpty, "\(shown())")
    }
    // Two seconds are what the child may take for a frame; a decoder that hangs takes longer than any busy machine.
    #expect(ContinuousClock.now - start < .seconds(120), "\(shown())")
  }
}
