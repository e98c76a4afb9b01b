import CartonReading
import Testing

/// What no carton has, but a picture or a burst of scans may bring: each in bounded time, nothing lost.
@Suite("Cartons that nobody packed", .timeLimit(.minutes(25)))
struct HostileCartonTests {
  private func read(_ symbols: [CartonSymbol], _ knowledge: CartonKnowledge = CartonKnowledge()) -> Carton {
    let carton = Carton(reading: symbols, knowing: knowledge)
    #expect(Set(carton.parts.map(\.symbol)) == Set(symbols), "a symbol was lost")
    #expect(Carton(reading: symbols.reversed(), knowing: knowledge) == carton)
    return carton
  }

  @Test("500 symbols with conflicting serial numbers are one conflict, with all of them as candidates")
  func manySerials() {
    let carton = read((0..<500).map { CartonSymbol("SN:CNK\(100_000 + $0)".utf8, symbologyIdentifier: "]C0") })
    #expect(carton.findings.isEmpty)
    #expect(carton.conflicts.map(\.candidates.count) == [500])
  }

  @Test("500 cases with their 500 items' GTINs, 500 addresses, 500 of everything that a caption can name")
  func manyOfEach() {
    for caption in ["MAC:00", "IMEI:", "(1P)", "PO#", "QTY:", "EAN:", "SSCC:", "ASSET TAG:", "D/C:", "MODEL:", "S"] {
      let carton = read((0..<500).map { CartonSymbol("\(caption)\(1_000_000_000 + $0)".utf8) })
      let said =
        carton.findings.flatMap(\.sources) + carton.conflicts.flatMap { $0.candidates.flatMap(\.sources) }
      #expect(Set(said).count + carton.leftovers.count == 500, "\(caption)")
    }
  }

  @Test("what comes after 512 parts is left over and shown")
  func tooMany() {
    let carton = read((0..<700).map { CartonSymbol("LOT \(10_000 + $0)".utf8) })
    #expect(carton.leftovers.filter { $0.words == "more than a carton has" }.count == 700 - Carton.mostParts)
  }

  @Test("a value of 10,000 bytes is no field's, whatever stands before it and whoever vouches for it")
  func longValues() {
    let long = String(repeating: "A1", count: 5000)
    let product = KnownProduct(manufacturer: "HP", model: long, partNumber: long)
    let symbols = ["", "S", "1P", "SN:", "(1P)", "https://id.gs1.org/21/", "[)>\u{1E}06\u{1D}S"].map {
      CartonSymbol(($0 + long).utf8)
    }
    let carton = read(symbols, CartonKnowledge(products: [product], orders: [long]))
    #expect(carton.findings.isEmpty && carton.conflicts.isEmpty)
    #expect(carton.leftovers.count == symbols.count)
    let middle = read([CartonSymbol(("SN:" + String(repeating: "7", count: 200)).utf8)])
    #expect(middle.leftovers.map(\.words) == ["longer than any such number"])
    let message = "[)>\u{1E}06\u{1D}S" + String(repeating: "7", count: 200) + "\u{1E}\u{04}"
    #expect(read([CartonSymbol(message.utf8)]).leftovers.count == 1)
  }

  @Test("a message of a thousand fields is left over whole")
  func manyFields() {
    let fields = (0..<1000).map { "S\(1000 + $0)" }.joined(separator: "\u{1D}")
    let long = CartonSymbol("[)>\u{1E}06\u{1D}\(fields)\u{1E}\u{04}".utf8, symbologyIdentifier: "]d1")
    let short = CartonSymbol("SN:CNK8181G2C".utf8)
    let carton = read([long, short])
    #expect(carton.values(.serial) == ["CNK8181G2C"])
    #expect(carton.leftovers.map(\.part.symbol) == [long])
  }

  @Test("random bytes are left over or taken, and never lost", arguments: 0..<40)
  func randomBytes(_ seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: UInt64) -> UInt64 {
      // Xorshift64 (Marsaglia 2003), so that a failure can be seen again.
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state % bound
    }
    let starts = ["", "]C1", "(01)", "[)>\u{1E}06\u{1D}", "S", "MAC:", "https://", "\u{1D}", "01"]
    let symbols = (0..<next(20) + 1).map { _ in
      let start = Array(starts[Int(next(UInt64(starts.count)))].utf8)
      let narrow = next(2) == 0
      let noise = (0..<next(40)).map { _ in narrow ? UInt8(0x30 + next(10)) : UInt8(next(256)) }
      return CartonSymbol(start + noise, symbologyIdentifier: [nil, "]C0", "]C1", "]d2", "]E0", "?"][Int(next(6))])
    }
    _ = read(symbols)
  }

  @Test("a thousand corrections of one model, each of another look, cost no more than reading them")
  func manyCorrections() {
    let product = KnownProduct(manufacturer: "HP", model: "LP2465")
    let corrections = (0..<1000).map { number in
      let code = String(repeating: "A", count: 4 + number / 32) + "-" + String(repeating: "1", count: 1 + number % 32)
      return Correction.learn(
        Carton([(code, "]C0")]).parts[0], as: .assetTag, of: product, by: "Kim", on: "2026-11-21")
    }
    let knowledge = CartonKnowledge(corrections: corrections, expected: product)
    let carton = Carton([("BBBBBB-22222222", "]C0")], knowing: knowledge)
    #expect(carton.values(.assetTag) == ["BBBBBB-22222222"])
  }
}
