import Testing

@testable import BarcodeVision

/// What stands in the symbol, whichever engine reads it. Expected values by hand from the words that stand with the vector.
@Suite("DataBar Expanded")
struct DataBarExpandedTests {
  @Test(
    "brackets that the decoder adds become FNC1 where a value has no length of its own",
    arguments: [
      ("(10)567(11)010101(13)010101", "10567\u{1D}1101010113010101"),
      ("(01)09501101530003(3103)000123(15)991231", "010950110153000331030001231599" + "1231"),
      ("(21)A(1)B(10)C", "21A(1)B\u{1D}10C"),
      ("no brackets", "no brackets"), ("(x)1", "(x)1"), ("(10", "(10"), ("", ""), ("(10)", "10"),
    ])
  func brackets(_ text: String, _ carried: String) {
    #expect(String(decoding: ZXingAnswer.unbracketed(Array(text.utf8)[...]), as: UTF8.self) == carried)
  }
}
