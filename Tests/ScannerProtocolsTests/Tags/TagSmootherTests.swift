import ScannerProtocols
import Testing

struct TagSmootherTests {
  private let one = hex("3074257BF7194E4000001A85")
  private let two = hex("3074257BF7194E4000001A86")

  private func smoother(_ change: (inout TagSmoother.Configuration) -> Void = { _ in }) -> TagSmoother {
    var configuration = TagSmoother.Configuration()
    change(&configuration)
    return TagSmoother(configuration: configuration)
  }

  private func read(_ epc: [UInt8], antenna: Int = 1, dBm: Int = -50, count: Int = 1) -> TagRead {
    TagRead(epc: epc, antenna: antenna, strength: .dBm(dBm), count: count)
  }

  private func words(_ events: [TagEvent]) -> [String] {
    events.map { event in
      switch event {
      case .arrived(let tag): "arrived \(tag.epc.last ?? 0)"
      case .present(let tag): "present \(tag.epc.last ?? 0)"
      case .moved(let tag, let from): "moved \(from ?? "-") \(tag.zone ?? "-")"
      case .gone(let tag): "gone \(tag.epc.last ?? 0)"
      }
    }
  }

  @Test func `a tag arrives once, is told of every second, and goes after two seconds of silence`() {
    var smoother = smoother()
    var events: [TagEvent] = []
    for step in 0...25 { events += smoother.take(read(one), reader: "desk", at: .milliseconds(100 * step)) }
    #expect(words(events) == ["arrived 133", "present 133", "present 133"])
    #expect(smoother.present.count == 1)
    #expect(smoother.tick(at: .milliseconds(4_499)).isEmpty)
    // Told at most an eighth of the silence late.
    guard case .gone(let sighting)? = smoother.tick(at: .milliseconds(4_750)).first else {
      Issue.record("not gone")
      return
    }
    #expect(sighting.count == 26)
    #expect(sighting.firstSeen == .zero)
    #expect(sighting.lastSeen == .milliseconds(2_500))
    #expect(sighting.strength == .dBm(-50))
    #expect(sighting.antenna == TagAntenna(reader: "desk", number: 1))
    #expect(smoother.present.isEmpty)
    #expect(smoother.deadline == nil)
    #expect(words(smoother.take(read(one), reader: "desk", at: .seconds(9))) == ["arrived 133"])
  }

  @Test func `the readers' own counts count`() {
    var smoother = smoother { $0.arrivalReads = 5 }
    #expect(smoother.take(read(one, count: 4), reader: "desk", at: .zero).isEmpty)
    #expect(words(smoother.take(read(one), reader: "desk", at: .zero)) == ["arrived 133"])
    #expect(smoother.statistics.reads == 5)
  }

  @Test func `a tag that passes by is never told of`() {
    var smoother = smoother { $0.arrivalReads = 3 }
    #expect(smoother.take(read(one), reader: "desk", at: .zero).isEmpty)
    #expect(smoother.take(read(one), reader: "desk", at: .zero).isEmpty)
    #expect(smoother.tick(at: .seconds(9)).isEmpty)
    #expect(smoother.take(read(one), reader: "desk", at: .seconds(9)).isEmpty)
    #expect(smoother.statistics.arrivals == 0)
    #expect(smoother.statistics.departures == 0)
  }

  @Test func `tags that have gone are told of even when nobody ticks`() {
    var smoother = smoother()
    _ = smoother.take(read(one), reader: "desk", at: .zero)
    #expect(words(smoother.take(read(two), reader: "desk", at: .seconds(5))) == ["gone 133", "arrived 134"])
  }

  @Test func `the antenna is the one that hears it best, and does not flutter`() {
    let zones = [TagAntenna(reader: "r", number: 1): "shelf", TagAntenna(reader: "r", number: 2): "door"]
    var smoother = smoother {
      $0.zones = zones
      $0.reminder = nil
    }
    var events = smoother.take(read(one, antenna: 1, dBm: -50), reader: "r", at: .zero)
    events += smoother.take(read(one, antenna: 2, dBm: -48), reader: "r", at: .zero)
    events += smoother.take(read(one, antenna: 1, dBm: -49), reader: "r", at: .zero)
    #expect(words(events) == ["arrived 133"])
    #expect(smoother.present.first?.zone == "shelf")
    events = smoother.take(read(one, antenna: 2, dBm: -46), reader: "r", at: .zero)
    #expect(words(events) == ["moved shelf door"])
    // Half a second of silence of the one, and the other has it, however weak.
    events = smoother.take(read(one, antenna: 1, dBm: -70), reader: "r", at: .milliseconds(500))
    #expect(words(events) == ["moved door shelf"])
    #expect(smoother.present.first?.heard.count == 2)
    #expect(smoother.present.first?.heard[TagAntenna(reader: "r", number: 2)]?.strongest == .dBm(-46))
  }

  @Test func `a reader that was lost takes no tag with it`() {
    var smoother = smoother()
    _ = smoother.take(read(one), reader: "r", at: .zero)
    _ = smoother.take(read(two), reader: "other", at: .zero)
    smoother.interrupt(reader: "r", at: .milliseconds(1_900))
    #expect(words(smoother.tick(at: .milliseconds(2_300))) == ["gone 134"])
    #expect(words(smoother.tick(at: .milliseconds(4_200))) == ["gone 133"])
  }

  // MARK: filters

  @Test func `filters go by prefix, mask and strength`() {
    let filter = TagFilter(
      only: [EPCMask(prefix: hex("30")), EPCMask(value: hex("0000FF"), mask: hex("0000FF"))],
      never: [EPCMask(prefix: hex("3074257BF7194E4000001A86"))], minimumStrength: -60)
    #expect(filter.passes(read(one)))
    #expect(!filter.passes(read(two)))
    #expect(!filter.passes(read(one, dBm: -61)))
    #expect(filter.passes(read(hex("AABBFFCC"))))
    #expect(!filter.passes(read(hex("AABB"))))
    #expect(!filter.passes(read(hex("3174"))))
    var smoother = smoother { $0.filter = filter }
    #expect(smoother.take(read(two), reader: "r", at: .zero).isEmpty)
    #expect(smoother.statistics.filteredReads == 1)
    #expect(smoother.deadline == nil)
  }

  @Test func `a prefix may end within a byte`() {
    let mask = EPCMask(prefix: hex("307F"), bits: 12)
    #expect(mask.mask == hex("FFF0"))
    #expect(mask.matches(hex("3070")))
    #expect(!mask.matches(hex("3080")))
    #expect(EPCMask(prefix: []).matches([]))
  }

  // MARK: load

  @Test func `three hundred tags under ten thousand reads: none is lost, and none goes early`() {
    var smoother = smoother { $0.reminder = nil }
    var dice = Dice(3)
    var arrived: Set<[UInt8]> = []
    var gone = 0
    for step in 0..<10_000 {
      // Each tag in turn, and a random one beside it.
      for number in [step % 300, dice.roll(300)] {
        let epc = hex("3074257BF7194E400000") + [UInt8(number >> 8), UInt8(number & 255)]
        for event in smoother.take(read(epc), reader: "r", at: .milliseconds(step)) {
          if case .arrived(let tag) = event { arrived.insert(tag.epc) }
          if case .gone = event { gone += 1 }
        }
      }
    }
    #expect(arrived.count == 300)
    #expect(gone == 0)
    #expect(smoother.statistics.arrivals == 300)
    #expect(smoother.tick(at: .seconds(60)).count == 300)
  }

  @Test func `more tags than there is room for are counted, and cost nothing`() {
    var smoother = smoother { $0.maximumTags = 100 }
    for number in 0..<1_000 {
      _ = smoother.take(read([UInt8(number >> 8), UInt8(number & 255)]), reader: "r", at: .zero)
    }
    #expect(smoother.present.count == 100)
    #expect(smoother.statistics.overflowedReads == 900)
  }

  @Test func `tags that go one by one cost a look at the field eight times a silence at most`() {
    var smoother = smoother { $0.reminder = nil }
    for number in 0..<2_000 {
      _ = smoother.take(
        read([UInt8(number >> 8), UInt8(number & 255)]), reader: "r", at: .milliseconds(number))
    }
    var sweeps = 0
    var gone = 0
    while let deadline = smoother.deadline {
      gone += smoother.tick(at: deadline).count
      sweeps += 1
    }
    #expect(gone == 2_000)
    #expect(sweeps <= 20)
  }
}
