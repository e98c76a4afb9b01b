import Foundation
import Testing

/// A scanner that the station has claimed types into no window; pages that take scans have them all the same.
@Suite(.serialized, .timeLimit(.minutes(15))) struct ClaimedScannerPagesTests {
  private func shown(_ browser: Browser, _ words: String) async throws {
    _ = try await eventually("the page says '\(words)'") {
      try await browser.text("main")?.contains(words) == true ? true : nil
    }
  }

  @Test func `a USB scanner counts on the page of a count, works on a disposal order, and acts at the desk`()
    async throws
  {
    try await RiggedDemo.run { rig in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: rig.demo.desk)
        try await desk.signIn("DEMO-TOMAS", "246802")
        try await rig.control("wait-read")

        // A count: where the operator stands, and what lies there.
        try await browser.open(rig.demo.desk + "/counts")
        try await browser.waits(for: "#scope")
        try await browser.click("#scope option[value='location:STORE']")
        try await browser.click(".count-open button[type=submit]")
        try await browser.waits(for: "html[data-listens]")
        let tags = try await browser.script(
          """
          return [...document.querySelectorAll('.count-line')].filter((each) => each.textContent.includes('STORE-A2'))
            .map((each) => each.querySelector('.line-what code').textContent);
          """)
        let tag = try #require(tags.values.first?.text)
        try await rig.control("type CUSTODY:LOC:STORE-A2")
        try await shown(browser, "You stand at STORE-A2")
        try await rig.control("type \(tag)")
        try await shown(browser, "Found")
        #expect(try await browser.script("return document.documentElement.dataset.tone") == "accepted")
        try await browser.picture("140-count-by-usb")
        // A scan that came to nothing is told where it is looked at.
        try await rig.control("suffix none\ntype AT-000\nunplug")
        try await browser.waits(for: "#not-scanned")
        #expect(try await browser.text("#not-scanned")?.contains("Plug it in and scan it again.") == true)
        try await browser.picture("141-count-cut-off")
        try await rig.control("suffix enter\nplug\nwait-read")

        // A disposal order.
        try await browser.open(rig.demo.desk + "/disposals")
        try await browser.waits(for: "#disposal-new")
        try await browser.type("DSP-140", into: "#disposal-number")
        try await browser.type("GreenCycle GmbH", into: "#disposal-vendor")
        try await browser.click("#disposal-new .form-submit")
        try await browser.waits(for: "html[data-listens]")
        try await rig.control("type AT-00018")
        try await shown(browser, "Added")
        #expect(try await browser.text(".disposal-table")?.contains("AT-00018") == true)

        // Nobody else's page has it, nor the desk: its result is still the one that was cut off.
        try await browser.open(rig.demo.desk + "/desk")
        try await browser.waits(for: "main#desk")
        #expect(try await browser.text(".result-headline") == "Scan cut off")
        let looked = try await desk.act { try await rig.control("type AT-00018") }
        #expect(looked.all.contains("AT-00018"), "\(looked)")
      }
    }
  }
}
