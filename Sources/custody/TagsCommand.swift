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
      address of a reader, its tags until Ctrl-C; a reader takes one client at a time, so not while a station uses it.
      `custody devices tags` does the same, and reads readers on USB.

      Examples:
        custody tags --data /var/lib/custody            the tags that are in view now
        custody tags --data /var/lib/custody --watch    what comes and goes, until Ctrl-C
        custody tags llrp://10.0.0.5                    one reader, without a station
      """)

  @Argument(help: "Address of a reader: llrp://HOST[:PORT][?OPTIONS], llrps:// for TLS.") var address: String?
  @Flag(help: "Show what comes and goes until stopped.") var watch = false
  @Flag(help: "Write a line of JSON each.") var json = false
  @OptionGroup var flags: SettingFlags

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

  private struct Tag: Decodable {
    struct Asset: Decodable {
      let name: String
      let title: String
    }
    let epc: String
    let asset: Asset?
    let reader: String
    let antenna: Int?
    let zone: String?
    let signal: Int?
    let count: Int

    var line: String {
      let place = zone ?? antenna.map { "\(reader):\($0)" } ?? reader
      return [
        epc, place, signal.map(String.init) ?? "", "\(count)×", asset.map { "\($0.name) \($0.title)" } ?? "no asset",
      ].joined(separator: "  ")
    }
  }

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
      let items: [Tag]
      let readers: [Reader]
    }
    let answer = try JSONDecoder().decode(Answer.self, from: Data(bytes.readableBytesView))
    for reader in answer.readers {
      try Running.answer("reader \(reader.id): \(reader.state)" + (reader.reason.map { ", \($0)" } ?? ""))
    }
    try Running.answer(answer.items.count == 1 ? "1 tag" : "\(answer.items.count) tags")
    for tag in answer.items { try Running.answer(tag.line) }
  }

  private func follow(_ socket: String) async throws {
    struct Told: Decodable {
      let event: String?
      let tag: Tag?
      let doorway: String?
      let to: String?
      let epc: String?
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
          try Running.answer("\(event)  \(tag.line)")
        } else if let doorway = told.doorway, let to = told.to, let epc = told.epc {
          try Running.answer("passage  \(epc)  \(doorway)  \(to)")
        }
      }
    }
  }

  // MARK: One reader's

  private func read(_ text: String) async throws {
    let address: ReaderAddress
    do { address = try ReaderAddress(text) } catch { throw Ending(2, "\(error)") }
    let reader = NetworkReader(name: address.host, address: address, stopwatch: Stopwatch())
    let (events, continuation) = AsyncStream.makeStream(of: NetworkReader.Event.self)
    let running = Task {
      await reader.run { continuation.yield($0) }
      continuation.finish()
    }
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let stopping = Task { for await _ in signals { running.cancel() } }
    defer { stopping.cancel() }
    var last = ReaderStatus()
    for await event in events {
      switch event {
      case .status(let status):
        if status.phase != last.phase || status.reason != last.reason { tell(status) }
        last = status
      case .reads(let reads): for read in reads { try show(read.read) }
      case .interrupted: break
      }
    }
  }

  private func tell(_ status: ReaderStatus) {
    let words = [status.phase.rawValue, status.reason, status.remedy].compactMap(\.self).joined(separator: ": ")
    FileHandle.standardError.tell(words + "\n")
  }

  private func show(_ read: TagRead) throws {
    let epc = read.epc.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }.joined()
    guard json else {
      return try Running.answer(
        [
          epc, read.antenna.map { "antenna \($0)" } ?? "", read.strength.map { "\($0.value)" } ?? "", "\(read.count)×",
        ].joined(separator: "  "))
    }
    struct Line: Encodable {
      let kind = "tag"
      let epc: String
      let antenna: Int?
      let rssi: Int?
      let count: Int
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let line = Line(epc: epc.lowercased(), antenna: read.antenna, rssi: read.strength?.value, count: read.count)
    try Running.answer(String(decoding: try encoder.encode(line), as: UTF8.self))
  }
}
