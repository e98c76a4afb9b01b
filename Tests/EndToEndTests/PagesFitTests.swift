import Foundation
import Testing

/// What must be in sight is, and what must be whole is whole.
@Suite(.serialized, .timeLimit(.minutes(25))) struct PagesFitTests {
  /// How many lines the elements that a selector finds take at most; 0 when there is none.
  private func lines(_ selector: String, _ browser: Browser) async throws -> Int {
    let most = try await browser.script(
      """
      return Math.max(0, ...[...document.querySelectorAll(arguments[0])].map((each) =>
        new Set([...each.getClientRects()].map((line) => Math.round(line.top))).size))
      """, .string(selector))
    return Int(most.number ?? -1)
  }

  private func overhang(_ browser: Browser) async throws -> Int {
    let found = try await browser.script(
      """
      return Math.max(...[document.documentElement, ...document.querySelectorAll(".scroll")].map((each) =>
        each.scrollWidth - each.clientWidth))
      """)
    return Int(found.number ?? -1)
  }

  @Test func `the centre's tags, keys and times are whole, on a phone too`() async throws {
    try await Demo.run { demo in
      _ = try await eventually("everything is at the centre") {
        try await HTTP.json(.GET, demo.desk + "/health").body["pending"].number == 0 ? true : nil
      }
      try await Browser.run { browser in
        for (width, name) in [(1280, "wide"), (390, "phone")] {
          try await browser.resize(width, 844, mobile: width == 390)
          for page in ["", "assets", "stations"] {
            try await browser.open(demo.centre + "/" + page)
            try await browser.waits(for: "table td")
            try await browser.picture("80-centre-\(name)-\(page.isEmpty ? "overview" : page)")
            #expect(try await overhang(browser) <= (width == 390 ? 0 : 400), "\(page) at \(width)")
            #expect(try await lines("td a code", browser) <= 1, "\(page) at \(width)")
            #expect(try await lines("td b", browser) == (page == "assets" ? 0 : 1), "\(page) at \(width)")
          }
        }
        // The newest events name their assets as people do.
        try await browser.open(demo.centre + "/")
        let assets = try await browser.script(
          "return [...document.querySelectorAll('td a code')].map((each) => each.textContent)")
        #expect(assets.values.contains { $0.text?.hasPrefix("AT-000") == true }, "\(assets)")
      }
    }
  }

  @Test func `an error leaves the button that signs in in sight; what is not there is told in words`() async throws {
    try await Demo.run { demo in
      try await Browser.run { browser in
        try await browser.open(demo.desk + "/")
        try await browser.waits(for: "#sign-in")
        try await browser.type("DEMO-KIM" + Browser.Key.enter)
        try await browser.type("000000" + Browser.Key.enter)
        try await browser.waits(for: ".problem, .notice, [role=alert]")
        _ = try await browser.complaints()  // The browser tells of the status 401, which is meant.
        try await browser.picture("81-sign-in-refused")
        let bottom = try await browser.script(
          "return document.querySelector('#sign-in button[type=submit]').getBoundingClientRect().bottom")
        #expect(bottom.number ?? .infinity <= 800)

        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        for (path, words) in [
          ("/nothing/here", "There is no page at this address."), ("/assets/none", "There is no asset none."),
        ] {
          try await browser.open(demo.desk + path)
          let shown = try await browser.text("main")
          #expect(shown?.contains(words) == true && shown?.contains("HTTPError") == false, "\(shown ?? "")")
          _ = try await browser.complaints()  // The status 404 is meant.
        }
        try await browser.picture("82-not-found")

        // What leads to a page is what the page is called.
        for path in [
          "/assets", "/orders", "/follow-ups", "/readings", "/events", "/labels", "/devices", "/triage", "/repairs",
          "/transfers", "/shipments", "/people", "/locations", "/models",
        ] {
          try await browser.open(demo.desk + path)
          let words = try await browser.script(
            """
            return [document.querySelector("h1"), document.querySelector("#menu-pages [aria-current]")].map((each) =>
              [...each?.childNodes ?? []].find((node) => node.nodeType === Node.TEXT_NODE)?.textContent.trim())
            """
          ).values.map(\.text)
          #expect(words.count == 2 && words[0] != nil && words[0] == words[1], "\(path): \(words)")
        }

        try await browser.open(demo.desk + "/desk")
        try await browser.waits(for: "main#desk")
        _ = try await desk.scan("CUSTODY:CMD:SANITIZE")
        // Once the line ends of a scanner are over.
        _ = try await eventually("an Enter without a scan is told, and the last result stays") {
          try await browser.type(Browser.Key.enter, into: "#scan")
          return try await browser.script("return document.querySelector('#scan').placeholder").text
            == "Nothing scanned yet" ? true : nil
        }
        #expect(try await browser.text(".result-headline") == "Sanitize: scan now")
        try await browser.picture("85-nothing-scanned")
        try await desk.fill([
          ("record.requested", "purge"), ("record.achieved", "purge"), ("record.technique", "x"), ("record.tool", "y"),
          ("record.result", "passed"),
        ])
        let monitor = try await desk.scan("AT-00030")
        #expect(monitor.all.contains("AT-00030 has no drive: there is nothing to sanitize."), "\(monitor)")
        #expect(!monitor.all.contains("only drive"))
        try await browser.picture("83-no-drive")

        try await browser.resize(390, 844, mobile: true)
        try await browser.open(demo.desk + "/a/AT-00021")
        try await browser.waits(for: ".record")
        try await browser.picture("84-phone-identifiers")
        #expect(try await lines(".record td code", browser) == 1)
        for page in ["triage", "repairs", "transfers", "shipments", "people", "locations", "models"] {
          try await browser.open(demo.desk + "/" + page)
          try await browser.waits(for: "h1")
          #expect(try await overhang(browser) <= 0, "\(page)")
        }
      }
    }
  }
}
