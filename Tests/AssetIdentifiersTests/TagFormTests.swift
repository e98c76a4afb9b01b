import Testing

@testable import AssetIdentifiers

/// From what a label says to what is written into a tag.
@Suite struct TagFormTests {
  private func report(_ text: String, _ form: TagForm, _ prefixes: CompanyPrefixes) throws -> IdentifierReport {
    var report = IdentifierReport(try ScanNotation(text.utf8).interpret(), prefixes: prefixes)
    try report.addTag(form, prefixes: prefixes, input: text)
    return report
  }

  /// The examples of the Tag Data Standard, from the element string, the Digital Link, the identity and the bits.
  @Test(arguments: EPCTests.standard) func anElementStringBecomesTheStandardsBits(
    _ elements: String?, _ uri: String, _ bits: String
  ) throws {
    let tag = "urn:epc:tag:" + uri
    let encoding = try #require(EPCEncoding(rawValue: String(uri.prefix { $0 != ":" })))
    let form = TagForm(encoding: encoding, filter: 3)
    let epc = try EPC(uri: tag)
    var inputs = [try #require(epc.identity).uri, tag]
    if let elements {
      inputs.append(elements)
      inputs.append(try DigitalLink(ElementString(elements.utf8)).uri)
    }
    for prefixes in [CompanyPrefixes(["0614141"]), CompanyPrefixes([], lengthOfOthers: 7)] {
      for input in inputs {
        let report = try report(input, form, prefixes)
        #expect(report.tagURI == tag && report.epcURI == inputs[0], "\(input)")
        #expect(EPCTests.bytes(report.hexadecimal ?? "") == epc.binary, "\(input)")
      }
    }
  }

  /// A number goes into 96 bits, letters take 198.
  @Test func theShortestEncodingIsTaken() throws {
    let prefixes = CompanyPrefixes([], lengthOfOthers: 7)
    #expect(
      try report("(01)80614141123458(21)6789", TagForm(), prefixes).tagURI
        == "urn:epc:tag:sgtin-96:0.0614141.812345.6789")
    #expect(
      try report("(01)70614141123451(21)32a/b", TagForm(filter: 3), prefixes).tagURI
        == "urn:epc:tag:sgtin-198:3.0614141.712345.32a%2Fb")
    // A tag keeps its filter value unless another is asked for.
    #expect(
      try report("hex:3074257BF7194E4000001A85", TagForm(encoding: .sgtin198), prefixes).tagURI
        == "urn:epc:tag:sgtin-198:3.0614141.812345.6789")
  }

  @Test(arguments: [
    ("(01)80614141123458(21)6789", "epc.prefix"), ("(01)80614141123458", "epc.key"), ("AT-00042", "epc.key"),
    ("(8004)06141415678", "epc.prefix"),
  ]) func withoutPrefixOrKeyThereIsNoTag(_ text: String, _ code: String) throws {
    do throws(IdentifierError) {
      var report = IdentifierReport(try ScanNotation(text.utf8).interpret())
      try report.addTag(TagForm(), prefixes: CompanyPrefixes([]), input: text)
      Issue.record("made")
    } catch {
      #expect(error.code == "identifier." + code)
      #expect(error.start == 0 && error.length == text.utf8.count)
      #expect(error.sentence.hasSuffix(".") && error.remedy.hasSuffix("."))
    }
  }

  @Test func whatDoesNotFitIsAnError() throws {
    let seven = CompanyPrefixes([], lengthOfOthers: 7)
    for (text, form) in [
      // Letters in 38 bits; another scheme; a prefix of another company.
      ("(01)70614141123451(21)32a/b", TagForm(encoding: .sgtin96)),
      ("(8004)06141415678", TagForm(encoding: .sgtin96)), ("(8004)061414", TagForm()),
    ] {
      #expect(throws: IdentifierError.self, "\(text)") { try report(text, form, seven) }
    }
    #expect(throws: IdentifierError.self) {
      try report("(8004)06141415678", TagForm(), CompanyPrefixes(["9506000"]))
    }
  }

  /// Raw bits under a header of ours are the tag that they encode; bits that break its rules are kept, and it is said.
  @Test func rawBitsOfAKnownHeaderAreTheirTag() throws {
    for (_, uri, bits) in EPCTests.standard where bits.count == 24 {
      let epc = try EPC(uri: "urn:epc:raw:96.x\(bits)")
      #expect(epc.uri == "urn:epc:tag:" + uri)
    }
    let broken = "urn:epc:raw:96.x307C257BF7194E4000001A85"
    let epc = try EPC(uri: broken)
    #expect(epc.uri == broken && epc.identity == nil)
    #expect(IdentifierReport(.epc(epc)).reason?.contains("Partition 7") == true)
  }
}
