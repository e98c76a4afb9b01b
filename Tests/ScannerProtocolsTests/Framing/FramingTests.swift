import ScannerProtocols
import Testing

/// Every framing, held to the same promises.
struct FramingTests {
  @Test func `Chafon frames`() throws { try walk(ChafonFraming.self, FrameVectors.frames("chafon")) }
  @Test func `Mercury frames`() throws {
    // Beside the captured tag, a keep-alive built by hand: no data, status 0400.
    try walk(MercuryFraming.self, FrameVectors.frames("mercury") + [hex("FF 00 22 0400 84E0")])
  }
  @Test func `M100 frames`() throws { try walk(M100Framing.self, FrameVectors.frames("m100")) }

  @Test func `LLRP messages`() throws { try walk(LLRPFraming.self, FrameVectors.frames("llrp"), isChecked: false) }

  @Test func `CCID messages`() throws {
    try walk(
      CCIDFraming.self,
      [hex("80 09000000 00 02 00 0000 04A2B3C4D5E6809000"), hex("81 00000000 00 03 42 FE00")], isChecked: false)
  }

  /// `isChecked`: whether a wrong bit shows.
  private func walk<P: Framing>(_: P.Type, _ samples: [[UInt8]], isChecked: Bool = true) throws {
    var whole = FrameDecoder<P>()
    let expected = samples.flatMap { whole.receive($0) }
    try #require(expected.count == samples.count)
    #expect(whole.statistics.droppedBytes == 0)
    #expect(whole.pending == 0)

    let line = samples.flatMap { $0 }
    for size in [1, 2, 3, 7, 16, line.count] {
      var decoder = FrameDecoder<P>()
      var found: [P.Frame] = []
      for start in stride(from: 0, to: line.count, by: size) {
        found += decoder.receive(line[start..<min(start + size, line.count)])
      }
      #expect(found == expected, "\(size) bytes at a time")
      #expect(decoder.statistics.droppedBytes == 0)
    }
    garbage(P.self, samples, expected)
    if isChecked { damage(P.self, samples, expected) }
    torrent(P.self)
  }

  /// Garbage before, between and after is dropped and counted; no frame is lost.
  private func garbage<P: Framing>(_: P.Type, _ samples: [[UInt8]], _ expected: [P.Frame]) {
    var dice = Dice(7)
    for round in 0..<200 {
      var decoder = FrameDecoder<P>()
      var found: [P.Frame] = []
      var dropped = 0
      for sample in samples + [[]] {
        let noise = (0..<dice.roll(20)).map { _ in dice.byte() }
        dropped += noise.count
        for byte in noise + sample { decoder.receive([byte]) { found.append($0) } }
      }
      decoder.silence { found.append($0) }
      #expect(found == expected, "round \(round)")
      #expect(decoder.statistics.droppedBytes == dropped, "round \(round)")
      #expect(decoder.pending == 0)
    }
  }

  /// A frame with a wrong bit is not handed on, and takes no neighbour with it.
  private func damage<P: Framing>(_: P.Type, _ samples: [[UInt8]], _ expected: [P.Frame]) {
    for (index, sample) in samples.enumerated() {
      for place in sample.indices {
        var bad = sample
        bad[place] ^= 0x10
        var decoder = FrameDecoder<P>()
        var found: [P.Frame] = []
        decoder.receive(bad + samples[0]) { found.append($0) }
        decoder.silence { found.append($0) }
        #expect(!found.contains(expected[index]) || index == 0, "frame \(index), byte \(place)")
        #expect(found.last == expected[0], "frame \(index), byte \(place)")
      }
    }
  }

  /// A line that never makes sense costs a bounded buffer.
  private func torrent<P: Framing>(_: P.Type) {
    for fill in [0x00, 0x20, 0xBB, 0xFF] as [UInt8] {
      var decoder = FrameDecoder<P>()
      for _ in 0..<50 {
        decoder.receive([UInt8](repeating: fill, count: 1_000)) { _ in }
        #expect(decoder.pending < P.maximumLength)
      }
      decoder.silence()
      #expect(decoder.pending == 0)
    }
  }
}
