import ArgumentParser
import Foundation
import ScannerProtocols

struct DevicesDecode: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode", abstract: "Says what captured bytes of a device mean.",
    discussion: """
      Hexadecimal digits on standard input, blanks and lines as you like, from # on a comment; one JSON line for each reading:
      kind, then text, or epc with antenna, rssi, count and the device's time.
      """)

  @Option(help: "What the device speaks: \(CaptureProtocol.allCases.map(\.rawValue).joined(separator: ", ")).")
  var `protocol`: String
  @Option(help: "What a keyboard types for: \(KeyboardLayout.all.map(\.name).joined(separator: ", ")).")
  var layout = "US"

  func run() throws {
    guard let kind = CaptureProtocol(rawValue: `protocol`) else {
      throw ValidationError(
        "--protocol wants one of \(CaptureProtocol.allCases.map(\.rawValue).joined(separator: ", ")), not \(`protocol`)"
      )
    }
    guard let layout = KeyboardLayout.named(layout) else {
      throw ValidationError(
        "--layout wants one of \(KeyboardLayout.all.map(\.name).joined(separator: ", ")), not \(self.layout)")
    }
    var decoder = CaptureDecoder(kind, layout: layout)
    var number = 0
    while let line = readLine() {
      number += 1
      let digits = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
      let nibbles = digits.compactMap(\.hexDigitValue)
      guard nibbles.count == digits.count, nibbles.count.isMultiple(of: 2) else {
        throw Ending(2, "line \(number): want pairs of hexadecimal digits", remedy: "Give bytes such as 0d00 or BB 02.")
      }
      let bytes = stride(from: 0, to: nibbles.count, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) }
      for reading in decoder.receive(bytes) { try Running.answer(reading.jsonLine()) }
    }
    for reading in decoder.end() { try Running.answer(reading.jsonLine()) }
    let dropped = decoder.statistics
    if dropped.droppedBytes + dropped.badChecksums > 0 {
      FileHandle.standardError.tell(
        "\(dropped.droppedBytes) bytes belong to no frame, \(dropped.badChecksums) frames have a wrong checksum. "
          + "If that is all there is, the capture may be of another protocol.\n")
    }
  }
}
