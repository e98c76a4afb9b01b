import Testing

@testable import AssetIdentifiers

@Suite struct CandidateTests {
  private func offers(_ text: String) -> [String] {
    AssetIdentifier.candidates(for: text).filter { $0.kind != "serial" }.map { "\($0.kind) \($0.value)" }
  }

  /// 9506000134352 is GS1's example of a GTIN-13; 012345678905 and UPC-E 01234565, for 012345000065, are those of ISO/IEC
  /// 15420; 02345673 is GS1's EAN-8, and by hand the UPC-E of 023456000073; the SSCC and the tag are of the Tag Data
  /// Standard 1.13, appendix E.3; the IMEI is 3GPP's.
  @Test(arguments: [
    ("09506000134352", ["gs1 (01)09506000134352"]),
    ("9506000134352", ["gs1 (01)09506000134352", "gs1 (414)9506000134352"]),
    ("012345678905", ["gs1 (01)00012345678905"]),
    ("02345673", ["gs1 (01)00000002345673", "gs1 (01)00023456000073"]),
    ("01234565", ["gs1 (01)00000001234565", "gs1 (01)00012345000065"]),
    ("106141412345678908", ["gs1 (00)106141412345678908"]), ("001B213C4D5E", ["mac 00:1B:21:3C:4D:5E"]),
    ("001b213c4d5e", ["mac 00:1B:21:3C:4D:5E"]), ("001122334455", ["gs1 (01)00001122334455", "mac 00:11:22:33:44:55"]),
    ("4901542032375101", ["imei 490154203237518"]),
    ("3074257BF7194E4000001A85", ["epc urn:epc:tag:sgtin-96:3.0614141.812345.6789"]),
    ("010950600013435221ABC", ["gs1 (01)09506000134352(21)ABC"]),
    ("010950600013435221ABC\u{1D}17261130", ["gs1 (01)09506000134352(21)ABC(17)261130"]),
    ("00106141412345678908", ["gs1 (00)106141412345678908"]), ("80040614141567890123", ["gs1 (8004)0614141567890123"]),
    ("1PABC-123", ["dataIdentifier ABC-123"]), ("S5CG1234XYZ", ["dataIdentifier 5CG1234XYZ"]),
  ]) func aBareNumberIsOfferedAsWhatItsFormAllows(_ text: String, _ wanted: [String]) throws {
    #expect(try AssetIdentifier.interpret(text) == .text(text))
    let found = offers(text)
    #expect(found == wanted, "\(found)")
    for candidate in AssetIdentifier.candidates(for: text) { #expect(!candidate.reason.isEmpty) }
  }

  /// A wrong check digit, a group's address, zeros, a word, a URL, abbreviations: none of it is offered as anything.
  @Test(arguments: [
    "09506000134353", "9506000134353", "012345678906", "106141412345678907", "011B213C4D5E", "000000000000", "00000000",
    "3074257BF7194E4000001A8", "307C257BF7194E4000001A85", "HELLO", "HTTPS://EXAMPLE.COM/A1", "SN:ABC1234",
    "S/N:ABC1234",
    "S/N", "P/N 12", "010950600013435321ABC", "010950600013435221", "Q?1", "SERIAL", "",
  ]) func whatHasNoFormIsNotOffered(_ text: String) { #expect(offers(text).isEmpty, "\(offers(text))") }

  @Test func whatIsOfferedReadsAsItself() throws {
    for text in ["09506000134352", "01234565", "106141412345678908", "3074257BF7194E4000001A85", "001B213C4D5E"] {
      for candidate in AssetIdentifier.candidates(for: text) where candidate.kind != "serial" {
        #expect(try AssetIdentifier.interpret(candidate.value).kind == candidate.kind, "\(candidate)")
      }
    }
  }

  @Test func theAnswerHasThemOneByOne() throws {
    let report = IdentifierReport(.text("09506000134352"))
    let line = String(decoding: report.jsonLine(input: "09506000134352"), as: UTF8.self)
    #expect(
      line.hasSuffix(
        #""reason":"It may be, but nothing proves it: (01)09506000134352, 14 digits with the check digit of a GTIN-14.","#
          + #""candidates":[{"kind":"gs1","value":"(01)09506000134352","#
          + #""reason":"14 digits with the check digit of a GTIN-14"}]}"#), "\(line)")
  }

  /// The display forms of GSMA TS.06 and of the phones before; any grouping where the prompt says IMEI.
  @Test func anIMEIIsReadAsItIsPrinted() throws {
    for text in ["49-015420-323751-8", "490154-20-323751-8"] {
      #expect(try AssetIdentifier.interpret(text).description == "490154203237518")
    }
    for text in ["49015420-323751-8", "49-015420-323751-7", "4901542032-375-18"] {
      #expect(try AssetIdentifier.interpret(text).kind == "text")
    }
    for text in ["49015420 323751 8", "49-015420-323751-8", "49.015420/323751-8"] {
      #expect(try AssetIdentifier.interpret(RawScan(text.utf8, hint: .imei)).description == "490154203237518")
    }
    for text in ["49--015420-323751-8", "-490154203237518", "49-015420-323751-7", "4901542032375180"] {
      #expect(throws: IdentifierError.self) { try AssetIdentifier.interpret(RawScan(text.utf8, hint: .imei)) }
    }
  }
}
