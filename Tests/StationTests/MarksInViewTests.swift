import BarcodeVision
import Custody
import StationStore
import Testing

@testable import Station

@Suite("Cameras: marks in view, and how fast frames may come") struct MarksInViewTests {
  /// Two marks, read from a public vector: a photograph with two product codes.
  private func marks() throws -> (Symbol.Mark, Symbol.Mark) {
    let path = Fixture.vector("BarcodeVision/two-ean13.png")
    let symbols = try SymbolReader().read(GrayFrame(pictureAt: path))
    try #require(symbols.count == 2)
    return (symbols[0].mark, symbols[1].mark)
  }

  private let came = MarksInView.Came(result: .accepted, words: "Received")

  @Test("while a thing is in view its own further marks are no scans, another asset is, and an instruction always is")
  func furtherMarks() throws {
    let (tag, serial) = try marks()
    let (one, two) = (AssetID.sample(1), AssetID.sample(2))
    var view = MarksInView()
    #expect(view.wants(.unknown) && view.wants(.asset(one)))
    view.scanned(tag, came, asset: one)
    #expect(!view.wants(.unknown))
    #expect(!view.wants(.asset(one)))
    #expect(view.wants(.asset(two)))
    #expect(view.wants(.instruction))
    #expect(view.came(of: tag)?.words == "Received")
    view.keep { $0 == serial }
    #expect(view.wants(.unknown) && view.wants(.asset(one)))
    #expect(view.came(of: tag) == nil)
  }

  @Test("a mark that led nowhere keeps no other from being scanned")
  func nowhere() throws {
    let (tag, _) = try marks()
    var view = MarksInView()
    view.scanned(tag, came, asset: nil)
    #expect(view.wants(.unknown))
  }

  @Test("six frames at once, then four a second; a clock that goes back gives none")
  func allowance() {
    let start = ContinuousClock.now
    var allowance = FrameAllowance()
    var answers: [Bool] = []
    for _ in 0..<8 { answers.append(allowance.take(at: start)) }
    #expect(answers == [true, true, true, true, true, true, false, false])
    let moments = [249, 251, 0, 251, 502].map { start + .milliseconds($0) }
    answers = []
    for moment in moments { answers.append(allowance.take(at: moment)) }
    #expect(answers == [false, true, false, true, true])
  }
}

extension AssetID {
  /// An id that differs by its number alone.
  static func sample(_ number: UInt8) -> AssetID {
    AssetID("01900000-0000-7000-8000-00000000000\(number)") ?? AssetID.sample(number)
  }
}
