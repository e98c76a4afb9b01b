import Foundation
import Testing

/// A disposal order as a technician uses it: a scanner in keyboard mode, a second person's badge, the recycler's list as a file.
@Suite(.serialized, .timeLimit(.minutes(25))) struct DisposalInBrowserTests {
  /// What a scan came to on the page of an order.
  private struct Shown {
    let kind: String
    let words: String
    let all: String
  }

  private let number = "DO-2026-11"

  @Test func `a pallet is gathered, sealed, loaded, driven off, confirmed and closed`() async throws {
    try await Demo.run { demo in
      let fatima = try await Station(demo.desk, "DEMO-FATIMA", "271828")
      // Two monitors from stock, a wiped laptop and one that is not wiped, both from quarantine.
      for tag in ["AT-00031", "AT-00032", "AT-00013", "AT-00012"] {
        try await fatima.scan(tag, "retire", ["reason": "End of life"])
      }
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-TOMAS", "246802")
        try await make(browser, demo)
        try await gather(browser)
        try await seal(browser, demo)
        try await load(browser)
        try await confirm(browser, demo)
        try await look(browser, demo)
      }
    }
  }

  private func make(_ browser: Browser, _ demo: Demo) async throws {
    try await browser.open(demo.desk + "/disposals")
    try await browser.waits(for: "#disposal-new")
    try await browser.picture("100-disposals-empty")
    try await browser.type(number.lowercased(), into: "#disposal-number")
    try await browser.type("GreenCycle GmbH", into: "#disposal-vendor")
    try await browser.click("#disposal-new .form-submit")
    try await browser.waits(for: "#disposal-scan")
    #expect(try await browser.url == demo.desk + "/disposals/" + number)
    #expect(try await browser.script("return document.activeElement.id") == "disposal-scan")
  }

  private func gather(_ browser: Browser) async throws {
    var shown = try await scan("AT-00018", browser)
    #expect(shown.kind == "accepted" && shown.words == "Added" && shown.all.contains("AT-00018"), "\(shown)")
    shown = try await scan("AT-00018", browser)
    #expect(shown.kind == "duplicate" && shown.words == "Added already", "\(shown)")
    shown = try await scan("AT-00028", browser)
    #expect(shown.kind == "refused" && shown.words == "Not added" && shown.all.contains("Retire it"), "\(shown)")
    try await browser.picture("101-disposal-refused")
    shown = try await scan("WX-99871", browser)
    #expect(shown.kind == "unknown", "\(shown)")
    // In the burst of a scanner that does not wait for answers; the second by its serial number.
    let before = try await answered(browser)
    for text in ["AT-00031", "CN0V7X3F64195", "AT-00013"] { try await browser.type(text + Browser.Key.enter) }
    _ = try await eventually("all three are answered") { try await answered(browser) == before + 3 ? true : nil }
    shown = try await scan("AT-00012", browser)
    #expect(shown.kind == "acceptedWithNote" && shown.all.contains("MTFD234KLMN1"), "\(shown)")
    shown = try await scan("AT-00020", browser)
    #expect(shown.kind == "acceptedWithNote" && shown.all.contains("legal hold"), "\(shown)")
    #expect(try await browser.text("#disposal-progress h2") == "4 of 6 ready to leave")
    // Odd ones on top.
    let first = try await browser.script(
      "return [...document.querySelectorAll('.disposal-table tbody tr')].slice(0, 3).map((each) => each.className)")
    #expect(first == ["is-hindered", "is-hindered", "is-ready"], "\(first)")
    try await browser.picture("102-disposal-draft")
  }

  private func seal(_ browser: Browser, _ demo: Demo) async throws {
    func sealIt() async throws {
      try await browser.type("SEAL-300431", into: "#disposal-seal-seal")
      try await browser.type("CUSTODY:BADGE:DEMO-AIKO" + Browser.Key.enter, into: "#disposal-seal-badge")
      // The badge's Enter leads to the PIN.
      try await browser.type("314159" + Browser.Key.enter)
    }
    try await browser.click("#disposal-seal summary")
    try await sealIt()
    _ = try await eventually("the sealing is refused") {
      try await browser.text("#disposal-result")?.contains("may not leave yet") == true ? true : nil
    }
    _ = try await browser.complaints()  // The status 409 is meant.
    let refused = try await browser.text("#disposal-result") ?? ""
    #expect(
      refused.contains("2 of 6 assets") && refused.contains("AT-00012") && refused.contains("AT-00020"), "\(refused)")
    // The drive too, by its serial number, in the sentence itself.
    #expect(refused.contains("MTFD234KLMN1 of AT-00012 has no passing sanitization record."), "\(refused)")
    let hindered = try await browser.text(".disposal-table") ?? ""
    #expect(hindered.contains("Drive") && hindered.contains("has no passing sanitization record"))
    try await browser.picture("103-disposal-not-sealed")

    // The held one comes off, the other is wiped.
    let tomas = try await Station(demo.desk, "DEMO-TOMAS", "246802")
    try await takeOff("AT-00020", browser, demo)
    let session = try await tomas.session("sanitize", witness: ("DEMO-AIKO", "314159"))
    for drive in try await drives(of: "AT-00012", tomas) {
      try await tomas.scan(
        "AT-00012", "sanitize",
        [
          "record": [
            "medium": ["serial": .string(drive)], "requested": "purge", "achieved": "purge",
            "technique": "NVMe Sanitize, crypto erase", "tool": "nvme-cli", "verificationMethod": "10 % sampling",
            "verification": "passed", "result": "passed",
          ]
        ], in: session)
    }
    try await browser.open(demo.desk + "/disposals/" + number)
    try await browser.waits(for: "#disposal-seal[open]")
    try await sealIt()
    try await browser.waits(for: "#disposal-result [data-result=accepted]")
    let sealed = try await browser.text(".disposal-steps .is-current") ?? ""
    #expect(sealed.contains("Tomás Herrera · together with Aiko Tanaka"), "\(sealed)")
    try await browser.picture("104-disposal-sealed")
  }

  /// Takes an asset off by the button of its line, if it is on the order still.
  private func takeOff(_ tag: String, _ browser: Browser, _ demo: Demo) async throws {
    try await browser.open(demo.desk + "/disposals/" + number)
    _ = try await browser.script(
      """
      const line = [...document.querySelectorAll('.disposal-table tr')].find((each) => each.textContent.includes(arguments[0]));
      line?.querySelector('button').click();
      """, .string(tag))
    _ = try await eventually("\(tag) is off") {
      try await browser.text("main")?.contains(tag) == false ? true : nil
    }
  }

  private func load(_ browser: Browser) async throws {
    for tag in ["AT-00018", "AT-00031", "AT-00032", "AT-00013"] {
      let shown = try await scan(tag, browser)
      #expect(shown.kind == "accepted" && shown.words == "Loaded", "\(shown)")
    }
    let other = try await scan("AT-00019", browser)
    #expect(other.kind == "refused" && other.all.contains("not on \(number)"), "\(other)")
    #expect(try await browser.text("#disposal-progress h2") == "4 of 5 loaded")
    try await browser.picture("105-disposal-loading")
    try await browser.type("Rhein Spedition GmbH", into: "#disposal-depart-carrier")
    try await browser.type("B-GC 2047", into: "#disposal-depart-vehicle")
    try await browser.click("#disposal-depart .form-submit")
    _ = try await eventually("what is not loaded is named") {
      let said = try await browser.text("#disposal-result") ?? ""
      return said.contains("were not scanned onto the vehicle") && said.contains("AT-00012") ? true : nil
    }
    _ = try await browser.complaints()  // The status 409 is meant.
    try await browser.click("#disposal-depart-leaveBehind")
    try await browser.click("#disposal-depart .form-submit")
    try await browser.waits(for: "#disposal-list")
    #expect(try await browser.text(".is-leftBehind")?.contains("Tomás Herrera") == true)
    try await browser.picture("106-disposal-departed")
    let begins = try await browser.script(
      """
      const asked = new XMLHttpRequest();
      asked.open("GET", document.querySelector("a[href^='/manifest.pdf']").href, false);
      asked.send();
      return asked.responseText.slice(0, 5);
      """)
    #expect(begins == "%PDF-")
  }

  private func confirm(_ browser: Browser, _ demo: Demo) async throws {
    try await withTemporaryFolder { folder in
      func upload(_ name: String, _ text: String) async throws {
        let file = folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        try await browser.type(file.path, into: "#disposal-list")
        try await browser.click(".disposal-upload .button")
        try await browser.waits(for: "#disposal-confirm")
      }
      func sign() async throws {
        try await browser.type("CUSTODY:BADGE:DEMO-AIKO" + Browser.Key.enter, into: "#disposal-confirm-badge")
        try await browser.type("314159" + Browser.Key.enter)
        _ = try await eventually("it is confirmed") {
          try await browser.text("#disposal-result .result-headline") == "Confirmed" ? true : nil
        }
      }
      try await upload(
        "received.csv",
        "\u{FEFF}Serial Number;Asset Tag;Certificate\n5cg1097xya;;GC-2301\nCN0V7X3F64181;AT-00031;GC-2301\n"
          + " CN0V7X3F64195 ;;GC-2301\nUNKNOWN-1;;GC-2301\n")
      #expect(try await browser.text("#disposal-progress h2") == "3 of 4 on their list")
      #expect(try await browser.text(".disposal-unlisted")?.contains("UNKNOWN-1") == true)
      #expect(try await browser.text(".is-missing")?.contains("AT-00013") == true)
      try await browser.picture("107-disposal-list")
      try await sign()
      #expect(try await browser.text("#disposal-progress h2") == "3 of 4 confirmed")
      try await browser.picture("108-disposal-confirmed")

      try await upload("rest.csv", "serial\tcertificate\n5CG1234KLP\tGC-2302\n")
      try await sign()
      #expect(try await browser.text("#disposal-progress h2") == "4 of 4 confirmed")
      try await browser.waits(for: "#disposal-close[open]")
      try await browser.click("#disposal-close .form-submit")
      _ = try await eventually("it is closed") {
        try await browser.text(".disposal-steps .is-current b") == "Closed" ? true : nil
      }
      try await browser.picture("109-disposal-closed")
    }
  }

  private func look(_ browser: Browser, _ demo: Demo) async throws {
    try await browser.open(demo.desk + "/disposals")
    try await browser.waits(for: "td a")
    try await browser.picture("110-disposals")
    for (path, name) in [("/disposals", "111-phone-disposals"), ("/disposals/" + number, "112-phone-disposal")] {
      try await browser.resize(390, 844, mobile: true)
      try await browser.open(demo.desk + path)
      try await browser.waits(for: "main h1")
      #expect(try await browser.script("return document.documentElement.scrollWidth").number == 390, "\(path)")
      try await browser.picture(name)
    }
    // The asset's page leads to the order.
    try await browser.resize(1280, 800)
    try await browser.open(demo.desk + "/a/AT-00018")
    try await browser.waits(for: "a[href='/disposals/\(number)']")
    #expect(try await browser.text(".timeline")?.contains("Disposed") == true)
  }

  // MARK: Hands

  private func answered(_ browser: Browser) async throws -> Double {
    Double(try await browser.script("return document.documentElement.dataset.answered ?? '0'").text ?? "") ?? -1
  }

  /// Types a code and Enter where the focus is, and waits for what comes of it.
  private func scan(_ text: String, _ browser: Browser) async throws -> Shown {
    let before = try await answered(browser)
    try await browser.type(text + Browser.Key.enter)
    _ = try await eventually("\(text) is answered") { try await answered(browser) > before ? true : nil }
    _ = try await browser.complaints()  // Refusals have a status of their own.
    let shown = try await browser.script(
      """
      const panel = document.querySelector('#disposal-result [data-result]');
      return { kind: panel?.dataset.result, words: panel?.querySelector('.result-headline').textContent,
        all: panel?.querySelector('.result-words').innerText };
      """)
    return Shown(kind: shown["kind"].text ?? "", words: shown["words"].text ?? "", all: shown["all"].text ?? "")
  }

  private func drives(of tag: String, _ station: Station) async throws -> [String] {
    let found = try await HTTP.json(.GET, station.base + "/api/v1/lookup?text=\(tag)", token: station.token).body
    let media = found["assets"][0]["facts"]["media"].values
    return media.compactMap { $0["serial"].text }
  }
}

/// The API, asked by somebody who is signed in.
private struct Station {
  let base: String
  let token: String

  init(_ base: String, _ badge: String, _ pin: String) async throws {
    self.base = base
    let (_, body) = try await HTTP.json(
      .POST, base + "/api/v1/sign-in", ["badge": .string(badge), "pin": .string(pin)])
    guard let token = body["token"].text else { throw Failure("not signed in: \(body)") }
    self.token = token
  }

  func session(_ workflow: String, witness: (String, String)? = nil) async throws -> String {
    let (_, body) = try await HTTP.json(
      .POST, base + "/api/v1/sessions", token: token, ["workflow": .string(workflow)])
    guard let id = body["id"].text else { throw Failure("no session: \(body)") }
    let path = base + "/api/v1/sessions/" + id
    if let (badge, pin) = witness {
      let (status, body) = try await HTTP.json(
        .POST, path + "/people", token: token, ["role": "witness", "badge": .string(badge), "pin": .string(pin)])
      guard status == 200 else { throw Failure("no witness: \(body)") }
    }
    return path
  }

  func scan(_ text: String, _ verb: String, _ details: JSON, in session: String? = nil) async throws {
    let path: String
    if let session { path = session } else { path = try await self.session(verb) }
    let (status, body) = try await HTTP.json(
      .POST, path + "/scans", token: token, ["text": .string(text), "verb": .string(verb), "details": details])
    guard status == 200 else { throw Failure("\(verb) \(text): \(body)") }
  }
}
