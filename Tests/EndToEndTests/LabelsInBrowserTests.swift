import Foundation
import Testing

/// Labels and printers as a clerk uses them, with the demo's own printer, which keeps what it prints.
@Suite(.serialized, .timeLimit(.minutes(25))) struct LabelsInBrowserTests {
  private let template = "asset-tag-50x25-qr"

  private func picture(_ browser: Browser) async throws -> String? {
    try await browser.script("return document.querySelector('[data-part=preview] img.is-dots')?.src ?? null").text
  }

  @Test func `the picture follows what is typed, and what cannot be printed stands at its field`() async throws {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-GRACE", "112358")
        try await browser.open(demo.desk + "/labels")
        try await browser.waits(for: ".label-card img")
        try await browser.picture("90-labels")

        try await browser.open(demo.desk + "/labels/\(template)?asset=AT-00029")
        try await browser.waits(for: "img.is-dots")
        let before = try #require(try await picture(browser))
        try await browser.type("9", into: "[name=field-tag]")
        _ = try await eventually("the picture is another") {
          let now = try await picture(browser)
          return now != nil && now != before ? true : nil
        }
        #expect(try await browser.text("[data-part=preview]")?.contains("400 × 200 dots at 203 dpi") == true)
        try await browser.picture("91-label-live")

        // 300 dpi make 591 × 295 dots of 50 × 25 mm.
        try await browser.click("[name=dpi] option[value='300']")
        _ = try await eventually("the dots are of 300 dpi") {
          try await browser.text("[data-part=preview]")?.contains("591 × 295 dots at 300 dpi") == true ? true : nil
        }

        try await browser.type("ä", into: "[name=field-tag]")
        try await browser.waits(for: ".field.has-error [name=field-tag]")
        #expect(try await browser.text(".field.has-error .error")?.contains("“ä”") == true)
        #expect(try await browser.text(".label-refused") == "Not printable as it stands.")
        // What was typed is still there, and the hand is still in it.
        #expect(try await browser.script("return document.activeElement.name").text == "field-tag")
        try await browser.picture("92-label-refused")

        try await browser.resize(390, 844, mobile: true)
        try await browser.open(demo.desk + "/labels/\(template)")
        try await browser.waits(for: "img.is-dots")
        #expect(try await browser.script("return document.documentElement.scrollWidth").number == 390)
        try await browser.picture("93-label-phone")
      }
    }
  }

  @Test func `a template that holds a script is refused with its line; without it, it is one of the site's own`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let shipped = Program.root.appending(path: "labels/\(template)")
      var lines = try String(contentsOf: shipped.appending(path: "template.svg"), encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false)
      lines.insert("  <script>alert(1)</script>", at: 4)
      let hostile = folder.appending(path: "template.svg")
      try lines.joined(separator: "\n").write(to: hostile, atomically: true, encoding: .utf8)
      try await Demo.run { demo in
        try await Browser.run { browser in
          let desk = DeskInBrowser(browser: browser, base: demo.desk)
          try await desk.signIn("DEMO-GRACE", "112358")
          try await browser.open(demo.desk + "/labels")
          try await browser.type("our-tag", into: "#upload-name")
          try await browser.type(hostile.path, into: "#upload-svg")
          try await browser.type(shipped.appending(path: "label.yaml").path, into: "#upload-yaml")
          try await browser.click("#upload button")
          try await browser.waits(for: "#upload .problem")
          _ = try await browser.complaints()  // The status 422 is meant.
          #expect(try await browser.text("#upload .problem b") == "template.svg, line 5")
          #expect(try await browser.text("#upload .problem pre") == "<script>alert(1)</script>")
          try await browser.picture("94-label-upload-refused")

          try await browser.type(shipped.appending(path: "template.svg").path, into: "#upload-svg")
          try await browser.type(shipped.appending(path: "label.yaml").path, into: "#upload-yaml")
          try await browser.click("#upload button")
          try await browser.waits(for: "img.is-dots")
          #expect(try await browser.url == demo.desk + "/labels/our-tag")
          try await browser.click("form[action='/labels/our-tag/remove'] button")
          try await browser.waits(for: ".label-cards")
          #expect(try await browser.text(".label-cards")?.contains("your own") == false)
        }
      }
    }
  }

  @Test func `a label is printed, awaited at the desk, and proved by a picture of what came out`() async throws {
    try await withTemporaryFolder { folder in
      try await Demo.run(in: folder) { demo in
        try await Browser.run { browser in
          let desk = DeskInBrowser(browser: browser, base: demo.desk)
          try await desk.signIn("DEMO-KIM", "135790")
          try await browser.open(demo.desk + "/a/AT-00029")
          try await browser.waits(for: "#label button[value=first]")
          let asset = try await browser.url
          try await browser.click("#label button[value=first]")

          let printed = folder.appending(path: "printed/label-0001.png")
          _ = try await eventually("the demo's printer has printed") {
            FileManager.default.fileExists(atPath: printed.path) ? true : nil
          }
          try await browser.open(demo.desk + "/desk")
          try await browser.waits(for: ".awaited-label")
          #expect(try await browser.text(".awaited-words") == "Scan the new label AT-00029")
          try await browser.picture("95-label-awaited")
          let other = try await desk.scan("AT-00030")
          #expect(other.kind == "refused" && other.words == "Scan the new label", "\(other)")

          let proved = try await desk.act { try await browser.type(printed.path, into: "#picture") }
          #expect(proved.kind == "accepted" && proved.all.contains("AT-00029"), "\(proved)")
          try await desk.settled()
          #expect(try await browser.text(".awaited-label") == nil)
          try await browser.picture("96-label-proved")

          try await browser.open(asset)
          #expect(try await browser.text("#label")?.contains("scanned back") == true)
          #expect(try await browser.text(".flag") == nil)

          // Once more without a reason: a "no" that says why. With one: printed, and unproven until it is scanned.
          try await browser.click("#label button[value=reprint]")
          try await browser.waits(for: "#label .problem")
          _ = try await browser.complaints()  // The status 422 is meant.
          _ = try await eventually("the page has asked how the asset stands") {
            let asked = "return performance.getEntriesByType('resource').some((each) => each.initiatorType === 'fetch')"
            return try await browser.script(asked).isTrue ? true : nil
          }
          #expect(try await browser.text("#label .problem") != nil, "the answer stays")
          try await browser.type("Torn", into: "#label [name=reason]")
          try await browser.click("#label button[value=reprint]")
          _ = try await eventually("the reprint stands in its custody") {
            try await browser.open(asset)
            return try await browser.text(".timeline")?.contains("printed again · Torn") == true ? true : nil
          }
          #expect(try await browser.text(".flag")?.contains("Label unproven: AT-00029") == true)

          try await browser.open(demo.desk + "/printers")
          try await browser.waits(for: ".print-job.is-printed")
          try await browser.picture("97-printers")
          try await browser.resize(390, 844, mobile: true)
          #expect(try await browser.script("return document.documentElement.scrollWidth").number == 390)
        }
      }
    }
  }

  @Test func `a printer that is out of labels says so; its label waits, is cancelled, and it is removed`() async throws
  {
    try await Program.custody(["printers", "simulate", "--port", "0", "--condition", "mediaOut"]) { simulated in
      let address = try await simulated.prints(/printer on (tcp:\S+)/)
      try await Demo.run { demo in
        try await Browser.run { browser in
          let desk = DeskInBrowser(browser: browser, base: demo.desk)
          try await desk.signIn("DEMO-GRACE", "112358")
          try await browser.open(demo.desk + "/printers")
          try await browser.click("#printer-add summary")
          try await browser.type("store", into: "#printer-name")
          try await browser.type(String(address), into: "#printer-address")
          try await browser.click("#printer-profile option[value='zebra-zd421-203']")
          try await browser.type("50by25", into: "#printer-labels")
          try await browser.click("#printer-add .button")
          try await browser.waits(for: ".field.has-error #printer-labels")
          _ = try await browser.complaints()  // The status 422 is meant.
          _ = try await browser.script("document.querySelector('#printer-labels').value = '30x20+2'")
          try await browser.click("#printer-add .button")
          try await browser.waits(for: "#printer-store")

          try await browser.click("#printer-store button[formaction$='/test']")
          try await browser.waits(for: "#printer-store .print-job.is-queued")
          _ = try await eventually("the page says by itself what is the matter") {
            try await browser.text("#printer-store .problem")?.contains("run out") == true ? true : nil
          }
          try await browser.picture("98-printer-out-of-labels")
          try await browser.click("#printer-store .print-job.is-queued button")
          try await browser.waits(for: "#printer-store .print-job.is-cancelled")
          try await browser.click("#printer-store button[formaction$='/remove']")
          try await browser.waits(for: "#printer-demo-printer")
          #expect(try await browser.text("#printer-store") == nil)
        }
      }
    }
  }

  @Test func `without a script the button draws the label and tells what is wrong`() async throws {
    try await Demo.run { demo in
      let (_, signedIn) = try await HTTP.json(
        .POST, demo.desk + "/api/v1/sign-in", ["badge": "DEMO-KIM", "pin": "135790"])
      let token = signedIn["token"].text
      func post(_ form: String) async throws -> String {
        let answer = try await HTTP.request(
          .POST, demo.desk + "/labels/\(template)", token: token, body: Data(form.utf8),
          headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "text/html")])
        #expect(answer.status == 200)
        return String(decoding: answer.body, as: UTF8.self)
      }
      let drawn = try await post("field-tag=AT-00042&dpi=203")
      #expect(drawn.contains("400 × 200 dots at 203 dpi") && drawn.contains("data:image/png;base64,"))
      let missing = try await post("field-tag=&dpi=203")
      #expect(missing.contains("Asset tag is missing.") && !missing.contains("data:image/png;base64,"))
    }
  }

  @Test func `an event's paper is a PDF, and what gives none has none`() async throws {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-LIAM", "161803")
        // AT-00021 was handed out, wiped and disposed of.
        try await browser.open(demo.desk + "/a/AT-00021")
        try await browser.waits(for: ".timeline")
        let papers = try await browser.script(
          """
          return [...document.querySelectorAll(".event-note a[target]")].map((each) => each.textContent.trim())
          """
        ).values.compactMap(\.text)
        #expect(
          Set(papers) == ["Pallet manifest (PDF)", "Certificate (PDF)", "Hand-over receipt (PDF)"], "\(papers)")
        let begins = try await browser.script(
          """
          const links = [...document.querySelectorAll(".event-note a[target]")].map((each) => each.href);
          return links.map((link) => {
            const asked = new XMLHttpRequest();
            asked.open("GET", link, false);
            asked.send();
            return asked.responseText.slice(0, 5);
          });
          """
        ).values.compactMap(\.text)
        #expect(begins.count == papers.count && begins.allSatisfy { $0 == "%PDF-" }, "\(begins)")
      }
    }
  }
}
