import AssetIdentifiers
import Testing

@Suite struct TagSeriesTests {
  @Test("numbers are padded, and read back", arguments: [(1, "AT-00001"), (42, "AT-00042"), (99_999, "AT-99999")])
  func plain(number: Int, text: String) {
    #expect(TagSeries.standard.text(of: number) == text)
    #expect(TagSeries.standard.number(in: text) == number)
  }

  /// 79927398713 is the example of Luhn's algorithm that is published everywhere; 49927398716 is the one of Rosetta Code.
  @Test("the check digit is Luhn's", arguments: [("79927398713", 7_992_739_871), ("49927398716", 4_992_739_871)])
  func published(digits: String, number: Int) throws {
    let series = try #require(TagSeries(letters: "IT", digits: 10, hasCheckDigit: true))
    #expect(series.text(of: number) == "IT-" + digits)
    #expect(series.number(in: "IT-" + digits) == number)
  }

  @Test("with a check digit no single wrong digit passes, nor do swapped neighbours but 09 and 90")
  func errorsAreFound() throws {
    let series = try #require(TagSeries(letters: "IT", hasCheckDigit: true))
    for number in stride(from: 1, through: series.highest, by: 337) {
      let tag = Array(try #require(series.text(of: number)))
      for place in 3..<tag.count {
        for digit in "0123456789" where digit != tag[place] {
          var wrong = tag
          wrong[place] = digit
          #expect(series.number(in: String(wrong)) == nil)
        }
        guard place + 1 < tag.count, tag[place] != tag[place + 1] else { continue }
        var swapped = tag
        swapped.swapAt(place, place + 1)
        let pair = Set([tag[place], tag[place + 1]])
        #expect((series.number(in: String(swapped)) == nil) == (pair != ["0", "9"]))
      }
    }
  }

  @Test(
    "what is not of the series has no number",
    arguments: [
      "AT-0042", "AT-000042", "AT00042", "at-00042", "IT-00042", "AT-00000", "AT-0004x", "", "AT-٠٠٠٤٢",
    ])
  func foreign(_ text: String) { #expect(TagSeries.standard.number(in: text) == nil) }

  @Test("numbers that cannot be written have no text; odd series cannot be made")
  func bounds() {
    #expect(TagSeries.standard.text(of: 0) == nil)
    #expect(TagSeries.standard.text(of: 100_000) == nil)
    for letters in ["A", "ABCDE", "at", "A1", "ÄB", ""] { #expect(TagSeries(letters: letters) == nil) }
    #expect(TagSeries(letters: "AT", digits: 4) == nil)
    #expect(TagSeries(letters: "AT", digits: 13) == nil)
    #expect(TagSeries(letters: "AT", digits: 12, hasCheckDigit: true)?.highest == 999_999_999_999)
  }
}
