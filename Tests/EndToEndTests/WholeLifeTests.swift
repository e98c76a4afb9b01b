import Foundation
import Testing

/// The desk in a browser: one asset's whole life, by scans.
@Suite(.serialized, .timeLimit(.minutes(25))) struct WholeLifeTests {
  private let tag = "AT-00042"
  /// The drive that the demo's order announces in it.
  private let drive = "KXG8KX2RT3N1"

  @Test func `an asset is received, deployed, returned, sanitized, retired and disposed of by scans`() async throws {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await browser.open(demo.desk)
        try await browser.waits(for: "#sign-in")
        try await browser.picture("01-sign-in")
        try await desk.signIn("DEMO-KIM", "135790")
        try await browser.picture("02-choose")

        try await receive(desk)
        try await deployAndReturn(desk)
        try await sanitize(desk)
        try await desk.signOut()
        try await desk.signIn("DEMO-TOMAS", "246802")
        try await takeOver(desk)
        try await retireAndDispose(desk)
        try await lookBack(desk)

        _ = try await eventually("the centre shows the asset as disposed of") {
          try await browser.open(demo.centre + "/assets?q=" + tag)
          return try await browser.text("main")?.contains("Disposed") == true ? true : nil
        }
        try await browser.picture("23-centre-assets")
        try await browser.click("td a")
        try await browser.waits(for: ".timeline")
        #expect(try await browser.text("main")?.contains(drive) == true)
        try await browser.picture("24-centre-asset")
      }
    }
  }

  private func receive(_ desk: DeskInBrowser) async throws {
    let browser = desk.browser
    var shown = try await desk.scan("CUSTODY:CMD:RECEIVE")
    #expect(shown.words == "Receive: scan now")
    shown = try await desk.scan("CUSTODY:LOC:STORE-A1")
    try await browser.picture("03-receive")

    // The picture of its label, chosen as a file.
    shown = try await desk.act {
      try await browser.type(Program.root.appending(path: "demo/label-AT-00042.png").path, into: "#picture")
    }
    #expect(shown.kind == "accepted" && shown.words == "Received" && shown.icon == "#i-check")
    #expect(shown.tone == "accepted")
    #expect(shown.all.contains(tag))
    try await browser.picture("04-received")

    // Four results, told apart by colour, icon, words and tone.
    let duplicate = try await desk.scan(tag)
    #expect(duplicate.kind == "duplicate" && duplicate.tone == "duplicate" && duplicate.words == "Already received")
    #expect(duplicate.all.contains("Kim Novák"))
    try await browser.picture("05-duplicate")
    let unknown = try await desk.scan("WX-99871")
    #expect(unknown.kind == "unknown" && unknown.tone == "unknown")
    try await browser.picture("06-unknown")
    #expect(Set([shown, duplicate, unknown].map(\.icon)).count == 3)
    #expect(Set([shown, duplicate, unknown].map(\.words)).count == 3)

    // The photograph of another label, dropped on the page: received, and taken back.
    let photo = try Data(contentsOf: Program.root.appending(path: "demo/serial-CNK8181G2C.webp")).base64EncodedString()
    shown = try await desk.act {
      _ = try await browser.script(
        """
        const bytes = Uint8Array.from(atob(arguments[0]), (each) => each.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], 'photo.webp', { type: 'image/webp' }));
        for (const kind of ['dragenter', 'dragover', 'drop'])
          document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
        """, .string(photo))
    }
    #expect(shown.kind == "accepted" && shown.all.contains("CNK8181G2C"), "\(shown)")
    try await browser.picture("07-photo-received")
    shown = try await desk.act { try await browser.type(Browser.Key.f8) }
    #expect(shown.words == "Taken back", "\(shown)")
    try await browser.picture("08-taken-back")
    #expect(try await browser.text("#asset .chip") == "Expected")
  }

  private func deployAndReturn(_ desk: DeskInBrowser) async throws {
    let browser = desk.browser
    _ = try await desk.scan("CUSTODY:CMD:DEPLOY")
    var shown = try await desk.scan("CUSTODY:BADGE:DEMO-LIAM")
    #expect(shown.words == "Recipient: Liam O’Brien")
    try await browser.picture("09-recipient")
    shown = try await desk.scan(tag)
    #expect(shown.kind == "accepted" && shown.words == "Deployed", "\(shown)")
    try await browser.picture("10-deployed")

    _ = try await desk.scan("CUSTODY:CMD:RETURN")
    _ = try await desk.scan("CUSTODY:LOC:QUARANTINE")
    shown = try await desk.scan(tag)
    #expect(shown.kind == "accepted" && shown.words == "Returned", "\(shown)")
    try await browser.picture("11-returned")

    // Not to the next person before it is wiped: the refusal names the drive, and shows the way out.
    _ = try await desk.scan("CUSTODY:CMD:DEPLOY")
    _ = try await desk.scan("CUSTODY:BADGE:DEMO-FATIMA")
    shown = try await desk.scan(tag)
    #expect(shown.kind == "refused" && shown.icon == "#i-cross" && shown.tone == "refused", "\(shown)")
    #expect(shown.words == "Not wiped" && shown.all.contains(drive))
    try await browser.picture("12-refused-not-wiped")
  }

  private func sanitize(_ desk: DeskInBrowser) async throws {
    let browser = desk.browser
    try await browser.click(".result-ways button")
    try await browser.waits(for: "#details-sanitize")
    try await desk.settled()
    try await browser.picture("13-sanitize")
    try await desk.fill([
      ("record.requested", "purge"), ("record.achieved", "purge"), ("record.technique", "NVMe Sanitize, crypto erase"),
      ("record.tool", "nvme-cli"), ("record.toolVersion", "2.8"), ("record.verificationMethod", "10 % sampling"),
      ("record.verification", "passed"), ("record.result", "passed"),
    ])
    try await desk.secondPerson("witness", "DEMO-AIKO", "314159")
    try await browser.picture("14-sanitize-validator")
    let shown = try await desk.scan(tag)
    #expect(shown.kind == "accepted" && shown.words == "Sanitized", "\(shown)")
    try await browser.picture("15-sanitized")
  }

  /// The desk is at Kim's session still: no scan goes into it, under nobody's name, before it is taken over.
  private func takeOver(_ desk: DeskInBrowser) async throws {
    let browser = desk.browser
    let shown = try await desk.scan(tag)
    #expect(shown.kind == "refused" && shown.words == "Kim Novák’s session is open", "\(shown)")
    try await browser.picture("15b-anothers-session")
    try await browser.click(".result-ways button")
    try await browser.waits(for: "#details-sanitize")
    try await desk.settled()
    #expect(try await browser.text(".result-headline") == "Ready to scan")
  }

  private func retireAndDispose(_ desk: DeskInBrowser) async throws {
    let browser = desk.browser
    _ = try await desk.scan("CUSTODY:CMD:RETIRE")
    try await desk.fill([("reason", "End of lease")])
    try await desk.secondPerson("approver", "DEMO-FATIMA", "271828")
    try await browser.picture("16-retire")
    var shown = try await desk.scan(tag)
    #expect(shown.kind == "accepted" && shown.words == "Retired", "\(shown)")

    _ = try await desk.scan("CUSTODY:CMD:DISPOSE")
    try await desk.fill([("order", "DO-0009"), ("route", "recycle"), ("vendor", "GreenCycle GmbH")])
    // Who validated the wipe has not witnessed this: the second person is asked again.
    shown = try await desk.scan(tag)
    #expect(shown.kind == "refused" && shown.all.contains("second person"), "\(shown)")
    try await desk.secondPerson("witness", "DEMO-AIKO", "314159")
    shown = try await desk.scan(tag)
    #expect(shown.kind == "accepted" && shown.words == "Disposed", "\(shown)")
    try await browser.picture("17-disposed")
  }

  private func lookBack(_ desk: DeskInBrowser) async throws {
    let browser = desk.browser
    try await browser.click("#asset .card-tag")
    try await browser.waits(for: ".record .timeline")
    let verbs = try await browser.script(
      "return [...document.querySelectorAll('.timeline .event-what b')].map((each) => each.textContent)")
    #expect(
      verbs == ["Disposed", "Retired", "Sanitized", "Returned", "Deployed", "Received", "Announced"], "\(verbs)")
    let story = try await browser.text(".timeline") ?? ""
    for word in [
      "Liam O’Brien", "Tomás Herrera · together with Aiko Tanaka", "approved by Fatima Al-Sayed", drive, "DO-0009",
    ] {
      #expect(story.contains(word), "the timeline says \(word)")
    }
    try await browser.picture("18-asset")

    for (path, name, says) in [
      ("/assets", "19-assets", tag), ("/readings", "20-readings", "WX-99871"),
      ("/events", "21-events", "Disposed"), ("/devices", "22-devices", "No scanner"),
    ] {
      try await browser.open(desk.base + path)
      try await browser.waits(for: "main#main")
      #expect(try await browser.text("main")?.contains(says) == true, "\(path)")
      try await browser.picture(name)
    }
  }
}
