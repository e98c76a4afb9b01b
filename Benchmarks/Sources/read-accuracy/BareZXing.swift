import BarcodeVision
import Foundation

/// zxing-cpp alone: `bare-zxing`, which is started anew when libzxing has aborted it.
final class BareZXing {
  private let program: URL
  private var child: (process: Process, input: FileHandle, output: FileHandle)?
  /// How often it died.
  private(set) var deaths = 0

  init(program: URL) { self.program = program }

  deinit { child?.process.terminate() }

  /// The text that it found, and how long it looked.
  func read(_ frame: GrayFrame) throws -> (texts: [String], time: Duration) {
    let child = try self.child ?? start()
    self.child = child
    do {
      var head = Data()
      for side in [frame.width, frame.height] { withUnsafeBytes(of: UInt32(side)) { head.append(contentsOf: $0) } }
      try child.input.write(contentsOf: head + Data(frame.bytes))
      let nanoseconds = Int64(littleEndian: try number(child.output))
      let length = UInt32(littleEndian: try number(child.output))
      let text = length == .max || length == 0 ? Data() : try take(Int(length), child.output)
      return (length == .max ? [] : [String(decoding: text, as: UTF8.self)], .nanoseconds(nanoseconds))
    } catch {
      deaths += 1
      child.process.waitUntilExit()
      self.child = nil
      return ([], .zero)
    }
  }

  private func start() throws -> (Process, FileHandle, FileHandle) {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = program
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, input.fileHandleForWriting, output.fileHandleForReading)
  }

  private func number<Number: FixedWidthInteger>(_ output: FileHandle) throws -> Number {
    let bytes = try take(MemoryLayout<Number>.size, output)
    return bytes.reversed().reduce(0) { $0 << 8 | Number($1) }
  }

  private func take(_ count: Int, _ output: FileHandle) throws -> Data {
    var taken = Data()
    while taken.count < count {
      guard let more = try output.read(upToCount: count - taken.count), !more.isEmpty else { throw Ended() }
      taken.append(more)
    }
    return taken
  }

  private struct Ended: Error {}
}
