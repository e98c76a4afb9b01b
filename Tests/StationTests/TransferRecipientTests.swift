import Custody
import CustodyLedger
import ScannerProtocols
import StationStore
import Testing

@testable import Station

/// In a transfer the recipient that was scanned last counts, and the desk says whom it replaced.
@Suite struct TransferRecipientTests {
  private static let robsLabel = "CUSTODY:BADGE:" + APIUnderTest.robsBadge

  private func scan(_ api: APIUnderTest, _ text: String) async throws -> ScanOutcome {
    try await api.core.deskScan(Scan(raw: Array(text.utf8), source: .symbol, device: "05e0:1200/1-2"))
    return try #require(api.core.desk.lastOutcome)
  }

  /// A desk in transfer, and a laptop that the team Finance has at HQ-B.
  private func transferring(
    _ body: @escaping @Sendable (APIUnderTest, String) async throws -> Void
  ) async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("DK-00001", "deployed", custodian: ["team": "Finance"])
      try #require(
        try await api.scan("DK-00001", "transfer", ["location": "HQ-B"], as: api.kim).status == .ok)
      api.core.desk.operatorToken = api.kim.token
      try #require(try await scan(api, "CUSTODY:CMD:TRANSFER").result == .context)
      try await body(api, id)
    }
  }

  private func details(_ api: APIUnderTest) async throws -> CanonicalJSON {
    try #require(try await api.core.deskSession()?.1.details)
  }

  @Test func `a place's label after a badge sends it to the place, without the person and their word`() async throws {
    try await transferring { api, id in
      let badge = try await scan(api, Self.robsLabel)
      #expect(badge.result == .context && badge.sentence == nil, "nobody was named before")
      let label = try await scan(api, "CUSTODY:LOC:HQ-A")
      let sentence = try #require(label.sentence)
      #expect(label.words == "Location HQ-A" && sentence.hasPrefix("Goes to ") && sentence.contains("instead of Rob"))
      let set = try await details(api)
      #expect(set[path: "custodian"] == nil && set[path: "acknowledgements"] == nil)
      #expect(try await api.core.deskSession()?.1.commitments.isEmpty == true)
      #expect(try await scan(api, "DK-00001").result == .accepted)
      let asset = try await api.get("/api/v1/assets/\(id)")
      #expect(try asset["location"] == "HQ-A" && asset["custodian"]?[path: "team"]?.text == "Finance")
    }
  }

  @Test func `a badge after a place's label sends it to the person, and it stays where it lies`() async throws {
    try await transferring { api, id in
      let label = try await scan(api, "CUSTODY:LOC:HQ-A")
      #expect(label.sentence?.contains("instead of") == false)
      let badge = try await scan(api, Self.robsLabel)
      #expect(badge.words.hasPrefix("New custodian: Rob"))
      #expect(badge.sentence?.hasPrefix("Goes to Rob") == true && badge.sentence?.contains(" instead of ") == true)
      #expect(try await details(api)[path: "location"] == nil)
      #expect(try await scan(api, "DK-00001").result == .accepted)
      let asset = try await api.get("/api/v1/assets/\(id)")
      #expect(try asset["location"] == "HQ-B")
      #expect(try asset["custodian"]?[path: "person"] != nil)
    }
  }

  @Test func `the same label twice replaces nothing, another place replaces the first`() async throws {
    try await transferring { api, id in
      _ = try await scan(api, "CUSTODY:LOC:HQ-B")
      #expect(try await scan(api, "CUSTODY:LOC:HQ-B").sentence?.contains("instead of") == false)
      #expect(try await scan(api, "CUSTODY:LOC:HQ-A").sentence?.contains("instead of") == true)
      #expect(try await scan(api, "DK-00001").result == .accepted)
      #expect(try await api.get("/api/v1/assets/\(id)")["location"] == "HQ-A")
    }
  }
}
