import DeviceProfiles
import Foundation
import ReaderNetwork
import ScannerProtocols
import UnixSignals

/// An LLRP reader that is not there, made of a device folder: it speaks as the recorded one does, and hears tags that come and go.
struct SimulatedReader {
  let folder: DeviceFolder
  let host: String
  /// 0 takes a free one.
  let port: Int
  /// Further tags that it hears.
  let tags: [[UInt8]]

  /// SGTIN, GIAI, GRAI and SSCC of GS1's Tag Data Standard 1.13, appendix E.3: what is heard besides what was recorded.
  private static let examples: [[UInt8]] = [
    [0x30, 0x74, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0x00, 0x00, 0x1A, 0x85],
    [0x34, 0x74, 0x25, 0x7B, 0xF4, 0x00, 0x00, 0x00, 0x00, 0x00, 0x16, 0x2E],
    [0x33, 0x74, 0x25, 0x7B, 0xF4, 0x0C, 0x0E, 0x40, 0x00, 0x00, 0x16, 0x2E],
    [0x31, 0x74, 0x25, 0x7B, 0xF4, 0x49, 0x96, 0x02, 0xD2, 0x00, 0x00, 0x00],
  ]
  private static let reportEvery = Duration.milliseconds(250)

  /// Serves one client after the other until Ctrl-C.
  func run() async throws {
    var emulation: LLRPEmulation
    do throws(LLRPFault) {
      emulation = try LLRPEmulation(recording: folder.capture.flatMap { $0 })
    } catch {
      throw Ending(1, "\(folder.path)/capture.hex: \(error)", remedy: "It must be what an LLRP reader sent, whole.")
    }
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    _ = try await ListeningAddress(listener: "The simulated reader", host: host, port: port).tried()
    let tags = try heard()
    for (number, epc) in tags.enumerated() {
      do throws(TagMemoryFault) {
        try emulation.giveMemory(to: epc, serial: UInt16(truncatingIfNeeded: number + 1))
      } catch {
        FileHandle.standardError.tell("A tag has no memory: \(error)\n")
      }
    }
    let reader = EmulatedReader(emulation)
    let address = "llrp://\(host.contains(":") ? "[\(host)]" : host):\(try await reader.start(host: host, port: port))"
    try Running.answer(address)
    FileHandle.standardError.tell(
      "Connect a station: custody station --data FOLDER --reader dock=\(address), or custody tags \(address). Ctrl-C ends.\n"
    )
    let field = EmulatedField(tags: tags)
    let progress = ReaderProgress()
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { for await _ in signals { return } }
        group.addTask { try await play(field, by: reader, progress) }
        try await group.next()
        group.cancelAll()
      }
    } catch {
      try await reader.stop()
      throw error
    }
    try await reader.stop()
    await progress.end()
  }

  /// The tags of the field, each once: those that were asked for, those of the recording, and examples.
  private func heard() throws -> [[UInt8]] {
    var decoder = try CaptureDecoder(folder.profile)
    let recorded = folder.capture.flatMap { decoder.receive($0) }.compactMap { reading in
      if case .tag(let tag) = reading { tag.epc } else { nil }
    }
    var heard: [[UInt8]] = []
    for epc in tags + recorded + Self.examples where !heard.contains(epc) { heard.append(epc) }
    return heard
  }

  private func play(_ field: EmulatedField, by reader: EmulatedReader, _ progress: ReaderProgress) async throws {
    let clock = ContinuousClock()
    let start = clock.now
    var lastSign = start
    do {
      while true {
        let reads = field.reads(
          at: start.duration(to: clock.now), clock: UInt64(Date().timeIntervalSince1970 * 1_000_000))
        try reader.report(reads)
        if let keepAlive = reader.keepAlive, lastSign.duration(to: clock.now) >= keepAlive {
          reader.giveSignOfLife()
          lastSign = clock.now
        }
        await progress.show(isConnected: reader.isConnected, isReading: reader.isReading, tags: reads.count)
        try await Task.sleep(for: Self.reportEvery)
      }
    } catch is CancellationError {
      // Ctrl-C.
    }
  }
}

/// How it stands with a simulated reader, on standard error: a line for each change, and where somebody watches, what it hears.
private actor ReaderProgress {
  private let isWatched = isatty(STDERR_FILENO) == 1
  private var state = ""
  private var reports = 0

  func show(isConnected: Bool, isReading: Bool, tags: Int) {
    let now = isReading ? "a client reads" : isConnected ? "a client is connected" : "no client is connected"
    if isReading { reports += 1 }
    if now != state {
      state = now
      FileHandle.standardError.tell((isWatched ? "\r\u{1B}[K" : "") + now + "\n")
    }
    if isWatched, isReading {
      FileHandle.standardError.tell("\r\u{1B}[K\(tags) tags in the field, \(reports) reports")
    }
  }

  func end() {
    if isWatched { FileHandle.standardError.tell("\r\u{1B}[K") }
  }
}
