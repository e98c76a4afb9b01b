import ClockTestSupport
import Foundation
import NIOSSL
import ReaderNetwork
import ScannerProtocols
import Testing

/// A client that runs against an emulated reader, and what it tells.
final class ReaderUnderTest {
  let reader: NetworkReader
  let clock: ManualClock
  private var events: AsyncStream<NetworkReader.Event>.Iterator
  /// Every read so far.
  private(set) var reads: [TimedRead] = []

  private init(_ reader: NetworkReader, _ clock: ManualClock, _ events: AsyncStream<NetworkReader.Event>) {
    self.reader = reader
    self.clock = clock
    self.events = events.makeAsyncIterator()
  }

  /// Connects to a port for as long as `body` runs.
  static func run(
    name: String = "dock", scheme: String = "llrp", port: Int, options: String = "", clock: ManualClock = ManualClock(),
    _ body: (ReaderUnderTest) async throws -> Void
  ) async throws {
    let address = try ReaderAddress("\(scheme)://127.0.0.1:\(port)\(options)")
    let reader = NetworkReader(name: name, address: address, stopwatch: Stopwatch(clock))
    let (events, continuation) = AsyncStream.makeStream(of: NetworkReader.Event.self)
    let running = Task { await reader.run { continuation.yield($0) } }
    defer { running.cancel() }
    try await body(ReaderUnderTest(reader, clock, events))
    running.cancel()
    await running.value
  }

  /// The next status that fits.
  @discardableResult
  func status(where fits: (ReaderStatus) -> Bool) async throws -> ReaderStatus {
    while let event = await events.next() {
      switch event {
      case .status(let status) where fits(status): return status
      case .reads(let more): reads += more
      default: break
      }
    }
    throw Ended()
  }

  @discardableResult
  func status(_ phase: ReaderStatus.Phase) async throws -> ReaderStatus { try await status { $0.phase == phase } }

  /// Waits until so many reads have come.
  func reads(_ count: Int) async throws {
    while reads.count < count {
      guard let event = await events.next() else { throw Ended() }
      if case .reads(let more) = event { reads += more }
    }
  }

  /// Waits until the loss of the connection is told.
  func interruption() async throws {
    while let event = await events.next() {
      if case .interrupted = event { return }
    }
    throw Ended()
  }

  struct Ended: Error {}
}

/// An emulated reader on a free port, for as long as `body` runs.
func withEmulatedReader(
  _ emulation: LLRPEmulation? = nil, secure: Bool = false, _ body: (EmulatedReader, Int) async throws -> Void
) async throws {
  let context = try secure ? serverContext() : nil
  let reader = EmulatedReader(try emulation ?? LLRPEmulation(), tls: context)
  let port = try await reader.start()
  do {
    try await body(reader, port)
  } catch {
    try await reader.stop()
    throw error
  }
  try await reader.stop()
}

let vectors = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Vectors/ReaderNetwork")

private func serverContext() throws -> NIOSSLContext {
  let certificates = try NIOSSLCertificate.fromPEMFile(vectors.appendingPathComponent("reader-certificate.pem").path)
  let key = try NIOSSLPrivateKey(file: vectors.appendingPathComponent("reader-key.pem").path, format: .pem)
  return try NIOSSLContext(
    configuration: .makeServerConfiguration(
      certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key)))
}

/// Waits, giving way to others, until something is so.
func until(_ isSo: () -> Bool) async { while !isSo() { await Task.yield() } }

/// The EPC of that number, 12 bytes.
func epc(_ number: Int) -> [UInt8] {
  [0x30, 0x74, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0, 0, UInt8(number >> 8), UInt8(number & 255)]
}

/// The bytes of hexadecimal digits.
func hex(_ digits: String) -> [UInt8] {
  let nibbles = digits.compactMap(\.hexDigitValue)
  return stride(from: 0, to: nibbles.count - 1, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) }
}
