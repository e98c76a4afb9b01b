import Testing

@testable import BarcodeVision
@testable import Station

@Suite("Cameras: a carton comes into view") struct CartonInViewTests {
  private let start = ContinuousClock.now

  private func symbol(_ text: String) -> Symbol {
    let corner = Corners.Point(x: 0, y: 0)
    return Symbol(
      symbology: .code128, text: text, raw: Array(text.utf8), symbologyIdentifier: "]C0", engine: .zbar, quality: 9,
      corners: Corners(named: [corner, corner, corner, corner]))
  }

  /// Feeds frames at 10 a second, one a word; a frame's codes are the word's letters, `-` is a frame without any. Gives back
  /// what settled, with the number of the frame: `8:AB`, and `+` before what was added.
  private func settled(_ frames: String, _ lens: inout CartonInView, from first: Int = 0) -> [String] {
    frames.split(separator: " ").enumerated().compactMap { number, codes in
      let number = first + number
      let symbols = codes.filter { $0 != "-" }.map { symbol(String($0)) }
      guard let settled = lens.take(symbols, at: start + .milliseconds(100 * number)) else { return nil }
      let all = settled.all.map(\.text).joined()
      return "\(number):\(all)" + (settled.added.map { "+" + $0.map(\.text).joined() } ?? "")
    }
  }

  private func settled(_ frames: String) -> [String] {
    var lens = CartonInView(away: .seconds(2))
    return settled(frames, &lens)
  }

  private func times(_ count: Int, _ word: String) -> String {
    Array(repeating: word, count: count).joined(separator: " ")
  }

  @Test("all codes together, 0.6 s after the last came into view, once however long it stays and however it flickers")
  func once() {
    // A and B in the first frames, C by its second frame, number 4; nothing is added until 10.
    #expect(settled("A AB ABC AB ABC " + times(100, "AB ABC A -")) == ["10:ABC"])
  }

  @Test("a code that one frame showed is none; one code alone settles too")
  func misread() {
    #expect(settled("A AX " + times(20, "A")) == ["7:A"])
  }

  @Test("four frames at least, however slow the camera")
  func slow() {
    var lens = CartonInView(away: .seconds(2))
    var count = 0
    for frame in 0..<20 where lens.take([symbol("A"), symbol("B")], at: start + .seconds(frame)) != nil {
      count += 1
      #expect(frame == 5)
    }
    #expect(count == 1)
  }

  @Test("carried past it has not settled; put down afterwards it has")
  func carriedPast() {
    #expect(settled("AB AB " + times(12, "-") + " AB " + times(9, "AB")) == ["14:AB"])
    #expect(settled("AB AB " + times(40, "-")) == [])
  }

  @Test("away for two seconds it is another thing, for less it is the same")
  func away() {
    let down = times(10, "AB")
    #expect(settled(down + " " + times(15, "-") + " " + times(30, "AB")) == ["7:AB"])
    #expect(settled(down + " " + times(25, "-") + " " + times(30, "AB")) == ["7:AB", "42:AB"])
  }

  @Test("the next box of the same model is another, although both show the part number")
  func nextOfSameModel() {
    // P stands on both; the serial number is another, and the boxes change places within a second.
    #expect(settled(times(10, "PS") + " - - - " + times(12, "PT")) == ["7:PS", "20:PT"])
  }

  @Test("a further code of the same thing is told as added, once")
  func added() {
    #expect(settled(times(10, "AB") + " " + times(30, "ABT")) == ["7:AB", "17:ABT+T"])
  }

  @Test("what lay beside it is a thing of its own when it was taken away")
  func beside() {
    let both = times(10, "AB") + " " + times(10, "ABCD")
    // A and B are seen last in frame 19, and are away 2 s later.
    #expect(settled(both + " " + times(40, "CD")) == ["7:AB", "17:ABCD+CD", "45:CD"])
  }

  @Test("what a careful look read beside belongs to it, and is no addition when a frame shows it")
  func held() {
    var lens = CartonInView(away: .seconds(2))
    #expect(settled(times(8, "AB"), &lens) == ["7:AB"])
    lens.hold([symbol("A"), symbol("B"), symbol("C")])
    #expect(lens.holds(symbol("C").mark) && lens.holdsThing)
    #expect(settled(times(30, "ABC"), &lens, from: 8) == [])
    #expect(lens.inView.map(\.text) == ["A", "B", "C"])
    #expect(settled(times(30, "-"), &lens, from: 38) == [])
    #expect(lens.isEmpty && !lens.holdsThing)
  }

  @Test("a clock that goes back makes no time pass, and a swarm of codes is no memory")
  func bounds() {
    var lens = CartonInView(away: .seconds(2))
    for frame in 0..<50 { #expect(lens.take([symbol("A")], at: start - .seconds(frame)) == nil) }
    for number in 0..<300 { _ = lens.take([symbol("\(number)"), symbol("\(number)")], at: start) }
    _ = lens.take([symbol("Z")], at: start)
    _ = lens.take([symbol("Z")], at: start)
    #expect(lens.inView.map(\.text) == ["Z"])
  }
}
