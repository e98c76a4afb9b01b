import FoundationEssentials

extension CapturedReading {
  /// The reading as one line of JSON, without the line's end.
  ///
  /// Every line has `kind`: scan, rejected, tag or note. Of a scan: `text`, `symbologyIdentifier`, `terminated`. Of a tag: `epc`
  /// in hexadecimal, `antenna`, `rssi` (in dBm, else `strength` on the reader's own scale), `count`, `memory`, and when the
  /// reader last saw it, in microseconds: `deviceTime` since 1970, or `deviceUptime`. Else: `message`. Keys that do not apply
  /// are left out.
  public func jsonLine() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(Line(self)), as: UTF8.self)
  }

  private struct Line: Encodable {
    var kind: String
    var text: String?
    var symbologyIdentifier: String?
    var terminated: Bool?
    var epc: String?
    var antenna: Int?
    var rssi: Int?
    var strength: Int?
    var count: Int?
    var memory: String?
    var deviceTime: UInt64?
    var deviceUptime: UInt64?
    var message: String?

    init(_ reading: CapturedReading) {
      switch reading {
      case .scan(let scan):
        kind = "scan"
        text = scan.text
        symbologyIdentifier = scan.symbologyIdentifier
        terminated = scan.terminated
      case .rejected(let rejected):
        kind = "rejected"
        message = rejected.message
      case .tag(let tag):
        kind = "tag"
        epc = hexadecimal(tag.epc)
        antenna = tag.antenna
        count = tag.count
        memory = tag.memory.map(hexadecimal)
        switch tag.strength {
        case .dBm(let value)?: rssi = value
        case .raw(let value)?: strength = value
        case nil: break
        }
        switch tag.lastSeen ?? tag.firstSeen {
        case .utc(let microseconds)?: deviceTime = microseconds
        case .uptime(let microseconds)?: deviceUptime = microseconds
        case nil: break
        }
      case .note(let note):
        kind = "note"
        message = note
      }
    }
  }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
