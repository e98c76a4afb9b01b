import ArgumentParser
import Foundation
import NIOCore
import ReaderNetwork
import ScannerProtocols
import UnixSignals

struct TagsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tags",
    abstract: "Shows the RFID tags that readers hear: a running station's, or one reader's.",
    discussion: """
      With --data, what the running station in that folder sees, each tag with the asset that it belongs to. With the
      address of a reader, what comes and goes there until Ctrl-C; a reader takes one client at a time, so not while a
      station uses it. `custody devices tags` is for trying readers, on USB too; lines and JSON have one form.

      Examples:
        custody tags --data /var/lib/custody            the tags that are in view now
        custody tags --data /var/lib/custody --watch    what comes and goes, until Ctrl-C
        custody tags llrp://10.0.0.5                    one reader, without a station
      """)

  @Argument(help: "Address of a reader: llrp://HOST[:PORT][?OPTIONS], llrps:// for TLS.") var address: String?
  @Flag(help: "Show what comes and goes until stopped.") var watch = false
  @Flag(help: "Write JSON: a line for each change, event and tag; without --watch, all tags of the station.") var json =
    false
  @Flag(help: "With an address: show every read, as the reader hands them over.") var raw = false
  @OptionGroup var flags: SettingFlags

  func validate() throws {
    guard !raw || address != nil else { throw ValidationError("--raw goes with a reader's address.") }
  }

  func run() async throws {
    if let address { return try await read(address) }
    let settings = try await flags.settings()
    let socket: String
    switch try StoreAccess(settings, creating: false) {
    case .running(let path): socket = path
    case .folder(let store):
      try store.close()
      throw Ending(
        3, "No station runs in that folder.", remedy: "Start it with custody station, or give a reader's address.")
    }
    try await watch ? follow(socket) : list(socket)
  }

  // MARK: A station's

  private func list(_ socket: String) async throws {
    var bytes = ByteBuffer()
    try await StoreAccess.request(socket: socket, path: "/local/tags") { part in bytes.writeImmutableBuffer(part) }
    if json { return try Running.answer(String(buffer: bytes)) }
    struct Reader: Decodable {
      let id: String
      let state: String
      let reason: String?
    }
    struct Answer: Decodable {
      let items: [TagLine.Tag]
      let readers: [Reader]
    }
    let answer = try JSONDecoder().decode(Answer.self, from: Data(bytes.readableBytesView))
    for reader in answer.readers {
      try Running.answer("reader \(reader.id): \(reader.state)" + (reader.reason.map { ", \($0)" } ?? ""))
    }
    try Running.answer(answer.items.count == 1 ? "1 tag" : "\(answer.items.count) tags")
    for tag in answer.items { try Running.answer(tag.line(withAsset: true)) }
  }

  private func follow(_ socket: String) async throws {
    struct Told: Decodable {
      let event: String?
      let tag: TagLine.Tag?
      let doorway: String?
      let to: String?
      let epc: String?
      let sentence: String?
    }
    var pending: [UInt8] = []
    try await StoreAccess.request(socket: socket, path: "/local/tags/stream") { part in
      pending += part.readableBytesView
      while let end = pending.firstIndex(of: 0x0A) {
        let line = Array(pending[..<end])
        pending.removeSubrange(...end)
        if json {
          try Running.answer(String(decoding: line, as: UTF8.self))
          continue
        }
        let told = try JSONDecoder().decode(Told.self, from: Data(line))
        if let event = told.event, let tag = told.tag {
          try Running.answer("\(event)  \(tag.line(withAsset: true))")
        } else if let doorway = told.doorway, let to = told.to, let epc = told.epc {
          let made = told.sentence.map { "  \($0)" } ?? ""
          let side = to == "unknown" ? "direction unknown" : to
          try Running.answer("passage  \(epc)  \(doorway)  \(side)\(made)")
        }
      }
    }
  }

  // MARK: One reader's

  private func read(_ text: String) async throws {
    let address: ReaderAddress
    do { address = try ReaderAddress(text) } catch { throw Ending(2, "\(error)") }
    let field = TagLines(json: json, raw: raw, silence: try await flags.settings().tagGone())
    let reader = NetworkReader(name: address.host, address: address, stopwatch: Stopwatch())
    let (events, continuation) = AsyncStream.makeStream(of: NetworkReader.Event.self)
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let running = Task {
      await reader.run { continuation.yield($0) }
      continuation.finish()
    }
    let stopping = Task { for await _ in signals { running.cancel() } }
    defer { stopping.cancel() }
    do {
      try await field.telling {
        var last = ReaderStatus()
        for await event in events {
          switch event {
          case .status(let status):
            if status.phase != last.phase || status.reason != last.reason { tell(status) }
            last = status
          case .reads(let reads): try await field.take(reads.map(\.read), of: reader.name)
          case .interrupted: await field.lose(reader.name)
          }
        }
      }
    } catch {
      // The reader is left in good order all the same.
      running.cancel()
      await running.value
      throw error
    }
  }

  private func tell(_ status: ReaderStatus) {
    let words = [status.phase.rawValue, status.reason, status.remedy].compactMap(\.self).joined(separator: ": ")
    FileHandle.standardError.tell(words + "\n")
  }
}
