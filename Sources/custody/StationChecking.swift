import ArgumentParser
import Foundation
import Station
import StationStore

struct StationStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "How a station stands: what is pending, last contact, what the centre is proved to hold, exceptions.",
    discussion: """
      Asks the running station; of one that does not run, its folder.

      Examples:
        custody station status --data /var/lib/custody
        custody station status --json --data /var/lib/custody

      Exit status: 0 told; 2 wrong usage; 3 there is no station.
      """)

  @Flag(help: "Write JSON.") var json = false
  @OptionGroup var flags: SettingFlags

  func run() async throws {
    switch try StoreAccess(try await flags.settings(), creating: false) {
    case .folder(let store):
      let status = try await StationStatus(of: store)
      try store.close()
      try Running.answer(json ? try JSONLine.text(status) : status.lines.joined(separator: "\n"))
    case .running(let socket):
      var bytes: [UInt8] = []
      try await StoreAccess.request(socket: socket, path: "/local/status") { bytes += $0.readableBytesView }
      struct Answer: Decodable {
        let lines: [String]
      }
      guard json else {
        let answer = try JSONDecoder().decode(Answer.self, from: Data(bytes))
        return try Running.answer(answer.lines.joined(separator: "\n"))
      }
      let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
      let status = try JSONSerialization.data(
        withJSONObject: object?["status"] ?? [:], options: [.sortedKeys, .withoutEscapingSlashes])
      try Running.answer(String(decoding: status, as: UTF8.self))
    }
  }
}

struct StationCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Reads a station's whole store back, and names every entry and asset that is not as it was written.",
    discussion: """
      Every entry is held against its hash, its signature, its place in the chain and the columns that it is found by; every
      asset against its events. Works while the station runs, which goes on recording. The chain that `status` counts holds the
      station's own events and its statements about no asset, such as the closings of sessions; events of other stations, which
      came from the centre, are read as well. What was done to the whole folder by
      somebody who has its key shows against the centre alone: custody-audit verify.

      Examples:
        custody station check --data /var/lib/custody
        custody station check --json --data /var/lib/custody

      Exit status: 0 all is as it was written; 1 something is not; 2 wrong usage; 3 there is no station; 4 it cannot be read.
      """)

  @Flag(help: "Write JSON.") var json = false
  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let found: StoreCheckResource
    var bar = CheckProgress()
    switch try StoreAccess(try await flags.settings(), creating: false) {
    case .folder(let store):
      do {
        found = StoreCheckResource(try await StoreCheck.run(store))
      } catch {
        try store.close()
        throw error
      }
      try store.close()
    case .running(let socket):
      found = try await Self.ask(socket, &bar)
    }
    bar.end()
    if json {
      try Running.answer(try JSONLine.text(found))
    } else {
      for line in found.lines { try Running.answer(line) }
    }
    guard found.findingCount == 0 else {
      throw Ending(
        1, "\(found.findingCount) of what was read is not as it was written.",
        remedy: "Keep the folder as it is, as evidence. What the centre holds can be had from there again.")
    }
  }

  private static func ask(_ socket: String, _ bar: inout CheckProgress) async throws -> StoreCheckResource {
    struct Progress: Decodable {
      let entries: Int
      let assets: Int
    }
    var rest: [UInt8] = []
    var lines: [Data] = []
    var progress = bar
    try await StoreAccess.request(socket: socket, path: "/local/check") { part in
      rest += part.readableBytesView
      while let end = rest.firstIndex(of: 10) {
        lines.append(Data(rest[..<end]))
        rest.removeFirst(end + 1)
        // What is no progress is the end, and is kept.
        if let step = try? JSONDecoder().decode(Progress.self, from: lines[lines.count - 1]) {
          progress.show(entries: step.entries, assets: step.assets)
        }
      }
    }
    bar = progress
    guard let last = lines.last else { throw Ending(3, "The station ended before it was read.", remedy: "Try again.") }
    do {
      return try JSONDecoder().decode(StoreCheckResource.self, from: last)
    } catch {
      throw Ending(4, String(decoding: last, as: UTF8.self))
    }
  }
}

/// How far a check is, on a terminal.
struct CheckProgress {
  private var hasShown = false

  mutating func show(entries: Int, assets: Int) {
    guard isatty(STDERR_FILENO) != 0 else { return }
    hasShown = true
    FileHandle.standardError.tell("\r\(entries) entries, \(assets) assets ")
  }

  func end() { if hasShown { FileHandle.standardError.tell("\r\u{1B}[K") } }
}
