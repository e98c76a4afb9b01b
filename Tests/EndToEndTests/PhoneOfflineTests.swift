import Foundation
import Testing

/// A phone that counts with its camera and a sled, loses the network, and comes back: over the station's TLS, under a name that is not
/// localhost, with the station's own CA.
@Suite(.serialized, .timeLimit(.minutes(25))) struct PhoneOfflineTests {
  private static let name = "station.example"

  /// A film of a label that the station's own renderer draws, over and over.
  private func film(of tag: String, in folder: URL) async throws -> String {
    let (label, film) = (folder.appending(path: "tag.png").path, folder.appending(path: "tag.mjpeg").path)
    let drawn = try await Program.finished(
      "custody", ["label", "asset-tag-50x25-code128", "--field", "tag=\(tag)", "--dpi", "300", "--to", label])
    try #require(drawn.status == 0, "\(drawn.printed)")
    let filmed = try await Program.finishing(
      "/usr/bin/ffmpeg",
      [
        "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "color=c=0x707070:s=1280x720:r=10", "-loop", "1",
        "-i", label, "-filter_complex", "[1]scale=900:-2[l];[0][l]overlay=x='190+20*sin(t)':y=120:shortest=1", "-t",
        "4", "-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p", film,
      ])
    try #require(filmed.status == 0, "\(filmed.printed)")
    return film
  }

  private func unsent(_ hand: Browser) async throws -> Int {
    Int(try await hand.script("return Number(document.querySelector('#phone-unsent').dataset.unsent)").number ?? -1)
  }

  private func waits(until unsent: Int, _ hand: Browser) async throws {
    _ = try await eventually("\(unsent) are not sent", within: .seconds(120)) {
      try await self.unsent(hand) == unsent ? true : nil
    }
  }

  /// Types as a sled does, and waits until the phone has it on its disk.
  private func sled(_ text: String, _ hand: Browser) async throws -> String? {
    let before = try await hand.script("return document.documentElement.dataset.tones ?? '0'")
    try await hand.type(text + Browser.Key.enter)
    _ = try await eventually("the phone says that \(text) is taken") {
      try await hand.script("return document.documentElement.dataset.tones ?? '0'") != before ? true : nil
    }
    return try await hand.text("#phone-last .phone-result b")
  }

  private func fits(_ hand: Browser) async throws -> Bool {
    try await hand.script(
      "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    ).isTrue
  }

  @Test func `a count goes on while the network is cut; nothing is lost, and each comes in once with its own time`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let data = folder.appending(path: "demo").path
      try await Program.custody(
        ["demo", "--data", data, "--port", "0", "--usb", "false", "--tls", "--tls-name", Self.name]
      ) { program in
        let base = try await program.prints(/Desk +(https:\S+)\//)
        let pin = try await Program.finished("custody", ["station", "ca", "--pin", "--data", data])
        let key = try #require(pin.printed.firstMatch(of: /sha256\/(\S+)/)?.1, "\(pin.printed)")
        // The station's CA is trusted by its key, and nothing else is.
        let trust = "--ignore-certificate-errors-spki-list=\(key)"
        let port = try #require(URL(string: base)?.port)
        try await NetworkLine.run(to: port) { line in
          try await Browser.run(with: [trust]) { browser in
            let desk = DeskInBrowser(browser: browser, base: base)
            try await desk.signIn("DEMO-KIM", "135790")
            try await browser.open(base + "/counts")
            try await browser.waits(for: "#scope")
            try await browser.click("#scope option[value='location:STORE']")
            try await browser.click(".count-open button[type=submit]")
            try await browser.waits(for: "#scan")
            let count = try await browser.url
            let id = String(count.suffix(36))
            let shelf = try await browser.script(
              """
              return [...document.querySelectorAll('.count-line')].filter((it) => it.textContent.includes('STORE-A2'))
                .map((it) => it.querySelector('.line-what code').textContent)
              """
            ).values.compactMap(\.text)
            try #require(shelf.count >= 4, "\(shelf)")
            let film = try await film(of: shelf[0], in: folder)
            let rules = "--host-resolver-rules=MAP \(Self.name) 127.0.0.1"
            try await Browser.run(with: [
              trust, rules, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
              "--use-file-for-fake-video-capture=\(film)",
            ]) { hand in
              try await phone(hand, "https://\(Self.name):\(line.port)", line: line, id, shelf, desk: browser, count)
            }
          }
        }
      }
    }
  }

  private func phone(
    _ hand: Browser, _ station: String, line: NetworkLine, _ id: String, _ shelf: [String], desk: Browser,
    _ count: String
  ) async throws {
    try await hand.resize(390, 844, mobile: true)
    // How a phone comes here, before anybody has signed in: the code is read back as a phone would read it.
    try await hand.open(station + "/phone/connect")
    try await hand.waits(for: ".phone-code")
    try await hand.picture("100-phone-connect")
    #expect(try await fits(hand))
    let shot = try #require(try await hand.script("return document.querySelector('.phone-address').textContent").text)
    #expect(shot == station + "/phone")

    try await hand.open(station + "/phone")
    try await hand.waits(for: "#sign-in")
    try await hand.type("DEMO-KIM", into: "#badge")
    try await hand.type("135790" + Browser.Key.enter, into: "#pin")
    try await hand.waits(for: "main.phone[data-ready]")
    try await hand.click("#workflow option[value='count:\(id)']")
    // The camera sees a label that the station drew; the station reads it, the phone counts it.
    try await hand.waits(for: "#phone-last .phone-accepted")
    #expect(try await hand.text("#phone-last .phone-result code") == shelf[0])
    #expect(try await sled("CUSTODY:LOC:STORE-A2", hand) != nil)
    try await waits(until: 0, hand)
    _ = try await eventually("the count has it") {
      try await desk.text(".count-progress b")?.hasPrefix("1 of") == true ? true : nil
    }
    #expect(try await desk.text("#count-standing")?.contains("has not said whether it holds any") == true)
    _ = try await eventually("the phone has kept the page for when the network is down") {
      try await hand.script(
        "return document.documentElement.dataset.kept ?? (caches.match('/phone').then((it) => { if (it) "
          + "document.documentElement.dataset.kept = 'yes'; }), null)"
      ).text
    }
    try await hand.picture("101-phone-count")
    #expect(try await fits(hand))

    line.cut()
    #expect(try await sled(shelf[1], hand) == "Found")
    #expect(try await sled(shelf[2], hand) == "Found")
    #expect(try await sled("ZZ-9999", hand)?.hasPrefix("Not on the list") == true)
    #expect(try await hand.script("return document.documentElement.dataset.tone") == "unknown")
    #expect(try await sled("CUSTODY:BADGE:DEMO-KIM", hand) != nil)
    #expect(try await unsent(hand) == 3, "a badge is not kept")
    _ = try await eventually("the phone offers to keep the photo") {
      try await hand.script("return !document.querySelector('#phone-keep').hidden").isTrue ? true : nil
    }
    try await hand.click("#phone-keep")
    try await waits(until: 4, hand)

    // From here on the browser reads codes by itself, as those of phones do; the one of this machine cannot.
    try await hand.sends(
      "Page.addScriptToEvaluateOnNewDocument",
      [
        "source": .string(
          """
          window.BarcodeDetector = class {
            static async getSupportedFormats() { return ["code_128", "qr_code"]; }
            async detect() {
              const cornerPoints = [{ x: 10, y: 10 }, { x: 90, y: 10 }, { x: 90, y: 50 }, { x: 10, y: 50 }];
              return window.label ? [{ rawValue: window.label, format: "code_128", cornerPoints }] : [];
            }
          };
          """)
      ])
    // Opened again without any network: the page, who is signed in, the count and all that waits are there.
    try await hand.open(station + "/phone")
    try await hand.waits(for: "main.phone[data-ready]")
    #expect(try await unsent(hand) == 4)
    #expect(try await hand.text("#phone-standing")?.contains("STORE-A2") == true)
    #expect(try await hand.text(".phone-who")?.hasPrefix("Kim") == true)
    try await hand.picture("102-phone-offline")
    #expect(try await fits(hand))
    _ = try await hand.script("window.label = arguments[0]", .string(shelf[3]))
    try await waits(until: 5, hand)
    #expect(try await hand.text("#phone-last .phone-result code") == shelf[3])
    for (screen, name) in [("list", "103-phone-list"), ("send", "104-phone-send")] {
      try await hand.click("#phone-nav [data-screen='\(screen)']")
      try await hand.waits(for: "main.phone[data-screen='\(screen)']")
      #expect(try await hand.text("#phone-unsent")?.contains("5 not sent") == true)
      #expect(try await fits(hand))
      try await hand.picture(name)
    }
    #expect(try await hand.script("return document.querySelectorAll('#phone-items .phone-result').length") == 5)

    // Closed now, the count would report as missing what the phone has seen.
    try await desk.click(".count-closing form[action$='/close'] button")
    try await desk.waits(for: ".count-closing button[name=anyway]")
    #expect(try await desk.text(".result-headline") == "Not closed yet")

    let made = try await hand.script(
      "return phoneQueue.items.filter((it) => it.kind === 'count').map((it) => [it.text, it.id, it.at, it.person])")
    line.join()
    try await hand.click("#phone-try")
    try await waits(until: 0, hand)
    #expect(try await hand.script("return phoneQueue.odd.length") == 0)
    let lines = try await hand.script(
      "return fetch('/api/v1/counts/\(id)/lines?limit=500').then((it) => it.json()).then((it) => it.items)"
    ).values
    let seen = lines.filter { $0["seen"]["observation"].text != nil }
    #expect(seen.count == 5, "\(seen)")
    for each in made.values where each[0].text != shelf[0] {
      let line = seen.first { $0["seen"]["observation"] == each[1] }
      #expect(line?["seen"]["at"] == each[2], "\(each) in \(seen)")
      #expect(line?["observations"] == 1)
    }
    #expect(made.values.count == 5)
    // The photo was read at the station, and says what the camera had said before.
    #expect(seen.first { $0["tag"].text == shelf[0] }?["observations"] == 2)

    try await hand.picture("105-phone-sent")
    try await hand.click("#phone-done")
    _ = try await eventually("the phone is done") {
      try await hand.text("#phone-fault")?.hasPrefix("Done.") == true ? true : nil
    }
    try await desk.open(count)
    try await desk.waits(for: ".count-closing form[action$='/close'] button")
    try await desk.click(".count-closing form[action$='/close'] button")
    try await desk.waits(for: ".count-file")
    let closed = try await desk.script(
      "return fetch('/api/v1/counts/\(id)').then((it) => it.json()).then((it) => it.closed)")
    #expect(closed["observations"] == 6 && closed["outstanding"].text == nil, "\(closed)")
    try await signs(hand, station, line)
    // What the browser tells of the network that was cut, and of the closing that was refused, is meant.
    _ = try await hand.complaints()
    _ = try await desk.complaints()
  }
  /// Liam signs on the phone while the network is cut; his word comes to the session that waits for it.
  private func signs(_ hand: Browser, _ station: String, _ line: NetworkLine) async throws {
    let session = try await hand.script(
      """
      const people = await (await fetch('/api/v1/people')).json();
      const liam = people.items.find((it) => it.name.startsWith('Liam'));
      await fetch('/phone/session', { method: 'POST', body: new URLSearchParams({ workflow: 'deploy' }) });
      const session = document.querySelector('main.phone').dataset.session;
      await fetch('/api/v1/sessions/' + session, { method: 'PATCH', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ details: { recipient: { person: liam.id } } }) });
      return session;
      """)
    let id = try #require(session.text)
    try await hand.open(station + "/phone")
    try await hand.waits(for: ".phone-signs")
    try await hand.picture("106-phone-waits-for-signature")
    try await hand.click(".phone-signs")
    try await hand.waits(for: "#signature")
    try await HandOverInBrowserTests.draw(hand)
    line.cut()
    try await hand.click("#phone-sign-form [type=submit]")
    _ = try await eventually("the signature is kept") {
      try await hand.text("#phone-sign-note")?.contains("not sent yet") == true ? true : nil
    }
    try await hand.picture("107-phone-signed-offline")
    line.join()
    _ = try await eventually("the session has the signature", within: .seconds(90)) {
      let details = try await hand.script(
        "return fetch('/api/v1/sessions/\(id)').then((it) => it.json()).then((it) => it.details)")
      return details["acknowledgement"]["method"].text == "signature" ? true : nil
    }
  }
}
