import Custody
import CustodyLedger
import SyncTestSupport
import TamperEvidence
import Testing

@Suite("Audit of a whole log")
struct LogAuditTests {
  private let sample: SampleDossier

  init() throws {
    sample = try SampleDossier()
  }

  private func audit(
    _ entries: [[UInt8]], _ log: SampleLog, head: Checkpoint? = nil
  ) throws -> LogAudit {
    var audit = LogAudit(
      checkpoint: try head ?? log.checkpoint, key: log.key,
      statements: entries.compactMap { LogAudit.statement(in: $0[...]) })
    for entry in entries { audit.next(entry[...]) }
    audit.finish()
    return audit
  }

  private var entries: [[UInt8]] { sample.log.entries.map(\.entry.bytes) }

  @Test("a good log is verified, over rotations, epochs and seen tree heads")
  func verified() throws {
    var audit = try audit(entries, sample.log)
    #expect(audit.failures == [])
    #expect(audit.stations == 3 && audit.assets == 7)
    for (path, hashes) in sample.log.tiles {
      guard case .tile(let wider) = path, let tile = Tile(level: wider.level, index: wider.index, width: hashes.count)
      else { continue }
      audit.check(tile, holds: hashes)
    }
    #expect(audit.failures == [])
    let tile = try #require(Tile(level: 0, index: 0, width: 3))
    audit.check(tile, holds: [.empty, .empty, .empty])
    #expect(audit.failures.map(\.check) == [.tile])
  }

  @Test("whatever entry is changed, taken out, repeated or exchanged, it is named or the root is")
  func spoiled() throws {
    let head = try sample.log.checkpoint
    for index in entries.indices {
      var changed = entries
      changed[index][80] ^= 1
      #expect(try audit(changed, sample.log, head: head).failures.contains { $0.check == .root }, "\(index)")
      var shorter = entries
      shorter.remove(at: index)
      #expect(try !audit(shorter, sample.log, head: head).failures.isEmpty)
      var repeated = entries
      repeated.insert(entries[index], at: index)
      #expect(try audit(repeated, sample.log, head: head).failures.contains { $0.check == .fork })
      if index > 0 {
        var exchanged = entries
        exchanged.swapAt(index, index - 1)
        #expect(try audit(exchanged, sample.log, head: head).failures.contains { $0.check == .root })
      }
    }
  }

  @Test("a centre that logs a thinned, forged or contradictory history is found out")
  func lyingCentre() throws {
    func relogged(_ change: (inout [UnverifiedEntry]) throws -> Void) throws -> [EvidenceFailure] {
      var list = try entries.map { try UnverifiedEntry(bytes: $0) }
      try change(&list)
      var log = try SampleLog()
      for entry in list { log.append(entry) }
      return try audit(log.entries.map(\.entry.bytes), log).failures
    }
    #expect(try relogged { _ in } == [])
    // The event in the middle of the asset's history.
    let thinned = try relogged { $0.remove(at: sample.events[1]) }
    #expect(Set(thinned.map(\.check)).isSuperset(of: [.seq, .prior, .seenCheckpoint]))
    // The station's newest: nobody follows it, so that only what others saw could tell.
    #expect(try relogged { $0.removeLast() } == [])
    // Entries in another order, which stations had seen otherwise.
    #expect(try relogged { $0.swapAt(2, 3) }.contains { $0.check == .seenCheckpoint })
    // Without the enrolment.
    #expect(try relogged { $0.remove(at: 0) }.contains { $0.check == .key })
    let forged = try relogged { list in
      let thief = try SigningKey(name: "HQ/S7", seed: [UInt8](repeating: 99, count: 32))
      let bytes = try VerifiedEntry.seal(eventBytes: Array(list[2].entry.event), with: thief).entry.bytes
      list[2] = try UnverifiedEntry(bytes: bytes)
    }
    #expect(forged.first?.check == .signature && forged.first?.index == 2)
  }

  @Test("entries of a station may come in another order than it wrote them")
  func lateEntries() throws {
    var log = try SampleLog()
    var station = try ChainWriter(7)
    try log.enrol(station)
    let written = try (1...5).map { try station.register("AT-\($0)") }
    for index in [1, 3, 0, 4, 2] { log.append(written[index]) }
    #expect(try audit(log.entries.map(\.entry.bytes), log).failures == [])
    var gap = try SampleLog()
    try gap.enrol(station)
    for index in [0, 1, 3, 4] { gap.append(written[index]) }
    let found = try audit(gap.entries.map(\.entry.bytes), gap).failures
    #expect(found.map(\.check) == [.seq])
    #expect(found[0].eventID == written[3].event.eventID.description)
  }
}
