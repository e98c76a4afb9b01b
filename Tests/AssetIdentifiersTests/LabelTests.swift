import Testing

@testable import AssetIdentifiers

@Suite struct LabelTests {
  private func message(_ text: String) throws -> FormattedMessage {
    guard case .iso15434(let message) = try AssetIdentifier.interpret(text) else {
      Issue.record("no message: \(text)")
      throw IdentifierError.lineTooLong(shown: 0, most: 0)
    }
    return message
  }

  /// zxing-cpp test/samples/datamatrix-4/dm-e-d-c-edifice.
  @Test func anEDIFICELabelHasItsFields() throws {
    let scan = EPCTests.bytes(
      "5b293e1e30361d3235504c4549424d41513742424334343835353941431d533434414143431e04")
    let message = try message(String(decoding: scan, as: UTF8.self))
    #expect(message.fields.map(\.identifier) == ["25P", "S"])
    #expect(message.fields.map(\.value) == ["LEIBMAQ7BBC448559AC", "44AACC"])
    #expect(message.fields[1].meaning == "serial number of the supplier")
    #expect(message.tolerated.isEmpty)
    #expect(Array(message.text.utf8) == scan)
  }

  /// What printers and scanners do to the separators is read where it can mean one thing only, and said.
  @Test(arguments: [
    ("[)>\u{1E}06\u{1D}SABC\u{1D}Q7", 2), ("[)>06\u{1D}SABC\u{1D}Q7\u{1E}\u{04}", 1),
    ("[)><RS>06<GS>SABC<GS>Q7<RS><EOT>", 1), ("[)>{RS}06{GS}SABC{GS}Q7{RS}{EOT}", 1),
    ("[)>␞06␝SABC␝Q7␞␄", 1), ("[)>@06@SABC@Q7", 3), (">[)>06\u{1D}SABC\u{1D}Q7", 4),
    ("[)>\u{1E}06SABC\u{1D}Q7\u{1E}\u{04}", 1), ("[)>\u{1E}06\u{1D}\u{1D}SABC\u{1D}Q7\u{1E}\u{04}", 0),
    ("[)>\u{1E}06\u{1D}SABC\u{1D}?\u{1D}Q7\u{1E}\u{04}", 1),
  ]) func strayLabelsAreReadAndSaid(_ text: String, _ tolerated: Int) throws {
    let message = try message(text)
    #expect(message.fields.map { "\($0.identifier)=\($0.value)" } == ["S=ABC", "Q=7"])
    #expect(message.tolerated.count == tolerated, "\(message.tolerated)")
  }

  /// An identifier that the standard has not assigned is kept with its value, and said.
  @Test func anUnassignedIdentifierIsKeptAndSaid() throws {
    let message = try message("[)>\u{1E}06\u{1D}999AXYZ\u{1D}SABC\u{1E}\u{04}")
    #expect(message.fields.map { "\($0.identifier)=\($0.value)" } == ["999A=XYZ", "S=ABC"])
    #expect(message.tolerated == ["999A is no data identifier of MH10.8.2."])
  }

  @Test func otherFormatsAreKnown() throws {
    let both = try message("[)>\u{1E}05\u{1D}010950600013435221ABC\u{1E}12\u{1D}SER 0001\u{1E}\u{04}")
    #expect(both.envelopes.map(\.format) == ["05", "12"])
    #expect(both.envelopes[0].elements?.bracketed == "(01)09506000134352(21)ABC")
    #expect(both.envelopes[1].data == "\u{1D}SER 0001")
  }

  @Test(arguments: [
    ("[)>\u{1E}99\u{1D}X\u{1E}\u{04}", "iso15434.format", 4, 2), ("[)>\u{1E}", "iso15434.empty", 0, 4),
    ("[)>\u{1E}05\u{1D}0109506000134351\u{1E}\u{04}", "gs1.value", 22, 1),
    ("[)>\u{1E}06\u{1D}SA\u{1}B\u{1E}\u{04}", "iso15434.control", 9, 1),
    ("[)><RS>06<GS>S\u{1}<RS><EOT>", "iso15434.control", 14, 1),
  ]) func aWrongMessageNamesItsPlace(_ text: String, _ code: String, _ start: Int, _ length: Int) throws {
    do throws(IdentifierError) {
      _ = try AssetIdentifier.interpret(text)
      Issue.record("taken")
    } catch {
      #expect(error.code == "identifier." + code)
      #expect(error.start == start && error.length == length, "\(error.start) \(error.length)")
    }
  }

  @Test func everyDataIdentifierHasAMeaningAndACategory() {
    #expect(DataIdentifier.table.count == 388)
    for (identifier, meaning) in DataIdentifier.table {
      #expect(!meaning.isEmpty && DataIdentifier.category(of: identifier) != nil, "\(identifier)")
      #expect(DataIdentifierField(Array((identifier + "X").utf8)[...])?.identifier == identifier)
    }
    #expect(DataIdentifier.meaning(of: "42Z") == "line 32 of structured free text")
    #expect(DataIdentifier.meaning(of: "999A") == nil)
  }

  /// A field without envelope is offered, never told.
  @Test func aLoneFieldIsAReadingOfText() throws {
    #expect(try AssetIdentifier.interpret("S5CG1234XYZ") == .text("S5CG1234XYZ"))
    #expect(DataIdentifierField.reading(of: "S5CG1234XYZ")?.value == "5CG1234XYZ")
    #expect(DataIdentifierField.reading(of: "1PABC-12")?.identifier == "1P")
    #expect(DataIdentifierField.reading(of: "S") == nil && DataIdentifierField.reading(of: "ß1") == nil)
  }

  /// The number of base 36 and of base 10 by hand: 7 = 7; Z = 35; 10 = 36; and 36⁷ − 1 = 78364164095.
  @Test func dellTagsAndExpressCodesAreTheSameNumber() {
    #expect(DellServiceTag.expressServiceCode(of: "0000010") == "36")
    #expect(DellServiceTag.expressServiceCode(of: "ZZZZZZZ") == "78364164095")
    #expect(DellServiceTag.serviceTag(of: "783-641-640-95") == "ZZZZZZZ")
    #expect(
      DellServiceTag.serviceTag(of: "78364164096") == nil && DellServiceTag.expressServiceCode(of: "7xk2q53") == nil)
    var dice = Dice(3)
    for _ in 0..<2000 {
      let tag = String((0..<7).map { _ in dice.pick(Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) })
      #expect(DellServiceTag.expressServiceCode(of: tag).flatMap(DellServiceTag.serviceTag) == tag)
    }
  }

  /// Seven characters are consistent with a Dell tag; only with the manufacturer they are one.
  @Test func aSerialNumberIsNeverGuessed() throws {
    #expect(try AssetIdentifier.interpret("7XK2Q53") == .text("7XK2Q53"))
    #expect(SerialNumber.readings(of: "7XK2Q53").map(\.rule.id) == ["dell.serviceTag"])
    let known = try AssetIdentifier.interpret(RawScan("7XK2Q53".utf8, hint: .serial(manufacturer: "dell")))
    guard case .serial(let serial) = known else {
      Issue.record("\(known)")
      return
    }
    #expect(serial.value == "7XK2Q53" && serial.details.map(\.name) == ["expressServiceCode"])
    let lenovo = SerialNumber.readings(of: "1S20XWS0AB00PF2ABCDE", manufacturer: "Lenovo")
    #expect(lenovo.map(\.value) == ["PF2ABCDE"])
    #expect(lenovo[0].details.map(\.value) == ["20XW", "S0AB00"])
    #expect(SerialNumber.readings(of: "FOC2399XYZA", manufacturer: "Cisco").isEmpty, "there is no week 99")
    #expect(SerialNumber.readings(of: "FOC2348XYZA", manufacturer: "Cisco").count == 1)
  }

  /// 490154203237518 is 3GPP's example of a valid check digit; 00:1B:21 is Intel's.
  @Test func addressesAndDeviceNumbersAreHeldToTheirForms() throws {
    #expect(try AssetIdentifier.interpret("490154203237518").kind == "imei")
    #expect(try AssetIdentifier.interpret("490154203237517").kind == "text")
    #expect(try AssetIdentifier.interpret("4901542032375180").kind == "text")
    for text in ["00:1B:21:3C:4D:5E", "00-1b-21-3c-4d-5e", "001b.213c.4d5e"] {
      #expect(try AssetIdentifier.interpret(text).description == "00:1B:21:3C:4D:5E")
    }
    for text in ["001B213C4D5E", "00:1B:21:3C:4D-5E", "00:1B:21:3C:4D:5", "00:1B:21:3C:4D:5G"] {
      #expect(try AssetIdentifier.interpret(text).kind == "text")
    }
    #expect(try AssetIdentifier.interpret(RawScan("001B213C4D5E".utf8, hint: .mac)).kind == "mac")
    #expect(throws: IdentifierError.self) { try AssetIdentifier.interpret(RawScan("001B213C4D".utf8, hint: .mac)) }
    #expect(throws: IdentifierError.self) {
      try AssetIdentifier.interpret(RawScan("490154203237517".utf8, hint: .imei))
    }
  }

  /// The add-on of a book (ISO/IEC 15420 example 9780201379624 51299) is no part of its number; UPC-E 01234565 is
  /// 012345000065.
  @Test(arguments: [
    ("]E3978020137962451299", "(01)09780201379624", "51299"), ("]E0012345000065", "(01)00012345000065", nil),
    ("]E001234565", "(01)00012345000065", nil), ("]E402345673", "(01)00000002345673", nil),
  ]) func retailNumbersArePadded(_ scan: String, _ elements: String, _ addOn: String?) throws {
    guard case .gs1(let found) = try ScanNotation(scan.utf8).interpret() else {
      Issue.record("\(scan)")
      return
    }
    #expect(found.bracketed == elements)
    #expect(found.carrier == .eanUPC(addOn: addOn))
  }

  @Test(arguments: [
    ("]C1010950600013435\\x1D", 5, 13), ("(01)09506000134351", 17, 1), ("\\x41\\x1", 4, 3), ("hex:3g", 5, 1),
    ("hex:3074 257B F719 4E40 0000 1A", 4, 27), ("](1", 0, 3),
    // A protocol control word before the EPC; the wrong character behind what is escaped or encoded.
    ("hex:3000 3074 257B F719 4E40 0000 1A85", 4, 4), ("(21)A\\(B~C", 8, 1),
    ("https://id.gs1.org/01/09506000134352/21/A%2FB%7EC", 45, 3),
    ("https://id.gs1.org/01/09506000134352?99=A%20B", 41, 3),
  ]) func spansCountInTheLineAsItIsWritten(_ line: String, _ start: Int, _ length: Int) throws {
    do throws(IdentifierError) {
      _ = try ScanNotation(line.utf8).interpret()
      Issue.record("taken")
    } catch {
      #expect(error.start == start && error.length == length, "\(error.start) \(error.length) \(error.sentence)")
    }
  }

  @Test func aReportIsOneLineWithWhatApplies() throws {
    func line(_ text: String, _ prefixes: [String] = []) throws -> String {
      let identifier = try ScanNotation(text.utf8).interpret()
      let report = IdentifierReport(identifier, prefixes: CompanyPrefixes(prefixes))
      return String(decoding: report.jsonLine(input: text), as: UTF8.self)
    }
    #expect(
      try line("hex:3474257BF40000000000162E")
        == #"{"input":"hex:3474257BF40000000000162E","kind":"epc","fields":{"8004":"06141415678"},"#
        + #""elementString":"(8004)06141415678","tagURI":"urn:epc:tag:giai-96:3.0614141.5678","#
        + #""epcURI":"urn:epc:id:giai:0614141.5678","digitalLink":"https://id.gs1.org/8004/06141415678","#
        + #""hex":"3474257BF40000000000162E"}"#)
    #expect(try line("(00)106141412345678908", ["0614141"]).contains("urn:epc:id:sscc:0614141.1234567890"))
    #expect(
      try line(#"a\x09"#.replacing(#"\x09"#, with: #"\"#) + "\"").hasSuffix(
        #""kind":"text","fields":{"text":"a\\\""}}"#))
    #expect(
      try line("[)>\\x1e06\\x1dS1\\x1dS2\\x1dQ3\\x1e\\x04").contains(#""fields":{"S":["1","2"],"Q":"3"}"#))
  }
}
