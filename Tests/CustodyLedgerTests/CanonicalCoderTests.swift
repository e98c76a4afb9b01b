import Testing

@testable import CustodyLedger

@Suite("Canonical coders")
struct CanonicalCoderTests {
  enum Colour: String, Codable { case red, green }
  enum Level: Int, Codable { case low = 1, high = 2 }

  struct Inner: Codable, Equatable {
    var z: String
    var a: Int?
  }

  struct Outer: Codable, Equatable {
    var text: String
    var number: Int
    var small: UInt8
    var big: UInt64
    var flag: Bool
    var absent: String?
    var colour: Colour
    var level: Level?
    var inner: Inner
    var list: [Inner]
    var matrix: [[Int]]
    var table: [String: Int]
    var optionals: [Int?]
    var details: CanonicalJSON
    var more: CanonicalJSON?
  }

  static let outer = Outer(
    text: "é\"\n", number: -5, small: 255, big: 9_007_199_254_740_991, flag: true, absent: nil, colour: .green,
    level: .high, inner: Inner(z: "z", a: nil), list: [Inner(z: "", a: 1)], matrix: [[1, 2], []],
    table: ["b": 2, "a": 1, "10": 3, "9": 4], optionals: [1, nil], details: ["k": [.null, 1, "x", ["y": false]]],
    more: nil)

  @Test("a struct is written with its names sorted, its nils left out, and read back")
  func roundTrip() throws {
    let bytes = try CanonicalEncoder().encode(Self.outer)
    let expected =
      #"{"big":9007199254740991,"colour":"green","details":{"k":[null,1,"x",{"y":false}]},"flag":true,"#
      + #""inner":{"z":"z"},"level":2,"list":[{"a":1,"z":""}],"matrix":[[1,2],[]],"number":-5,"optionals":[1,null],"#
      + #""small":255,"table":{"10":3,"9":4,"a":1,"b":2},"text":"é\"\n"}"#
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
    #expect(try CanonicalDecoder().decode(Outer.self, from: bytes) == Self.outer)
  }

  @Test("values that are not objects stand at the top, too")
  func topValues() throws {
    #expect(try CanonicalEncoder().encode([3, 1]) == Array("[3,1]".utf8))
    #expect(try CanonicalEncoder().encode("x") == Array("\"x\"".utf8))
    #expect(try CanonicalEncoder().encode(Optional<Int>.none) == Array("null".utf8))
    #expect(try CanonicalEncoder().encode([String: Int]()) == Array("{}".utf8))
    #expect(try CanonicalDecoder().decode([Int].self, from: Array("[3,1]".utf8)) == [3, 1])
    #expect(try CanonicalDecoder().decode(Int?.self, from: Array("null".utf8)) == nil)
  }

  @Test("any value passes through as it is, also null where it is optional, and normalisations")
  func anyValue() throws {
    struct Holder: Codable, Equatable { var value: CanonicalJSON? }
    for value: CanonicalJSON? in [nil, .null, 1, "x", [], ["e\u{301}": 1, "\u{E9}": [2, ["q": .null]]]] {
      let holder = Holder(value: value)
      #expect(try CanonicalDecoder().decode(Holder.self, from: CanonicalEncoder().encode(holder)) == holder)
    }
    #expect(try CanonicalDecoder().decode([String: Int].self, from: ["a": 1] as CanonicalJSON) == ["a": 1])
  }

  func failure<T: Decodable>(_ type: T.Type, _ text: String) -> CanonicalCodingError? {
    do {
      _ = try CanonicalDecoder().decode(type, from: Array(text.utf8))
      return nil
    } catch {
      return error
    }
  }

  func failure(encoding value: some Encodable) -> CanonicalCodingError? {
    do {
      _ = try CanonicalEncoder().encode(value)
      return nil
    } catch {
      return error
    }
  }

  @Test("errors of reading name the path and the kind")
  func readingErrors() {
    struct Holder: Codable { var list: [Inner] }
    let cases: [(CanonicalCodingError?, String, CanonicalCodingError.Kind)] = [
      (failure(Inner.self, "{}"), "z", .missing),
      (failure(Inner.self, #"{"z":1}"#), "z", .typeMismatch),
      (failure(Inner.self, #"{"z":null}"#), "z", .typeMismatch),
      (failure(Inner.self, "[]"), "", .typeMismatch),
      (failure(Holder.self, #"{"list":[{"z":"a"},{"a":"x","z":"b"}]}"#), "list[1].a", .typeMismatch),
      (failure(Holder.self, #"{"list":[{"z":"a"},{"a":1}]}"#), "list[1].z", .missing),
      (failure([Colour].self, #"["red","blue"]"#), "[1]", .invalidValue),
      (failure([UInt8].self, "[255,256]"), "[1]", .outOfRange),
      (failure([UInt].self, "[-1]"), "[0]", .outOfRange),
      (failure([String: Double].self, #"{"x":1}"#), "x", .floatingPoint),
      (failure([String: Int].self, "{\"e\u{301}\":1,\"\u{E9}\":2}"), "\u{E9}", .duplicateName),
    ]
    for (error, path, kind) in cases {
      #expect(error?.path == path)
      #expect(error?.kind == kind, "\(String(describing: error))")
    }
    #expect(
      failure(Inner.self, #"{"z": "x"}"#)?.kind == .notCanonical(CanonicalJSONError(offset: 5, reason: .whitespace)))
  }

  @Test("errors of writing name the path and the kind")
  func writingErrors() {
    struct Twice: Encodable {
      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CanonicalKey.self)
        try container.encode(1, forKey: CanonicalKey("k"))
        try container.encode(2, forKey: CanonicalKey("k"))
      }
    }
    struct Nothing: Encodable { func encode(to encoder: any Encoder) {} }
    let cases: [(CanonicalCodingError?, String, CanonicalCodingError.Kind)] = [
      (failure(encoding: ["a": [1, 1 << 53]]), "a[1]", .outOfRange),
      (failure(encoding: [UInt64.max]), "[0]", .outOfRange),
      (failure(encoding: [Int64.min]), "[0]", .outOfRange),
      (failure(encoding: ["x": 1.5]), "x", .floatingPoint),
      (failure(encoding: ["x": Float(1)]), "x", .floatingPoint),
      (failure(encoding: Twice()), "k", .duplicateName),
      (failure(encoding: [Nothing()]), "[0]", .missing),
    ]
    for (error, path, kind) in cases {
      #expect(error?.path == path)
      #expect(error?.kind == kind, "\(String(describing: error))")
    }
    let huge = failure(encoding: ["d": CanonicalJSON.integer(.max)])
    #expect(huge?.path == "d")
  }

  @Test("a value in a struct counts towards the depth of the whole document")
  func depth() throws {
    var deepest = CanonicalJSON.array([])
    for _ in 1..<31 { deepest = [deepest] }
    #expect(try CanonicalEncoder().encode(["d": deepest]).count == 6 + 62)
    #expect(failure(encoding: ["d": [deepest] as CanonicalJSON])?.path == "d")
  }

  @Test("more than the limit is refused")
  func limit() {
    #expect(
      failure(encoding: String(repeating: "x", count: 60_000))?.kind
        == .notCanonical(CanonicalJSONError(offset: 60_000, reason: .tooLong(limit: 60_000))))
  }

  @Test("a class hierarchy and nested containers are read back")
  func nestedContainers() throws {
    struct Nested: Codable, Equatable {
      var deep: Int
      var list: [Int]
      enum Keys: String, CodingKey { case outer, inner, list }
      init(deep: Int, list: [Int]) { (self.deep, self.list) = (deep, list) }
      init(from decoder: any Decoder) throws {
        let top = try decoder.container(keyedBy: Keys.self)
        let middle = try top.nestedContainer(keyedBy: Keys.self, forKey: .outer)
        deep = try middle.decode(Int.self, forKey: .inner)
        var items = try middle.nestedUnkeyedContainer(forKey: .list)
        list = []
        while !items.isAtEnd { list.append(try items.decode(Int.self)) }
      }
      func encode(to encoder: any Encoder) throws {
        var top = encoder.container(keyedBy: Keys.self)
        var middle = top.nestedContainer(keyedBy: Keys.self, forKey: .outer)
        var items = middle.nestedUnkeyedContainer(forKey: .list)
        for item in list { try items.encode(item) }
        try middle.encode(deep, forKey: .inner)
      }
    }
    let value = Nested(deep: 7, list: [1, 2])
    let bytes = try CanonicalEncoder().encode(value)
    #expect(String(decoding: bytes, as: UTF8.self) == #"{"outer":{"inner":7,"list":[1,2]}}"#)
    #expect(try CanonicalDecoder().decode(Nested.self, from: bytes) == value)
  }
}
