import Testing

@testable import AssetIdentifiers

@Suite struct SymbologyIdentifierTests {
  /// ISO/IEC 15424 and the symbologies' own standards: where FNC1 stands first, the data is GS1's.
  @Test(arguments: [
    "]C1", "]e0", "]d2", "]Q3", "]J1", "]z1", "]d8", "]L3", "]K1", "]T1", "]O5", "]Q4", "]d5", "]z4", "]J4",
  ]) func whereFNC1StandsFirstTheDataIsGS1s(_ prefix: String) throws {
    let identifier = try ScanNotation((prefix + "010950600013435221ABC").utf8).interpret()
    #expect(identifier.description == "(01)09506000134352(21)ABC" && identifier.kind == "gs1")
  }

  /// FNC1 second is an application of AIM's, not GS1's; structured append has its own head.
  @Test(arguments: ["]C0", "]C2", "]z0", "]z2", "]z7", "]d1", "]d3", "]Q1", "]Q5", "]J0", "]L0", "]A4", "]X0", "]GZ"])
  func otherDataIsPlain(_ prefix: String) throws {
    #expect(try ScanNotation((prefix + "010950600013435221ABC").utf8).interpret() == .text("010950600013435221ABC"))
  }

  /// Data of GS1 is ASCII, whatever character set the symbol names before it.
  @Test func aCharacterSetBeforeTheElementsIsSkipped() throws {
    let scan = RawScan(Array(#"\000026010950600013435221ABC"#.utf8), symbology: try SymbologyIdentifier("]Q4".utf8))
    #expect(try AssetIdentifier.interpret(scan).description == "(01)09506000134352(21)ABC")
    let wrong = RawScan(Array(#"\00002601095060001343512"#.utf8), symbology: try SymbologyIdentifier("]Q4".utf8))
    let error = try #require(throws: IdentifierError.self) { try AssetIdentifier.interpret(wrong) }
    #expect(error.start == 22 && error.length == 1, "the check digit of 0950600013435, in its place: \(error)")
  }

  @Test(arguments: [
    ("]C3", 2, 1), ("]C9", 2, 1), ("]E5", 2, 1), ("]e4", 2, 1), ("]Q7", 2, 1), ("]dD", 2, 1), ("]J6", 2, 1),
    ("]L6", 2, 1), ("]zD", 2, 1), ("]U4", 2, 1), ("]W0", 1, 1), ("]Y0", 1, 1), ("]11", 0, 3), ("]C-", 0, 3),
    ("]", 0, 1), ("]C", 0, 2),
  ]) func whatISONeverAssignedIsNamedInItsPlace(_ prefix: String, _ start: Int, _ length: Int) throws {
    let line = prefix.count == 3 ? prefix + "123" : prefix
    let error = try #require(throws: IdentifierError.self) { try ScanNotation(line.utf8).interpret() }
    #expect(error.code == "identifier.symbologyIdentifier")
    #expect(error.start == start && error.length == length, "\(error.start) \(error.length)")
  }

  /// Two separators with nothing between them: the second is what is wrong.
  @Test func anEmptyElementIsNamedInItsPlace() throws {
    let error = try #require(throws: IdentifierError.self) {
      try ScanNotation(#"]C1\x1D\x1D\x1D"#.utf8).interpret()
    }
    #expect(error.start == 7 && error.length == 4)
  }
}
