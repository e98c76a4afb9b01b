import Custody
import EPCIS
import Foundation
import SyncTestSupport
import TamperEvidence
import Testing

/// EPCIS documents as others see them: GS1's JSON Schema, and the reference program for the event's hash.
@Suite(.timeLimit(.minutes(5))) struct EPCISDocumentTests {
  private func document(of life: SampleLife) -> [UInt8] {
    var byAsset: [AssetID: [EPCISHistory.Recorded]] = [:]
    for event in life.events {
      byAsset[event.asset, default: []].append(
        .init(event: event, entry: EntryHash(of: Array("\(event.eventID)".utf8))))
    }
    return EPCISDocument.bytes(
      of: byAsset.values.flatMap { EPCISHistory($0).events.map(\.event) },
      createdAt: Instant(milliseconds: 1_795_000_000_000))
  }

  private func check(_ documents: [[UInt8]]) async throws -> (status: Int32, printed: String) {
    try await withTemporaryFolder { folder in
      let files = try documents.enumerated().map { number, bytes in
        let file = folder.appending(path: "\(number).jsonld")
        try Data(bytes).write(to: file)
        return file.path
      }
      return try await EPCISCheck.run(files)
    }
  }

  @Test func `every verb's event is valid by GS1's schema and has the hash that the reference program gives it`()
    async throws
  {
    let life = try SampleLife.whole()
    // Without the events that need another in the document, and with one event each: no event's hash leans on another.
    var alone: [[UInt8]] = []
    for event in life.events {
      alone.append(
        EPCISDocument.bytes(
          of: EPCISHistory([.init(event: event, entry: .zero)]).events.map(\.event), createdAt: event.wallClock))
    }
    let empty = EPCISDocument.bytes(of: [], createdAt: Instant(milliseconds: 0))
    let (status, printed) = try await check([document(of: life), empty] + alone)
    #expect(status == 0, "\(printed)")
    #expect(printed.contains("\(alone.count + 2) documents, \(life.events.count * 2) events, 0 faults"), "\(printed)")
  }

  @Test func `texts with quotation marks, other scripts and what looks like numbers or links stay valid`() async throws
  {
    var life = try SampleLife(site: "1e5", station: "inf")
    for text in [
      "0042", "1.50", "1e5", "nan", "infinity", " \" \\ \u{7} ", "receiving", "disposed", "a/b:c?d#e%20", "ż/日本/🦊",
      "urn:epc:id:giai:0614141.5678",
      "https://example.com/8004/06141415678", "custody:x", "gs1:x",
    ] {
      let asset = life.newAsset()
      let mark = BoundIdentifier(.thirdParty, text)
      life.add(.bind(BindDetails(identifier: mark)), asset, to: Standing(state: .inStock, custodian: .team(text)))
      life.add(
        .transfer(TransferDetails(custodian: .team(text))), asset,
        to: Standing(state: .deployed, custodian: .team(text)))
      life.add(
        .dispose(DisposeDetails(order: text, route: .destroy, vendor: text, certificate: text)), asset,
        to: Standing(state: .disposed))
    }
    let (status, printed) = try await check([document(of: life)])
    #expect(status == 0, "\(printed)")
  }

  @Test func `the check finds what is wrong`() async throws {
    let good = String(decoding: document(of: try SampleLife.whole()), as: UTF8.self)
    for (was, becomes, sign) in [
      ("\"shipping\"", "\"shiping\"", "bizStep"), ("+01:00", "+1:00", "eventTimeZoneOffset"),
      ("\"ADD\"", "\"DELETE\"", "its hash is"), ("\"schemaVersion\":\"2.0\",", "", "schemaVersion"),
      ("urn:custody:station:HQ", "urn:custody:station:HZ", "its hash is"), ("]}}", "]}", "no JSON"),
    ] {
      let bad = good.replacing(was, with: becomes, maxReplacements: 1)
      try #require(bad != good)
      let (status, printed) = try await check([Array(bad.utf8)])
      #expect(status == 1 && printed.contains(sign), "\(was): \(printed)")
    }
  }
}

/// `scripts/check-epcis`.
enum EPCISCheck {
  static func run(_ files: [String]) async throws -> (status: Int32, printed: String) {
    // Not 3: that would be a check that was not made.
    let answer = try await Program.finishing(
      Program.root.appending(path: "scripts/check-epcis").path, files, within: .seconds(240))
    try #require(answer.status != 3, "\(answer.printed)")
    return answer
  }
}
