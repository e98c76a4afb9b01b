import Custody
import CustodyLedger
import Hummingbird
import ScannerProtocols
import StationStore
import Testing

@testable import Station

/// After a label was printed at a desk, the next thing that is scanned there is that label.
@Suite("Desk: labels are scanned back")
struct ScanBackTests {
  private static let epc = "3034257BF7194E4000001A85"

  /// As if a printer beside the desk had printed the label of an asset.
  private func print(
    _ api: APIUnderTest, _ id: String, _ tag: String, epc: String? = nil, readBack: String? = nil,
    replacing old: String? = nil
  ) async throws {
    let asset = try #require(AssetID(id))
    let actor = api.kim.actor
    try await api.core.store.write { transaction in
      let details = LabelDetails(
        mark: BoundIdentifier(.tag, tag), epc: epc, purpose: old == nil ? .first : .replacement,
        reason: old.map { _ in "torn" }, replaces: old.map { BoundIdentifier(.tag, $0) }, template: "asset-tag",
        printer: "desk printer")
      let recording = try transaction.record(Intent(asset: asset, details: .label(details), actor: actor))
      guard case .recorded(let events, _) = recording, let event = events.first else {
        Issue.record("the print was refused: \(recording)")
        return
      }
      try transaction.await(
        labelOf: asset, printed: event.eventID, readBack: readBack, at: api.core.desk.name)
    }
  }

  /// A station with a desk that Kim works at, and a laptop.
  private func withDesk(_ body: @escaping @Sendable (APIUnderTest, String) async throws -> Void) async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("DK-00001", "inStock")
      _ = try await api.register("DK-00002", "inStock")
      api.core.desk.operatorToken = api.kim.token
      try await body(api, id)
    }
  }

  private func scan(
    _ api: APIUnderTest, _ text: String, _ source: Scan.Source = .symbol
  ) async throws -> ScanOutcome {
    try await api.core.deskScan(Scan(raw: Array(text.utf8), source: source, device: "05e0:1200/1-2"))
    return try #require(api.core.desk.lastOutcome)
  }

  private func label(_ api: APIUnderTest, _ id: String) async throws -> LabelStanding? {
    let asset = try #require(AssetID(id))
    return try await api.core.store.read { try $0.asset(asset)?.label }
  }

  @Test("the printed label is proved by its scan, whatever the session does; the next scan is the session's again")
  func proves() async throws {
    try await withDesk { api, id in
      #expect(try await scan(api, "CUSTODY:CMD:TRANSFER").result == .context)
      try await print(api, id, "DK-00001")
      #expect(try await label(api, id)?.isProven == false)
      let shown = try await api.get("/assets/\(id)")
      #expect(String(decoding: shown.bytes, as: UTF8.self).contains("Label unproven"))
      let proof = try await scan(api, "DK-00001")
      #expect(proof.result == .accepted)
      #expect(proof.words == "Label proved")
      #expect(proof.events.map(\.verb) == [.proveLabel])
      #expect(proof.events.first?.readings.first?.kind == "symbol")
      #expect(try await label(api, id)?.isProven == true)
      // The location is missing: it is the session's transfer that is asked for.
      #expect(try await scan(api, "DK-00001").code?.hasPrefix("custody.transfer") == true)
    }
  }

  @Test("another code is refused and moves nothing, until the label is scanned or given up")
  func othersWait() async throws {
    try await withDesk { api, id in
      try await print(api, id, "DK-00001")
      let sequence = api.core.store.head.seq
      let other = try await scan(api, "DK-00002")
      #expect(other.result == .refused)
      #expect(other.code == "scan.label.awaited")
      #expect(other.sentence?.contains("DK-00001") == true)
      let page = try await api.ask(.get, "/desk", as: api.kim)
      #expect(String(decoding: page.bytes, as: UTF8.self).contains(#"action="/desk/skip""#))
      let given = try await scan(api, "CUSTODY:CMD:SKIP")
      #expect(given.result == .context)
      #expect(given.sentence == "The label of DK-00001 stays unproven.")
      #expect(try await scan(api, "DK-00002").result == .lookup)
      #expect(api.core.store.head.seq == sequence)
      #expect(try await label(api, id)?.isProven == false)
    }
  }

  @Test("typing the number proves nothing")
  func typed() async throws {
    try await withDesk { api, id in
      try await print(api, id, "DK-00001")
      #expect(try await scan(api, "DK-00001", .keyed).code == "scan.label.typed")
      #expect(try await label(api, id)?.isProven == false)
    }
  }

  @Test("a label with an RFID tag is proved once its tag was read too, by the printer or by a reader beside the desk")
  func tagged() async throws {
    try await withDesk { api, id in
      try await print(api, id, "DK-00001", epc: Self.epc)
      #expect(try await scan(api, "DK-00001").code == "custody.proveLabel.tagUnread")
      api.core.tags.take(
        (0..<5).map { _ in
          TagRead(epc: [0x30, 0x34, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0, 0, 0x1A, 0x85], antenna: 1)
        }, from: "desk reader")
      #expect(try await scan(api, "DK-00001").result == .accepted)
      #expect(try await label(api, id)?.isProven == true)
    }
    try await withDesk { api, id in
      try await print(api, id, "DK-00001", epc: Self.epc, readBack: Self.epc)
      #expect(try await scan(api, "DK-00001").result == .accepted)
    }
    try await withDesk { api, id in
      try await print(api, id, "DK-00001", epc: Self.epc, readBack: "3034257BF7194E4000001A86")
      #expect(try await scan(api, "DK-00001").code == "custody.proveLabel.otherTag")
    }
  }

  @Test("a label that was taken off meanwhile is not waited for")
  func takenOff() async throws {
    try await withDesk { api, id in
      try await print(api, id, "DK-00001")
      _ = try await api.scan("DK-00001", "bind", ["identifier": ["kind": "tag", "value": "DK-00009"]], as: api.kim)
      _ = try await api.scan(
        "DK-00009", "unbind", ["identifier": ["kind": "tag", "value": "DK-00001"], "reason": "torn"], as: api.kim)
      #expect(try await scan(api, "DK-00002").result == .lookup)
    }
  }

  @Test("as a workflow of its own, scanning back proves a batch in any order, and says what is none of it")
  func workflow() async throws {
    try await withDesk { api, id in
      try await print(api, id, "DK-00001")
      _ = try await scan(api, "CUSTODY:CMD:SKIP")
      let proof = try await api.scan("DK-00001", "proveLabel", [:], as: api.kim)
      #expect(try proof.text("result") == "accepted")
      let again = try await api.scan("DK-00001", "proveLabel", [:], as: api.kim)
      #expect(try again.text("result") == "duplicate")
    }
  }

  @Test("a replaced label finds the asset until the new one is proved; undo brings it back")
  func replaced() async throws {
    try await withDesk { api, id in
      _ = try await api.scan("DK-00001", "bind", ["identifier": ["kind": "tag", "value": "DK-00009"]], as: api.kim)
      try await print(api, id, "DK-00009", replacing: "DK-00001")
      let asset = try #require(AssetID(id))
      func marks() async throws -> [String] {
        try await api.core.store.read { try $0.asset(asset)?.identifiers.map(\.value) ?? [] }
      }
      #expect(try await marks() == ["DK-00001", "DK-00009"])
      let proof = try await scan(api, "DK-00009")
      #expect(proof.events.map(\.verb) == [.proveLabel, .unbind])
      #expect(try await marks() == ["DK-00009"])
      #expect(try await scan(api, "DK-00001").result == .unknown)
      let undone = try await scan(api, "CUSTODY:CMD:UNDO")
      #expect(undone.result == .accepted, "\(undone.sentence ?? "")")
      #expect(try await marks() == ["DK-00001", "DK-00009"])
      #expect(try await label(api, id)?.isProven == false)
    }
  }
}
