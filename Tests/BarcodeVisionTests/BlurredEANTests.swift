import Glibc
import Testing

@testable import BarcodeVision

@Suite("Product codes out of focus")
struct BlurredEANTests {
  /// The bars of an EAN-13 symbol, after the tables of ISO/IEC 15420: sets A, B and C written out.
  private static let setA = [
    "0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011",
  ]
  private static let setB = [
    "0100111", "0110011", "0011011", "0100001", "0011101", "0111001", "0000101", "0010001", "0001001", "0010111",
  ]
  private static let setC = [
    "1110010", "1100110", "1101100", "1000010", "1011100", "1001110", "1010000", "1000100", "1001000", "1110100",
  ]
  private static let sets = [
    "AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA",
  ]

  private func bars(_ code: String) -> [Bool] {
    let digits = code.compactMap(\.wholeNumberValue)
    var modules = "101"
    for (digit, set) in zip(digits[1...6], Self.sets[digits[0]]) {
      modules += (set == "A" ? Self.setA : Self.setB)[digit]
    }
    modules += "01010" + digits[7...12].map { Self.setC[$0] }.joined() + "101"
    return modules.map { $0 == "1" }
  }

  /// A picture of the symbol: `module` pixels a module, a quiet zone of twelve, blurred by `blur` modules, leaning by
  /// `lean` pixels a row, with a fixed pattern of noise.
  private func picture(_ code: String, module: Double, blur: Double, lean: Double, noise: Double = 3) -> GrayFrame {
    let bars = bars(code)
    let height = 80
    let width = Int(module * 119 + abs(lean) * Double(height)) + 1
    var bytes = [UInt8](repeating: 0, count: width * height)
    var state: UInt64 = 7
    func below(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
    for y in 0..<height {
      for x in 0..<width {
        let at = (Double(x) - lean * Double(y)) / module - 12
        var dark = 0.0
        for (index, bar) in bars.enumerated() where bar && abs(Double(index) - at) < 8 {
          dark += below((Double(index + 1) - at) / blur) - below((Double(index) - at) / blur)
        }
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let grain = (Double(state >> 40) / Double(1 << 24) - 0.5) * 2 * noise
        bytes[y * width + x] = UInt8(max(0, min(255, 200 - 150 * dark + grain)))
      }
    }
    return GrayFrame(width, height, bytes)
  }

  @Test(
    "A blur of most of a module is read through", arguments: ["5030159003930", "9780441014989", "4006381333931"],
    [0.5, 0.75])
  func blurred(code: String, blur: Double) throws {
    let frame = picture(code, module: 2.1, blur: blur, lean: 0.1)
    let symbols = BlurredEAN.symbols(in: frame)
    #expect(symbols.map(\.text) == [code])
    #expect(symbols.first?.symbology == .ean13 && symbols.first?.engine == .custody)
    // A quiet zone of twelve modules, then ninety-five.
    let xs = try #require(symbols.first?.corners.points.map(\.x))
    let (left, right) = (xs.min() ?? 0, xs.max() ?? 0)
    #expect(abs(Double(left) - 12 * 2.1) < 6 && abs(Double(right) - 107 * 2.1 - 8) < 8)
  }

  @Test("UPC-A is EAN-13 with a leading zero and keeps its twelve digits")
  func upc() {
    let symbols = BlurredEAN.symbols(in: picture("0036000291452", module: 2, blur: 0.7, lean: 0))
    #expect(symbols.map(\.text) == ["036000291452"])
    #expect(symbols.map(\.symbology) == [.upca])
  }

  @Test("Upside down and standing, it reads the same")
  func turned() {
    let frame = picture("4006381333931", module: 2, blur: 0.7, lean: 0.05)
    for orientation in [Orientation.rotate180, .rotateClockwise, .rotateCounterclockwise] {
      #expect(BlurredEAN.symbols(in: frame.upright(from: orientation)).map(\.text) == ["4006381333931"])
    }
  }

  @Test("A wrong check digit, too strong a blur, plain bars and noise give nothing")
  func nothing() {
    #expect(BlurredEAN.symbols(in: picture("4006381333932", module: 2, blur: 0.6, lean: 0)).isEmpty)
    let far = BlurredEAN.symbols(in: picture("4006381333931", module: 2, blur: 2.5, lean: 0, noise: 6))
    #expect(far.allSatisfy { $0.isFaint || $0.text == "4006381333931" })
    let fence = (0..<240 * 80).map { UInt8(($0 % 240) % 8 < 4 ? 60 : 190) }
    #expect(BlurredEAN.symbols(in: GrayFrame(240, 80, fence)).isEmpty)
    var state: UInt64 = 1
    let noise = (0..<240 * 80).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    #expect(BlurredEAN.symbols(in: GrayFrame(240, 80, noise)).isEmpty)
  }

  @Test("Frames that are too small for a symbol are passed over")
  func small() {
    for (width, height) in [(1, 1), (89, 400), (400, 11), (30_000, 1), (12, 90)] {
      #expect(BlurredEAN.symbols(in: GrayFrame(width, height, [UInt8](repeating: 9, count: width * height))).isEmpty)
    }
  }
}
