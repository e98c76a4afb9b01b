import AsyncHTTPClient
import Foundation
import Testing

/// A real `custody demo` with the real libusb and an emulated scanner: see `Tests/Rig/README.md`.
@Suite(.serialized, .timeLimit(.minutes(25))) struct USBTests {
  @Test func `a scan runs the desk's open session, and every page sees it`() async throws {
    try await RiggedDemo.run { rig in
      let demo = rig.demo
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        _ = try await desk.scan("CUSTODY:CMD:DEPLOY")
        _ = try await desk.scan("CUSTODY:BADGE:DEMO-LIAM")
        try await rig.control("wait-read")

        // Another page listens as well.
        let token = try await signIn(demo, "DEMO-GRACE", "112358")
        async let notice = nextScanNotice(demo, token)
        let shown = try await desk.act { try await rig.control("type AT-00026") }
        // AT-00026 is in somebody's hands already; AT-00029 is in the storeroom.
        #expect(shown.kind == "refused" || shown.kind == "duplicate", "\(shown)")
        let deployed = try await desk.act { try await rig.control("type AT-00029") }
        #expect(deployed.kind == "accepted" && deployed.words == "Deployed", "\(deployed)")
        #expect(deployed.tone == "accepted")
        #expect(try await notice.contains(#""desk":"desk-1""#))
        try await browser.picture("80-usb-deployed")
        let found = try await HTTP.json(.GET, demo.desk + "/api/v1/lookup?text=AT-00029", token: token)
        #expect(found.body["assets"][0]["state"].text == "deployed", "\(found)")
        try await browser.open(demo.desk + "/devices")
        try await browser.waits(for: ".device")
        #expect(try await browser.text("#devices")?.contains("AT-00029") == true)
        try await browser.picture("81-usb-devices")

        // Pulled out in mid-scan: nothing is recorded in custody, and the desk says that the scan was cut off.
        let head = try await head(demo)
        try await browser.open(demo.desk + "/desk")
        try await browser.waits(for: "main#desk")
        try await rig.control("suffix none")
        let cutOff = try await desk.act {
          // In one go: after a pause it would be a scan of six characters.
          try await rig.control("type AT-000\nunplug")
        }
        #expect(cutOff.kind == "refused" && cutOff.words == "Scan cut off" && cutOff.tone == "refused", "\(cutOff)")
        #expect(cutOff.all.contains("was unplugged after 6 characters."), "\(cutOff)")
        #expect(cutOff.all.contains("Plug it in and scan it again."), "\(cutOff)")
        // It stands among the session's lines as well, and among the readings; what was typed of it is kept nowhere.
        _ = try await eventually("the session's lines tell it") {
          try await browser.text(".lines .is-refused")?.contains("Scan cut off") == true ? true : nil
        }
        try await browser.picture("81-usb-cut-off")
        let newest = try await HTTP.json(.GET, demo.desk + "/api/v1/readings?limit=1", token: token).body["items"][0]
        #expect(newest["code"].text == "scan.cutOff" && newest["outcome"].text == "refused", "\(newest)")
        #expect(newest["raw"].text == "", "\(newest)")
        #expect(try await self.head(demo) == head)
        _ = try await eventually("the bar shows no scanner") {
          try await browser.text(".bar")?.contains("No scanner") == true ? true : nil
        }
      }
    }
  }

  @Test func `what was filled in on the page holds for a scan that does not pass through the page`() async throws {
    try await RiggedDemo.run { rig in
      let demo = rig.demo
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-FATIMA", "271828")
        _ = try await desk.scan("CUSTODY:CMD:RETIRE")
        try await desk.fill([("reason", "End of lease")])
        _ = try await eventually("the station has the reason") {
          try await browser.script(
            """
            const request = new XMLHttpRequest();
            request.open('GET', '/desk', false);
            request.send();
            return request.responseText.includes('value="End of lease"');
            """
          ).isTrue ? true : nil
        }
        try await rig.control("wait-read")
        let shown = try await desk.act { try await rig.control("type AT-00029") }
        #expect(shown.kind == "accepted" && shown.words == "Retired", "\(shown)")
      }
    }
  }

  @Test func `with nobody signed in a scan is kept as a reading that nobody answers for`() async throws {
    try await RiggedDemo.run { rig in
      let demo = rig.demo
      try await rig.control("wait-read")
      try await rig.control("type AT-00029")
      let token = try await signIn(demo, "DEMO-GRACE", "112358")
      let kept = try await eventually("the reading is kept") {
        try await HTTP.json(.GET, demo.desk + "/api/v1/readings", token: token).body["items"].values.first {
          $0["raw"].text == Data("AT-00029".utf8).base64EncodedString()
        }
      }
      #expect(kept["outcome"].text == "unassigned", "\(kept)")
      let found = try await HTTP.json(.GET, demo.desk + "/api/v1/lookup?text=AT-00029", token: token)
      #expect(found.body["assets"][0]["state"].text == "inStock", "\(found)")
    }
  }

  private func signIn(_ demo: Demo, _ badge: String, _ pin: String) async throws -> String {
    let answer = try await HTTP.json(
      .POST, demo.desk + "/api/v1/sign-in", ["badge": .string(badge), "pin": .string(pin)])
    return try #require(answer.body["token"].text, "\(answer)")
  }

  /// The end of the station's chain.
  private func head(_ demo: Demo) async throws -> JSON { try await HTTP.json(.GET, demo.desk + "/health").body["head"] }

  /// The data of the first `scan` event of the live stream.
  private func nextScanNotice(_ demo: Demo, _ token: String) async throws -> String {
    var request = HTTPClientRequest(url: demo.desk + "/api/v1/stream")
    request.headers.add(name: "Authorization", value: "Bearer \(token)")
    request.headers.add(name: "Last-Event-ID", value: "0")
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
    var text = ""
    for try await part in response.body {
      text += String(buffer: part)
      if let match = text.firstMatch(of: /event: scan\ndata: ([^\n]+)\n/), match.1.contains("05e0:1200") {
        return String(match.1)
      }
      if let range = text.range(of: "\n\n", options: .backwards) { text = String(text[range.upperBound...]) }
    }
    throw Failure("the stream ended")
  }
}
