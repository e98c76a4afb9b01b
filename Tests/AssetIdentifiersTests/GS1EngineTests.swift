import Testing

@testable import AssetIdentifiers

/// What GS1's own programs say of the same values.
@Suite struct GS1EngineTests {
  /// Each check passes what the dictionary's reference passes, and marks the same span of what it does not.
  @Test func checksMarkTheSpansThatGS1Marks() throws {
    let vectors = try Vectors.lines("gs1-checks.jsonl", of: Vectors.Check.self)
    #expect(vectors.count == 5659)
    var unknown: Set<String> = []
    for vector in vectors {
      // One character a byte.
      let value = vector.value.unicodeScalars.map { UInt8($0.value) }[...]
      let fault: ValueCheck.Fault?
      switch vector.check {
      case "csetnumeric": fault = ElementReader.fault(in: value, of: .numeric)
      case "cset82": fault = ElementReader.fault(in: value, of: .text82)
      case "cset39": fault = ElementReader.fault(in: value, of: .text39)
      case "cset64": fault = ElementReader.fault(in: value, of: .base64)
      default:
        guard let check = ValueCheck(rawValue: vector.check) else {
          unknown.insert(vector.check)
          continue
        }
        fault = check.fault(in: value)
      }
      #expect((fault == nil) == (vector.marked == nil), "\(vector): \(fault?.sentence ?? "passed")")
      guard let fault, let marked = vector.marked else { continue }
      var shown = value.map { $0 }
      shown.insert(UInt8(ascii: "*"), at: fault.start + fault.length)
      shown.insert(UInt8(ascii: "*"), at: fault.start)
      #expect(shown == marked.unicodeScalars.map { UInt8($0.value) }, "\(vector)")
    }
    #expect(unknown.isEmpty)
  }

  private func cases(_ kinds: String...) throws -> [Vectors.Case] {
    let cases = try Vectors.lines("gs1-engine.jsonl", of: Vectors.Case.self).filter { kinds.contains($0.kind) }
    try #require(!cases.isEmpty)
    return cases
  }

  /// The engine writes FNC1 as `^`, and one before the first identifier.
  private func engineForm(_ elements: ElementString) -> String {
    var text = "^"
    for (index, element) in elements.elements.enumerated() {
      text += "\(element.identifier)\(element.value)"
      let isFixed = ApplicationIdentifierTable.standard.row(of: element.identifier)?.isPredefinedLength == true
      if index < elements.elements.count - 1, !isFixed { text += "^" }
    }
    return text
  }

  @Test func bracketedFormReadsAsTheEngineReadsIt() throws {
    for vector in try cases("bracketed") {
      let elements = try? ElementString(vector.given.utf8, isWholeItem: false)
      // Text that does not begin with a bracket is no bracketed form; the entry takes it for a symbol's data.
      let isBracketed = vector.given.hasPrefix("(")
      #expect((elements != nil && isBracketed) == vector.ok, "\(vector.given)")
      if let elements, vector.ok { #expect(engineForm(elements) == vector.gives) }
    }
  }

  @Test func symbolDataReadsAsTheEngineReadsIt() throws {
    for vector in try cases("concatenated") {
      let data = vector.given.utf8.map { $0 == UInt8(ascii: "^") ? 0x1D : $0 }
      // The engine's data always has its leading FNC1; a scanner's need not.
      guard vector.given.hasPrefix("^") else { continue }
      let elements = try? ElementString(data, isWholeItem: false)
      #expect((elements != nil) == vector.ok, "\(vector.given)")
    }
  }

  @Test func everyCheckIsReachedThroughAnIdentifierThatHasIt() throws {
    for vector in try cases("linted") {
      #expect(((try? ElementString(vector.given.utf8, isWholeItem: false)) != nil) == vector.ok, "\(vector.given)")
    }
  }

  @Test func pairingRulesHoldAsInTheEngine() throws {
    for vector in try cases(
      "validateAIrepeats", "validateAImutex", "validateAIrequisites", "validateDigSigRequiresSerialisedKey")
    {
      // Cases of the engine's option for identifiers that nobody has assigned.
      if vector.given.contains("(89)") || vector.given.contains("(3338)") { continue }
      let isWhole = vector.kind == "validateAIrequisites"
      let code: String?
      do throws(IdentifierError) {
        _ = try ElementString(vector.given.utf8, isWholeItem: isWhole)
        code = nil
      } catch {
        code = error.code
      }
      if vector.ok {
        // The other rules are not asked here, and may well be broken.
        #expect(
          code == nil || (isWhole && code != "identifier.gs1.required") || code == "identifier.gs1.excluded",
          "\(vector.given)")
      } else {
        #expect(code?.hasPrefix("identifier.gs1.") == true, "\(vector.given)")
      }
    }
  }

  @Test func digitalLinksReadAsTheEngineReadsThem() throws {
    for vector in try cases("digitalLink") {
      let link: DigitalLink?
      do throws(IdentifierError) {
        link = try DigitalLink(Array(vector.given.utf8)[...], isWholeItem: false)
      } catch {
        link = nil
        #expect(error.start >= 0 && error.start + error.length <= vector.given.utf8.count, "\(vector.given)")
      }
      #expect((link != nil) == vector.ok, "\(vector.given)")
      if let link, vector.ok { #expect(engineForm(link.elements) == vector.gives) }
    }
  }

  @Test func digitalLinksAreWrittenAsTheEngineWritesThem() throws {
    for vector in try cases("link") {
      let elements = try ElementString(vector.given.utf8, isWholeItem: false)
      let uri = try? DigitalLink(elements, stem: vector.stem ?? DigitalLink.canonicalStem).uri
      #expect(uri == (vector.ok ? vector.gives : nil), "\(vector.given)")
    }
  }

  @Test func scansReadAsTheEngineReadsThem() throws {
    for vector in try cases("scan") {
      let scan: RawScan
      do throws(IdentifierError) { scan = try RawScan(prefixed: vector.given.utf8) } catch {
        #expect(!vector.ok, "\(vector.given)")
        continue
      }
      // No symbology identifier and an empty plain symbol are for the scanner to explain; a URL without a key is anybody's.
      if scan.symbology == nil || (scan.bytes.isEmpty && vector.ok) || vector.given.contains("NOPRIMARYAI") { continue }
      // UPC-A as many scanners and zbar hand it over, in twelve digits; the check digit holds.
      if vector.given == "]E0123456789012" { continue }
      let identifier = try? AssetIdentifier.interpret(scan)
      #expect((identifier != nil) == vector.ok, "\(vector.given)")
      switch identifier {
      case .gs1(let elements)? where vector.given.hasPrefix("]E"):
        let digits = String(vector.gives?.prefix { $0 != "|" } ?? "")
        #expect(elements["01"] == String(repeating: "0", count: 14 - digits.count) + digits)
        #expect((elements["99"] != nil) == vector.given.contains("COMPOSITE"))
      case .gs1(let elements)?: #expect(engineForm(elements) == vector.gives)
      case .digitalLink(let link)?: #expect(link.elements.bracketed == "(01)12312312312333(99)TEST")
      case .text(let text)?:
        #expect(text == String(vector.given.dropFirst(3)))
        #expect(!text.hasPrefix("https://") && !text.hasPrefix("HTTPS://"))
      default: #expect(!vector.ok, "\(vector.given)")
      }
    }
  }
}
