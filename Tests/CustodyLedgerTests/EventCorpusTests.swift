import Custody
import Foundation
import SyncTestSupport
import TamperEvidence
import Testing

@testable import CustodyLedger

/// Entries that earlier programs wrote are read for ever. Each file of the corpus is a chain as it was signed, and is never
/// changed; its keys stand beside it.
@Suite struct EventCorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Vectors/CustodyLedger/events")

  private static let names: [String] = {
    // A folder that cannot be read has no files: the test that counts them says so.
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".chain") }.sorted()
  }()

  private static func entries(_ name: String) throws -> [[UInt8]] {
    var reader = ChainFileReader()
    reader.append(try Data(contentsOf: folder.appending(path: name)))
    var entries: [[UInt8]] = []
    while let frame = try reader.next() { entries.append(Array(frame.entry)) }
    return entries
  }

  private static func keys(_ name: String) throws -> [String: VerifierKey] {
    let text = try String(contentsOf: folder.appending(path: name.replacing(".chain", with: ".keys")), encoding: .utf8)
    let keys = try text.split(separator: "\n").map { try VerifierKey(String($0)) }
    return Dictionary(uniqueKeysWithValues: keys.map { ($0.keyID, $0) })
  }

  @Test("every entry verifies, says what it said, and would be written as it stands", arguments: names)
  func reads(_ name: String) throws {
    let keys = try Self.keys(name)
    var previous = EntryHash.zero
    for bytes in try Self.entries(name) {
      let entry = try UnverifiedEntry(bytes: bytes)
      let header = try CanonicalDecoder().decode(EntryHeader.self, from: entry.entry.event)
      let key = try #require(keys[header.keyID])
      #expect(entry.verify(with: key) != nil, "\(name): \(header.type)")
      if Verb(rawValue: header.type) != nil {
        let event = try CanonicalDecoder().decode(CustodyEvent.self, from: entry.entry.event)
        #expect(event.verb.rawValue == header.type)
        #expect(event.prevHash == previous.description)
        #expect(try CanonicalEncoder().encode(event)[...] == entry.entry.event, "\(name): \(header.type)")
      } else {
        let statement = try CanonicalDecoder().decode(StationStatement.self, from: entry.entry.event)
        #expect(statement.details.kind.rawValue == header.type)
        #expect(try CanonicalEncoder().encode(statement)[...] == entry.entry.event, "\(name): \(header.type)")
      }
      previous = entry.entry.hash
    }
  }

  @Test("whoever looks for statements in a log finds those of every kind, and no event")
  func statements() throws {
    var kinds: Set<StationStatement.Kind> = []
    for entry in try CorpusAuthor.chain().entries {
      let header = try CanonicalDecoder().decode(EntryHeader.self, from: entry.event)
      let kind = StationStatement.Kind(rawValue: header.type)
      #expect((LogAudit.statement(in: entry.bytes[...]) != nil) == (kind != nil), "\(header.type)")
      if let kind { kinds.insert(kind) }
    }
    #expect(kinds == Set(StationStatement.Kind.allCases))
  }

  @Test("every type that this program writes stands in the corpus")
  func complete() throws {
    #expect(!Self.names.isEmpty)
    var types: Set<String> = []
    for name in Self.names {
      for bytes in try Self.entries(name) {
        let entry = try UnverifiedEntry(bytes: bytes)
        types.insert(try CanonicalDecoder().decode(EntryHeader.self, from: entry.entry.event).type)
      }
    }
    #expect(Set(Verb.allCases.map(\.rawValue)).subtracting(types).isEmpty)
    let written = try CorpusAuthor.chain()
    let now = Set(
      try written.entries.map { try CanonicalDecoder().decode(EntryHeader.self, from: $0.event).type })
    #expect(now.subtracting(types).isEmpty, "freeze what is new: run this test with CORPUS_OUT=FILE.chain")
    if let out = ProcessInfo.processInfo.environment["CORPUS_OUT"] {
      var bytes: [UInt8] = []
      for entry in written.entries { ChainFile.append(entry, to: &bytes) }
      try Data(bytes).write(to: URL(filePath: out))
      try written.keys.map { "\($0)\n" }.joined().write(
        toFile: out.replacing(".chain", with: ".keys"), atomically: true, encoding: .utf8)
    }
  }
}
