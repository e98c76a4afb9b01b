import AsyncHTTPClient
import Foundation
import NIOCore
import ScannerProtocols
import Testing

@testable import Station

@Suite struct DeskStreamTests {
  @Test(
    "what a scanner scans comes to the desk's page as the desk itself, what a page sent as a notice",
    .timeLimit(.minutes(25)))
  func devicesScansBringTheDesk() async throws {
    try await APIUnderTest.run(live: true) { api in
      try await api.register("DK-00001")
      api.core.desk.operatorToken = api.kim.token
      let port = try #require(api.client.port)
      var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/desk/stream")
      request.headers.add(name: "Cookie", value: "custody=\(api.kim.token)")
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
      #expect(response.status == .ok)
      var text = ""
      var asked = 0
      for try await part in response.body {
        text += String(buffer: part)
        if text.contains("retry:"), asked == 0 {
          asked = 1
          try await api.core.deskScan(Scan(raw: Array("DK-00001".utf8), source: .symbol, device: "05e0:1200@1-1"))
        }
        if text.contains("event: desk\n"), text.hasSuffix("\n\n"), asked == 1 {
          asked = 2
          try await api.core.deskScan(Scan(raw: Array("DK-00002".utf8), source: .keyed, device: "page"))
        }
        if text.contains("event: scan\n"), text.hasSuffix("\n\n") { break }
      }
      let events = text.components(separatedBy: "\n\n").filter { $0.contains("event: ") }
      #expect(events.map { $0.split(separator: "\n")[1] } == ["event: desk", "event: scan"])
      let lines = try #require(events.first).split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2)
      #expect(lines.allSatisfy { $0.hasPrefix("data: ") })
      let page = lines.map { $0.dropFirst("data: ".count) }.joined(separator: "\n")
      #expect(page.contains("<main id=\"desk\"") && page.contains("id=\"result\"") && page.contains("DK-00001"))
      #expect(try #require(events.last).contains(#""result":"unknown""#))
    }
  }

  @Test("a scan that its scanner did not bring whole is shown at the desk and kept, without what was typed")
  func rejectedScans() async throws {
    try await APIUnderTest.run { api in
      var wedge = KeyboardWedge(deviceID: "05e0:1200@1-1")
      _ = wedge.receive(report: [2, 0, 4, 0, 0, 0, 0, 0], at: .zero)
      wedge.interrupt("protocol error", at: .zero)
      guard case .rejected(let rejected)? = wedge.tick(at: .seconds(5)).first else {
        Issue.record("nothing is rejected")
        return
      }
      await api.core.refuseOrFail(rejected)
      let shown = try #require(api.core.desk.lastOutcome)
      #expect(shown.result == .refused && shown.code == "scan.rejected" && shown.words == "Scan again")
      let kept = try await api.get("/api/v1/readings?outcome=unassigned").items()
      #expect(kept.map { $0[path: "code"]?.text } == ["scan.rejected"])
      #expect(kept.map { $0[path: "raw"]?.text } == [""])
    }
  }
}
