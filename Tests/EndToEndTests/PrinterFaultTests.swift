import Foundation
import Glibc
import Testing

/// What goes wrong with a printer while a running station prints on it.
@Suite(.serialized, .timeLimit(.minutes(25))) struct PrinterFaultTests {
  /// An answer to `~HS`: nothing is the matter.
  private static let well = [
    "030,0,0,1245,000,0,0,0,000,0,0,0", "001,0,0,0,0,2,6,0,00000000,1,000", "1234,0",
  ].flatMap { Array("\u{2}\($0)\u{3}\r\n".utf8) }.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()

  private func custody(_ data: String, _ arguments: [String]) async throws -> (status: Int32, printed: String) {
    try await Program.finished("custody", arguments + ["--data", data])
  }

  /// A demo, with the path of its data.
  private func withDemo(_ body: (String) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in try await Demo.run(in: folder) { _ in try await body(folder.path) } }
  }

  /// A printer and its labels, as the queue tells of them.
  private func queue(_ data: String, _ printer: String) async throws -> (printer: JSON, labels: [JSON]) {
    let (_, text) = try await custody(data, ["printers", "queue", printer, "--all", "--json"])
    let answer = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    return (
      try #require(answer["printers"].values.first { $0["name"].text == printer }), answer["labels"].values.reversed()
    )
  }

  /// A label of a location; told with what became of it in a few seconds.
  private func print(_ data: String, on printer: String, _ code: String) async throws -> (Int32, String) {
    try await custody(
      data,
      [
        "label", "print", "location-100x50", "--field", "code=\(code)", "--field", "name=Store", "--printer", printer,
        "--wait", "1",
      ])
  }

  @Test func `a USB printer that is unplugged in a label asks, keeps the others, and goes on when it is back`()
    async throws
  {
    // The same printer twice: as it is when its cable is pulled, and as it comes back.
    let answers = "answer 7e4853 => \(Self.well)\n"
    let scenario =
      "device back printer 0a5f:0166 D1J123\n\(answers)device printer printer 0a5f:0166 D1J123\n\(answers)room 1000\nplug\n"
    try await RiggedDemo.run(scenario) { rig in
      let data = rig.data
      let added = try await custody(
        data, ["printers", "add", "usb", "usb://0a5f:0166", "--profile", "zebra-zd421-203", "--label", "100x50"])
      #expect(added.status == 0, "\(added)")
      _ = try await print(data, on: "usb", "U-1")
      _ = try await print(data, on: "usb", "U-2")
      // It takes no more than a thousand bytes.
      try await rig.control("wait-full\nunplug")
      let (printer, labels) = try await eventually("the label asks") {
        let queue = try await queue(data, "usb")
        return queue.labels.first?["state"].text == "unknown" ? queue : nil
      }
      #expect(printer["state"].text == "asks")
      #expect(labels[0]["words"].text?.contains("it was unplugged") == true, "\(labels[0])")
      #expect(try #require(labels[0]["bytesSent"].number) < (try #require(labels[0]["bytes"].number)))
      #expect(labels[1]["state"].text == "queued" && labels[1]["attempts"].number == 0)
      try await rig.control("use back\nplug")
      let id = try #require(labels[0]["id"].text)
      let answered = try await custody(data, ["printers", "answer", id, "again", "--reason", "torn off"])
      #expect(answered.status == 0, "\(answered)")
      _ = try await custody(data, ["printers", "resume", "usb"])
      _ = try await eventually("both are printed") {
        try await queue(data, "usb").labels.allSatisfy { $0["state"].text == "printed" } ? true : nil
      }
    }
  }

  @Test func `an IPP printer that goes in the middle of a job leaves it asking, and is not sent the next`() async throws
  {
    try await IPPPrinterUnderTest.running { ipp in
      // Its command prints for as long as there is a file.
      try Data().write(to: ipp.folder.appending(path: "HOLD"))
      try await withDemo { data in
        let added = try await custody(data, ["printers", "add", "office", ipp.address])
        #expect(added.status == 0, "\(added)")
        _ = try await print(data, on: "office", "I-1")
        _ = try await print(data, on: "office", "I-2")
        _ = try await eventually("the printer prints") {
          FileManager.default.fileExists(atPath: ipp.folder.appending(path: "document").path) ? true : nil
        }
        ipp.program.signal(SIGKILL)
        // Its command, which outlives it, ends now.
        try FileManager.default.removeItem(at: ipp.folder.appending(path: "HOLD"))
        let (printer, labels) = try await eventually("the job asks", within: .seconds(300)) {
          let queue = try await queue(data, "office")
          // The two are read one after the other.
          return queue.labels.first?["state"].text == "unknown" && queue.printer["state"].text == "asks" ? queue : nil
        }
        #expect(printer["state"].text == "asks")
        #expect(labels[0]["words"].text?.hasPrefix("Nobody knows whether it was printed") == true, "\(labels[0])")
        #expect(labels[1]["state"].text == "queued" && labels[1]["attempts"].number == 0)
      }
    }
  }

  @Test func `a network printer that is not there is set up, told with what to do, and printed on when it is there`()
    async throws
  {
    try await withDemo { data in
      let port = try freePort()
      let address = "tcp://127.0.0.1:\(port)"
      let added = try await custody(
        data, ["printers", "add", "far", address, "--profile", "zpl-generic-203", "--label", "100x50"])
      #expect(added.status == 0, "\(added)")
      let printer = try await eventually("it was asked") {
        let printer = try await queue(data, "far").printer
        return printer["state"].text == "blocked" ? printer : nil
      }
      #expect(printer["words"].text == "the printer cannot be reached (127.0.0.1 refuses port \(port))")
      #expect(printer["remedy"].text == "Check its power, its cable and its address.")
      let (status, said) = try await Program.finished(
        "custody", ["printers", "status", address, "--profile", "zpl-generic-203"])
      #expect(status == 3)
      #expect(
        said == """
          \(address): the printer cannot be reached (127.0.0.1 refuses port \(port))
            Check its power, its cable and its address.

          """)
      let (waiting, words) = try await print(data, on: "far", "N-1")
      #expect(waiting == 1 && words.contains("1 still wait") && words.contains("Check its power"), "\(words)")
      try await Program.custody(["printers", "simulate", "--port", "\(port)"]) { simulated in
        _ = try await simulated.prints(#/printer on (\S+)/#)
        _ = try await custody(data, ["printers", "resume", "far"])
        _ = try await eventually("it is printed") {
          try await queue(data, "far").labels.first?["state"].text == "printed" ? true : nil
        }
      }
    }
  }
}
