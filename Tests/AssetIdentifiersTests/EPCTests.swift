import Testing

@testable import AssetIdentifiers

@Suite struct EPCTests {
  static func bytes(_ hexadecimal: String) -> [UInt8] {
    var digits = hexadecimal.utf8.compactMap { nibble($0) }
    // Half a byte at the end is filled up, as a reader's memory has it.
    if !digits.count.isMultiple(of: 2) { digits.append(0) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// GS1 EPC Tag Data Standard 1.13, appendix E.3: element string, tag URI, bits.
  static let standard: [(String?, String, String)] = [
    ("(01)80614141123458(21)6789", "sgtin-96:3.0614141.812345.6789", "3074257BF7194E4000001A85"),
    (
      "(01)70614141123451(21)32a/b", "sgtin-198:3.0614141.712345.32a%2Fb",
      "3674257BF6B7A659B2C2BF100000000000000000000000000000"
    ), ("(00)106141412345678908", "sscc-96:3.0614141.1234567890", "3174257BF4499602D2000000"),
    ("(414)0614141123452(254)5678", "sgln-96:3.0614141.12345.5678", "3274257BF46072000000162E"),
    ("(8003)006141411234525678", "grai-96:3.0614141.12345.5678", "3374257BF40C0E400000162E"),
    (
      "(8003)0061414112345232a/b", "grai-170:3.0614141.12345.32a%2Fb",
      "3774257BF40C0E59B2C2BF10000000000000000000000"
    ), ("(8004)06141415678", "giai-96:3.0614141.5678", "3474257BF40000000000162E"),
    (
      "(8004)061414132a/b", "giai-202:3.0614141.32a%2Fb", "3874257BF59B2C2BF10000000000000000000000000000000000"
    ), ("(8010)061414198765(8011)12345", "cpi-96:3.0614141.98765.12345", "3C74257BF400C0E680003039"),
    (nil, "gid-96:31415.271828.1414", "350007AB70425D4000000586"),
  ]

  @Test(arguments: standard) func theStandardsOwnExamplesHoldInEveryDirection(
    _ elements: String?, _ uri: String, _ bits: String
  ) throws {
    let uri = "urn:epc:tag:" + uri
    let bits = String(bits.prefix(uri.contains("grai-170") ? 44 : 52))
    let epc = try EPC(uri: uri)
    #expect(epc.binary == Self.bytes(bits))
    #expect(try EPC(binary: Self.bytes(bits)) == epc)
    #expect(epc.uri == uri)
    #expect(epc.identity?.elementString?.bracketed == elements)
    let identity = try #require(epc.identity)
    #expect(try EPC(uri: identity.uri) == .identity(identity))
    guard let elements else { return }
    let parsed = try ElementString(elements.utf8)
    #expect(try EPCIdentity(parsed, prefixLength: 7) == identity)
    #expect(try DigitalLink(uri: DigitalLink(parsed).uri)?.elements.bracketed == elements)
  }

  /// A tag that the dice make up, and its encoding.
  private func tag(_ encoding: EPCEncoding, _ dice: inout Dice) throws -> EPCTag {
    let digits = 6 + dice.roll(7)
    var prefix = dice.digits(digits)
    var reference = ""
    var serial = ""
    switch encoding.scheme {
    case .gid:
      prefix = String(dice.roll(1 << 28))
      reference = String(dice.roll(1 << 24))
    case .giai: reference = encoding == .giai96 ? dice.number(12) : dice.text(1...(30 - digits))
    case .cpi: reference = dice.number(2)
    default:
      let count = try #require(EPCIdentity.referenceDigits(encoding.scheme, prefixDigits: digits))
      reference = dice.digits(count)
    }
    switch encoding {
    case .sgtin96, .grai96, .sgln96: serial = String(dice.roll(1 << 31) << 7 | dice.roll(128))
    case .cpi96, .gid96: serial = String(1 + dice.roll(1 << 30))
    case .sgtin198, .sgln195: serial = dice.text(1...20)
    case .grai170: serial = dice.text(1...16)
    case .sscc96, .giai96, .giai202: break
    }
    let identity = try EPCIdentity(encoding.scheme, prefix, reference, serial, source: [0..<0])
    return try EPCTag(identity, encoding, filter: UInt8(dice.roll(8)))
  }

  @Test(arguments: EPCEncoding.allCases) func bitsURIAndElementStringAreInverse(_ encoding: EPCEncoding) throws {
    var dice = Dice(7)
    for _ in 0..<400 {
      let tag = try tag(encoding, &dice)
      #expect(tag.binary.count == (encoding.bitCount + 15) / 16 * 2)
      #expect(try EPCTag(binary: tag.binary) == tag)
      #expect(try EPC(uri: tag.uri) == .tag(tag))
      guard let elements = tag.identity.elementString else { continue }
      let again = try EPCIdentity(elements, prefixLength: tag.identity.companyPrefix.utf8.count)
      #expect(again == tag.identity)
      let parsed = try ElementString(Array(elements.bracketed.utf8))
      #expect(parsed.elements == elements.elements)
      let link = try DigitalLink(elements)
      #expect(try DigitalLink(uri: link.uri)?.elements == link.elements)
    }
  }

  /// One bit turned anywhere gives another EPC, or an error inside the bits; never the same EPC, never a trap.
  @Test func aTurnedBitNeverGoesUnnoticed() throws {
    for (_, _, bits) in Self.standard where bits.count.isMultiple(of: 2) {
      let original = Self.bytes(bits)
      let epc = try EPC(binary: original)
      for bit in 0..<(original.count * 8) {
        var bytes = original
        bytes[bit / 8] ^= 0x80 >> UInt8(bit % 8)
        do throws(IdentifierError) {
          let other = try EPC(binary: bytes)
          #expect(other != epc)
          #expect(other.binary == bytes)
        } catch {
          #expect(error.start >= 0 && error.length > 0 && error.start + error.length <= bytes.count)
        }
      }
    }
  }

  @Test(arguments: [
    // Partition 7; a prefix beyond its digits; bits that are reserved; a tag that is cut off; an empty serial number.
    ("307C257BF7194E4000001A85", "partition"), ("3063FFFFFF194E4000001A85", "range"),
    ("3174257BF4499602D2000001", "reserved"), ("3074257BF7194E4000001A", "length"),
    ("3674257BF6B7800000000000000000000000000000000000000000", "length"),
    ("3674257BF6B780000000000000000000000000000000000000", "sgtin"),
    ("3674257BF6B7A659B2C2BF100000000000000000000000000400", "padding"),
  ]) func badBitsAreNamed(_ bits: String, _ code: String) throws {
    do throws(IdentifierError) {
      let epc = try EPC(binary: Self.bytes(bits))
      Issue.record("taken as \(epc.uri)")
    } catch {
      #expect(error.code == "identifier.epc.\(code)", "\(bits): \(error.sentence)")
      #expect(error.start + error.length <= bits.count / 2)
    }
  }

  @Test(arguments: [
    "urn:epc:id:sgtin:0614141.81234.6789", "urn:epc:id:sgtin:061414.81234x.6789", "urn:epc:id:nope:1.2.3",
    "urn:epc:tag:sgtin-96:8.0614141.812345.6789", "urn:epc:tag:sgtin-96:3.0614141.812345.06789",
    "urn:epc:tag:sgtin-96:3.0614141.812345.274877906944", "urn:epc:tag:sgtin-96:3.0614141.812345.32a",
    "urn:epc:id:sgtin:0614141.812345.a/b", "urn:epc:id:sgtin:0614141.812345.a%2", "urn:epc:id:sgtin:0614141.812345",
    "urn:epc:raw:96.x30", "urn:epc:", "urn:epc:id:gid:268435456.1.1", "urn:epc:tag:gid-96:1.2.3.4",
    "urn:epc:tag:cpi-96:3.0614141.A5.12345", "urn:epc:tag:giai-96:3.0614141.05678",
  ]) func badURIsAreNamed(_ uri: String) throws {
    do throws(IdentifierError) {
      let epc = try EPC(uri: uri)
      Issue.record("taken as \(epc.uri)")
    } catch {
      #expect(error.start >= 0 && error.start + error.length <= uri.utf8.count)
      #expect(error.sentence.hasSuffix(".") && error.remedy.hasSuffix("."))
    }
  }

  @Test func anUnknownHeaderIsKeptAsItIs() throws {
    let bits = Self.bytes("2F2203447334413247800000")
    let epc = try EPC(binary: bits)
    #expect(epc.uri == "urn:epc:raw:96.x2F2203447334413247800000")
    #expect(try EPC(uri: epc.uri) == epc)
    #expect(epc.identity == nil && epc.binary == bits)
  }

  /// The longest prefix that fits counts; a key of another company has no EPC.
  @Test func anElementStringNeedsItsCompanyPrefix() throws {
    let elements = try ElementString("(01)80614141123458(21)6789".utf8)
    #expect(CompanyPrefixes(["061414", "0614141"]).identity(of: elements)?.companyPrefix == "0614141")
    #expect(CompanyPrefixes(["0614142", "x"]).identity(of: elements) == nil)
    #expect(
      try EPCTag.shortest(EPCIdentity(elements, prefixLength: 7)!, filter: 3).uri.hasSuffix(
        "sgtin-96:3.0614141.812345.6789"))
    #expect(try EPCIdentity(ElementString("(01)80614141123458".utf8), prefixLength: 7) == nil)
    #expect(throws: IdentifierError.self) { try EPCIdentity(elements, prefixLength: 13) }
  }
}
