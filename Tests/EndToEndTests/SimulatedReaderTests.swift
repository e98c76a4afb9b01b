import Foundation
import Testing

/// `custody devices simulate` of a reader on the network, and a station that is connected to it.
@Suite(.serialized, .timeLimit(.minutes(25))) struct SimulatedReaderTests {
  private let folder = Program.root.appending(path: "devices/llrp-generic").path

  @Test func `a station that is connected to a simulated reader sees its tags come and go`() async throws {
    try await Program.custody(["devices", "simulate", folder, "--port", "0", "--tag", "E28011700000020A7E1C3F5D"]) {
      reader in
      let address = try await reader.prints(/(llrp:\/\/127\.0\.0\.1:\d+)\n/)
      _ = try await reader.prints(/(no client is connected)/)
      try await withTemporaryFolder { data in
        try await Demo.run(in: data, with: ["--reader", "dock=\(address)", "--tag-gone-seconds", "0.5"]) { demo in
          _ = try await reader.prints(/(a client reads)/)
          try await Program.custody(["devices", "tags", "--data", data.path, "--watch"]) { tags in
            // The one that was asked for is there; those of the recording come, and go.
            _ = try await eventually("the tag that was asked for is in view") {
              try await Program.finished("custody", ["devices", "tags", "--data", data.path]).printed
                .contains("E28011700000020A7E1C3F5D  dock:1  -48 dBm") ? true : nil
            }
            _ = try await tags.prints(/arrived  (3005FB63AC1F3841EC880467)/)
            _ = try await tags.prints(/gone  (3005FB63AC1F3841EC880467)/)
          }
          try await Browser.run { browser in
            try await DeskInBrowser(browser: browser, base: demo.desk).signIn("DEMO-KIM", "135790")
            try await browser.open(demo.desk + "/tags")
            let moving = "tr[data-epc='3005FB63AC1F3841EC880467']"
            try await browser.waits(for: moving)
            try await browser.picture("94-tags-simulated")
            _ = try await eventually("the tag leaves the page") {
              try await browser.script("return document.querySelector(arguments[0]) === null", .string(moving)).isTrue
                ? true : nil
            }
          }
          let doctor = try await Program.finished("custody", ["devices", "doctor", "--data", data.path])
          #expect(doctor.printed.contains("  The reader dock: read."), "\(doctor)")
        }
        _ = try await reader.prints(/(a client reads\n(?:.*\n)*no client is connected)/)
      }
    }
  }

  @Test func `Ctrl-C ends it well; what cannot be served is told`() async throws {
    try await Program.custody(["devices", "simulate", folder]) { reader in
      let port = try await reader.prints(/llrp:\/\/127\.0\.0\.1:(\d+)\n/)
      let second = try await Program.finished("custody", ["devices", "simulate", folder, "--port", port])
      #expect(second.status == 3 && second.printed.contains("The simulated reader cannot listen"), "\(second)")
      await reader.end(SIGINT)
      #expect(reader.status == 0)
    }
    let keyboard = Program.root.appending(path: "devices/zebra-keyboard").path
    for (arguments, words) in [
      ([keyboard, "--port", "0"], "is no reader on the network"),
      ([folder, "--tag", "E28"], "--tag wants an EPC of 2 to 62 bytes"),
      ([folder, "--data", "/tmp", "--port", "0"], "Say --data FOLDER to play into a station"),
      ([folder, "--port", "70000"], "--port wants 0 to 65535"),
    ] {
      let run = try await Program.finished("custody", ["devices", "simulate"] + arguments)
      #expect(run.status == 2 && run.printed.contains(words), "\(run)")
    }
  }
}
