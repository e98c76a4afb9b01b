import Foundation
import Testing

@testable import CustodyLedger

@Suite("Canonical JSON")
struct CanonicalJSONTests {
  static func parse(_ text: String) throws(CanonicalJSONError) -> CanonicalJSON {
    try CanonicalJSON(bytes: Array(text.utf8))
  }

  @Test(
    "the reference outputs of RFC 8785 parse, and encode to themselves",
    arguments: [
      "french", "structures", "unicode", "weird",
    ])
  func referenceOutputs(name: String) throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Vectors/CustodyLedger/jcs/\(name).json")
    let bytes = Array(try Data(contentsOf: url))
    #expect(try CanonicalJSON(bytes: bytes).bytes() == bytes)
  }

  @Test("RFC 8785 §3.2.3: names sort by UTF-16 code units")
  func sortingExample() throws {
    let value: CanonicalJSON = [
      "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\u{1F600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis",
    ]
    guard case .object(let object) = value else { return #expect(Bool(false)) }
    let values = object.members.map { $0.value }
    #expect(
      values == [
        "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
        "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
      ])
  }

  @Test("RFC 8785 §3.2.2: strings and literals of the example")
  func stringExample() throws {
    let value: CanonicalJSON = [
      "literals": [.null, true, false], "string": "\u{20ac}$\u{0F}\u{0a}A'\u{42}\u{22}\u{5c}\u{5c}\u{22}/",
    ]
    let expected = #"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
    #expect(String(decoding: try value.bytes(), as: UTF8.self) == expected)
    #expect(try Self.parse(expected) == value)
  }

  @Test("every control character has its shortest escape, and no other is read")
  func controls() throws {
    let short: [UInt8: String] = [8: "b", 9: "t", 10: "n", 12: "f", 13: "r"]
    for byte in UInt8(0)..<0x20 {
      let long = "u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      let expected = "\"\\\(short[byte] ?? long)\""
      let value = CanonicalJSON.string(String(UnicodeScalar(byte)))
      #expect(String(decoding: try value.bytes(), as: UTF8.self) == expected)
      #expect(try Self.parse(expected) == value)
      if short[byte] != nil { #expect(throws: CanonicalJSONError.self) { try Self.parse("\"\\\(long)\"") } }
    }
    #expect(try Self.parse("\"\u{7F}\u{2028}/\"") == .string("\u{7F}\u{2028}/"))
  }

  @Test("two normalisations of one name are two names")
  func normalisation() throws {
    let text = "{\"e\u{301}\":1,\"\u{E9}\":2}"
    let value = try Self.parse(text)
    #expect(try value.bytes() == Array(text.utf8))
    #expect(CanonicalJSON.string("e\u{301}") != .string("\u{E9}"))
    guard case .object(let object) = value else { return #expect(Bool(false)) }
    #expect(object["e\u{301}"] == 1)
    #expect(object["\u{E9}"] == 2)
  }

  @Test("integers up to 2^53 − 1 in magnitude, and no further")
  func integerBounds() throws {
    #expect(try Self.parse("9007199254740991") == 9_007_199_254_740_991)
    #expect(try Self.parse("-9007199254740991") == -9_007_199_254_740_991)
    #expect(try CanonicalJSON.integer(-9_007_199_254_740_991).bytes() == Array("-9007199254740991".utf8))
    for n in [CanonicalJSON.maximumInteger + 1, -CanonicalJSON.maximumInteger - 1, .max, .min] {
      #expect(throws: CanonicalJSONError(offset: 0, reason: .integerTooLarge)) { try CanonicalJSON.integer(n).bytes() }
      #expect(throws: CanonicalJSONError(offset: 0, reason: .integerTooLarge)) { try Self.parse(String(n)) }
    }
    #expect(throws: CanonicalJSONError.self) { try Self.parse(String(repeating: "9", count: 50_000)) }
  }

  typealias Hostile = (text: String, offset: Int, reason: CanonicalJSONError.Reason)
  static let hostile: [Hostile] = [
    ("", 0, .unexpectedEnd), ("{", 1, .unexpectedEnd), ("[1,", 3, .unexpectedEnd), ("\"a", 2, .unexpectedEnd),
    ("tru", 3, .unexpectedEnd), ("-", 1, .unexpectedEnd), ("{\"a\"", 4, .unexpectedEnd),
    (" 1", 0, .whitespace), ("1\n", 1, .whitespace), ("{ }", 1, .whitespace), ("[1, 2]", 3, .whitespace),
    ("{\"a\": 1}", 5, .whitespace), ("{}{}", 2, .trailingBytes), ("truex", 4, .trailingBytes),
    ("\u{FEFF}1", 0, .unexpectedByte(0xEF)), ("[1,]", 3, .unexpectedByte(0x5D)), ("{1:2}", 1, .unexpectedByte(0x31)),
    ("{\"a\":1,}", 7, .unexpectedByte(0x7D)), ("'a'", 0, .unexpectedByte(0x27)), ("NaN", 0, .unexpectedByte(0x4E)),
    ("+1", 0, .unexpectedByte(0x2B)), ("True", 0, .unexpectedByte(0x54)), ("[1}", 2, .unexpectedByte(0x7D)),
    ("{\"b\":1,\"a\":2}", 7, .namesOutOfOrder), ("{\"a\":1,\"a\":2}", 7, .duplicateName),
    ("{\"\u{FB33}\":1,\"\u{1F600}\":2}", 9, .namesOutOfOrder), ("{\"aa\":1,\"a\":2}", 8, .namesOutOfOrder),
    ("{\" \":1,\"\\n\":2}", 7, .namesOutOfOrder),
    ("1.0", 0, .notAnInteger), ("1e2", 0, .notAnInteger), ("0E1", 0, .notAnInteger), ("[1,-2.5]", 3, .notAnInteger),
    ("-0", 0, .negativeZero), ("01", 0, .leadingZero), ("-01", 0, .leadingZero), ("00", 0, .leadingZero),
    ("\"\\u0041\"", 1, .longEscape), ("\"\\/\"", 1, .longEscape), ("\"\\u000a\"", 1, .longEscape),
    ("\"\\u001F\"", 1, .longEscape), ("\"\\ud83d\\ude00\"", 1, .longEscape), ("\"\\ud83d\"", 1, .loneSurrogate),
    ("\"\\ude00\"", 1, .loneSurrogate), ("\"\\ud83d\\u0041\"", 1, .loneSurrogate), ("\"\\x\"", 1, .invalidEscape),
    ("\"\\u00g0\"", 1, .invalidEscape), ("\"\\U0041\"", 1, .invalidEscape), ("\"\t\"", 1, .controlCharacter),
    ("\"\u{0}\"", 1, .controlCharacter),
  ]

  @Test("what the encoder would not write is refused, with the place and the reason", arguments: hostile)
  func refused(_ hostile: Hostile) {
    #expect(throws: CanonicalJSONError(offset: hostile.offset, reason: hostile.reason)) {
      try Self.parse(hostile.text)
    }
  }

  @Test(
    "bytes that are not UTF-8 are refused",
    arguments: [
      [0xFF], [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
      [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xE2, 0x41, 0x80],
      [0xF0, 0x9F, 0x98], [0xC3],
    ] as [[UInt8]])
  func notUTF8(_ bytes: [UInt8]) {
    #expect(throws: CanonicalJSONError(offset: 1, reason: .invalidUTF8)) {
      try CanonicalJSON(bytes: [0x22] + bytes + [0x22])
    }
    #expect(throws: CanonicalJSONError.self) { try CanonicalJSON(bytes: [0x22] + bytes) }
  }

  @Test("32 containers nest; 33 do not, either way; 30,000 do no harm")
  func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    let deepest = try Self.parse(nested(32))
    #expect(try deepest.bytes() == Array(nested(32).utf8))
    #expect(throws: CanonicalJSONError(offset: 32, reason: .tooDeep)) { try Self.parse(nested(33)) }
    #expect(throws: CanonicalJSONError(offset: 32, reason: .tooDeep)) { try Self.parse(nested(30_000)) }
    #expect(throws: CanonicalJSONError(offset: 32, reason: .tooDeep)) { try CanonicalJSON.array([deepest]).bytes() }
  }

  @Test("60,000 bytes are taken and 60,001 refused, either way; the limit is a parameter")
  func length() throws {
    let longest = CanonicalJSON.string(String(repeating: "x", count: 59_998))
    #expect(try CanonicalJSON(bytes: longest.bytes()) == longest)
    let longer = CanonicalJSON.string(String(repeating: "x", count: 59_999))
    let error = CanonicalJSONError(offset: 60_000, reason: .tooLong(limit: 60_000))
    #expect(throws: error) { try longer.bytes() }
    let bytes = try longer.bytes(limit: 60_001)
    #expect(throws: error) { try CanonicalJSON(bytes: bytes) }
    #expect(try CanonicalJSON(bytes: bytes, limit: 60_001) == longer)
  }

  @Test("whatever bytes parse are what the encoder writes, for every single byte changed in a document")
  func alteredDocuments() throws {
    let document = Array(#"{"a":[1,-20,null,true,false,"x\n\u001f\"é€😀"],"b":{"":{},"c":[]},"é":""}"#.utf8)
    #expect(try CanonicalJSON(bytes: document).bytes() == document)
    var accepted = 0
    for index in document.indices {
      for byte in UInt8.min...UInt8.max {
        var altered = document
        altered[index] = byte
        do {
          let encoded = try CanonicalJSON(bytes: altered).bytes()
          accepted += 1
          #expect(encoded == altered)
        } catch {
          #expect((0...document.count).contains(error.offset))
        }
      }
    }
    #expect(accepted > document.count)
  }
}
