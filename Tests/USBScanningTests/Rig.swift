import Foundation
import Glibc
import Testing

/// Runs the program under test with emulated keyboards: see `Tests/Rig/README.md`.
enum Rig {
  /// The program, found beside the test bundle, and its arguments: this is what is tested.
  static let program = (name: "custody", arguments: ["devices", "--watch", "--json"])

  /// A run that takes longer has hung, and is killed.
  static let patience: TimeInterval = 180

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// What one scenario showed.
  struct Outcome {
    let events: [Event]
    /// What the program did to the devices, without the times.
    let log: [String]
    let status: Int32

    var scans: [String] { events.compactMap { $0.event == "scan" ? $0.text : nil } }
    func of(_ kind: String) -> [Event] { events.filter { $0.event == kind } }
  }

  /// One line that the program printed.
  struct Event: Decodable {
    struct Details: Decodable {
      struct Heard: Decodable {
        let count: Int
        let likeness: String
        let text: String?
      }
      struct Counters: Decodable {
        struct Wedge: Decodable { let garbageReports: Int }
        let stalls: Int
        let errors: Int
        let overflows: Int
        let throttlings: Int
        let wedge: Wedge
      }
      let name: String
      let state: String
      let identity: String?
      let profile: String?
      let protocols: [String]
      let heard: Heard?
      let unheard: String?
      let counters: Counters
    }
    struct Tag: Decodable {
      let epc: String
      let antenna: Int?
    }
    let event: String
    let tags: [Tag]?
    let symbologyIdentifier: String?
    let device: String?
    let details: Details?
    let text: String?
    let raw: String?
    let terminated: Bool?
    let followsFault: Bool?
    let discardedCharacters: Int?
    let message: String?
    let remedy: String?
  }

  /// `Tests/Rig` of the package that this file belongs to.
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Rig")

  private static let built: Result<URL, Failure> = {
    do {
      let make = Process()
      make.executableURL = URL(filePath: "/usr/bin/env")
      make.arguments = ["make", "--silent", "-C", folder.path]
      let errors = Pipe()
      make.standardError = errors
      try make.run()
      let text = errors.fileHandleForReading.readDataToEndOfFile()
      make.waitUntilExit()
      guard make.terminationStatus == 0 else {
        return .failure(Failure(description: "make -C Tests/Rig: \(String(decoding: text, as: UTF8.self))"))
      }
      return .success(folder.appending(path: ".build/usb-rig"))
    } catch {
      return .failure(Failure(description: "make -C Tests/Rig: \(error)"))
    }
  }()

  /// Runs a scenario to its end; `control` is written into its control FIFO.
  static func run(_ scenario: String, adopting adopted: String? = nil, listening: Bool = false, control: String? = nil)
    async throws -> Outcome
  {
    let rig = try built.get()
    let products = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    let program = products.appending(path: Self.program.name)
    let place = FileManager.default.temporaryDirectory.appending(path: "usb-rig-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer {
      do { try FileManager.default.removeItem(at: place) } catch { Issue.record(error) }
    }
    let (output, errors, log) = (
      place.appending(path: "out"), place.appending(path: "err"), place.appending(path: "log")
    )
    for file in [output, errors] { try Data().write(to: file) }

    let process = Process()
    process.executableURL = rig
    process.arguments =
      ["--log", log.path, folder.appending(path: "scenarios/\(scenario).rig").path, "--", program.path]
      + Self.program.arguments + (adopted.map { ["--adopt", $0] } ?? []) + (listening ? ["--listen"] : [])
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    var environment = ProcessInfo.processInfo.environment
    environment["USB_RIG_CONTROL"] = place.appending(path: "control").path
    process.environment = environment

    let deadline = DispatchSource.makeTimerSource()
    let status = try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Int32, any Error>) in
      process.terminationHandler = { ended.resume(returning: $0.terminationStatus) }
      do {
        try process.run()
      } catch {
        ended.resume(throwing: error)
        return
      }
      let identifier = process.processIdentifier
      deadline.setEventHandler { kill(identifier, SIGKILL) }
      deadline.schedule(deadline: .now() + patience)
      deadline.activate()
      if let control { write(control, to: place.appending(path: "control").path) }
    }
    deadline.cancel()

    let printed = try String(contentsOf: output, encoding: .utf8)
    let complaints = try String(contentsOf: errors, encoding: .utf8)
    let steps = try String(contentsOf: log, encoding: .utf8)
    guard process.terminationReason == .exit, status == 0, complaints.isEmpty else {
      throw Failure(
        description:
          "\(scenario) ended with \(status)\nprinted:\n\(printed)\ncomplained:\n\(complaints)\nrig:\n\(steps)")
    }
    return Outcome(
      events: try printed.split(separator: "\n").map { try JSONDecoder().decode(Event.self, from: Data($0.utf8)) },
      log: steps.split(separator: "\n").compactMap { $0.drop { $0 == " " }.split(separator: " ", maxSplits: 1).last }
        .map(String.init),
      status: status)
  }

  /// Writes to the FIFO once the rig has made it; the run's deadline bounds the wait.
  private static func write(_ text: String, to path: String) {
    Thread.detachNewThread {
      let giveUp = Date(timeIntervalSinceNow: patience)
      while Date() < giveUp {
        // Without O_CREAT, and non-blocking: fails until the rig reads.
        let fifo = open(path, O_WRONLY | O_NONBLOCK)
        guard fifo >= 0 else {
          usleep(5_000)
          continue
        }
        defer { close(fifo) }
        let bytes = Array(text.utf8)
        let written = bytes.withUnsafeBytes { Glibc.write(fifo, $0.baseAddress, $0.count) }
        if written != bytes.count { Issue.record("wrote \(written) of \(bytes.count) bytes to the control FIFO") }
        return
      }
    }
  }
}
