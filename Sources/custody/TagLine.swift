import Foundation
import ScannerProtocols

/// What commands tell of an RFID tag: a line, or as JSON, of the same form whether a station's or a reader's own.
struct TagLine: Codable {
  /// A tag in the field, as a station tells of it; of what a station alone knows, a reader's own has nothing.
  struct Tag: Codable {
    struct Asset: Codable {
      let name: String
      let title: String
    }
    /// Hexadecimal, in capitals.
    let epc: String
    let reader: String
    var antenna: Int?
    var zone: String?
    var signal: Int?
    /// dBm, or raw: the reader's own scale.
    var signalUnit: String?
    let count: Int
    var asset: Asset?

    init(_ epc: [UInt8], reader: String, antenna: Int?, _ strength: SignalStrength?, count: Int) {
      self.epc = epc.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
      self.reader = reader
      self.antenna = antenna
      signal = strength?.value
      switch strength {
      case .dBm?: signalUnit = "dBm"
      case .raw?: signalUnit = "raw"
      case nil: signalUnit = nil
      }
      self.count = count
    }

    /// As people read it: EPC, place, signal, reads; then the asset, where assets are known.
    func line(withAsset: Bool) -> String {
      let place = zone ?? antenna.map { "\(reader):\($0)" } ?? reader
      let level = signal.map { signalUnit == "dBm" ? "\($0) dBm" : "\($0)" }
      let meaning = withAsset ? asset.map { "\($0.name) \($0.title)" } ?? "no asset" : nil
      return [epc, place, level ?? "-", "\(count)×", meaning].compactMap(\.self).joined(separator: "  ")
    }
  }

  /// arrived, moved, gone or present; read, of every single read.
  let event: String
  let tag: Tag

  func jsonLine() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
