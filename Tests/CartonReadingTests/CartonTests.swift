import CartonReading
import Testing

@Suite("Codes of one carton")
struct CartonTests {
  @Test("a carton's label with a number and a hardware address: the address by its form, the number as a guess")
  func dellCarton() {
    let carton = Carton(Label.dellCarton)
    #expect(carton.values(.mac) == ["001EC9476B0A"])
    #expect(carton.why(.mac) == ["likely: 12 hexadecimal digits, the address of one interface"])
    #expect(carton.values(.serial) == ["165340"])
    #expect(carton.why(.serial) == ["guess: a code without another meaning"])
    #expect(carton.isSettled)
  }

  @Test("HP: part number by its data identifier, serial number as what is left, UPC by its symbol")
  func hp() {
    let carton = Carton(Label.hp)
    #expect(carton.values(.partNumber) == ["EF224A4"])
    #expect(carton.values(.serial) == ["CNK8181G2C"])
    #expect(carton.values(.gtin) == ["0882780001237"])
    #expect(carton.why(.gtin) == ["certain: EAN and UPC symbols hold GTINs"])
    #expect(carton.isSettled)
  }

  @Test(
    "Apple: the S before the serial number is an identifier because the part number has one; the case's GTIN gives way")
  func apple() {
    let carton = Carton(Label.apple)
    #expect(carton.values(.serial) == ["W8843A1B2CD"])
    #expect(carton.why(.serial) == ["likely: begins like data identifier S"])
    #expect(carton.values(.partNumber) == ["MB110LL/A"])
    #expect(carton.values(.gtin) == ["0885909173822"])
    #expect(carton.leftoverTexts == ["30885909173823"])
    #expect(carton.isSettled)
  }

  @Test(
    "Digi-Key: every field of one symbol, the maker's part number before the supplier's, what has no field left over")
  func digiKey() {
    let carton = Carton(Label.digiKey)
    #expect(carton.values(.partNumber) == ["MBR120VLSFT1G"])
    #expect(carton.why(.partNumber) == ["certain: data identifier 1P"])
    #expect(carton.values(.quantity) == ["3"])
    #expect(carton.values(.date) == ["2525"])
    #expect(carton.leftoverTexts.contains("PT25SF00J"))
    #expect(carton.leftoverTexts.contains("MBR120VLSFT1GOSCT-ND"))
    #expect(carton.values(.serial) == [])
    #expect(carton.isSettled)
  }

  @Test("Digi-Key: the number that is ordered by counts")
  func digiKeyOrdered() {
    let line = KnownProduct(
      manufacturer: "Onsemi", model: "MBR120", partNumber: "mbr120vlsft1gosct-nd", order: "PO-7", line: 2)
    let carton = Carton(Label.digiKey, knowing: CartonKnowledge(products: [line]))
    #expect(carton.values(.partNumber) == ["MBR120VLSFT1GOSCT-ND"])
    #expect(carton.products == [line])
  }

  @Test("Dell: a service tag is proved by the express service code beside it, which is nothing of its own")
  func dell() {
    let carton = Carton(Label.dell)
    #expect(carton.values(.serial) == ["FGGQ6D1"])
    #expect(carton.findings(.serial).first?.confidence == .certain)
    #expect(carton.leftovers.map(\.words) == ["the express service code of service tag FGGQ6D1"])
  }

  @Test("Cisco: an ordered part number makes the serial number the only code that is left")
  func cisco() {
    let line = KnownProduct(manufacturer: "Cisco", model: "Catalyst 2960", partNumber: "WS-C2960-24TT-L")
    let carton = Carton(Label.cisco, knowing: CartonKnowledge(products: [line]))
    #expect(carton.values(.partNumber) == ["WS-C2960-24TT-L"])
    #expect(carton.why(.partNumber) == ["certain: the part number of Cisco Catalyst 2960"])
    #expect(carton.values(.serial) == ["FOC1234X0AB"])
    #expect(carton.values(.mac) == ["001EC947D49B"])
    #expect(carton.products == [line])
  }

  @Test("nothing known: two codes of equal right are shown, none is chosen")
  func equalRight() {
    let carton = Carton([("FOC1234X0AB", "]C0"), ("WS-C2960-24TT-L", "]C0")])
    #expect(carton.findings.isEmpty)
    #expect(carton.conflicts.map { $0.candidates.map(\.value) } == [["FOC1234X0AB", "WS-C2960-24TT-L"]])
    #expect(carton.conflicts.first?.words == "2 codes could be the serial number")
    #expect(!carton.isSettled)
  }

  @Test("Lenovo: 1S holds machine type and model, by which it is ordered, and the serial number")
  func lenovo() {
    let line = KnownProduct(
      manufacturer: "Lenovo", model: "ThinkPad T450s", partNumber: "20BVCTO1WW", order: "PO-9", line: 1)
    for knowledge in [CartonKnowledge(), CartonKnowledge(products: [line])] {
      let carton = Carton(Label.lenovo, knowing: knowledge)
      #expect(carton.values(.serial) == ["PB01ABCD"])
      #expect(carton.values(.partNumber) == ["20BVCTO1WW"])
    }
    #expect(Carton(Label.lenovo, knowing: CartonKnowledge(products: [line])).products == [line])
  }

  @Test("a form that many codes have counts once the manufacturer is known")
  func manufacturersForm() {
    let hp = KnownProduct(manufacturer: "HP", model: "LP2465")
    let codes = [("CNK8181G2C", "]C0"), ("EF224-60001", "]C0")]
    let carton = Carton(codes, knowing: CartonKnowledge(expected: hp))
    #expect(carton.values(.serial) == ["CNK8181G2C"])
    #expect(carton.why(.serial) == ["likely: the form of a HP serial number"])
    #expect(Carton(codes).conflicts.count == 1)
  }

  @Test("a phone has two IMEIs and both are real")
  func phone() {
    let carton = Carton(Label.phone)
    #expect(carton.values(.imei) == ["356938035643809", "490154203237518"])
    #expect(carton.values(.serial) == ["R58M123ABCD"])
    #expect(carton.isSettled)
  }

  @Test("GS1: application identifiers name GTIN, serial number, lot and date")
  func gs1() {
    let carton = Carton([("0109506000134352" + "21ABC123\u{1D}10LOT7\u{1D}11260315", "]C1")])
    #expect(carton.values(.gtin) == ["09506000134352"])
    #expect(carton.values(.serial) == ["ABC123"])
    #expect(carton.why(.serial) == ["certain: application identifier 21"])
    #expect(carton.values(.date) == ["260315"])
    #expect(carton.leftoverTexts == ["LOT7"])
  }

  @Test(
    "captions inside of the symbol are taken at their word and off the value",
    arguments: [
      ("SN:CNK8181G2C", CartonField.serial, "CNK8181G2C"), ("S/N CNK8181G2C", .serial, "CNK8181G2C"),
      ("S/NCNK8181G2C", .serial, "CNK8181G2C"), ("(S)CNK8181G2C", .serial, "CNK8181G2C"),
      ("Serial No.: CNK8181G2C", .serial, "CNK8181G2C"), ("P/N EF224-60001", .partNumber, "EF224-60001"),
      ("(1P)EF224A4", .partNumber, "EF224A4"), ("MAC:001EC9476B0A", .mac, "001EC9476B0A"),
      ("MAC001EC9476B0A", .mac, "001EC9476B0A"), ("MAC ADDRESS: 00:1E:C9:47:6B:0A", .mac, "00:1E:C9:47:6B:0A"),
      ("IMEI1:490154203237518", .imei, "490154203237518"), ("QTY: 5", .quantity, "5"), ("(Q)5", .quantity, "5"),
      ("PO# 4500123456", .purchaseOrder, "4500123456"), ("ASSET TAG # 167723", .assetTag, "167723"),
      ("MODEL: T14s Gen 4", .model, "T14s Gen 4"),
    ])
  func captions(_ text: String, _ field: CartonField, _ value: String) {
    let carton = Carton([(text, "]C0")])
    #expect(carton.values(field) == [value])
    #expect(carton.findings(field).first?.confidence == .certain)
  }

  @Test(
    "what only looks like a caption is the value's own beginning",
    arguments: ["SNX4410AB", "PNC2201984", "PO4500X1", "MAC4410AB", "PARTIZAN12"])
  func noCaptions(_ text: String) {
    let carton = Carton([(text, "]C0")])
    let values = carton.findings.map(\.value) + carton.conflicts.flatMap { $0.candidates.map(\.value) }
    #expect(values.contains(text))
  }

  @Test("our own tag is an asset tag, bare and as a QR code")
  func ownTag() {
    for tag in ["AT-00042", "https://assets.example.com/a/AT-00042"] {
      let carton = Carton([(tag, "]Q1")])
      #expect(carton.values(.assetTag) == ["AT-00042"])
      #expect(carton.why(.assetTag) == ["certain: the form of our own asset tags"])
    }
  }

  @Test("one number on two faces, and in two symbologies, is one finding with both as sources")
  func twoFaces() {
    let carton = Carton([("CNK8181G2C", "]C0"), ("CNK8181G2C", "]C0"), ("CNK8181G2C", "]A0"), ("1PEF224A4", "]C0")])
    #expect(carton.values(.serial) == ["CNK8181G2C"])
    #expect(carton.findings(.serial).first?.sources.count == 2)
    let both = Carton([
      ("[)>\u{1E}06\u{1D}1PEF224A4\u{1D}SCNK8181G2C\u{1E}\u{04}", "]d1"), ("CNK8181G2C", "]C0"), ("EF224A4", "]C0"),
    ])
    #expect(both.values(.serial) == ["CNK8181G2C"])
    #expect(both.values(.partNumber) == ["EF224A4"])
    #expect(both.findings(.serial).first?.sources.count == 2)
    #expect(both.leftovers.isEmpty)
    #expect(both.isSettled)
  }

  @Test("a carton of five that says so holds five serial numbers; one that does not is asked about")
  func several() {
    let serials = (1...5).map { ("S CN100\($0)".replacing(" ", with: ""), "]C0") }
    let told = Carton(serials + [("Q5", "]C0"), ("1PEF224A4", "]C0")])
    #expect(told.values(.serial) == (1...5).map { "CN100\($0)" })
    #expect(told.isSettled)
    let untold = Carton(serials + [("1PEF224A4", "]C0")])
    #expect(untold.findings(.serial).isEmpty)
    #expect(untold.conflicts.first?.candidates.count == 5)
  }
}

@Suite("Codes that are easily taken for others")
struct NastyCartonTests {
  @Test("UPC and serial number, both numeric: the symbol tells, and in Code 128 the check digit")
  func numbers() {
    let carton = Carton([("0012345678905", "]E0"), ("123456789013", "]C0")])
    #expect(carton.values(.gtin) == ["0012345678905"])
    #expect(carton.values(.serial) == ["123456789013"])
    let linear = Carton([("012345678905", "]C0"), ("123456789013", "]C0")])
    #expect(linear.values(.gtin) == ["012345678905"])
    #expect(linear.why(.gtin) == ["likely: 12 digits with the check digit of a GTIN"])
    #expect(linear.values(.serial) == ["123456789013"])
  }

  @Test("twelve hexadecimal digits are an address only if an interface can have it as its own")
  func hexadecimal() {
    #expect(Carton([("001EC9476B0A", "]A0")]).values(.mac) == ["001EC9476B0A"])
    // The second least significant bit of the first byte says locally administered, the least says group.
    #expect(Carton([("021EC9476B0A", "]A0")]).values(.mac) == [])
    #expect(Carton([("021EC9476B0A", "]A0")]).values(.serial) == ["021EC9476B0A"])
    #expect(Carton([("011EC9476B0A", "]A0")]).values(.serial) == ["011EC9476B0A"])
  }

  @Test("a purchase order is known by the catalogue; an unknown number of that kind is asked about")
  func order() {
    let codes = [("4500123456", "]C0"), ("5CG1234XYZ", "]C0")]
    let known = Carton(codes, knowing: CartonKnowledge(orders: ["4500123456"]))
    #expect(known.values(.purchaseOrder) == ["4500123456"])
    #expect(known.values(.serial) == ["5CG1234XYZ"])
    #expect(Carton(codes).conflicts.first?.candidates.map(\.value) == ["4500123456", "5CG1234XYZ"])
  }

  @Test("thirteen digits with a wrong check digit are no GTIN, and in an EAN symbol nothing at all")
  func wrongCheckDigit() {
    #expect(Carton([("4006381333931", "]C0")]).values(.gtin) == ["4006381333931"])
    #expect(Carton([("4006381333932", "]C0")]).values(.gtin) == [])
    let misread = Carton([("4006381333932", "]E0")])
    #expect(misread.findings.isEmpty && misread.conflicts.isEmpty)
    #expect(misread.leftovers.map(\.words) == ["an EAN or UPC symbol whose check digit is wrong"])
  }

  @Test("two cases of one item, without the item's own number, are asked about")
  func cases() {
    // Packaging digits 1 and 3 before one item's digits, each with the check digit of its own.
    let carton = Carton([("30885909173823", "]C0"), ("10885909173829", "]C0")])
    #expect(carton.conflicts.map { $0.candidates.map(\.value) } == [["10885909173829", "30885909173823"]])
  }

  @Test(
    "dates and quantities by data identifier, when the value has the form of one",
    arguments: [
      ("9D2525", CartonField.date, "2525"), ("6D20260315", .date, "20260315"), ("10D2610", .date, "2610"),
      ("Q1", .quantity, "1"), ("Q25", .quantity, "25"),
    ])
  func identifiers(_ text: String, _ field: CartonField, _ value: String) {
    #expect(Carton([(text, "]C0")]).values(field) == [value])
  }

  @Test("a serial number that begins with S is not cut: nobody knows whether it is an identifier, so it is asked")
  func leadingS() {
    let alone = Carton([("S4EVNX0M123456", "]C0")])
    #expect(alone.findings.isEmpty)
    #expect(alone.conflicts.map { $0.candidates.map(\.value) } == [["4EVNX0M123456", "S4EVNX0M123456"]])
    #expect(alone.conflicts.first?.words == "one code gives 2 readings as the serial number")
    // A message that has the S in the value itself settles it.
    let told = Carton([("S4EVNX0M123456", "]C0"), ("[)>\u{1E}06\u{1D}SS4EVNX0M123456\u{1E}\u{04}", "]d1")])
    #expect(told.values(.serial) == ["S4EVNX0M123456"])
    #expect(told.isSettled)
    // Beside other identifiers it is one.
    #expect(Carton([("SCNK8181G2C", "]C0"), ("1PEF224A4", "]C0")]).values(.serial) == ["CNK8181G2C"])
  }

  @Test(
    "letters that many codes begin with are no identifiers on their own",
    arguments: ["PF2ABCDE", "K4500123", "V1234567", "T5551234"])
  func weakLetters(_ text: String) {
    #expect(Carton([(text, "]C0")]).values(.serial) == [text])
  }

  @Test("an IMEI's check digit decides; of an unknown body it is asked about")
  func imei() {
    #expect(Carton([("356938035643809", "]C0")]).values(.imei) == ["356938035643809"])
    #expect(Carton([("356938035643808", "]C0")]).values(.serial) == ["356938035643808"])
    #expect(
      Carton([("123456789012347", "]C0")]).conflicts.first?.words == "123456789012347 could be serial number or IMEI")
  }

  @Test("a part number with its country's suffix is the ordered one")
  func suffix() {
    let line = KnownProduct(
      manufacturer: "HP", model: "EliteBook 840 G9", partNumber: "7X1X2UA", order: "PO-1", line: 1)
    let carton = Carton([("7X1X2UA#ABA", "]C0")], knowing: CartonKnowledge(products: [line]))
    #expect(carton.values(.partNumber) == ["7X1X2UA#ABA"])
    #expect(carton.products == [line])
  }

  @Test("a part on several orders leaves them all, the order's number on the carton or the session's line picks one")
  func lines() {
    let lines = [("PO-1", 1), ("PO-2", 4)].map { order, line in
      KnownProduct(manufacturer: "HP", model: "EliteBook", partNumber: "EF224A4", order: order, line: line)
    }
    let codes = [("1PEF224A4", "]C0"), ("CNK8181G2C", "]C0")]
    var knowledge = CartonKnowledge(products: lines, orders: ["PO-1", "PO-2"])
    #expect(Carton(codes, knowing: knowledge).products == lines)
    #expect(Carton(codes + [("PO-2", "]C0")], knowing: knowledge).products == [lines[1]])
    knowledge.expected = lines[0]
    #expect(Carton(codes, knowing: knowledge).products == [lines[0]])
  }

  @Test("bytes that are no text, and an empty symbol, are left over and shown")
  func strange() {
    let carton = Carton(
      reading: [CartonSymbol([0xFF, 0xFE, 0x00]), CartonSymbol([])], knowing: CartonKnowledge())
    #expect(carton.leftovers.count == 2)
    #expect(carton.isSettled)
  }
}

@Suite("Cartons in any order")
struct CartonOrderTests {
  private static let pool =
    Label.dellCarton + Label.hp + Label.apple + Label.digiKey + Label.dell + Label.cisco
    + Label.lenovo + Label.phone + [
      ("S4EVNX0M123456", "]C0"), ("Q5", "]C0"), ("4500123456", "]C0"), ("AT-00042", "]Q1"),
    ]

  @Test("the order of the symbols changes nothing, and every part ends in exactly one place", arguments: 0..<60)
  func anyOrder(_ seed: Int) {
    var random = Seeded(state: UInt64(seed) &* 2_654_435_761 &+ 1)
    let codes = Array(Self.pool.shuffled(using: &random).prefix(Int.random(in: 1...9, using: &random)))
    let knowledge = CartonKnowledge(
      products: [KnownProduct(manufacturer: "HP", model: "LP2465", partNumber: "EF224A4", order: "PO-1", line: 1)],
      orders: ["4500123456"])
    let carton = Carton(codes, knowing: knowledge)
    for _ in 0..<4 {
      #expect(Carton(codes.shuffled(using: &random), knowing: knowledge) == carton)
    }
    let found = carton.findings.flatMap(\.sources)
    let asked = Set(carton.conflicts.flatMap { $0.candidates.flatMap(\.sources) })
    let left = carton.leftovers.map(\.part)
    #expect(Set(left).count == left.count)
    #expect(Set(left).isDisjoint(with: found) && Set(left).isDisjoint(with: asked) && asked.isDisjoint(with: found))
    let whole = Set(symbols(codes)).flatMap { symbol in carton.parts.filter { $0.symbol == symbol }.map(\.symbol) }
    #expect(Set(whole) == Set(symbols(codes)), "a symbol was lost")
  }

  /// SplitMix64 (Steele, Lea, Flood 2014), so that a failure can be seen again.
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }
}
