import AssetIdentifiers
import Custody
import CustodyLedger
import Testing

@testable import BarcodeVision
@testable import Station

@Suite("Identifiers as marks") struct IdentifierMarkTests {
  /// What an asset is known by first, and what else leads to it; the values are those of GS1's tag data standard.
  @Test(arguments: [
    ("(01)80614141123458(21)6789", "gtinSerial (01)80614141123458(21)6789", "serial 6789"),
    ("(8004)06141415678", "giai (8004)06141415678", "giai 06141415678"),
    ("(8003)006141411234525678", "grai (8003)006141411234525678", "grai 006141411234525678"),
    ("https://example.com/01/80614141123458/21/6789", "gtinSerial (01)80614141123458(21)6789", "serial 6789"),
    (
      "urn:epc:tag:sgtin-96:3.0614141.812345.6789", "epc urn:epc:tag:sgtin-96:3.0614141.812345.6789",
      "gtinSerial (01)80614141123458(21)6789"
    ),
    (
      "urn:epc:tag:giai-96:3.0614141.5678", "epc urn:epc:tag:giai-96:3.0614141.5678",
      "epc 3474257BF40000000000162E"
    ),
    ("[)>\u{1E}06\u{1D}1PABC\u{1D}SXYZ9\u{1E}\u{04}", "serial XYZ9", "serial XYZ9"),
    ("00:1b:21:3c:4d:5e", "mac 00:1B:21:3C:4D:5E", "mac 00:1B:21:3C:4D:5E"),
    ("490154203237518", "imei 490154203237518", "imei 490154203237518"), ("AT-00042", "tag AT-00042", "tag AT-00042"),
    ("5CG1234XYZ", "serial 5CG1234XYZ", "serial 5CG1234XYZ"),
  ]) func anIdentifierHasTheMarksOfItsAsset(_ text: String, _ first: String, _ another: String) throws {
    let marks = try AssetIdentifier.interpret(text).marks.map { "\($0.kind.rawValue) \($0.value)" }
    #expect(marks.first == first)
    #expect(marks.contains(another), "\(marks)")
  }

  /// A tag, a barcode and a Digital Link of one thing lead to one asset, and the number of a product to none.
  @Test func aScanLeadsToItsAssetInWhateverFormItComes() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("(8004)06141415678")
      for form in [
        "https://id.gs1.org/8004/06141415678", "urn:epc:id:giai:0614141.5678", "urn:epc:tag:giai-96:3.0614141.5678",
      ] {
        let query = form.replacing("/", with: "%2F").replacing(":", with: "%3A")
        let found = try await api.get("/api/v1/lookup?text=\(query)")
        #expect(try found.text("resolution") == "asset", "\(form)")
        #expect(try found.items("assets").first?[path: "id"]?.text == id, "\(form)")
      }
      let product = try await api.scan(
        "(01)80614141123458", "receive", ["facts": ["model": "Server"], "location": "HQ-A"], as: api.kim)
      try product.expectProblem(.notFound, "scan.product")
    }
  }

  /// What a lens shows leads to the asset that the same code leads to when it is scanned.
  @Test func aCodeInViewLeadsWhereItsScanDoes() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("(8004)06141415678")
      let texts = [
        "https://id.gs1.org/8004/06141415678", "urn:epc:tag:giai-96:3.0614141.5678", "CUSTODY:CMD:RECEIVE", "(8004)",
        "no asset",
      ]
      let symbols = texts.map { text in
        Symbol(
          symbology: .qr, text: text, raw: Array(text.utf8), symbologyIdentifier: "]Q1", engine: .zxing, quality: 1,
          corners: Corners(enclosing: [Corners.Point(x: 0, y: 0), Corners.Point(x: 9, y: 9)]))
      }
      let meanings = try await api.core.meanings(of: symbols).map(\.1)
      let asset = try #require(AssetID(id))
      #expect(meanings == [.asset(asset), .asset(asset), .instruction, .unknown, .unknown])
    }
  }
}
