import Testing

@testable import AssetIdentifiers

/// Every application identifier of the table, with values that the dice make up and its rules allow.
@Suite struct EveryIdentifierTests {
  private typealias Row = ApplicationIdentifierRow

  /// Values for checks that dice would hardly ever meet; each is a public example or a plain one of its list.
  private static let examples: [ValueCheck: [String]] = [
    .yymmd0: ["261130", "000229"], .yymmdd: ["261130", "240229"], .yyyymmd0: ["20261100"], .yyyymmdd: ["20261130"],
    .iso3166: ["528", "840"], .iso3166999: ["528", "999"], .iso3166alpha2: ["NL", "US"], .iso4217: ["978", "840"],
    .iban: ["GB82WEST12345698765432", "DE89370400440532013000"], .mediatype: ["01", "80"], .packagetype: ["CT", "PX"],
    .latitude: ["0000000000", "1800000000"], .longitude: ["3600000000"], .csumalpha: ["1987654Ad4X4bL5ttr2310c2K"],
    .couponcode: ["012345612345611110123"], .pieceoftotal: ["0102", "1212"], .posinseqslash: ["1/1", "2/3"],
    .hyphen: ["-"], .pcenc: ["a%20b"], .couponposoffer: ["001234561234560123456"],
  ]

  /// A value for a component; nil when none was found.
  private func value(_ component: Row.Component, _ dice: inout Dice) -> String? {
    for _ in 0..<400 {
      var text: [UInt8]
      if let check = component.checks.first(where: { Self.examples[$0] != nil }), let examples = Self.examples[check] {
        text = Array(dice.pick(examples).utf8)
      } else {
        let members = (0..<256).filter { Row.CharacterSet.members[$0] & component.characters.rawValue != 0 }
        // Short ones and the longest.
        let most = dice.roll(4) == 0 ? component.length.upperBound : component.length.lowerBound + 4
        let length = min(component.length.upperBound, component.length.lowerBound + dice.roll(most))
        text = (0..<length).map { _ in UInt8(dice.pick(members)) }
        // Base64 is filled up to a multiple of three; digits that few values begin with are zeros.
        if component.characters == .base64 { text = Array(text.prefix(max(3, text.count / 3 * 3))) }
        if component.checks.contains(.gcppos1) {
          // A company prefix stands first, at least four digits of it.
          text.insert(contentsOf: dice.digits(4).utf8, at: 0)
          text = Array(text.prefix(component.length.upperBound))
        }
        if component.checks.contains(.csum) { text[text.count - 1] = ValueCheck.checkDigit(for: text.dropLast()[...]) }
        if component.checks.contains(.zero) { text = text.map { _ in 0x30 } }
      }
      guard component.length.contains(text.count) else { continue }
      let bytes = text[...]
      if ElementReader.fault(in: bytes, of: component.characters) == nil,
        component.checks.allSatisfy({ $0.fault(in: bytes) == nil })
      {
        return bytes.text
      }
    }
    return nil
  }

  @Test func everyFormOfEveryIdentifierReadsAsItself() throws {
    var dice = Dice(11)
    let rows = ApplicationIdentifierTable.standard.rows
    #expect(rows.count > 200)
    for row in rows {
      for round in 0..<12 {
        var text = ""
        for component in row.components where !(component.isOptional && round.isMultiple(of: 2)) {
          text += try #require(value(component, &dice), "no value found for (\(row.first))")
        }
        let number = row.first.number + UInt16(dice.roll(Int(row.last.number - row.first.number) + 1))
        let identifier = ApplicationIdentifier(number: number, length: row.first.length)
        let lot = ElementString.Element(identifier: "99", value: dice.text(1...20))
        var elements = [ElementString.Element(identifier: identifier, value: text)]
        if identifier != lot.identifier { elements.append(lot) }
        let string = ElementString(elements, carrier: .derived)
        let shown = string.bracketed
        #expect(try ElementString(shown.utf8, isWholeItem: false).elements == elements, "\(shown)")
        #expect(try ElementString(string.concatenated.utf8, isWholeItem: false).elements == elements, "\(shown)")
        // FNC1 in front, and behind every value: allowed though not needed.
        let separated = elements.map { "\u{1D}\($0.identifier)\($0.value)" }.joined() + "\u{1D}"
        #expect(try ElementString(separated.utf8, isWholeItem: false).elements == elements, "\(shown)")
        guard row.qualifiers != nil else { continue }
        let link = try DigitalLink(string, stem: "https://example.com/some/path")
        #expect(try DigitalLink(uri: link.uri, isWholeItem: false)?.elements == link.elements, "\(link.uri)")
        #expect(Set(link.elements.elements) == Set(elements))
      }
    }
  }

  /// One character more than an identifier of variable length may have, or one less than a fixed one, is named.
  @Test func aValueOfAWrongLengthIsNamedInItsPlace() throws {
    for row in ApplicationIdentifierTable.standard.rows {
      let long = "(\(row.first))" + String(repeating: "0", count: row.length.upperBound + 1)
      let error = try #require(throws: IdentifierError.self) { try ElementString(long.utf8, isWholeItem: false) }
      let head = 2 + Int(row.first.length)
      #expect(error.start >= head && error.start + error.length <= long.utf8.count && error.length > 0, "\(long)")
      if row.length.lowerBound > 1 {
        let short = "(\(row.first))" + String(repeating: "0", count: row.length.lowerBound - 1)
        let error = try #require(throws: IdentifierError.self) { try ElementString(short.utf8, isWholeItem: false) }
        #expect(error.start == head && error.length == row.length.lowerBound - 1, "\(short)")
      }
    }
  }
}
