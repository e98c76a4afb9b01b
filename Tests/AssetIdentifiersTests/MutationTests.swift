import Foundation
import Testing

@testable import AssetIdentifiers

/// Garbled scans: what comes of them is an identifier whose forms agree, or an error inside the input.
@Suite struct MutationTests {
  private static let corpus: [[UInt8]] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let data = (try? Data(contentsOf: folder.appendingPathComponent("Fuzz/identifiers/corpus.txt"))) ?? Data()
    return data.split(separator: 0x0A).map(Array.init)
  }()

  private static func setting(_ name: String, _ standard: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? standard
  }

  @Test func garbledScansAreIdentifiersOrErrorsInsideTheInput() throws {
    let corpus = Self.corpus
    try #require(corpus.count > 50)
    var dice = Dice(UInt64(Self.setting("CUSTODY_FUZZ_SEED", 1)))
    for line in corpus { try Self.judge(line, caret: false) }
    for _ in 0..<Self.setting("CUSTODY_FUZZ_ROUNDS", 30_000) {
      var line = dice.pick(corpus)
      for _ in 0...dice.roll(4) { Self.garble(&line, corpus, &dice) }
      try Self.judge(Array(line.prefix(12_000)), caret: dice.roll(4) == 0)
    }
  }

  private static func garble(_ line: inout [UInt8], _ corpus: [[UInt8]], _ dice: inout Dice) {
    guard !line.isEmpty else {
      line = dice.pick(corpus)
      return
    }
    let place = dice.roll(line.count)
    let length = 1 + dice.roll(min(8, line.count - place))
    switch dice.roll(8) {
    case 0: line[place] = UInt8(dice.roll(256))
    case 1: line[place] ^= 1 << UInt8(dice.roll(8))
    case 2: line.removeSubrange(place..<(place + length))
    case 3: line.insert(contentsOf: line[place..<(place + length)], at: place)
    case 4: line.insert(dice.pick([0x1D, 0x1E, 0x04, 0x25, 0x28, 0x29, 0x2F, 0x5C, 0x5D, 0x5E, 0x30, 0x39]), at: place)
    case 5: line = Array(line[..<place])
    case 6: line.insert(contentsOf: dice.pick(corpus), at: place)
    default: line += line[place...]
    }
  }

  private static func judge(_ line: [UInt8], caret: Bool) throws {
    let notation = ScanNotation(line)
    let shown = line.map { String($0, radix: 16) }.joined(separator: " ")
    do throws(IdentifierError) {
      let identifier = try notation.interpret(caretIsFNC1: caret, isWholeItem: !caret)
      try check(identifier, shown)
      let prefixes = CompanyPrefixes(["0614141"], lengthOfOthers: 7)
      var report = IdentifierReport(identifier, prefixes: prefixes)
      checkCandidates(report, shown)
      do throws(IdentifierError) {
        try report.addTag(TagForm(), prefixes: prefixes, input: notation.input)
        let tag = try EPC(uri: report.tagURI ?? "")
        #expect(tag.uri == report.tagURI && tag.binary != nil, "\(shown)")
      } catch {
        #expect(error.start == 0 && error.length == notation.input.utf8.count, "\(error.sentence): \(shown)")
      }
      let json = report.jsonLine(input: notation.input)
      #expect((try? JSONSerialization.jsonObject(with: Data(json))) != nil, "\(shown)")
    } catch {
      #expect(
        error.start >= 0 && error.length >= 0 && error.start + error.length <= notation.input.utf8.count,
        "\(error.code) \(error.start) \(error.length): \(shown)")
      #expect(error.sentence.hasSuffix(".") && error.remedy.hasSuffix("."), "\(error.sentence)")
      let json = IdentifierReport.jsonLine(input: notation.input, error: error)
      #expect((try? JSONSerialization.jsonObject(with: Data(json))) != nil, "\(shown)")
    }
  }

  /// What is offered means that when it is given so.
  private static func checkCandidates(_ report: IdentifierReport, _ shown: String) {
    for candidate in report.candidates where !["serial", "dataIdentifier"].contains(candidate.kind) {
      let again = try? AssetIdentifier.interpret(candidate.value)
      #expect(again?.kind == candidate.kind || candidate.kind == "imei", "\(candidate.value): \(shown)")
    }
  }

  /// Each form that an identifier is written in reads as the same thing.
  private static func check(_ identifier: AssetIdentifier, _ shown: String) throws(IdentifierError) {
    switch identifier {
    case .gs1(let elements):
      #expect(try ElementString(elements.bracketed.utf8, isWholeItem: false).elements == elements.elements, "\(shown)")
      #expect(
        try ElementString(elements.concatenated.utf8, isWholeItem: false).elements == elements.elements, "\(shown)")
    case .digitalLink(let link):
      #expect(try DigitalLink(uri: link.uri, isWholeItem: false)?.elements == link.elements, "\(shown)")
      #expect(try DigitalLink(uri: link.canonicalURI, isWholeItem: false)?.elements == link.elements, "\(shown)")
    case .epc(let epc):
      #expect(try EPC(uri: epc.uri) == epc, "\(shown)")
      if case .tag(let tag) = epc { #expect(try EPCTag(binary: tag.binary) == tag, "\(shown)") }
    case .iso15434(let message):
      #expect(try FormattedMessage(message.text.utf8)?.envelopes == message.envelopes, "\(shown)")
    case .mac, .imei, .assetTag, .command, .location, .order, .kit, .badge:
      #expect(try AssetIdentifier.interpret(identifier.description) == identifier, "\(shown)")
    case .serial, .text, .bytes: break
    }
  }
}
