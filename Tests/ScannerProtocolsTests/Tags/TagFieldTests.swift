import ScannerProtocols
import Testing

struct TagFieldTests {
  private let one = hex("3074257BF7194E4000001A85")
  private let two = hex("3074257BF7194E4000001A86")
  private let inside = TagAntenna(reader: "gate", number: 1)
  private let outside = TagAntenna(reader: "gate", number: 2)

  private func read(_ epc: [UInt8], _ antenna: Int, _ dBm: Int = -50) -> TagRead {
    TagRead(epc: epc, antenna: antenna, strength: .dBm(dBm))
  }

  private func words(_ news: [TagField.News]) -> [String] {
    news.map { each in
      switch each {
      case .tag(.arrived(let tag)): "arrived \(tag.zone ?? "-")"
      case .tag(.present): "present"
      case .tag(.moved(let tag, let from)): "moved from \(from ?? "-") to \(tag.zone ?? "-")"
      case .tag(.gone): "gone"
      case .passage(let door, let passage): "\(door): \(passage.to?.rawValue ?? "no side") since \(passage.at)"
      }
    }
  }

  @Test func `one read tells of the tag in the field and of its way through a door`() {
    var field = TagField(
      configuration: .init(
        smoothing: .init(zones: [inside: "store", outside: "yard"]),
        doorways: ["gate": .init(inside: [inside], outside: [outside])]))
    #expect(words(field.take(read(one, 2), reader: "gate", at: .zero)) == ["arrived yard"])
    #expect(
      words(field.take(read(one, 1, -40), reader: "gate", at: .milliseconds(100))) == ["moved from yard to store"])
    // 500 ms on the other side, counted from when it was first heard better there.
    #expect(
      words(field.take(read(one, 1, -40), reader: "gate", at: .milliseconds(700))) == ["gate: inside since 0.1 seconds"]
    )
    #expect(field.presentCount == 1)
    #expect(words(field.tick(at: .seconds(4))) == ["gone"])
    #expect(field.presentCount == 0)
    #expect(field.deadline == nil)
  }

  @Test func `what the filter keeps out goes through no door either`() {
    var field = TagField(
      configuration: .init(
        smoothing: .init(filter: TagFilter(never: [EPCMask(prefix: hex("30"))])),
        doorways: ["gate": .init(inside: [inside], outside: [outside])]))
    for (time, antenna) in [(0, 2), (100, 1), (900, 1), (1_700, 1)] {
      #expect(field.take(read(one, antenna), reader: "gate", at: .milliseconds(time)).isEmpty)
    }
    #expect(field.tick(at: .seconds(9)).isEmpty)
    #expect(field.statistics.filteredReads == 4)
  }

  @Test func `a reader that tells late of a tag takes no later moment back`() {
    var field = TagField()
    _ = field.take(read(one, 1), reader: "gate", at: .seconds(10))
    _ = field.take(read(one, 1), reader: "dock", at: .seconds(3))
    #expect(field.present.first?.lastSeen == .seconds(10))
    #expect(field.tick(at: .milliseconds(11_900)).isEmpty)
    // A tag that is told of late has been there and gone.
    _ = field.take(read(two, 1), reader: "dock", at: .seconds(3))
    let gone = field.tick(at: .milliseconds(12_300))
    #expect(gone.count == 2)
  }

  @Test func `a reader that names ever new antennas costs no more`() {
    var field = TagField()
    for antenna in 1...5_000 { _ = field.take(read(one, antenna), reader: "gate", at: .zero) }
    #expect(field.present.first?.heard.count == 64)
    #expect(field.present.first?.count == 5_000)
  }
}
