import AsyncHTTPClient
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore
import Testing

@testable import Station

@Suite("API: lists and live events")
struct APIListTests {
  @Test(
    "pages of three show every asset, event and reading once, in order", arguments: ["assets", "events", "readings"])
  func pages(_ list: String) async throws {
    try await APIUnderTest.run { api in
      var made: [String] = []
      for number in 1...7 { made.append(try await api.register("DK-0000\(number)")) }
      var seen: [String] = []
      var sizes: [Int] = []
      var path: String? = "/api/v1/\(list)?limit=3"
      while let next = path {
        let page = try await api.get(next)
        let items = try page.items()
        sizes.append(items.count)
        for item in items {
          let name = list == "assets" ? "id" : list == "events" ? "event.asset" : "asset"
          seen.append(try #require(item[path: name]?.text))
        }
        path = try page["next"]?.text.map { "/api/v1/\(list)?limit=3&after=\($0)" }
      }
      #expect(sizes == [3, 3, 1])
      switch list {
      case "assets": #expect(seen == made.sorted())
      case "events": #expect(seen == made)
      default: #expect(seen == made.reversed())
      }
    }
  }

  @Test(
    "search finds by every word in marks, maker, model, who has it and where it is",
    arguments: [
      ("lee", ["DK-00002"]), ("DESIGN", ["DK-00003"]), ("00001", ["DK-00001"]),
      ("acme", ["DK-00001", "DK-00002", "DK-00003"]),
      ("m1 design", ["DK-00003"]), ("HQ-A", ["DK-00001"]), ("acme nobody", []), ("%", []), ("_", []),
    ])
  func search(_ text: String, _ tags: [String]) async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      try await api.register(
        "DK-00002", "deployed", custodian: ["person": .string(api.lee.person.id.description)])
      try await api.register("DK-00003", "deployed", custodian: ["team": "Design"])
      let session = try await api.open("found", ["location": "HQ-A"], as: api.kim)
      try await api.scan("DK-00001", "declareMissing", ["reason": "not there"], as: api.lee)
      #expect(try await api.post(session + "/scans", ["text": "DK-00001"], as: api.kim).status == .ok)
      let query = try #require(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
      let found = try await api.get("/api/v1/assets?q=\(query)").items().compactMap { $0[path: "tag"]?.text }
      #expect(found.sorted() == tags)
    }
  }

  @Test("filters pick by state, place and mark; fields cut items down")
  func filters() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      let missing = try await api.register("DK-00002", "missing")
      #expect(try await api.get("/api/v1/assets?state=missing").items().map { $0[path: "id"]?.text } == [missing])
      #expect(try await api.get("/api/v1/assets?q=DK-00002").items().map { $0[path: "id"]?.text } == [missing])
      #expect(try await api.get("/api/v1/assets?location=HQ-B").items().isEmpty)
      let cut = try await api.get("/api/v1/assets?fields=tag,state").items()
      #expect(cut.allSatisfy { $0.names == ["tag", "state"] })
      #expect(try await api.get("/api/v1/assets/\(missing)?fields=tag").json == ["tag": "DK-00002"])
      let found = try await api.get("/api/v1/lookup?text=DK-00002")
      #expect(try found.items("assets").map { $0[path: "id"]?.text } == [missing])
      #expect(try await api.get("/api/v1/lookup?text=nothing").text("resolution") == "unknown")
    }
  }

  @Test("an ETag answers 304 until the asset changes")
  func entityTags() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("DK-00001")
      for path in ["/api/v1/assets/\(id)", "/api/v1/assets"] {
        let tag = try #require(try await api.get(path).headers[.eTag])
        #expect(try await api.get(path, headers: [.ifNoneMatch: tag]).status == .notModified)
        try await api.scan("DK-00001", "amend", ["set": ["model": .string(path)], "reason": "test"], as: api.kim)
        #expect(try await api.get(path, headers: [.ifNoneMatch: tag]).status == .ok)
      }
    }
  }

  @Test("the live stream brings what was missed since Last-Event-ID, then what happens")
  func resumes() async throws {
    try await APIUnderTest.run(live: true) { api in
      try await api.register("DK-00001")
      try await api.register("DK-00002")
      try await api.register("DK-00003")
      let port = try #require(api.client.port)
      var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/v1/stream")
      request.headers.add(name: "Authorization", value: "Bearer \(api.kim.token)")
      request.headers.add(name: "Last-Event-ID", value: "1")
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
      #expect(response.headers.first(name: "Content-Type") == "text/event-stream")
      var text = ""
      var asked = false
      for try await part in response.body {
        text += String(buffer: part)
        if text.contains("id: 3\n"), !asked {
          asked = true
          try await api.register("DK-00004")
        }
        if text.contains("id: 4\n"), text.hasSuffix("\n\n") { break }
      }
      let ids = text.split(separator: "\n").filter { $0.hasPrefix("id: ") }
      #expect(ids == ["id: 2", "id: 3", "id: 4"])
      #expect(text.contains("DK-00004") && !text.contains("DK-00001"))
    }
  }
}
