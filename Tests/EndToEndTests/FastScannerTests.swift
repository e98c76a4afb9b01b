import Foundation
import Testing

/// A scanner types a code and Enter faster than any lookup ends. In other systems the Enter then acted on the asset before.
@Suite(.timeLimit(.minutes(40))) struct FastScannerTests {
  @Test func `of 1,000 scans as fast as a scanner types, each is kept once, in order, and each meant its own asset`()
    async throws
  {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        func signedIn() async throws -> String? {
          try await HTTP.json(
            .POST, demo.desk + "/api/v1/sign-in", ["badge": "DEMO-FATIMA", "pin": "271828"]
          ).body["token"].text
        }
        var token = try await signedIn()
        let assets = try await HTTP.json(.GET, demo.desk + "/api/v1/assets?limit=100", token: token).body["items"]
          .values
        let known = Dictionary(
          assets.compactMap { asset in asset["tag"].text.flatMap { tag in asset["id"].text.map { (tag, $0) } } },
          uniquingKeysWith: { first, _ in first })
        let tags = known.keys.sorted()
        try #require(tags.count >= 20)
        // Every hundredth code is nobody's; every third scan ends in two Enters, as CR and LF come from some scanners.
        let scans = (0..<1000).map { index in index % 100 == 99 ? "NOBODY-\(index)" : tags[(index * 7) % tags.count] }
        func answered() async throws {
          _ = try await eventually("the station has answered all of them", within: .seconds(1200)) {
            try await browser.script(
              """
              return document.querySelectorAll('#queue li').length === 0 && !document.body.classList.contains('is-waiting')
              """
            ).isTrue ? true : nil
          }
        }
        for ten in 0..<100 {
          if ten == 80 {
            try await answered()
            // From here on each scan acts by itself: what is deployed comes back with it.
            _ = try await desk.scan("CUSTODY:CMD:RETURN")
            _ = try await desk.scan("CUSTODY:LOC:STORE-A1")
          }
          let keys = scans[(ten * 10)..<(ten * 10 + 10)].enumerated().map { index, text in
            text + Browser.Key.enter + (index % 3 == 0 ? Browser.Key.enter : "")
          }
          try await browser.type(keys.joined())
        }
        try await answered()
        // Whoever does nothing for a quarter of an hour is signed out.
        token = try await signedIn()
        var kept: [(text: String, asset: String?, outcome: String)] = []
        var after = ""
        repeat {
          let page = try await HTTP.json(
            .GET, demo.desk + "/api/v1/readings?limit=500" + (after.isEmpty ? "" : "&after=\(after)"), token: token
          ).body
          kept += page["items"].values.filter { $0["device"].text == "page" }.map { reading in
            let raw = reading["raw"].text.flatMap { Data(base64Encoded: $0) } ?? Data()
            return (String(decoding: raw, as: UTF8.self), reading["asset"].text, reading["outcome"].text ?? "")
          }
          after = page["next"].text ?? ""
        } while !after.isEmpty
        // Newest first.
        kept = kept.reversed().filter { !$0.text.hasPrefix("CUSTODY:") }
        #expect(kept.map(\.text) == scans)
        for reading in kept { #expect(reading.asset == known[reading.text], "\(reading)") }
        // Custody moved, once for each that was out.
        let returned = kept.filter { $0.outcome.hasPrefix("accepted") }.compactMap(\.asset)
        #expect(returned.count >= 5 && Set(returned).count == returned.count, "\(returned)")
      }
    }
  }
}
