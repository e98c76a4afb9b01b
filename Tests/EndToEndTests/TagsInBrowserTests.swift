import Foundation
import ReaderNetwork
import ScannerProtocols
import Testing

/// RFID readers on the network, emulated, at a station that runs, with a real browser.
@Suite(.serialized, .timeLimit(.minutes(25))) struct TagsInBrowserTests {
  /// SGTIN-96 and GIAI-96 of GS1's Tag Data Standard 1.13, appendix E.3.
  private static let known: [UInt8] = [0x30, 0x74, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0, 0, 0x1A, 0x85]
  private static let unknown: [UInt8] = [0x34, 0x74, 0x25, 0x7B, 0xF4, 0, 0, 0, 0, 0, 0x16, 0x2E]

  /// Reports the tags four times a second until the task is cancelled.
  private func hear(_ tags: [(epc: [UInt8], antenna: Int, dBm: Int)], by reader: EmulatedReader) async throws {
    while !Task.isCancelled {
      try reader.report(tags.map { TagRead(epc: $0.epc, antenna: $0.antenna, strength: .dBm($0.dBm), count: 2) })
      try await Task.sleep(for: .milliseconds(250))
    }
  }

  @Test func `tags come onto the page with their assets, and leave it; a reader that is lost is told`() async throws {
    let emulated = EmulatedReader(try LLRPEmulation())
    let port = try await emulated.start()
    try await withTemporaryFolder { folder in
      try await Demo.run(
        in: folder,
        with: [
          "--reader", "dock=llrp://127.0.0.1:\(port)", "--reader", "roof=llrp://127.0.0.1:1", "--zone", "Shelf=dock:1",
          "--zone", "Gate=dock:2+dock:3", "--door", "Gate=dock:2/dock:3",
          // A busy machine may not report a tag for some seconds that is there.
          "--tag-gone-seconds", "15",
        ]
      ) { demo in
        let file = folder.appending(path: "tagged.csv")
        try Data(
          "asset tag,model,category,status,epc\nAT-70001,ThinkPad X1,laptop,in stock,3074257BF7194E4000001A85\n".utf8
        )
        .write(to: file)
        let (status, printed) = try await Program.finished(
          "custody", ["import", file.path, "--kind", "assets", "--data", folder.appending(path: "station").path])
        try #require(status == 0, "\(printed)")
        _ = try await eventually("the reader is read") { emulated.isReading ? true : nil }
        try await Browser.run { browser in
          let desk = DeskInBrowser(browser: browser, base: demo.desk)
          try await desk.signIn("DEMO-KIM", "135790")
          try await browser.open(demo.desk + "/tags")
          try await browser.waits(for: "#tags")
          #expect(try await browser.text("#tags-words") == "0 tags in view")
          try await browser.picture("94-tags-none")
          let row = "tr[data-epc='3074257BF7194E4000001A85']"
          let hearing = Task {
            try await self.hear([(Self.known, 1, -48), (Self.unknown, 3, -61)], by: emulated)
          }
          // Each look takes the page as it is then: on a busy machine a tag may be gone for a while, for want of a report.
          _ = try await eventually("the tag stands there with its asset, place and strength") {
            let shown = try await browser.text(row) ?? ""
            return ["AT-70001", "Shelf", "−48 dBm"].allSatisfy(shown.contains) ? true : nil
          }
          _ = try await eventually("the other tag has no asset, and the other reader is not there") {
            let words = try await browser.text("#tags") ?? ""
            return ["3474257BF40000000000162E", "no asset has this tag", "Reading", "127.0.0.1 refuses port 1"]
              .allSatisfy(words.contains) ? true : nil
          }
          try await browser.picture("94-tags")
          // Asked again: on a busy machine the tag may just have been gone, for want of a report.
          _ = try await eventually("the command lists the tag with its asset") {
            let (listed, table) = try await Program.finished(
              "custody", ["tags", "--data", folder.appending(path: "station").path])
            #expect(listed == 0, "\(table)")
            return table.contains("3074257BF7194E4000001A85  Shelf  -48") && table.contains("AT-70001") ? true : nil
          }
          hearing.cancel()
          // It goes through the door, from the antenna outside to the one inside.
          // Again, should a busy machine have made the way of it too slow for one.
          _ = try await eventually("the way through the door is told") {
            for (antenna, times) in [(3, 2), (2, 5)] {
              for _ in 0..<times {
                let strength = SignalStrength.dBm(antenna == 2 ? -40 : -55)
                try emulated.report([TagRead(epc: Self.known, antenna: antenna, strength: strength)])
                try await Task.sleep(for: .milliseconds(200))
              }
            }
            return try await browser.text("#tags")?.contains("came in") == true ? true : nil
          }
          try await browser.picture("94-tags-passage")
          // Back outside, without a scan: it is heard and told, and waits for somebody.
          _ = try await eventually("the way out of what is in stock is told") {
            for (antenna, times) in [(2, 2), (3, 5)] {
              for _ in 0..<times {
                let strength = SignalStrength.dBm(antenna == 3 ? -40 : -55)
                try emulated.report([TagRead(epc: Self.known, antenna: antenna, strength: strength)])
                try await Task.sleep(for: .milliseconds(200))
              }
            }
            return try await browser.text("#door-told")?.contains("AT-70001 went out through Gate") == true ? true : nil
          }
          #expect(try await browser.script("return document.documentElement.dataset.tone") == "refused")
          try await browser.picture("94-tags-door")
          try await browser.open(demo.desk + "/follow-ups")
          try await browser.waits(for: "tr[id^='follow-up-']")
          let waiting = try await browser.text("main") ?? ""
          #expect(waiting.contains("AT-70001 is in stock, so it should not have gone out."), "\(waiting)")
          try await browser.open(demo.desk + "/passages")
          try await browser.waits(for: "tr[data-passage]")
          let compared = try await browser.text("main") ?? ""
          #expect(
            ["came in", "went out", "Not expected", "Expected but not seen"].allSatisfy(compared.contains),
            "\(compared)")
          try await browser.picture("95-passages")
          try await browser.resize(390, 844, mobile: true)
          try await browser.open(demo.desk + "/passages")
          try await browser.waits(for: "tr[data-passage]")
          try await browser.picture("95-passages-phone")
          try await browser.resize(1280, 800)
          try await browser.open(demo.desk + "/tags")
          try await browser.waits(for: "#tags")
          _ = try await eventually("the tags have gone") {
            try await browser.text("#tags-words") == "0 tags in view" ? true : nil
          }
          // Whatever was heard, nothing changed hands.
          try await browser.click("#tags td a")
          try await browser.waits(for: "main.record, .record")
          #expect(try await browser.text("main")?.contains("In stock") == true)
          for (dark, name) in [(false, "94-tags-phone"), (true, "94-tags-phone-dark")] {
            let again = Task { try await self.hear([(Self.known, 1, -48), (Self.unknown, 3, -61)], by: emulated) }
            defer { again.cancel() }
            try await browser.resize(390, 844, mobile: true)
            try await browser.prefer(dark: dark)
            try await browser.open(demo.desk + "/tags")
            try await browser.waits(for: row)
            let overhang = try await browser.script(
              "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            #expect(overhang == 0)
            try await browser.picture(name)
          }
          try await browser.resize(1280, 800)
          try await browser.prefer(dark: false)
          try await emulated.stop()
          try await browser.open(demo.desk + "/devices")
          _ = try await eventually("the loss is told") {
            let shown = try await browser.text("#devices") ?? ""
            return shown.contains("dock") && !shown.contains("Reading") ? true : nil
          }
          try await browser.picture("94-devices-readers")
        }
      }
    }
  }

  @Test func `custody tags reads one reader without a station, and says what is wrong with an address`() async throws {
    let emulated = EmulatedReader(try LLRPEmulation())
    let port = try await emulated.start()
    let hearing = Task { try await self.hear([(Self.known, 1, -48)], by: emulated) }
    defer { hearing.cancel() }
    try await Program.custody(["tags", "llrp://127.0.0.1:\(port)", "--json"]) { program in
      let line = try await program.prints(/(\{.*"epc".*\})/)
      #expect(
        line
          == #"{"event":"arrived","tag":{"antenna":1,"count":2,"epc":"3074257BF7194E4000001A85","reader":"127.0.0.1","#
          + #""signal":-48,"signalUnit":"dBm"}}"#)
    }
    _ = try await eventually("the reader is left in good order") {
      emulated.received.contains { $0.name == "CLOSE_CONNECTION" } ? true : nil
    }
    try await emulated.stop()
    let (status, printed) = try await Program.finished("custody", ["tags", "10.0.0.5"])
    #expect(status == 2)
    #expect(printed.contains("begins with llrp://"), "\(printed)")
    try await withTemporaryFolder { folder in
      for (flag, value, words) in [
        ("--reader", "dock", "NAME=ADDRESS"), ("--reader", "dock=llrp://a?power=99", "0 to 40"),
        ("--zone", "shelf=dock", "no antenna"), ("--door", "gate=dock:1", "INSIDE/OUTSIDE"),
        ("--tag-only", "xyz", "hexadecimal"), ("--tag-gone-seconds", "0.1", "0.5 to 3600"),
      ] {
        let (status, printed) = try await Program.finished(
          "custody", ["station", "--data", folder.path, "--port", "0", flag, value])
        #expect(status == 2, "\(flag) \(value): \(printed)")
        #expect(printed.contains(words), "\(flag) \(value): \(printed)")
      }
    }
  }
}
