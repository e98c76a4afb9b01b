import Foundation
import Testing

/// A guided count of the demo's storeroom, with a scanner that types.
@Suite(.serialized, .timeLimit(.minutes(25))) struct CountInBrowserTests {
  private func lines(_ browser: Browser) async throws -> [(words: String, code: String, detail: String)] {
    let found = try await browser.script(
      """
      return [...document.querySelectorAll('.count-line')].map((each) => [each.querySelector('.line-words').textContent,
        each.querySelector('.line-what code').textContent, each.querySelector('.count-detail').textContent]);
      """)
    return found.values.map { ($0.values[0].text ?? "", $0.values[1].text ?? "", $0.values[2].text ?? "") }
  }

  @Test func `a room is counted by scans, closed, and what is missing or moved is accepted`() async throws {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        try await browser.open(demo.desk + "/counts")
        try await browser.waits(for: "#scope")
        try await browser.picture("95-counts")
        try await browser.click("#scope option[value='location:STORE']")
        try await browser.click(".count-open button[type=submit]")
        try await browser.waits(for: "#scan")
        let expected = try await lines(browser)
        #expect(expected.allSatisfy { $0.words == "Not seen yet" })
        let onShelf = expected.filter { $0.detail.contains("STORE-A2") }.map(\.code)
        try #require(onShelf.count >= 4, "\(expected)")
        #expect(try await browser.text(".count-progress b") == "0 of \(expected.count)")

        let stands = try await desk.scan("CUSTODY:LOC:STORE-A2")
        #expect(stands.words == "You stand at STORE-A2")
        let found = try await desk.scan(onShelf[0])
        #expect(found.words == "Found")
        #expect(found.kind == "accepted")
        #expect(found.tone == "accepted")
        let again = try await desk.scan(onShelf[0])
        #expect(again.words == "Already counted")
        #expect(again.tone == "duplicate")
        _ = try await desk.scan("CUSTODY:LOC:STORE-A1")
        let moved = try await desk.scan(onShelf[1])
        #expect(moved.words == "On another shelf")
        #expect(moved.tone == "unknown")
        let unknown = try await desk.scan("ZZ-9999")
        #expect(unknown.words == "Unknown code")
        let badge = try await desk.scan("CUSTODY:BADGE:DEMO-KIM")
        #expect(badge.kind == "refused")
        #expect(!badge.all.contains("DEMO-KIM"))
        _ = try await browser.complaints()  // The status 422 is meant.
        #expect(try await browser.text(".count-progress b") == "2 of \(expected.count)")
        // What is odd stands on top.
        let shown = try await lines(browser)
        #expect(shown.prefix(2).map(\.words) == ["Unknown code", "On another shelf"])
        #expect(shown.last?.words == "Found")
        try await browser.picture("96-count-open")
        // A burst, faster than the station answers: nothing is lost.
        try await browser.type(onShelf[2] + Browser.Key.enter + onShelf[3] + Browser.Key.enter)
        _ = try await eventually("both are counted") {
          try await browser.text(".count-progress b") == "4 of \(expected.count)" ? true : nil
        }

        try await browser.click(".count-closing form[action$='/close'] button")
        try await browser.waits(for: ".count-file")
        try await browser.picture("97-count-closed")
        let missing = expected.count - 4
        try await browser.click("#count-tabs a[href$='result=missing']")
        try await browser.waits(for: missing > 1 ? ".count-all button" : ".count-line form button")
        #expect(try await lines(browser).count == missing)
        try await browser.picture("98-count-missing")
        try await browser.click(missing > 1 ? ".count-all button" : ".count-line form button")
        _ = try await eventually("all are accepted") {
          try await lines(browser).allSatisfy { $0.detail.contains("Accepted by") } ? true : nil
        }
        try await browser.click("#count-tabs a[href$='result=otherShelf']")
        try await browser.waits(for: ".count-all button")
        try await browser.click(".count-all button")
        _ = try await eventually("the moves are accepted") {
          try await lines(browser).allSatisfy { $0.detail.contains("Accepted by") } ? true : nil
        }
        try await browser.open(demo.desk + "/assets?q=" + onShelf[1])
        try await browser.waits(for: "table td")
        #expect(try await browser.text("tbody tr")?.contains("STORE-A1") == true)
        try await browser.open(demo.desk + "/assets?state=missing")
        try await browser.waits(for: "table td")
        #expect(
          try await browser.text("tbody")?.contains(expected.last { !onShelf.prefix(4).contains($0.code) }?.code ?? "?")
            == true)

        try await browser.resize(390, 844, mobile: true)
        for page in ["/counts", ""] {
          if page.isEmpty {
            try await browser.click("tbody a.row-link")
            try await browser.waits(for: ".count-line")
          } else {
            try await browser.open(demo.desk + page)
            try await browser.waits(for: "tbody a.row-link")
          }
          #expect(try await browser.script("return document.documentElement.scrollWidth").number == 390, "\(page)")
          try await browser.picture(page.isEmpty ? "99-count-phone" : "99-counts-phone")
        }
      }
    }
  }
}
