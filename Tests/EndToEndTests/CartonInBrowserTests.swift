import Foundation
import Testing

/// A carton with several codes at the desk: the picture, what its codes mean, one touch to correct, one to receive.
@Suite(.serialized, .timeLimit(.minutes(25))) struct CartonInBrowserTests {
  /// Two photographs of the same kind of carton, by a third party: see Tests/Vectors/CartonReading/README.md.
  private let first = "carton-165627.png"
  private let second = "carton-165340.png"

  @Test func `a third party's photo fills the receive form, a touch corrects it, and the next carton is right at once`()
    async throws
  {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = try await receiving(demo, browser)
        let shown = try await desk.act { try await drop(first, on: browser) }
        // Amber and a question: nothing is recorded yet, and it must not look as if.
        #expect(shown.kind == "unknown" && shown.icon == "#i-question")
        #expect(shown.words == "Check, then confirm")
        #expect(try await field("carton.serial", browser) == "165627")
        #expect(try await field("carton.mac", browser) == "001EC947D49B")
        #expect(try await fits(browser))
        try await browser.picture("80-carton")

        try await browser.click(".outline.is-serial")
        try await browser.waits(for: ".is-serial .reassign[open]")
        let sizes = try await browser.script(
          "return [...document.querySelectorAll('.reassign[open] .choose')].map((each) => each.getBoundingClientRect().height)"
        )
        #expect(sizes.values.count == 12 && sizes.values.allSatisfy { ($0.number ?? 0) >= 48 })
        try await browser.picture("81-carton-choose")
        try await browser.click(".reassign[open] [value='assetTag']")
        _ = try await eventually("the form has the asset tag") {
          try await field("carton.assetTag", browser) == "165627" ? true : nil
        }
        #expect(try await field("carton.serial", browser) == "")
        #expect(try await browser.text(".code-line.is-assetTag small") == "chosen by Kim Novák")
        try await browser.click("#carton-form [name='facts.orderLine'] option[value='PO-2031/6']")
        try await browser.picture("82-carton-corrected")
        let received = try await desk.act { try await browser.click(".button-receive") }
        #expect(received.kind == "accepted" && received.words == "Received")
        #expect(received.all.contains("165627"))
        #expect(try await browser.text("#carton-form") == nil)
        try await browser.picture("83-carton-received")
        #expect(
          try await sealed("165627", browser) == [
            "Dell", "Latitude 5540", "PO-2031/6", "tag 165627, mac 001EC947D49B", "photo",
          ])

        // The next of them: what was corrected wins, and Enter alone receives it.
        _ = try await desk.act { try await drop(second, on: browser) }
        #expect(try await field("carton.assetTag", browser) == "165340")
        let why = try await browser.text(".code-line.is-assetTag small") ?? ""
        #expect(why.hasPrefix("corrected by Kim Novák on 20"))
        #expect(try await field("facts.orderLine", browser) == "PO-2031/6")
        try await browser.picture("84-carton-learned")
        let again = try await desk.act {
          // Enter counts once the carton has been on the screen for a moment.
          try await eventually("Enter receives it") {
            try await browser.type(Browser.Key.enter, into: "#scan")
            return try await browser.script("return document.querySelector('#carton-form') === null").isTrue ? () : nil
          }
        }
        #expect(again.words == "Received")
        #expect(try await sealed("165340", browser).last == "photo")

        // What was learned has a page, where it is forgotten.
        try await browser.open(demo.desk + "/readings")
        try await browser.click(".page-head a[href='/corrections']")
        try await browser.waits(for: "td form")
        let learned = try await browser.text("tbody tr") ?? ""
        for words in ["Dell Latitude 5540", "165627", "Asset tag", "Kim Novák"] {
          #expect(learned.contains(words), "\(learned)")
        }
        try await browser.picture("84-corrections")
        try await browser.click("td form button")
        try await browser.waits(for: ".blank")
        try await browser.click(".chips a:last-child")
        try await browser.waits(for: "tr.is-ended")
        try await browser.picture("84-corrections-ended")
        try await browser.resize(390, 844, mobile: true)
        #expect(try await overhang(browser) == 0)
        try await browser.picture("84-corrections-phone")
      }
    }
  }

  @Test func `a carton and what was corrected outlive a restart of the station`() async throws {
    try await withTemporaryFolder { folder in
      try await Demo.run(in: folder) { demo in
        try await Browser.run { browser in
          let desk = try await receiving(demo, browser)
          _ = try await desk.act { try await drop(first, on: browser) }
          try await browser.click("#carton-form [name='facts.orderLine'] option[value='PO-2031/6']")
          try await browser.click(".outline.is-serial")
          try await browser.click(".reassign[open] [value='assetTag']")
          _ = try await eventually("the form has the asset tag") {
            try await field("carton.assetTag", browser) == "165627" ? true : nil
          }
          // What was chosen by hand before stays.
          #expect(try await field("facts.orderLine", browser) == "PO-2031/6")
          let received = try await desk.act { try await browser.click(".button-receive") }
          #expect(received.words == "Received")
          _ = try await desk.act { try await drop(second, on: browser) }
        }
      }
      try await Demo.run(in: folder) { demo in
        try await Browser.run { browser in
          let desk = DeskInBrowser(browser: browser, base: demo.desk)
          try await desk.signIn("DEMO-KIM", "135790")
          // The carton lies where it lay, and is of its model by what was said of the other.
          try await browser.waits(for: "#carton-form")
          #expect(try await field("carton.assetTag", browser) == "165340")
          let why = try await browser.text(".code-line.is-assetTag small") ?? ""
          #expect(why.hasPrefix("corrected by Kim Novák on 20"))
          #expect(try await field("carton.serial", browser) == "")
          let received = try await desk.act { try await browser.click(".button-receive") }
          #expect(received.words == "Received" && received.all.contains("165340"))
        }
      }
    }
  }

  @Test func `a label is filled in from its six codes, a Data Matrix in a corner among them; a tag receives it`()
    async throws
  {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = try await receiving(demo, browser)
        let shown = try await desk.act { try await drop("carton-switch.jpg", on: browser) }
        #expect(shown.words == "Check, then confirm")
        for (name, value) in [
          ("carton.serial", "FOC2614X0AB"), ("carton.mac", "001EC947D49B"), ("facts.orderLine", "PO-2031/7"),
          ("facts.manufacturer", "Cisco"), ("facts.model", "Catalyst 9200L-24T"), ("facts.category", "switch"),
          ("facts.custom.partNumber", "C9200L-24T-4G-E"), ("facts.custom.gtin", "889098001232"),
          ("location", "STORE-A1"),
        ] {
          #expect(try await field(name, browser) == value, "\(name)")
        }
        let codes = try await browser.script(
          "return [...document.querySelectorAll('.code-line')].map((each) => each.textContent)"
        ).values.compactMap(\.text)
        #expect(codes.count == 6 && codes.contains { $0.contains("LOT88213") })
        #expect(try await fits(browser))
        try await browser.picture("85-carton-switch")
        let received = try await desk.scan("AT-90001")
        #expect(received.words == "Received")
        #expect(
          try await sealed("AT-90001", browser) == [
            "Cisco", "Catalyst 9200L-24T", "PO-2031/7", "tag AT-90001, serial FOC2614X0AB, mac 001EC947D49B", "photo",
          ])
      }
    }
  }

  @Test func `a choice is asked for where two codes have equal right, on a phone too, and a turned picture is upright`()
    async throws
  {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = try await receiving(demo, browser)
        // Its symbols lie where they lie in the upright picture.
        _ = try await desk.act { try await drop("carton-switch-exif6.jpg", on: browser) }
        #expect(try await fits(browser))
        #expect(
          try await browser.script(
            "const i = document.querySelector('.carton-frame img'); return i.naturalWidth > i.naturalHeight"
          ).isTrue)
        try await browser.picture("86-carton-turned")

        try await browser.resize(390, 844, mobile: true)
        try await browser.open(demo.desk + "/desk")
        try await browser.waits(for: "#carton-form")
        #expect(try await overhang(browser) == 0)
        try await browser.picture("87-phone-carton")
        _ = try await browser.script(
          "document.querySelector('.carton-form').scrollIntoView({ block: 'start' }); window.scrollBy(0, -104)")
        try await browser.picture("87-phone-carton-form")
        // The button that receives lies above the dock, wherever in the form the page is.
        #expect(
          try await browser.script(
            """
            const button = document.querySelector('.button-receive').getBoundingClientRect();
            const dock = document.querySelector('.dock').getBoundingClientRect();
            return button.top > 0 && button.bottom <= dock.top && button.height >= 48;
            """
          ).isTrue)
        try await browser.click(".outline.is-mac")
        try await browser.waits(for: ".is-mac .reassign[open]")
        try await browser.picture("87-phone-carton-choose")
        // Set aside it is not received: its codes are among the unknown ones.
        try await browser.click("form[action='/desk/carton'] [formaction]")
        try await desk.settled()
        #expect(try await browser.text("#carton-form") == nil)
        #expect(try await count("/api/v1/readings?outcome=unknown", browser) == 6)
        #expect(try await count("/api/v1/lookup?text=FOC2614X0AB", browser) == 0)
        _ = try await desk.act { try await drop("two-ean13.png", from: "BarcodeVision", on: browser) }
        #expect(try await browser.text(".carton-conflict h2") == "2 codes could be the GTIN")
        #expect(try await browser.script("return document.querySelector('.button-receive').disabled").isTrue)
        #expect(try await overhang(browser) == 0)
        try await browser.picture("88-phone-conflict")
        try await browser.resize(1280, 800)
        try await browser.picture("89-conflict")
        try await browser.prefer(dark: true)
        try await browser.picture("89-conflict-dark")
        try await browser.click(".candidate")
        _ = try await eventually("the choice is taken") {
          try await browser.script("return document.querySelector('.button-receive').disabled") == false ? true : nil
        }
      }
    }
  }

  // MARK: Hands and eyes

  @Test func `of two pictures given together the second waits until the first is done with`() async throws {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = try await receiving(demo, browser)
        let (one, two) = try (Self.encoded("carton-165627.png"), Self.encoded("carton-165340.png"))
        _ = try await desk.act {
          _ = try await browser.script(
            """
            const data = new DataTransfer();
            for (const [name, text] of [["one.png", arguments[0]], ["two.png", arguments[1]]]) {
              data.items.add(new File([Uint8Array.from(atob(text), (each) => each.charCodeAt(0))], name, { type: "image/png" }));
            }
            document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
            """, .string(one), .string(two))
        }
        #expect(try await field("carton.serial", browser) == "165627")
        #expect(try await browser.text("#pictures-waiting")?.contains("1 more picture waits") == true)
        try await browser.picture("66-second-picture-waits")
        try await browser.click("form[action='/desk/carton'] [formaction]")
        _ = try await eventually("the second is shown") {
          try await field("carton.serial", browser) == "165340" ? true : nil
        }
        #expect(try await browser.text("#pictures-waiting") == nil)
      }
    }
  }

  private static func encoded(_ name: String) throws -> String {
    try Data(contentsOf: Program.root.appending(path: "Tests/Vectors/CartonReading/\(name)")).base64EncodedString()
  }

  private func receiving(_ demo: Demo, _ browser: Browser) async throws -> DeskInBrowser {
    let desk = DeskInBrowser(browser: browser, base: demo.desk)
    try await desk.signIn("DEMO-KIM", "135790")
    _ = try await desk.scan("CUSTODY:CMD:RECEIVE")
    _ = try await desk.scan("CUSTODY:LOC:STORE-A1")
    return desk
  }

  /// Drops a picture on the page, as from a folder or a camera's window.
  private func drop(_ name: String, from room: String = "CartonReading", on browser: Browser) async throws {
    let data = try Data(contentsOf: Program.root.appending(path: "Tests/Vectors/\(room)/\(name)"))
    let type = name.hasSuffix("png") ? "image/png" : "image/jpeg"
    _ = try await browser.script(
      """
      const bytes = Uint8Array.from(atob(arguments[0]), (each) => each.charCodeAt(0));
      const dropped = new DataTransfer();
      dropped.items.add(new File([bytes], arguments[1], { type: arguments[2] }));
      document.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }));
      """, .string(data.base64EncodedString()), .string(name), .string(type))
  }

  private func field(_ name: String, _ browser: Browser) async throws -> String? {
    try await browser.script(
      "return document.querySelector('#carton-form')?.elements.namedItem(arguments[0])?.value ?? null", .string(name)
    ).text
  }

  /// Whether the picture is loaded and every outline lies within it, over the same proportions.
  private func fits(_ browser: Browser) async throws -> Bool {
    _ = try await eventually("the picture is loaded") {
      try await browser.script("return document.querySelector('.carton-frame img')?.complete").isTrue ? true : nil
    }
    return try await browser.script(
      """
      const image = document.querySelector('.carton-frame img');
      const box = image.getBoundingClientRect();
      const svg = document.querySelector('.carton-frame svg');
      return image.naturalWidth === svg.viewBox.baseVal.width && image.naturalHeight === svg.viewBox.baseVal.height
        && Math.abs(box.width / box.height - image.naturalWidth / image.naturalHeight) < 0.02
        && [...svg.querySelectorAll('polygon')].every((each) => {
          const own = each.getBoundingClientRect();
          return own.width > 10 && own.left >= box.left - 8 && own.right <= box.right + 8 && own.top >= box.top - 8
            && own.bottom <= box.bottom + 8;
        });
      """
    ).isTrue
  }

  /// How many items or assets the API answers with.
  private func count(_ path: String, _ browser: Browser) async throws -> Int {
    let answer = try await browser.script(
      "return fetch(arguments[0], { credentials: 'same-origin' }).then((it) => it.json()).then((it) => (it.items ?? it.assets).length)",
      .string(path))
    return Int(answer.number ?? -1)
  }

  private func overhang(_ browser: Browser) async throws -> JSON {
    try await browser.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
  }

  /// What the newest event of an asset says: manufacturer, model, order line, marks, evidence.
  private func sealed(_ tag: String, _ browser: Browser) async throws -> [String] {
    try await browser.script(
      """
      const ask = async (path) => (await fetch(path, { credentials: 'same-origin' })).json();
      return (async () => {
        const asset = (await ask('/api/v1/lookup?text=' + arguments[0])).assets[0];
        const events = (await ask(`/api/v1/assets/${asset.id}/events`)).items;
        const { details, evidence } = events.at(-1).event;
        const line = details.facts.orderLine;
        return [details.facts.manufacturer, details.facts.model, `${line.order}/${line.line}`,
          details.identifiers.map((each) => `${each.kind} ${each.value}`).join(', '),
          evidence.map((each) => each.role).join(', ')];
      })();
      """, .string(tag)
    ).values.compactMap(\.text)
  }
}
