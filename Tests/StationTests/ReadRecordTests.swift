import Custody
import Hummingbird
import HummingbirdTesting
import StationStore
import Testing

@testable import Station

@Suite("what is read and taken out is written down")
struct ReadRecordTests {
  /// What was written down so far, the oldest first.
  private func records(_ api: APIUnderTest) async throws -> [String] {
    try await api.core.store.read { try $0.readRecords(limit: 100) }.reversed().map { "\($0.what) \($0.subject)" }
  }

  @Test("an address in another spelling, which limits and records would not know, leads nowhere")
  func spelling() async throws {
    try await APIUnderTest.run { api in
      for path in ["/api/v1/people/", "//api/v1/people", "/api/v1//assets", "/api/v1/assets/", "/desk/", "//"] {
        try await api.get(path).expectProblem(.notFound, "request.notFound")
      }
      for path in ["//sign-in", "/sign-in/", "/api/v1//sign-in"] {
        try await api.post(path, as: nil).expectProblem(.notFound, "request.notFound")
      }
      #expect(try await records(api) == [])
      #expect(try await api.get("/api/v1/people").status == .ok)
      #expect(try await records(api) == ["people.read /api/v1/people"])
    }
  }

  @Test("of a search it is kept that there was one: what was searched for may be somebody who is erased later")
  func searches() async throws {
    try await APIUnderTest.run { api in
      for path in ["/api/v1/people?q=kim%40example.com", "/api/v1/assets?q=Kim%20Nov", "/assets?q=kim&state=deployed"] {
        let answer = try await api.get(path)
        #expect(answer.status == .ok, "\(path)")
      }
      let kept = try await records(api)
      #expect(
        kept == [
          "people.read /api/v1/people?…", "assets.search /api/v1/assets?…", "assets.search /assets?…",
        ])
    }
  }

  @Test("what leaves the station is an export, also by the socket")
  func exports() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("DK-00001")
      #expect(try await api.get("/api/v1/assets/\(id)").status == .ok)
      #expect(try await api.get("/api/v1/assets/\(id)/epcis").status == .ok)
      #expect(try await api.get("/assets.csv").status == .ok)
      try await Application(router: StationApplication.localRouter(api.core)).test(.router) { owner in
        for uri in ["/local/epcis?asset=DK-00001", "/local/export/assets?format=csv"] {
          let answer = try await owner.execute(uri: uri, method: .get)
          #expect(answer.status == .ok, "\(uri)")
        }
        let odd = try await owner.execute(uri: "//local/epcis", method: .get)
        #expect(odd.status == .notFound)
      }
      #expect(
        try await records(api) == [
          "asset.read /api/v1/assets/\(id)", "document.export /api/v1/assets/\(id)/epcis",
          "document.export /assets.csv", "data.export /local/epcis?asset=DK-00001",
          "data.export /local/export/assets?format=csv",
        ])
    }
  }
}
