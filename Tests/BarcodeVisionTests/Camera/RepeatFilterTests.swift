import Testing

@testable import BarcodeVision

@Suite("Camera: repeats") struct RepeatFilterTests {
  private let start = ContinuousClock.now

  private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

  private func symbol(_ text: String, _ symbology: Symbology = .code128, identifier: String = "]C0") -> Symbol {
    let corner = Corners.Point(x: 0, y: 0)
    return Symbol(
      symbology: symbology, text: text, raw: Array(text.utf8), symbologyIdentifier: identifier, engine: .zbar,
      quality: 9, corners: Corners(named: [corner, corner, corner, corner]))
  }

  @Test("held before the lens it counts once, however long and however shakily")
  func held() {
    var filter = RepeatFilter(away: .seconds(2))
    let tag = symbol("AT-00042")
    var counted = 0
    // An hour at 10 frames a second, every third frame blurred.
    for frame in 0..<36_000 {
      counted += filter.take(frame % 3 == 2 ? [] : [tag], at: at(Double(frame) / 10)).count
    }
    #expect(counted == 1)
  }

  @Test("one that is forgotten counts with the next frame, and the others do not")
  func forgotten() {
    var filter = RepeatFilter(away: .seconds(2))
    let (tag, serial) = (symbol("AT-00042"), symbol("SN-1"))
    #expect(filter.take([tag, serial], at: at(0)) == [tag, serial])
    filter.forget(tag.mark)
    #expect(filter.take([tag, serial], at: at(0.1)) == [tag])
    #expect(filter.take([tag, serial], at: at(0.2)) == [])
  }

  @Test("it counts again when it was away for that long, and not before")
  func away() {
    var filter = RepeatFilter(away: .seconds(2))
    let tag = symbol("AT-00042")
    #expect(filter.take([tag], at: at(0)) == [tag])
    // Away is counted from the first frame without it.
    #expect(filter.take([], at: at(1)) == [])
    #expect(filter.take([tag], at: at(2.9)) == [])
    #expect(filter.take([], at: at(3)) == [])
    #expect(filter.take([tag], at: at(5)) == [tag])
  }

  @Test("a camera that stands still makes nothing count again")
  func stalled() {
    var filter = RepeatFilter(away: .seconds(2))
    let tag = symbol("AT-00042")
    #expect(filter.take([tag], at: at(0)) == [tag])
    #expect(filter.take([tag], at: at(60)) == [])
  }

  @Test("several at a time are kept apart, and count in the frame's order")
  func several() {
    var filter = RepeatFilter(away: .seconds(2))
    let (one, two, three) = (symbol("AT-00001"), symbol("AT-00002"), symbol("AT-00003"))
    #expect(filter.take([two, one], at: at(0)) == [two, one])
    #expect(filter.take([one, three, two], at: at(0.1)) == [three])
    #expect(filter.take([two], at: at(0.2)) == [])
    #expect(filter.take([one, two], at: at(3)) == [one])
  }

  @Test("the same text in another symbology, or with another identifier, is another symbol")
  func kinds() {
    var filter = RepeatFilter()
    let all = [symbol("0123"), symbol("0123", identifier: "]C1"), symbol("0123", .qr, identifier: "]Q1")]
    #expect(filter.take(all, at: at(0)) == all)
  }

  @Test("without a checksum it takes two frames that agree", arguments: [Symbology.code39, .itf, .codabar])
  func twoWitnesses(_ symbology: Symbology) {
    var filter = RepeatFilter(away: .seconds(2))
    let (right, misread) = (symbol("12345678", symbology), symbol("1234", symbology))
    // Twice in one frame is one look.
    #expect(filter.take([misread, misread], at: at(0)) == [])
    #expect(filter.take([right], at: at(0.1)) == [])
    #expect(filter.take([right], at: at(0.2)) == [right])
    #expect(filter.take([right], at: at(0.3)) == [])
    // Two frames that are too far apart are no two witnesses.
    #expect(filter.take([misread], at: at(5)) == [])
  }

  @Test("a clock that goes backwards neither counts anything twice nor holds anything back for ever")
  func backwards() {
    var filter = RepeatFilter(away: .seconds(2))
    let (one, two) = (symbol("AT-00001"), symbol("AT-00002"))
    #expect(filter.take([one], at: at(1000)) == [one])
    #expect(filter.take([one, two], at: at(0)) == [two])
    #expect(filter.take([], at: at(0.5)) == [])
    #expect(filter.take([one], at: at(2.4)) == [])
    #expect(filter.take([], at: at(3)) == [])
    #expect(filter.take([one], at: at(5)) == [one])
  }

  @Test("memory is bounded, and what left is forgotten")
  func bounded() {
    var filter = RepeatFilter(away: .seconds(2))
    for index in 0..<2000 { _ = filter.take([symbol("S\(index)")], at: at(Double(index) / 1000)) }
    #expect(filter.remembered == RepeatFilter.mostRemembered)
    _ = filter.take([], at: at(3))
    _ = filter.take([], at: at(6))
    #expect(filter.remembered == 0)
  }
}
