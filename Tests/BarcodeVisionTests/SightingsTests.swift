import Testing

@testable import BarcodeVision

@Suite("What counts as read")
struct SightingsTests {
  private func symbol(
    _ symbology: Symbology, _ text: String, _ engine: Symbol.Engine, quality: Int = 2, at x: Int = 0, step: String
  ) -> Symbol {
    var symbol = Symbol(
      symbology: symbology, text: text, raw: Array(text.utf8), symbologyIdentifier: "]X0", engine: engine,
      quality: quality,
      corners: Corners(enclosing: [(x, 0), (x + 90, 0), (x + 90, 40), (x, 40)].map { .init(x: $0.0, y: $0.1) }))
    symbol.step = step
    return symbol
  }

  private let zbarPlain = Rung(view: .plain, engine: .zbar(density: 1))
  private let zbarDoubled = Rung(view: .doubled, engine: .zbar(density: 1))
  private let zbarEqualized = Rung(view: .equalized, engine: .zbar(density: 1))
  private let zxingPlain = Rung(view: .plain, engine: .zxing(most: 1))
  private let zxingThresholded = Rung(view: .thresholded, engine: .zxing(most: 1))

  private func believed(_ seen: [(Symbol, Rung)]) -> [String] {
    var sightings = Sightings()
    for (symbol, rung) in seen {
      var symbol = symbol
      symbol.step = rung.name
      sightings.add(symbol, on: rung)
    }
    return sightings.verdict.certain.map(\.text)
  }

  @Test("A product code of few of zbar's lines needs a witness, and the same view enlarged or smoothed is none")
  func agreement() {
    let faint = symbol(.ean13, "4006381333931", .zbar, quality: 9, step: "")
    #expect(believed([(faint, zbarPlain)]).isEmpty)
    #expect(believed([(faint, zbarPlain), (faint, zbarDoubled)]).isEmpty)
    let zbarSmoothed = Rung(view: .smoothed, engine: .zbar(density: 1))
    #expect(believed([(faint, zbarPlain), (faint, zbarSmoothed)]).isEmpty)
    #expect(believed([(faint, zbarPlain), (faint, zbarEqualized)]) == ["4006381333931"])
    #expect(believed([(symbol(.ean13, "4006381333931", .zbar, quality: 60, step: ""), zbarPlain)]).count == 1)
    #expect(believed([(symbol(.ean13, "4006381333931", .zxing, step: ""), zxingPlain)]).count == 1)
    #expect(believed([(symbol(.ean13, "4006381333931", .zxing, step: ""), zxingThresholded)]).isEmpty)
  }

  @Test("One look that reports a symbol twice is one witness")
  func sameLook() {
    let faint = symbol(.ean13, "4006381333931", .zbar, quality: 9, step: "")
    #expect(believed([(faint, zbarEqualized), (faint, zbarEqualized)]).isEmpty)
  }

  @Test("Two product codes in one place contradict each other; side by side they do not")
  func contradiction() {
    let one = symbol(.ean13, "4006381333931", .zbar, quality: 60, step: "")
    let other = symbol(.upca, "036000291452", .zbar, quality: 50, step: "")
    #expect(believed([(one, zbarPlain), (other, zbarPlain)]).isEmpty)
    let beside = symbol(.upca, "036000291452", .zbar, quality: 50, at: 200, step: "")
    #expect(believed([(one, zbarPlain), (beside, zbarPlain)]).count == 2)
    // Three times as much support wins.
    let weak = symbol(.upca, "036000291452", .zbar, quality: 5, step: "")
    #expect(believed([(one, zbarPlain), (weak, zbarPlain)]) == ["4006381333931"])
  }

  @Test("Codes without a check need two looks, or many lines of more than four characters")
  func unchecked() {
    #expect(believed([(symbol(.itf, "123456", .zbar, quality: 1, step: ""), zbarPlain)]).isEmpty)
    #expect(believed([(symbol(.itf, "123456", .zbar, quality: 30, step: ""), zbarPlain)]).count == 1)
    let short = symbol(.code39, "AB12", .zbar, quality: 30, step: "")
    #expect(believed([(short, zbarPlain)]).isEmpty)
    #expect(believed([(short, zbarPlain), (symbol(.code39, "AB12", .zxing, step: ""), zxingPlain)]) == ["AB12"])
    #expect(believed([(symbol(.code39, "T", .zbar, quality: 90, step: ""), zbarPlain)]).isEmpty)
  }

  @Test("Error correction is proof; the rest of a painted-over product code is not")
  func proof() {
    #expect(believed([(symbol(.dataMatrix, "X", .zxing, quality: 1, step: ""), zxingThresholded)]) == ["X"])
    var rest = symbol(.upce, "01234565", .zxing, step: "")
    rest.isFaint = true
    #expect(believed([(rest, zxingPlain)]).isEmpty)
  }
}
