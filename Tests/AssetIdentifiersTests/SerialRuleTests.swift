import Testing

@testable import AssetIdentifiers

@Suite struct SerialRuleTests {
  private func rule(_ form: String, _ manufacturer: String = "Acme") throws(IdentifierError) -> SerialRule {
    try SerialRule(
      "acme.serial", manufacturer: manufacturer, name: "serial number", form: form, source: "a test", proves: "Nothing."
    )
  }

  @Test func aWrittenFormReadsLabels() throws {
    let serial = try #require(try rule("'AC-'{year:99}{serial:AA9999}'/'{line:9X}").reading(of: "AC-26QX1234/7B"))
    #expect(serial.value == "QX1234")
    #expect(serial.details.map { "\($0.name)=\($0.value)" } == ["year=26", "line=7B"])
    for text in ["AC-26Q11234/7B", "AC-26QX1234/7B ", "AC26QX1234/7B", "AC-26QX1234/BB", "AC-26QX123", ""] {
      #expect(try rule("'AC-'{year:99}{serial:AA9999}'/'{line:9X}").reading(of: text) == nil)
    }
    #expect(try rule("9999AX").reading(of: "1234BC")?.value == "1234BC")
  }

  /// The shipped rules written down and read again are themselves.
  @Test func everyShippedRuleIsItsWrittenForm() throws {
    for rule in SerialRule.known {
      let again = try SerialRule(
        rule.id, manufacturer: rule.manufacturer, name: rule.name, form: rule.writtenForm, source: rule.source,
        proves: rule.proves, isSelfEvident: rule.isSelfEvident)
      #expect(again == rule, "\(rule.writtenForm)")
    }
  }

  @Test(arguments: [
    ("", 0, 0), ("'SN'", 0, 4), ("XX-XX", 2, 1), ("XX'", 2, 1), ("''X", 0, 3), ("{serial:XX", 0, 10), ("X{:9}", 1, 4),
    ("{serial:}", 0, 9), ("{a:9{b:9}}", 4, 1), ("9}", 1, 1), ("X{se rial:9}", 1, 11), ("XéX", 1, 1),
    (String(repeating: "9", count: 65), 0, 65),
  ]) func aWrongFormIsNamedInItsPlace(_ form: String, _ start: Int, _ length: Int) throws {
    do throws(IdentifierError) {
      _ = try rule(form)
      Issue.record("taken")
    } catch {
      #expect(error.code == "identifier.serialRule.form")
      #expect(error.start == start && error.length == length, "\(error.start) \(error.length)")
    }
  }

  /// A site's rule is told only with its manufacturer, or where the site says that its form alone tells.
  @Test func aSitesRulesStandBesideTheShippedOnes() throws {
    let own = try rule("'ZZ'999999")
    let rules = SerialRule.known(with: [own])
    #expect(rules.count == SerialRule.known.count + 1)
    var scan = RawScan("ZZ123456".utf8)
    scan.serialRules = rules
    #expect(try AssetIdentifier.interpret(scan) == .text("ZZ123456"))
    #expect(AssetIdentifier.candidates(for: "ZZ123456", rules: rules).map(\.value).contains("ZZ123456"))
    scan.hint = .serial(manufacturer: "ACME")
    #expect(try AssetIdentifier.interpret(scan).kind == "serial")
    let told = try SerialRule(
      "acme.serial", manufacturer: "Acme", name: "serial number", form: "'ZZ'999999", source: "", proves: "",
      isSelfEvident: true)
    var alone = RawScan("ZZ123456".utf8)
    alone.serialRules = SerialRule.known(with: [told])
    #expect(try AssetIdentifier.interpret(alone).kind == "serial")
  }

  /// One with the identifier of shipped ones takes their place.
  @Test func aSitesRuleReplacesShippedOnesOfItsIdentifier() throws {
    let own = try SerialRule(
      "apple.serial", manufacturer: "Apple", name: "serial number", form: "'C'99", source: "", proves: "")
    let rules = SerialRule.known(with: [own])
    #expect(rules.filter { $0.id == "apple.serial" } == [own])
  }
}
