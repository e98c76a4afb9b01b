import Foundation
import Testing

/// nwipe's log of a demo asset's drive, from the file to the asset's page, as a technician and a validator do it.
@Suite(.serialized, .timeLimit(.minutes(25))) struct WipeReportsInBrowserTests {
  /// An asset of the demo with one drive that has no record yet.
  private func openDrive(_ demo: Demo, _ token: String?) async throws -> (
    id: String, tag: String, serial: String, model: String
  ) {
    let assets = try await HTTP.json(
      .GET, demo.desk + "/api/v1/assets?state=quarantined&limit=100", token: token
    ).body["items"].values
    for asset in assets {
      let media = asset["facts"]["media"].values
      if media.count == 1, let serial = media[0]["serial"].text, asset["sanitized"][serial] == .null,
        let id = asset["id"].text, let tag = asset["tag"].text, let model = media[0]["model"].text
      {
        return (id, tag, serial, model)
      }
    }
    throw Failure("no asset of the demo has one drive in quarantine: \(assets.count) looked at")
  }

  @Test func `a report is uploaded, matched, validated by another person, and stands on the asset`() async throws {
    try await withTemporaryFolder { folder in
      try await Demo.run { demo in
        let (_, signedIn) = try await HTTP.json(
          .POST, demo.desk + "/api/v1/sign-in", ["badge": "DEMO-TOMAS", "pin": "246802"])
        let drive = try await openDrive(demo, signedIn["token"].text)
        let vector = Program.root.appending(path: "Tests/Vectors/SanitizationReports/nwipe/042-two.log")
        let yesterday = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: -86_400)).prefix(10)
          .replacing("-", with: "/")
        // One drive is the asset's, the other nobody's.
        let text = try String(contentsOf: vector, encoding: .utf8)
          .replacing("WD-WCC4N0RT7Y40", with: drive.serial).replacing("2026/11/22", with: yesterday)
          .replacing("Loopback device", with: drive.model)
        let file = folder.appending(path: "nwipe.log")
        try text.write(to: file, atomically: true, encoding: .utf8)

        try await Browser.run { browser in
          let desk = DeskInBrowser(browser: browser, base: demo.desk)
          try await desk.signIn("DEMO-TOMAS", "246802")
          _ = try await desk.scan("CUSTODY:CMD:SANITIZE")
          try await browser.waits(for: ".session a[href='/wipe-reports']")
          try await browser.click(".session a[href='/wipe-reports']")
          try await browser.waits(for: "#wipe-report")
          try await browser.picture("110-wipe-reports")
          try await browser.type(file.path, into: "#wipe-report")
          try await browser.click("#upload button")
          try await browser.waits(for: "#record table")
          try await browser.picture("111-wipe-reports-read")
          let read = try await browser.text("#record") ?? ""
          #expect(read.contains("Fits \(drive.tag)."), "\(read)")
          #expect(read.contains("No asset here lists drive WD-WCC4N0RT7Y41."))
          #expect(read.contains("Does not pass: it failed."))

          // Nobody validates their own.
          try await browser.type("DEMO-TOMAS", into: "#wipe-badge")
          try await browser.type("246802", into: "#wipe-pin")
          try await browser.click("#record .ways button:not([name])")
          try await browser.waits(for: ".problem[role=alert]")
          _ = try await browser.complaints()  // The status 403 is meant.
          #expect(try await browser.text(".problem b") == "Another person needed")

          _ = try await browser.script("document.querySelector('#wipe-badge').value = ''")
          try await browser.type("DEMO-AIKO", into: "#wipe-badge")
          try await browser.type("314159", into: "#wipe-pin")
          try await browser.click("#record .ways button:not([name])")
          try await browser.waits(for: ".problem.is-plain")
          #expect(try await browser.text(".problem.is-plain b") == "1 report recorded")
          try await browser.picture("112-wipe-reports-recorded")

          try await browser.resize(390, 844, mobile: true)
          try await browser.waits(for: "#record table")
          #expect(try await browser.script("return document.documentElement.scrollWidth").number == 390)
          try await browser.picture("113-wipe-reports-phone")

          try await browser.resize(1280, 800)
          try await browser.open(demo.desk + "/assets/\(drive.id)")
          try await browser.waits(for: ".medium.is-wiped")
          #expect(try await browser.text(".medium.is-wiped")?.contains(drive.serial) == true)
          let asset = try await browser.text(".record-main") ?? ""
          #expect(asset.contains("full read of all passes, passed"), "\(asset)")
          try await browser.picture("114-asset-wiped-by-report")
        }
      }
    }
  }
}
