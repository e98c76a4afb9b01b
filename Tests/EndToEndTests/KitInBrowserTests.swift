import Foundation
import Testing

/// Everything that a joiner gets, handed out with a scanner and nothing else.
@Suite(.timeLimit(.minutes(15))) struct KitInBrowserTests {
  @Test func `a kit is begun, filled and handed over by scans alone; what is not of it is told and stays out`()
    async throws
  {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        _ = try await desk.scan("CUSTODY:CMD:DEPLOY")
        let begun = try await desk.scan("CUSTODY:KIT:JOINER")
        #expect(begun.words == "Kit JOINER" && begun.all.contains("Still to scan: Laptop, Dock, Monitor."), "\(begun)")
        #expect(try await desk.scan("CUSTODY:BADGE:DEMO-LIAM").words.hasPrefix("Recipient: Liam"))
        let first = try await desk.scan("AT-00028")
        #expect(first.kind == "accepted" && first.tone == "accepted" && first.words == "Laptop · 1 of 3", "\(first)")
        let wrong = try await desk.scan("AT-00035")
        #expect(wrong.kind == "refused" && wrong.tone == "refused" && wrong.words == "Not of this kit", "\(wrong)")
        #expect(wrong.all.contains("Still to scan: Dock, Monitor."), "\(wrong)")
        try await browser.picture("70-kit-wrong-thing")
        #expect(try await desk.scan("AT-00033").words == "Dock · 2 of 3")
        try await browser.resize(390, 844, mobile: true)
        try await browser.picture("71-kit-phone")
        let overhang = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        #expect(try await browser.script(overhang).number == 0)
        try await browser.resize(1280, 800)
        let last = try await desk.scan("AT-00030")
        #expect(last.words == "Monitor · 3 of 3" && last.all.contains("again, or press Hand over"), "\(last)")
        try await browser.waits(for: "#kit form[action='/desk/kit/hand-over']")
        try await browser.picture("72-kit-complete")
        let token = try await HTTP.json(
          .POST, demo.desk + "/api/v1/sign-in", ["badge": "DEMO-FATIMA", "pin": "271828"]
        ).body["token"].text
        let before = try await HTTP.json(.GET, demo.desk + "/api/v1/assets?state=inStock&limit=50", token: token)
        #expect(before.body["items"].values.contains { $0["tag"].text == "AT-00028" })

        let handed = try await desk.scan("CUSTODY:BADGE:DEMO-LIAM")
        #expect(handed.kind == "accepted" && handed.words == "Kit JOINER handed over", "\(handed)")
        #expect(handed.all.contains("AT-00028, AT-00033, AT-00030"), "\(handed)")
        #expect(try await browser.script("return document.querySelector('#kit').childElementCount").number == 0)
        try await browser.picture("73-kit-handed-over")
        for tag in ["AT-00028", "AT-00033", "AT-00030"] {
          try await browser.open(demo.desk + "/a/\(tag)")
          try await browser.waits(for: ".timeline")
          let shown = try await browser.text("main") ?? ""
          #expect(shown.contains("Liam") && shown.contains("kit JOINER"), "\(tag): \(shown)")
        }
        try await browser.picture("74-kit-asset")
        for (width, name) in [(1280, "wide"), (390, "phone")] {
          try await browser.resize(width, 844, mobile: width == 390)
          for (page, file) in [("/kits", "kits"), ("/kits/JOINER", "kit")] {
            try await browser.open(demo.desk + page)
            try await browser.waits(for: "tbody tr")
            #expect(try await browser.script(overhang).number == 0, "\(page) at \(width)")
            try await browser.picture("75-\(file)-\(name)")
          }
        }
        // The only dock is gone; without a scanner the page begins the kit.
        #expect(try await browser.text("main")?.contains("Something is not in stock") == true)
        try await browser.click("form[action='/kits/JOINER/begin'] button")
        try await browser.waits(for: "#kit .line")
        #expect(try await browser.text("#kit h2") == "Kit JOINER: 0 of 3")
      }
    }
  }
}
