import Foundation
import Testing

/// Triage, repair and shipment from their lists, as a storeroom does them: one thing after another, by touch and by scanner.
@Suite(.serialized, .timeLimit(.minutes(15))) struct WorkListsInBrowserTests {
  /// Presses a button of the list and waits for the desk.
  private func begin(_ browser: Browser, _ button: String) async throws {
    try await browser.click(button)
    try await browser.waits(for: "main#desk")
  }

  /// Scans a tag into the field of a list, and waits for the desk.
  private func scan(_ tag: String, from list: String, _ browser: Browser, _ desk: DeskInBrowser) async throws {
    try await browser.open(desk.base + list)
    try await browser.waits(for: "#list-scan")
    try await browser.type(tag + Browser.Key.enter, into: "#list-scan")
    try await browser.waits(for: "main#desk")
  }

  /// Does what lies on the desk by its button.
  private func press(_ browser: Browser, _ desk: DeskInBrowser) async throws -> ShownResult {
    // Details that were just set are told first.
    try await browser.waits(for: ".result-ways button")
    return try await desk.act { try await browser.click(".result-ways button") }
  }

  @Test func `one asset is triaged, repaired, shipped under a seal and comes under another`() async throws {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-GRACE", "112358")

        // Triage, by touch: of what has nothing in the way.
        try await browser.open(demo.desk + "/triage")
        try await browser.waits(for: "tbody tr")
        try await browser.picture("130-triage")
        let row = try await browser.script(
          "return 1 + [...document.querySelectorAll('tbody tr')].findIndex((each) => each.textContent.includes('Grade it'))"
        )
        let place = "tbody tr:nth-child(\(Int(row.number ?? 0)))"
        let tag = try #require(try await browser.text(place + " code"))
        try await begin(browser, place + " form button")
        #expect(try await browser.text(".result-headline") == "Triage: scan it now")
        try await desk.fill([("outcome", "inStock"), ("grade", "B"), ("location", "STORE-A1")])
        try await browser.picture("131-triage-at-the-desk")
        #expect(try await press(browser, desk).words == "Triaged")

        // To repair and back, by scanner.
        try await browser.open(demo.desk + "/repairs")
        try await browser.waits(for: "h1")
        try await begin(browser, ".page-head form button")
        try await desk.fill([("vendor", "FixIt"), ("rma", "R-77"), ("mediaPresent", "yes")])
        #expect(try await desk.scan(tag).words == "Gone to repair")
        try await browser.open(demo.desk + "/repairs")
        try await browser.waits(for: "tbody tr")
        try await browser.picture("132-repairs")
        let repairs = try await browser.text("tbody") ?? ""
        #expect(repairs.contains(tag) && repairs.contains("R-77"), "\(repairs)")
        try await scan(tag, from: "/repairs", browser, desk)
        try await desk.fill([("outcome", "new battery")])
        #expect(try await desk.scan(tag).words == "Back from repair")

        // Away under one seal, here under another.
        try await browser.open(demo.desk + "/shipments")
        try await browser.waits(for: "h1")
        try await begin(browser, ".page-head form button")
        try await desk.fill([("carrier", "DHL"), ("sealNumber", "S-9001"), ("destination", "Branch office")])
        #expect(try await desk.scan(tag).words == "Shipped")
        try await browser.open(demo.desk + "/shipments")
        try await browser.waits(for: "tbody tr")
        try await browser.picture("133-shipments")
        let shipments = try await browser.text("tbody") ?? ""
        #expect(shipments.contains("S-9001") && shipments.contains("Branch office"), "\(shipments)")
        try await scan(tag, from: "/shipments", browser, desk)
        let bound = "It was bound for Branch office. It left under seal S-9001."
        #expect(try await browser.text(".result-detail")?.hasPrefix(bound) == true)
        // A station that takes its time to note the details takes away nothing of what is shown, nor its button.
        _ = try await browser.script(
          """
          const ask = fetch;
          globalThis.fetch = (url, options) => new Promise((answers) => setTimeout(answers, 900)).then(() => ask(url, options));
          """)
        try await desk.fill([("location", "STORE-A1"), ("sealNumber", "S-9002")])
        try await browser.picture("134-arrival-at-the-desk")
        let arrived = try await press(browser, desk)
        #expect(arrived.kind == "acceptedWithNote" && arrived.words == "Another seal", "\(arrived)")
        try await browser.picture("135-another-seal")
        try await browser.open(demo.desk + "/follow-ups")
        try await browser.waits(for: "tbody tr")
        #expect(try await browser.text("tbody")?.contains("came under seal S-9002") == true)

        // The rest is looked at, wide and on a phone.
        for (width, name) in [(1280, "wide"), (390, "phone")] {
          try await browser.resize(width, 844, mobile: width == 390)
          for page in [
            "triage", "repairs", "transfers", "shipments", "people", "locations", "location?code=STORE-A1", "models",
            "webhooks", "overview", "order?number=PO-2031",
          ] {
            try await browser.open(demo.desk + "/" + page)
            try await browser.waits(for: "h1")
            try await browser.picture("136-\(name)-\(page.prefix { $0.isLetter })")
            let overhang = try await browser.script(
              "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            #expect(overhang.number ?? 1 <= 0, "\(page) at \(width)")
          }
          try await browser.open(demo.desk + "/people")
          try await browser.click("tbody tr:nth-child(2) .row-link")
          try await browser.waits(for: ".list-facts")
          try await browser.picture("137-\(name)-person")
          try await browser.click("#menu-pages > summary")
          try await browser.picture("138-\(name)-menu")
        }
      }
    }
  }

  @Test func `one asset goes from Liam to Tomás by his badge, and paper shows what was done without what is for hands`()
    async throws
  {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-GRACE", "112358")
        try await browser.open(demo.desk + "/transfers")
        try await browser.waits(for: "h1")
        try await begin(browser, ".page-head form button")
        let recipient = try await desk.scan("CUSTODY:BADGE:DEMO-TOMAS")
        #expect(recipient.words == "New custodian: Tomás Herrera", "\(recipient)")
        let passed = try await desk.scan("AT-00001")
        #expect(passed.kind == "accepted" && passed.words == "Transferred", "\(passed)")
        try await browser.open(demo.desk + "/transfers")
        try await browser.waits(for: "tbody tr")
        try await browser.picture("138-transferred")
        let row = try await browser.text("tbody tr") ?? ""
        for words in ["AT-00001", "Liam", "Tomás Herrera"] { #expect(row.contains(words), "\(row)") }

        let order = try await disposalOrder(demo)
        for (page, content) in [
          ("/transfers", "main table"), ("/a/AT-00001", "#record-side table"), ("/overview", ".charts svg"),
          ("/disposals/\(order)", "#disposal-steps"),
        ] {
          try await browser.open(demo.desk + page)
          try await browser.waits(for: content)
          // Who works in the dark prints on white paper all the same.
          try await browser.sends(
            "Emulation.setEmulatedMedia",
            ["media": "print", "features": [["name": "prefers-color-scheme", "value": "dark"]]])
          try await browser.picture("139-print-\(page.dropFirst().prefix { $0.isLetter })")
          let printed = try await browser.script(
            """
            const shows = (each) => each.getClientRects().length > 0;
            const hands = ".bar-nav, .bar-state, .menu, .chips, .dock, .button, .search, .skip";
            return {
              hands: [...document.querySelectorAll(hands)].filter(shows).map((each) => each.className),
              content: shows(document.querySelector(arguments[0])),
              paper: getComputedStyle(document.body).backgroundColor, ink: getComputedStyle(document.body).color };
            """, .string(content))
          #expect(printed["hands"].values.isEmpty && printed["content"].isTrue, "\(page): \(printed)")
          #expect(printed["paper"] == "rgb(255, 255, 255)" && printed["ink"] == "rgb(0, 0, 0)", "\(page): \(printed)")
        }
        try await browser.sends("Emulation.setEmulatedMedia", ["media": "", "features": []])
      }
    }
  }

  /// A disposal order, which the demo has none of.
  private func disposalOrder(_ demo: Demo) async throws -> String {
    let token = try await HTTP.json(
      .POST, demo.desk + "/api/v1/sign-in", ["badge": "DEMO-TOMAS", "pin": "246802"]
    ).body["token"].text
    let order = try await HTTP.json(
      .POST, demo.desk + "/api/v1/disposal-orders", token: token, ["route": "recycle", "vendor": "Green Cycle"]
    ).body
    return try #require(order["number"].text, "\(order)")
  }
}
