import CartonReading
import Testing

@Suite("What operators correct")
struct CorrectionTests {
  private let optiPlex = KnownProduct(manufacturer: "Dell", model: "OptiPlex 755")

  /// The part of a plain symbol.
  private func part(_ text: String, _ symbology: String = "]A0") -> CartonPart {
    Carton([(text, symbology)]).parts[0]
  }

  private func taught(_ more: Correction...) -> [Correction] {
    [.learn(part("165627"), as: .assetTag, of: optiPlex, by: "Kim", on: "2026-11-21")] + more
  }

  @Test("what was said of one carton holds for the next of the model, with who and when")
  func holds() {
    let carton = Carton(Label.dellCarton, knowing: CartonKnowledge(corrections: taught(), expected: optiPlex))
    #expect(carton.values(.assetTag) == ["165340"])
    #expect(carton.why(.assetTag) == ["corrected: corrected by Kim on 2026-11-21"])
    #expect(carton.values(.serial) == [])
    #expect(carton.values(.mac) == ["001EC9476B0A"])
  }

  @Test("on a carton whose model nothing tells it is likely, and the model is suggested")
  func suggests() {
    let carton = Carton(Label.dellCarton, knowing: CartonKnowledge(corrections: taught()))
    #expect(carton.values(.assetTag) == ["165340"])
    #expect(carton.why(.assetTag) == ["likely: matches the pattern learned for Dell OptiPlex 755"])
    #expect(carton.suggestion == optiPlex)
  }

  @Test("of another model it says nothing; manufacturer and model are compared as people type them")
  func otherModel() {
    let other = KnownProduct(manufacturer: "Dell", model: "Latitude D630")
    #expect(
      Carton(Label.dellCarton, knowing: CartonKnowledge(corrections: taught(), expected: other)).values(.serial)
        == ["165340"])
    let typed = KnownProduct(manufacturer: "DELL", model: "Optiplex755")
    #expect(
      Carton(Label.dellCarton, knowing: CartonKnowledge(corrections: taught(), expected: typed)).values(.assetTag)
        == ["165340"])
  }

  @Test(
    "the pattern is symbology, length, kinds of characters and signs",
    arguments: [
      ("165340", "]A0", true), ("1653401", "]A0", false), ("16534A", "]A0", false), ("165340", "]C0", false),
      ("165-40", "]A0", false), ("16534a", "]A0", false),
    ])
  func pattern(_ text: String, _ symbology: String, _ fits: Bool) {
    let knowledge = CartonKnowledge(corrections: taught(), expected: optiPlex)
    #expect(Carton([(text, symbology)], knowing: knowledge).values(.assetTag) == (fits ? [text] : []))
  }

  @Test("a later correction supersedes an earlier one of the same pattern")
  func supersedes() {
    let later = Correction.learn(part("165111"), as: .serial, of: optiPlex, by: "Lee", on: "2026-12-01")
    let carton = Carton(Label.dellCarton, knowing: CartonKnowledge(corrections: taught(later), expected: optiPlex))
    #expect(carton.values(.assetTag) == [])
    #expect(carton.why(.serial) == ["corrected: corrected by Lee on 2026-12-01"])
  }

  @Test("a correction goes before a standard, for the model it was made for")
  func beatsStandard() {
    let product = KnownProduct(manufacturer: "HP", model: "LP2465")
    let part = Carton([("1PEF224A4", "]C0")]).parts[0]
    let said = Correction.learn(part, as: .model, of: product, by: "Kim", on: "2026-11-21")
    let carton = Carton(Label.hp, knowing: CartonKnowledge(corrections: [said], expected: product))
    #expect(carton.values(.partNumber) == [])
    #expect(carton.why(.model) == ["corrected: corrected by Kim on 2026-11-21"])
  }

  @Test("whether a leading S belongs to the serial number is learned, both ways")
  func leadingS() {
    let drive = KnownProduct(manufacturer: "Samsung", model: "PM981")
    let part = Carton([("S4EVNX0M123456", "]C0")]).parts[0]
    for (keepsWhole, value) in [(true, "S4EVNX0M999999"), (false, "4EVNX0M999999")] {
      let said = Correction.learn(part, as: .serial, of: drive, keepsWhole: keepsWhole, by: "Kim", on: "2026-11-21")
      let carton = Carton(
        [("S4EVNX0M999999", "]C0")], knowing: CartonKnowledge(corrections: [said], expected: drive))
      #expect(carton.values(.serial) == [value])
      #expect(carton.isSettled)
    }
  }

  @Test("a code that is said to be something else is left over from then on")
  func nothing() {
    let said = Correction.learn(part("165627"), as: .other, of: optiPlex, by: "Kim", on: "2026-11-21")
    let carton = Carton(Label.dellCarton, knowing: CartonKnowledge(corrections: [said], expected: optiPlex))
    #expect(carton.values(.serial) == [])
    #expect(carton.leftovers.map(\.words) == ["corrected by Kim on 2026-11-21"])
  }

  @Test("a choice for this carton goes before everything and settles a conflict")
  func choice() {
    let codes = [("FOC1234X0AB", "]C0"), ("WS-C2960-24TT-L", "]C0")]
    let chosen = CartonChoice(
      symbol: CartonSymbol("WS-C2960-24TT-L".utf8, symbologyIdentifier: "]C0"), part: 0, field: .partNumber, by: "Kim")
    let carton = Carton(codes, choices: [chosen])
    #expect(carton.values(.partNumber) == ["WS-C2960-24TT-L"])
    #expect(carton.why(.partNumber) == ["corrected: chosen by Kim"])
    #expect(carton.values(.serial) == ["FOC1234X0AB"])
    #expect(carton.isSettled)
  }

  @Test("of two codes of one look that was learned, the one chosen on this carton counts")
  func choiceAmongLearned() {
    let product = KnownProduct(manufacturer: "Cisco", model: "C9200L")
    let codes = [("9784872348880", "]E0"), ("1920081045006", "]E0")]
    let said = Correction.learn(part("9784872348880", "]E0"), as: .gtin, of: product, by: "Kim", on: "2026-11-21")
    let chosen = CartonChoice(
      symbol: CartonSymbol("9784872348880".utf8, symbologyIdentifier: "]E0"), part: 0, field: .gtin, by: "Lee")
    let knowledge = CartonKnowledge(corrections: [said], expected: product)
    #expect(!Carton(codes, knowing: knowledge).isSettled)
    let carton = Carton(codes, knowing: knowledge, choices: [chosen])
    #expect(carton.values(.gtin) == ["9784872348880"])
    #expect(carton.why(.gtin) == ["corrected: chosen by Lee"])
    #expect(carton.leftoverTexts == ["1920081045006"])
    #expect(carton.isSettled)
  }

  @Test("a chosen prefix is dropped, a chosen value is taken as it was shown")
  func chosenValue() {
    let symbol = CartonSymbol("S4EVNX0M123456".utf8, symbologyIdentifier: "]C0")
    let whole = CartonChoice(symbol: symbol, part: 0, field: .serial, value: "S4EVNX0M123456", by: "Kim")
    #expect(
      Carton(reading: [symbol], knowing: CartonKnowledge(), choices: [whole]).values(.serial) == ["S4EVNX0M123456"])
    let cut = CartonChoice(symbol: symbol, part: 0, field: .serial, by: "Kim")
    #expect(Carton(reading: [symbol], knowing: CartonKnowledge(), choices: [cut]).values(.serial) == ["4EVNX0M123456"])
  }
}
