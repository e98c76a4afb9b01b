import Foundation
import Glibc
import Testing

/// `custody printers` with printers on USB, by IPP, and on the network.
@Suite(.timeLimit(.minutes(25))) struct PrinterCommandTests {
  /// What an answer to `~HS` is made of.
  private static func status(paperOut: Bool = false, left: Int = 0) -> String {
    [
      "030,\(paperOut ? 1 : 0),0,1245,000,0,0,0,000,0,0,0", "001,0,0,0,0,2,6,0,0000000\(left),1,000", "1234,0",
    ].flatMap { Array("\u{2}\($0)\u{3}\r\n".utf8) }.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static let device = "device printer printer 0a5f:0166 D1J123\n"
  private static let wellAnswered = device + "answer 7e4853 => \(status())\n"

  private struct Outcome: Decodable {
    struct Status: Decodable {
      let conditions: [String]
      let words: String
      let remedy: String?
    }
    let outcome: String
    let isConfirmed: Bool
    let bytesSent: Int
    let bytes: Int
    let status: Status?
  }

  private static func test(_ scenario: String, _ arguments: [String] = []) async throws -> (Int32, Outcome) {
    let run = try await RiggedCommand.custody(
      ["printers", "test", "usb://0a5f:0166", "--json"] + arguments, with: scenario)
    return (run.status, try JSONDecoder().decode(Outcome.self, from: Data(run.output.utf8)))
  }

  // MARK: USB

  @Test func aUSBPrinterIsListedWithWhatItSaysOfItself() async throws {
    let run = try await RiggedCommand.custody(["printers"], with: Self.wellAnswered + "plug\nstart\n")
    #expect(run.status == 0)
    #expect(run.output == "usb://0a5f:0166/D1J123  zebra-zd421-203  Emulated Label 1\n")
  }

  @Test func aPageGoesToAUSBPrinterWholeAndItsDriverIsGivenBack() async throws {
    try await withTemporaryFolder { folder in
      let sink = folder.appending(path: "printed")
      let scenario = Self.wellAnswered + "sink \(sink.path)\nplug\nstart\n"
      let run = try await RiggedCommand.custody(
        ["printers", "test", "usb://0a5f:0166/D1J123", "--json"], with: scenario)
      let outcome = try JSONDecoder().decode(Outcome.self, from: Data(run.output.utf8))
      #expect(run.status == 0 && outcome.outcome == "printed" && outcome.isConfirmed)
      let printed = String(decoding: try Data(contentsOf: sink), as: UTF8.self)
      #expect(printed.hasPrefix("~HS\r\n^XA") && printed.hasSuffix("^XZ\n~HS\r\n"))
      #expect(run.log.suffix(3).contains("printer driver attached"))
    }
  }

  @Test func aPrinterUnpluggedBehindSomeBytesIsToldWithHowMany() async throws {
    // The question has five bytes.
    let (status, outcome) = try await Self.test(Self.wellAnswered + "room 1005\nplug\nstart\nwait-full\nunplug\n")
    #expect(status == 1)
    #expect(outcome.outcome == "unknown" && outcome.bytesSent == 1_000 && outcome.bytes > 1_000)
    #expect(outcome.status?.words == "the printer cannot be reached (it was unplugged)")
  }

  @Test func aPrinterUnpluggedBeforeTheFirstByteHasNothing() async throws {
    let (status, outcome) = try await Self.test(Self.wellAnswered + "room 5\nplug\nstart\nwait-full\nunplug proto\n")
    #expect(outcome.outcome == "notSent" && outcome.bytesSent == 0)
    #expect(status == 3)
  }

  @Test func aPrinterThatSaysNothingIsBlockedAndItsPortTellsWhy() async throws {
    let (status, silent) = try await Self.test(Self.device + "plug\nstart\n")
    #expect(status == 1)
    #expect(silent.outcome == "notSent" && silent.status?.conditions == ["noAnswer"])
    let (_, out) = try await Self.test(Self.device + "port-status 30\nplug\nstart\n")
    #expect(out.outcome == "notSent" && out.status?.conditions == ["mediaOut"])
  }

  @Test func aPrinterWithoutLabelsIsSentNothing() async throws {
    let (status, outcome) = try await Self.test(
      Self.device + "answer 7e4853 => \(Self.status(paperOut: true))\nplug\nstart\n")
    #expect(status == 1)
    #expect(outcome.outcome == "notSent" && outcome.status?.conditions == ["mediaOut"])
    #expect(outcome.status?.remedy == "Load labels, and press Feed once.")
  }

  @Test func ofTwoAlikeTheSerialNumberTellsWhich() async throws {
    let two =
      Self.wellAnswered
      + "device other printer 0a5f:0166 D1J999\nanswer 7e4853 => \(Self.status())\nuse printer\nplug\nuse other\nplug\nstart\n"
    let (status, outcome) = try await Self.test(two)
    #expect(status == 3)
    #expect(outcome.status?.words.contains("2 USB printers are 0a5f:0166") == true)
    let run = try await RiggedCommand.custody(["printers", "test", "usb://0a5f:0166/D1J999"], with: two)
    #expect(run.status == 0)
    #expect(!run.sent(to: "other").isEmpty && run.sent(to: "printer").isEmpty)
  }

  @Test func aPrinterThatMayNotBeOpenedIsToldSo() async throws {
    let (status, outcome) = try await Self.test(Self.wellAnswered + "deny\nplug\nstart\n")
    #expect(status == 3)
    #expect(outcome.status?.words.contains("may not open it") == true)
  }

  // MARK: IPP

  @Test func anIPPPrinterIsSentPDFAndConfirmsIt() async throws {
    try await IPPPrinterUnderTest.running { printer in
      let (status, printed) = try await Program.finished("custody", ["printers", "test", printer.address, "--json"])
      let outcome = try JSONDecoder().decode(Outcome.self, from: Data(printed.utf8))
      #expect(status == 0 && outcome.outcome == "printed" && outcome.isConfirmed, "\(printed)")
      #expect(try printer.received("type") == "application/pdf\n")
      #expect(try printer.received("document").hasPrefix("%PDF-1.4"))
    }
  }

  @Test func aPageThatAnIPPPrinterGivesUpIsNotPrintedAndTheNextNotSent() async throws {
    try await IPPPrinterUnderTest.running { printer in
      try Data().write(to: printer.folder.appending(path: "FAIL"))
      let (status, printed) = try await Program.finished("custody", ["printers", "test", printer.address, "--json"])
      let outcome = try JSONDecoder().decode(Outcome.self, from: Data(printed.utf8))
      #expect(status == 1)
      #expect(outcome.outcome == "rejected" && outcome.status?.conditions == ["mediaOut"], "\(printed)")
      let (later, said) = try await Program.finished("custody", ["printers", "test", printer.address])
      #expect(later == 1)
      #expect(said == "Not sent: the labels have run out.\n  Load labels, and press Feed once.\n")
    }
  }

  @Test func whereNobodyListensNothingIsReached() async throws {
    let port = try freePort()
    for address in ["ipp://127.0.0.1:\(port)", "tcp://127.0.0.1:\(port)"] {
      let (status, said) = try await Program.finished(
        "custody", ["printers", "status", address, "--profile", "ipp-generic"])
      #expect(status == 3 && said.contains("cannot be reached"), "\(said)")
    }
  }

  // MARK: The network

  @Test func aSimulatedPrinterTakesATestPage() async throws {
    try await withTemporaryFolder { folder in
      let arguments = ["printers", "simulate", "--port", "0", "--out", folder.path]
      try await Program.custody(arguments) { simulated in
        let address = try await simulated.prints(#/printer on (tcp\S+)/#)
        let (status, said) = try await Program.finished(
          "custody", ["printers", "test", address, "--profile", "zebra-zd421-203"])
        #expect(status == 0 && said == "Printed.\n")
        _ = try await simulated.prints(#/(label 1): /#)
        let label = try String(contentsOf: folder.appending(path: "label-1.zpl"), encoding: .utf8)
        #expect(label.contains("^PW400^LL200"))
      }
    }
  }

  @Test(arguments: [
    ["printers", "status", "tcp://x"], ["printers", "status", "lpr://x", "--profile", "zebra-zd421-203"],
    ["printers", "test", "tcp://x", "--profile", "zebra"],
    ["printers", "test", "tcp://x", "--profile", "tsc-te200", "--label", "5"],
    ["printers", "simulate", "--language", "epl"], ["printers", "simulate", "--condition", "hungry"],
  ])
  func wrongUseIsToldAndEndsWithTwo(arguments: [String]) async throws {
    let (status, said) = try await Program.finished("custody", arguments)
    #expect(status == 2 && said.hasPrefix("custody: "), "\(said)")
  }
}

/// A port that nobody listens on at this moment, and that no connection and no listener with port 0 is given meanwhile: below those
/// that the kernel gives away (ip_local_port_range, from 32768).
func freePort() throws -> Int {
  for _ in 0..<1_000 {
    let port = Int.random(in: 20_000..<30_000)
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    address.sin_port = UInt16(port).bigEndian
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) }
    }
    if status == 0 { return port }
  }
  throw Failure("no free port")
}

/// CUPS' own printer in software, a whole IPP printer, without avahi or a print server.
struct IPPPrinterUnderTest {
  let program: Program
  let folder: URL
  let address: String

  /// What its command kept of the last document.
  func received(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }

  /// Runs one while `body` runs. While there is a file FAIL in its folder, it is out of paper; while there is HOLD, it prints.
  static func running(_ body: (IPPPrinterUnderTest) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let port = try freePort()
      let command = """
        #!/bin/sh
        cd "$(dirname "$0")" && cp "$1" document && echo "$CONTENT_TYPE" > type
        while [ -f HOLD ]; do sleep 0.2; done
        [ -f FAIL ] || exit 0
        echo "STATE: +media-empty-error" >&2
        exit 1
        """
      let script = folder.appending(path: "print")
      try Data(command.utf8).write(to: script)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
      try FileManager.default.createDirectory(at: folder.appending(path: "spool"), withIntermediateDirectories: false)
      // Debian's has DNS-SD compiled in, and wants a bus to find no avahi on.
      let socket = folder.appending(path: "bus").path
      let bus = "unix:path=\(socket)"
      try await Program.running(
        "/usr/bin/env", ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=\(bus)"], endedBy: SIGKILL
      ) { _ in
        _ = try await eventually("the bus is there") { FileManager.default.fileExists(atPath: socket) ? true : nil }
        try await Program.running(
          "/usr/bin/env",
          [
            "ippeveprinter", "-r", "off", "-n", "localhost", "-p", "\(port)", "-d",
            folder.appending(path: "spool").path,
            "-f", "application/octet-stream,application/pdf", "-c", script.path, "Test printer",
          ], environment: ["DBUS_SYSTEM_BUS_ADDRESS": bus, "DBUS_SESSION_BUS_ADDRESS": bus], endedBy: SIGKILL
        ) { program in
          let printer = IPPPrinterUnderTest(program: program, folder: folder, address: "ipp://localhost:\(port)")
          _ = try await eventually("the IPP printer is ready") {
            let (status, _) = try await Program.finished("custody", ["printers", "status", printer.address])
            if program.status != nil { throw Failure("ippeveprinter ended") }
            return status == 0 ? true : nil
          }
          try await body(printer)
        }
      }
    }
  }
}
