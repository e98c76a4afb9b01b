import Testing

@testable import LabelDesign

/// What stands in the `^GFA` field of a format: bytes in all, bytes a row, data.
private func graphic(_ text: String) throws -> (total: Int, perRow: Int, data: [UInt8]) {
  let field = try #require(text.firstRange(of: "^GFA,"))
  let end = try #require(text[field.upperBound...].firstIndex(of: "^"))
  let parts = text[field.upperBound..<end].split(separator: ",", maxSplits: 3, omittingEmptySubsequences: false)
  return (try #require(Int(parts[0])), try #require(Int(parts[2])), Array(parts[3].utf8))
}

@Test(arguments: ["sofa", "runs"])
func dataThatOthersCompressedIsTheirRows(name: String) throws {
  let (total, perRow, data) = try graphic(Vectors.text("\(name).zpl"))
  #expect(try ZPLGraphic.decode(data, bytesPerRow: perRow, total: total) == Array(hex: Vectors.text("\(name).hex")))
}

@Test(arguments: ["sofa", "runs"])
func ourDataIsNoLongerThanThatOfOthers(name: String) throws {
  let (total, perRow, theirs) = try graphic(Vectors.text("\(name).zpl"))
  let rows = Array(hex: try Vectors.text("\(name).hex"))
  let ours = ZPLGraphic.encode(rows[...], bytesPerRow: perRow)
  #expect(ours.count <= theirs.count)
  #expect(try ZPLGraphic.decode(ours, bytesPerRow: perRow, total: total) == rows)
}

/// The examples of the ZPL II Programming Guide, "Alternative Data Compression Scheme".
@Test func theGuidesExamplesOfCounts() throws {
  func decoded(_ text: String, _ bytes: Int) throws -> [UInt8] {
    try ZPLGraphic.decode(Array(text.utf8), bytesPerRow: bytes, total: bytes)
  }
  #expect(try decoded("M60", 4) == Array(hex: "66666660"))
  #expect(try decoded("hB", 20) == Array(repeating: 0xBB, count: 20))
  // 327 Bs, either way round of the two letters.
  let many = Array(repeating: UInt8(0xBB), count: 163) + [0xB0]
  #expect(try decoded("vMB0", 164) == many)
  #expect(try decoded("MvB0", 164) == many)
}

@Test func rowsAreShortenedByHand() {
  func encoded(_ rows: String, _ perRow: Int) -> String {
    ZPLGraphic.encode(Array(hex: rows)[...], bytesPerRow: perRow).text
  }
  #expect(encoded("0000 0000 00F0 00F0 FFFF FF0F", 2) == ",:00F,:!FF0!")
  #expect(encoded("8000", 2) == "8,")
  #expect(encoded("888 880", 3) == "K8,")
}

@Test(arguments: 1...60)
func everyPictureComesBack(seed: Int) throws {
  var random = SplitMix(seed: UInt64(seed))
  let perRow = Int.random(in: 1...230, using: &random)
  let count = Int.random(in: 1...12, using: &random)
  var rows: [UInt8] = []
  for index in 0..<count {
    if index > 0, Bool.random(using: &random) {
      rows += rows[(rows.count - perRow)...]
      continue
    }
    while rows.count < (index + 1) * perRow {
      let choices: [UInt8] = [0, 0xFF, .random(in: .min ... .max, using: &random)]
      let byte = choices[Int.random(in: 0...2, using: &random)]
      let run = min(Int.random(in: 1...250, using: &random), (index + 1) * perRow - rows.count)
      rows += Array(repeating: byte, count: run)
    }
  }
  let data = ZPLGraphic.encode(rows[...], bytesPerRow: perRow)
  #expect(try ZPLGraphic.decode(data, bytesPerRow: perRow, total: rows.count) == rows)
  #expect(data.count <= 2 * rows.count, "compression never makes it longer than digits")
}

@Test(arguments: [
  (":", 0, "no row above"), ("zzz0", 0, "full"), ("00#0", 2, "no digit"), ("H,", 1, "wants a digit"),
  ("0000,,,", 5, "enough"),
  ("0:", 1, "begun"), (",", 1, "2 of 4"), ("00000000", 8, ""),
])
func faultyDataIsRefusedWithItsPlace(data: String, at: Int, reason: String) throws {
  do throws(ZPLGraphic.Fault) {
    _ = try ZPLGraphic.decode(Array(data.utf8), bytesPerRow: 2, total: 4)
    #expect(reason.isEmpty)
  } catch {
    #expect(error.at == at)
    #expect(!reason.isEmpty && error.reason.contains(reason), "\(error)")
  }
}

/// Numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
