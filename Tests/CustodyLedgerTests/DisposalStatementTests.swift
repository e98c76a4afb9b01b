import Custody
import Foundation
import SyncTestSupport
import TamperEvidence
import Testing

@testable import CustodyLedger

/// What is signed of a disposal order, against entries that a Python script wrote after docs/events.md.
@Suite struct DisposalStatementTests {
  private static func id<Kind>(_ number: UInt64) -> EntityID<Kind> {
    EntityID(high: 0x019B_0000_0000_7000, low: 1 << 63 | number)
  }

  /// The frozen statements.
  private static func written() throws -> [StationStatement] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Vectors/CustodyLedger/events/v0.1.0-disposals.chain")
    var reader = ChainFileReader()
    reader.append(try Data(contentsOf: file))
    var statements: [StationStatement] = []
    while let frame = try reader.next() {
      guard LogAudit.statement(in: frame.entry) != nil else { continue }
      let entry = try UnverifiedEntry(bytes: Array(frame.entry))
      statements.append(try CanonicalDecoder().decode(StationStatement.self, from: entry.entry.event))
    }
    return statements
  }

  private static func act(_ statement: StationStatement) throws -> DisposalStatement {
    guard case .disposalOrder(let act) = statement.details else { throw NoAct() }
    return act
  }

  private struct NoAct: Error {}

  @Test func `an auditor reads who sealed what with which seal before whom, and who closed it with what left open`()
    throws
  {
    let statements = try Self.written()
    let acts = try statements.map(Self.act)
    #expect(acts.map(\.act) == [.sealed, .unsealed, .listTaken, .closed, .closed])
    #expect(Set(acts.map(\.act)) == Set(DisposalStatement.Act.allCases))
    #expect(Set(acts.map(\.route)) == Set(DisposeDetails.Route.allCases))
    #expect(statements.allSatisfy { $0.operator == Self.id(101) && $0.authStrength == .badgePIN })
    #expect(acts[0].seal == "SEAL 4471920" && acts[0].vendor == "GrünCycle GmbH" && acts[0].order == "DO-7")
    #expect(acts[0].witness?.person == Self.id(102) && acts[0].witness?.authStrength == .badgePINOffline)
    #expect(acts[1].reason == "A wrong one is on it" && acts[1].witness == nil)
    #expect(acts[2].list?.digest.description == String(repeating: "ab", count: 32) && acts[2].list?.rows == 1)
    #expect(acts[3].open == [Self.id(1), Self.id(2)] && acts[3].approver?.person == Self.id(102))
    #expect(acts[4].open == nil && acts[4].assets == 0)
  }

  @Test func `the hash of an order's lines is that of its assets' ids, in whatever order they are given`() throws {
    let acts = try Self.written().map(Self.act)
    let (one, two): (AssetID, AssetID) = (Self.id(1), Self.id(2))
    // sha256sum of the two ids' thirty-two bytes, and of nothing.
    #expect(
      acts[0].lines.description == "d231aace0439b5d8447dedda62866868061fe1f3a3a8e8cf9a4361c82e4cdaa2")
    #expect(DisposalStatement.hash(of: [two, one]) == acts[0].lines)
    #expect(DisposalStatement.hash(of: [one, two]) == acts[0].lines)
    #expect(DisposalStatement.hash(of: [one]) != acts[0].lines)
    #expect(DisposalStatement.hash(of: []) == acts[4].lines)
  }

  @Test func `a line of a log says what was done, with which seal, what is left open and why`() throws {
    let words = try Self.written().map { try Self.act($0).words }
    #expect(words[0] == "Disposal order DO-7 sealed (seal SEAL 4471920, 2 assets)")
    #expect(words[1] == "Disposal order DO-7 unsealed (seal SEAL 4471920, 2 assets): A wrong one is on it")
    #expect(words[2] == "Recycler's list of disposal order DO-7 taken (seal SEAL 4471921, 2 assets, 1 row)")
    #expect(
      words[3] == "Disposal order DO-7 closed (seal SEAL 4471921, 2 assets, 2 not confirmed): The recycler is bankrupt")
    #expect(words[4] == "Disposal order DO-8 closed (0 assets, nothing left open)")
  }

  /// An act of the station in which one field says something else; signed as it is then.
  private static func entry(
    of station: inout ChainWriter, _ field: String, _ value: CanonicalJSON
  ) throws -> UnverifiedEntry {
    let good = try station.state(.disposalOrder(CorpusAuthor.disposal))
    guard case .object(var event) = try CanonicalJSON(bytes: Array(good.entry.event)),
      case .object(var details)? = event["details"]
    else { throw NoAct() }
    details[field] = value
    event["details"] = .object(details)
    let entry = try VerifiedEntry.seal(eventBytes: try CanonicalJSON.object(event).bytes(), with: station.key).entry
    return try UnverifiedEntry(bytes: entry.bytes)
  }

  @Test func `an act that was damaged, by the disk or by who signed it, is named with its place`() throws {
    let broken: [(String, CanonicalJSON)] = [
      ("act", .string("opened")), ("lines", .string("00")), ("open", .array([.string("DO-7")])),
      ("route", .string("river")), ("witness", .string("Kim")), ("list", .string("ab")), ("assets", .string("two")),
    ]
    for (field, value) in broken {
      var log = try SampleLog()
      var station = try ChainWriter(7)
      try log.enrol(station)
      log.append(try Self.entry(of: &station, field, value))
      let found = try Self.audit(log)
      #expect(found.map(\.check) == [.form] && found.map(\.index) == [1], "\(field)")
    }
    // One bit of the signed bytes.
    var log = try SampleLog()
    var station = try ChainWriter(7)
    try log.enrol(station)
    let entry = try station.state(.disposalOrder(CorpusAuthor.disposal))
    log.append(try entry.flipping(byte: 3))
    #expect(try Self.audit(log).map(\.check) == [.signature])
  }

  @Test func `a log with every act on an order passes its audit`() throws {
    var log = try SampleLog()
    var station = try ChainWriter(7)
    try log.enrol(station)
    for statement in try Self.written() { log.append(try station.state(statement.details)) }
    let failures = try Self.audit(log)
    #expect(failures == [])
  }

  @Test func `a dossier with the acts of its station is verified, and its page for reading tells them`() throws {
    var log = try SampleLog()
    var station = try ChainWriter(7)
    try log.enrol(station)
    let registered = try station.register("AT-1")
    log.append(registered)
    for statement in try Self.written() { log.append(try station.state(statement.details)) }
    let bytes = try log.dossier(of: registered.event.asset)
    let report = Dossier.verify(bytes: bytes, key: log.key)
    #expect(report.failures == [])
    let page = String(decoding: try StoredZip(bytes: bytes)["summary.html"] ?? [], as: UTF8.self)
    #expect(page.contains("Disposal order DO-7 sealed (seal SEAL 4471920, 2 assets)"))
    #expect(page.contains("witness 019b0000-0000-7000-8000-000000000066"))
  }

  private static func audit(_ log: SampleLog) throws -> [EvidenceFailure] {
    let statements = log.entries.compactMap { LogAudit.statement(in: $0.entry.bytes[...]) }
    #expect(statements.count == log.entries.count, "each of them is a statement")
    var audit = LogAudit(checkpoint: try log.checkpoint, key: log.key, statements: statements)
    for logged in log.entries { audit.next(logged.entry.bytes[...]) }
    audit.finish()
    return audit.failures
  }
}
