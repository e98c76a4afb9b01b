import Custody
import CustodyLedger
import GRDB
import Hummingbird
import StationStore
import TamperEvidence
import Testing

@testable import Station

/// What is done with a disposal order and no event of an asset tells: a signed entry of the station's chain.
@Suite struct DisposalSignedTests {
  /// An act on an order as it stands in the station's chain.
  private struct Signed: Sendable {
    let statement: StationStatement
    let act: DisposalStatement
    let hash: String
  }

  private static func acts(_ test: DisposalUnderTest, after seq: Int = 0) async throws -> [Signed] {
    let store = test.api.core.store
    let chain = try await store.read { try $0.chain(of: store.identity, after: seq, limit: 500) }
    return try chain.compactMap { link -> Signed? in
      let bytes = Array(link.bytes)
      guard LogAudit.statement(in: bytes[...]) != nil else { return nil }
      let entry = try UnverifiedEntry(bytes: bytes)
      #expect(entry.verify(with: store.verifierKey) != nil)
      let statement = try CanonicalDecoder().decode(StationStatement.self, from: entry.entry.event)
      guard case .disposalOrder(let act) = statement.details else { return nil }
      return Signed(statement: statement, act: act, hash: entry.entry.hash.description)
    }
  }

  @Test func `who sealed, unsealed and closed it, with which seal, before whom and why, is signed as it is done`()
    async throws
  {
    try await DisposalUnderTest.run { test in
      var ids: [String] = []
      for number in 1...2 {
        ids.append(try await test.retired(number))
        try await test.add(number)
      }
      let start = test.api.core.store.head.seq
      #expect(try await test.act("seal", ["seal": "S-1", "witness": DisposalUnderTest.witness]).status == .ok)
      #expect(test.api.core.store.head.seq == start + 1)
      #expect(try await test.act("unseal", ["reason": "Torn"]).status == .ok)
      #expect(try await test.act("seal", ["seal": "S-2", "witness": DisposalUnderTest.witness]).status == .ok)
      for number in 1...2 { #expect(try await test.load(number).status == .ok) }
      #expect(try await test.act("depart", ["carrier": "Rhein Spedition"]).status == .ok)
      #expect(try await test.list("serial\nSN-1\n").status == .ok)
      #expect(try await test.act("confirm", ["witness": DisposalUnderTest.witness]).status == .ok)
      let before = test.api.core.store.head.seq
      try await test.act("close").expectProblem(.forbidden, "disposal.close.missing")
      #expect(test.api.core.store.head.seq == before, "what is refused leaves nothing signed")
      let closed = try await test.act("close", ["reason": "Lost at theirs", "approver": DisposalUnderTest.manager])
      try #require(closed.status == .ok, "\(closed)")

      let found = try await Self.acts(test)
      #expect(found.map(\.act.act) == [.sealed, .unsealed, .sealed, .listTaken, .closed])
      let (dana, kim, lee) = (test.api.dana.person.id, test.api.kim.person.id, test.api.lee.person.id)
      #expect(found.allSatisfy { $0.statement.operator == dana && $0.act.order == "DO-9" })
      #expect(found.allSatisfy { $0.act.vendor == "GreenCycle GmbH" && $0.act.route == .recycle })
      #expect(found.map(\.act.seal) == ["S-1", "S-1", "S-2", "S-2", "S-2"])
      #expect(found.map(\.act.witness?.person) == [kim, nil, kim, nil, nil])
      #expect(found[0].act.witness?.authStrength.authenticates == true)
      #expect(found.map(\.act.reason) == [nil, "Torn", nil, nil, "Lost at theirs"])
      #expect(found[4].act.approver?.person == lee && found[4].act.open?.map(\.description) == [ids[1]])
      #expect(found[3].act.list?.rows == 1 && found[3].act.open == nil)
      // sha256sum of the file.
      #expect(
        found[3].act.list?.digest.description == "0ee3b5152a518cbfe007b7f7f2434ca87ff5c11160986c0e3835ffe5c05e16bf")
      let assets = ids.compactMap(AssetID.init)
      #expect(found.allSatisfy { $0.act.assets == 2 && $0.act.lines == DisposalStatement.hash(of: assets) })

      // The order names each of them, to programs and on its pages.
      let steps = try await test.api.get(test.order).items("steps")
      let named = steps.compactMap { $0[path: "entry"]?.text }
      #expect(named == found.map(\.hash))
      #expect(
        steps.filter { $0[path: "entry"] == nil }.compactMap { $0[path: "act"]?.text } == [
          "made", "departed", "confirmed",
        ])
      let (page, manifest) = (
        try await test.page().description, try await test.page("/manifest?order=DO-9").description
      )
      for hash in named { #expect(page.contains(hash) && manifest.contains(hash)) }
      let csv = String(decoding: try await test.api.get(test.order + "/lines.csv").bytes, as: UTF8.self)
      let row = csv.split(separator: "\r\n").last.map(String.init) ?? ""
      #expect(row.hasSuffix("S-2,\(named[2]),\(named[3]),\(named[4])"), "\(row)")
      let paper = try await test.api.core.store.read { snapshot in
        try test.api.core.documents(snapshot, for: test.api.dana).manifest(
          PalletManifest(PalletManifest.Scope(order: "DO-9"), in: snapshot))
      }
      let proof = try #require(paper?.values.fields["proof"])
      #expect(proof.hasSuffix("signed as entry \(named[2]).") && proof.count <= 300)
    }
  }

  @Test func `a list that comes again is signed again, and an empty draft that is closed says that nothing was open`()
    async throws
  {
    try await DisposalUnderTest.run { test in
      try await test.departed(1)
      _ = try await test.list("serial\nSN-9\n")
      _ = try await test.list("serial\nSN-9\nSN-1\n")
      let lists = try await Self.acts(test).filter { $0.act.act == .listTaken }
      #expect(lists.map(\.act.list?.rows) == [1, 2])
      #expect(lists[0].act.list?.digest != lists[1].act.list?.digest)
      let seq = test.api.core.store.head.seq
      let other = try await test.api.post(
        DisposalUnderTest.orders, ["number": "DO-10", "route": "donate", "vendor": "School"], as: test.api.dana)
      #expect(other.status == .created)
      #expect(
        try await test.api.post(DisposalUnderTest.orders + "/DO-10/close", [:], as: test.api.dana).status == .ok)
      let last = try await Self.acts(test, after: seq)
      #expect(last.map(\.act.act) == [.closed] && last.first?.act.assets == 0 && last.first?.act.open == nil)
      #expect(last.first?.act.seal == nil && last.first?.act.approver == nil)
    }
  }

  @Test func `what an earlier program did has no entry, and the page says that it is not signed`() async throws {
    try await DisposalUnderTest.run { test in
      try await test.retired(1)
      try await test.add(1)
      #expect(try await test.act("seal", ["seal": "S-1", "witness": DisposalUnderTest.witness]).status == .ok)
      #expect(try await !test.page().description.contains("Not signed"))
      let entry = try #require(try await Self.acts(test).first?.hash)
      // The order as an earlier program kept it.
      try await test.api.core.store.write { transaction in
        try transaction.db.execute(
          sql: "UPDATE disposal_order SET doc = CAST(replace(CAST(doc AS TEXT), ?, '') AS BLOB)",
          arguments: ["\"entry\":\"\(entry)\","])
      }
      let steps = try await test.api.get(test.order).items("steps")
      #expect(steps.count == 2 && steps.allSatisfy { $0[path: "entry"] == nil })
      #expect(try await test.page().description.contains("Not signed"))
    }
  }
}
