import CartonReading

/// A label's codes as a scanner gives them: text and AIM symbology identifier.
func symbols(_ codes: [(String, String)]) -> [CartonSymbol] {
  codes.map { CartonSymbol($0.0.utf8, symbologyIdentifier: $0.1) }
}

extension Carton {
  init(
    _ codes: [(String, String)], knowing knowledge: CartonKnowledge = CartonKnowledge(), choices: [CartonChoice] = []
  ) {
    self.init(reading: symbols(codes), knowing: knowledge, choices: choices)
  }

  /// Values of a field.
  func values(_ field: CartonField) -> [String] { findings(field).map(\.value) }
  /// `value: reason` of every finding of a field.
  func why(_ field: CartonField) -> [String] { findings(field).map { "\($0.confidence.name): \($0.reason.words)" } }
  var leftoverTexts: [String] { leftovers.map(\.part.text) }
}

/// Labels of real cartons and those made after public specifications. GS is the group separator, RS and EOT end a message.
enum Label {
  /// zxing, core/src/test/resources/blackbox/code39-3/08.png (Apache-2.0): a carton's label with a number and its address.
  static let dellCarton = [("165340", "]A0"), ("001EC9476B0A", "]A0")]
  static let otherDellCarton = [("165627", "]A0"), ("001EC947D49B", "]A0")]

  /// zxing, blackbox/code128-2/13.png and 09.png (Apache-2.0): an HP carton; the UPC is made up.
  static let hp = [("1PEF224A4", "]C0"), ("CNK8181G2C", "]C0"), ("0882780001237", "]E0")]

  /// zxing, blackbox/code128-2/33.png (Apache-2.0) shows the SCC-14 of an Apple carton and in print its (1P) part number
  /// MB110LL/A. The UPC is the same item's; the serial number is made up, with the S that Apple's cartons carry.
  static let apple = [
    ("30885909173823", "]C0"), ("1PMB110LL/A", "]C0"), ("SW8843A1B2CD", "]C0"), ("0885909173822", "]E0"),
  ]

  /// zxing-cpp, test/samples/datamatrix-3/dm-2x2-a (Apache-2.0): the Data Matrix of a Digi-Key bag, its text.
  static let digiKey = [
    (
      "[)>\u{1E}06\u{1D}PMBR120VLSFT1GOSCT-ND\u{1D}1PMBR120VLSFT1G\u{1D}30PMBR120VLSFT1GOSCT-ND\u{1D}K\u{1D}1K98237652"
        + "\u{1D}10K123034605\u{1D}9D2525\u{1D}1TPT25SF00J\u{1D}11K1\u{1D}4LMY\u{1D}Q3\u{1D}11ZPICK\u{1D}12Z893874"
        + "\u{1D}13Z999999\u{1D}20Z0000\u{1E}\u{04}", "]d1"
    )
  ]

  /// Dell: service tag of zxing, blackbox/code128-2/37.png, and its express service code, which is the tag read as a
  /// number of base 36 (Dell support, "Service Tag and Express Service Code").
  static let dell = [("FGGQ6D1", "]C0"), ("33647289013", "]C0")]

  /// Cisco: serial number LLLYYWWSSSS and product id (Cisco, "Locate the serial number"), with a MAC address.
  static let cisco = [("FOC1234X0AB", "]C0"), ("WS-C2960-24TT-L", "]C0"), ("001EC947D49B", "]C0")]

  /// Lenovo: 1S, machine type and model of ten characters, serial number of eight (Lenovo support, "1S barcode").
  static let lenovo = [("1S20BVCTO1WWPB01ABCD", "]C0")]

  /// A phone: two IMEIs. 490154203237518 is 3GPP's own example, 356938035643809 that of many textbooks.
  static let phone = [("490154203237518", "]C0"), ("356938035643809", "]C0"), ("R58M123ABCD", "]C0")]
}
