import Foundation
import Testing

/// Deploying with a signature drawn on the screen, and a leaver who gives back what is on record.
@Suite(.timeLimit(.minutes(15))) struct HandOverInBrowserTests {
  /// Draws a stroke over the field as a finger or a mouse does.
  static func draw(_ browser: Browser) async throws {
    let box = try await browser.script(
      """
      const pad = document.querySelector('#signature');
      pad.scrollIntoView({ block: 'center' });
      const box = pad.getBoundingClientRect();
      return { x: box.left, y: box.top, w: box.width, h: box.height };
      """)
    guard let x = box["x"].number, let y = box["y"].number, let w = box["w"].number, let h = box["h"].number else {
      throw Failure("there is no field for a signature")
    }
    func mouse(_ type: String, _ part: Double) async throws {
      try await browser.sends(
        "Input.dispatchMouseEvent",
        [
          "type": .string(type), "x": .number(x + w * part), "y": .number(y + h * (part < 0.5 ? 0.3 : 0.6)),
          "button": "left", "buttons": .number(type == "mouseReleased" ? 0 : 1), "clickCount": 1,
        ])
    }
    try await mouse("mousePressed", 0.1)
    for part in [0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9] { try await mouse("mouseMoved", part) }
    try await mouse("mouseReleased", 0.9)
  }

  @Test func `one drawn signature hands two assets to Liam, who later gives everything back and signs for it`()
    async throws
  {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        let token = try await HTTP.json(
          .POST, demo.desk + "/api/v1/sign-in", ["badge": "DEMO-FATIMA", "pin": "271828"]
        ).body["token"].text
        let people = try await HTTP.json(.GET, demo.desk + "/api/v1/people", token: token).body["items"].values
        let liam = try #require(people.first { $0["name"].text?.hasPrefix("Liam") == true }?["id"].text)
        let stock = try await HTTP.json(.GET, demo.desk + "/api/v1/assets?state=inStock&limit=2", token: token)
        let tags = stock.body["items"].values.compactMap { $0["tag"].text }
        try #require(tags.count == 2)

        _ = try await desk.scan("CUSTODY:CMD:DEPLOY")
        try await browser.click("#details-deploy > summary")
        try await desk.fill([("recipient.person", liam)])
        // Without a touch more the station has it: who signs is asked, and the folded line names them.
        try await browser.waits(for: "#signature")
        #expect(try await browser.text("#details-deploy > summary")?.contains("Liam") == true)
        try await browser.click("#details-deploy .form-submit")
        try await browser.waits(for: "#signature")
        // On a low screen the field and what ends it are seen at once.
        try await browser.resize(1280, 757, mobile: false)
        let isWhole = try await browser.script(
          """
          const form = document.querySelector("#hand-over-sign");
          form.scrollIntoView({ block: "start" });
          const work = form.closest(".work").getBoundingClientRect();
          return [...form.querySelectorAll("canvas, button")].every((each) => {
            const box = each.getBoundingClientRect();
            return box.top >= work.top - 1 && box.bottom <= work.bottom + 1;
          });
          """)
        #expect(isWhole.isTrue)
        try await browser.resize(1280, 800, mobile: false)
        // Nothing drawn: told, and not taken.
        try await browser.click("#hand-over-sign .form-submit")
        _ = try await eventually("an empty field is told") {
          try await browser.text(".result-headline") == "Nothing signed" ? true : nil
        }
        try await Self.draw(browser)
        try await browser.picture("65-signature")
        try await browser.click("#hand-over-sign .form-submit")
        try await browser.waits(for: "#hand-over .person-known")
        #expect(try await browser.text("#hand-over .person-known")?.contains("signed") == true)
        // What was refused before it stands there no longer.
        #expect(try await browser.text(".result-headline")?.hasPrefix("Signed: Liam") == true)
        for tag in tags {
          let shown = try await desk.scan(tag)
          #expect(shown.kind == "accepted", "\(shown)")
        }
        try await browser.picture("66-signed-for-two")

        _ = try await desk.scan("CUSTODY:CMD:RETURN")
        let leaver = try await desk.scan("CUSTODY:BADGE:DEMO-LIAM")
        #expect(leaver.words.hasPrefix("From: Liam"), "\(leaver)")
        try await browser.waits(for: "#signature")
        try await Self.draw(browser)
        try await browser.click("#hand-over-sign .form-submit")
        try await browser.waits(for: "#hand-over .person-known")
        let back = try await desk.scan(tags[0])
        #expect(back.kind == "accepted" && back.all.contains("still to come"), "\(back)")
        try await browser.picture("67-leaver")
        try await browser.open(demo.desk + "/overview")
        try await browser.waits(for: ".chart")
        try await browser.picture("68-overview")
        try await browser.open(demo.desk + "/overview/awaitingTriage")
        try await browser.waits(for: "tbody tr")
        try await browser.picture("69-awaiting-triage")
      }
    }
  }
}
