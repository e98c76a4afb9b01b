import ScannerProtocols
import Testing

struct DoorwayTests {
  private let epc = hex("3074257BF7194E4000001A85")
  private var doorway = Doorway(
    configuration: .init(
      inside: [TagAntenna(reader: "door", number: 1)], outside: [TagAntenna(reader: "door", number: 2)]))

  /// Reads at (milliseconds, antenna, dBm).
  private mutating func walk(_ reads: [(Int, Int, Int)]) -> [Doorway.Passage] {
    reads.flatMap { time, antenna, dBm in
      doorway.take(
        TagRead(epc: epc, antenna: antenna, strength: .dBm(dBm)), reader: "door", at: .milliseconds(time))
    }
  }

  @Test mutating func `from outside to inside, once`() {
    let passages = walk([
      (0, 2, -60), (100, 2, -50), (200, 2, -45), (200, 1, -60), (300, 2, -50), (300, 1, -50), (400, 1, -45),
      (500, 1, -42), (600, 1, -45), (700, 1, -50), (800, 1, -55), (900, 1, -55), (1_000, 1, -60), (1_500, 1, -60),
    ])
    #expect(passages.map(\.to) == [.inside])
    #expect(passages.first?.epc == epc)
    // At 400 ms the inside hears it 5 dB better than the outside did at 300 ms.
    #expect(passages.first?.at == .milliseconds(400))
    #expect(doorway.tick(at: .seconds(9)).isEmpty)
  }

  @Test mutating func `from inside to outside, walking fast: told when the tag has gone`() {
    #expect(walk([(0, 1, -50), (100, 1, -55), (150, 2, -50), (250, 2, -60)]).isEmpty)
    let passages = doorway.tick(at: .seconds(3))
    #expect(passages.map(\.to) == [.outside])
    #expect(passages.first?.at == .milliseconds(150))
    #expect(doorway.deadline == nil)
  }

  @Test mutating func `whoever turns round in the doorway has not gone through`() {
    let passages = walk([
      (0, 2, -60), (100, 2, -50), (200, 1, -46), (300, 1, -45), (400, 2, -40), (500, 2, -45), (600, 2, -60),
    ])
    #expect(passages.isEmpty)
    #expect(doorway.tick(at: .seconds(9)).isEmpty)
  }

  @Test mutating func `a tag that both sides hear alike stays where it was`() {
    var reads: [(Int, Int, Int)] = []
    for step in 0..<100 {
      reads.append((step * 50, 1, -50 - step % 2))
      reads.append((step * 50, 2, -51 + step % 2))
    }
    #expect(walk(reads).isEmpty)
    // Once it has gone it is told, and that nobody knows which way.
    let passages = doorway.tick(at: .seconds(9))
    #expect(passages.map(\.to) == [nil])
    #expect(passages.first?.epc == epc)
    #expect(passages.first?.at == .milliseconds(4_950))
    #expect(doorway.tick(at: .seconds(20)).isEmpty)
  }

  @Test mutating func `a tag that one side alone hears, and one that was clear for once, are not told without a side`()
  {
    #expect(walk([(0, 1, -50), (100, 1, -50)]).isEmpty)
    #expect(doorway.tick(at: .seconds(9)).isEmpty)
    // Better inside at 200 ms, where it counts as being; what both hear alike afterwards changes nothing.
    #expect(walk([(20_000, 1, -50), (20_100, 2, -60), (20_200, 1, -50), (20_300, 2, -50)]).isEmpty)
    #expect(doorway.tick(at: .seconds(30)).isEmpty)
  }

  @Test mutating func `in and out again are two passages`() {
    var passages = walk([(0, 2, -50), (100, 1, -40), (400, 1, -40), (700, 1, -40)])
    passages += walk([(1_500, 2, -40), (1_800, 2, -40), (2_100, 2, -40)])
    #expect(passages.map(\.to) == [.inside, .outside])
  }

  @Test mutating func `readers without strength are understood by who hears it at all`() {
    var passages: [Doorway.Passage] = []
    for (time, antenna) in [(0, 2), (200, 2), (900, 1), (1_200, 1), (1_500, 1)] {
      passages += doorway.take(
        TagRead(epc: epc, antenna: antenna), reader: "door", at: .milliseconds(time))
    }
    #expect(passages.map(\.to) == [.inside])
  }

  @Test mutating func `other antennas do not count, and there is an end to what is followed`() {
    #expect(doorway.take(TagRead(epc: epc, antenna: 3), reader: "door", at: .zero).isEmpty)
    #expect(doorway.take(TagRead(epc: epc, antenna: 1), reader: "desk", at: .zero).isEmpty)
    #expect(doorway.deadline == nil)
  }
}
