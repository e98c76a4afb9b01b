import Foundation
import Testing

/// What axe-core finds on the pages: nothing of WCAG 2.2, levels A and AA; light and dark, wide and narrow, English and German.
@Suite(.serialized, .timeLimit(.minutes(25))) struct AccessibilityTests {
  /// A page's address without what differs from one asset, order or count to the next.
  private func shape(_ path: String) -> String {
    String(path.prefix { $0 != "?" && $0 != "#" }).split(separator: "/").prefix(3).enumerated().map { at, part in
      at > 0 && part.contains { $0.isNumber || $0.isUppercase } ? "*" : String(part)
    }.joined(separator: "/")
  }

  /// One page of every kind that the links of the pages lead to.
  private func pages(_ browser: Browser, _ base: String) async throws -> [String] {
    var found = ["/desk", "/phone", "/corrections", "/printers", "/tags", "/nothing/here"]
    var known = Set(found.map(shape))
    var at = 0
    while at < found.count, at < 80 {
      let links = try await browser.script(
        """
        return fetch(arguments[0], { headers: { Accept: "text/html" } }).then(async (answer) => {
          if (!answer.headers.get("content-type")?.startsWith("text/html")) return null;
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          return [...page.querySelectorAll("a[href^='/']:not([download])")].map((each) => each.getAttribute("href"));
        })
        """, .string(found[at]))
      guard links != .null else {
        found.remove(at: at)
        continue
      }
      for link in links.values.compactMap(\.text) where known.insert(shape(link)).inserted { found.append(link) }
      at += 1
    }
    _ = try await browser.complaints()  // The status 404 of what is not there is meant.
    return found
  }

  /// A count and a disposal order, which the demo has none of.
  private func openWork(_ demo: Demo) async throws {
    func post(_ path: String, _ token: String? = nil, _ body: JSON) async throws -> JSON {
      try await HTTP.json(.POST, demo.desk + "/api/v1" + path, token: token, body).body
    }
    let kim = try await post("/sign-in", nil, ["badge": "DEMO-KIM", "pin": "135790"])["token"].text
    let count = try await post("/counts", kim, ["scope": ["location": "STORE-A2"]])
    let tomas = try await post("/sign-in", nil, ["badge": "DEMO-TOMAS", "pin": "246802"])["token"].text
    let order = try await post("/disposal-orders", tomas, ["route": "recycle", "vendor": "Green Cycle"])
    #expect(count["id"].text != nil && order["number"].text != nil, "\(count) \(order)")
  }

  @Test func `axe finds nothing on any page`() async throws {
    let axe = try await Axe()
    try await Demo.run { demo in
      try await Browser.run { browser in
        try await browser.open(demo.desk + "/sign-in")
        var broken = try await axe.violations(browser).map { "/sign-in: \($0)" }
        // A check that finds nothing where something is would prove nothing.
        _ = try await browser.script("document.querySelector('main').append(document.createElement('button'))")
        #expect(try await axe.violations(browser).contains { $0.hasPrefix("button-name") })
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        _ = try await desk.scan("AT-00021")
        try await openWork(demo)
        let pages = try await pages(browser, demo.desk)
        #expect(pages.count >= 20, "\(pages)")
        for page in pages {
          try await browser.open(demo.desk + page)
          broken += try await axe.violations(browser).map { "\(page): \($0)" }
        }
        // Dark and narrow, the pages that between them hold every part of the style sheet.
        for page in ["/desk", "/a/AT-00021", "/overview", "/phone"] {
          try await browser.open(demo.desk + page)
          try await browser.prefer(dark: true)
          broken += try await axe.violations(browser, Axe.contrast).map { "\(page), dark: \($0)" }
          try await browser.prefer(dark: false)
          // What a phone's bar has no room for must be said all the same.
          try await browser.resize(390, 844, mobile: true)
          broken += try await axe.violations(browser).map { "\(page), narrow: \($0)" }
          try await browser.resize(1280, 800)
        }
        _ = try await browser.complaints()
        #expect(broken.isEmpty, "\(pages.count) pages:\n\(broken.joined(separator: "\n"))")
      }
    }
  }

  @Test func `the desk speaks German to who chooses it, and fits a phone`() async throws {
    let axe = try await Axe()
    try await Demo.run { demo in
      try await Browser.run { browser in
        try await browser.open(demo.desk + "/sign-in")
        try await browser.click(".languages [value=de]")
        try await browser.waits(for: "html[lang=de]")
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        let shown = try await desk.scan("AT-00021")
        #expect(shown.words == "Entsorgt", "\(shown)")
        let unknown = try await desk.scan("NOBODY-KNOWS-THIS")
        #expect(unknown.words == "Unbekannter Code", "\(unknown)")
        // A script's own words: an Enter too many.
        _ = try await eventually("an Enter without a scan is told") {
          try await browser.type(Browser.Key.enter, into: "#scan")
          return try await browser.script("return document.querySelector('#scan').placeholder").text
            == "Noch nichts gescannt" ? true : nil
        }
        for (page, name) in [
          ("/desk", "desk"), ("/assets", "assets"), ("/a/AT-00021", "asset"), ("/overview", "overview"),
          ("/disposals", "disposals"), ("/counts", "counts"), ("/phone", "phone"), ("/labels", "labels"),
          ("/events", "events"),
        ] {
          // Without scrolling sideways down to 320 px (WCAG 2.2, 1.4.10).
          for width in [1280, 390, 320] {
            try await browser.resize(width, 844, mobile: width < 1280)
            try await browser.open(demo.desk + page)
            try await browser.picture("95-german-\(name)-\(width)")
            let overhang = try await browser.script(
              "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            #expect(overhang == 0, "\(page) at \(width)")
            // German words are longer: none stands out of its button.
            let tight = try await browser.script(
              """
              return [...document.querySelectorAll("main button, main .button")]
                .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.textContent.trim())
              """)
            #expect(tight.values.isEmpty, "\(page) at \(width): \(tight)")
          }
          let broken = try await axe.violations(browser)
          #expect(broken.isEmpty, "\(page): \(broken.joined(separator: "\n"))")
        }
        try await browser.resize(1280, 844)
        try await browser.open(demo.desk + "/desk")
        try await browser.click("#menu-pages summary")
        try await browser.picture("95-german-menu-1280")
        try await browser.click(".languages [value=en]")
        try await browser.waits(for: "html[lang=en]")
        _ = try await browser.complaints()
      }
    }
  }
}
