/// Finds out what the bytes of an unknown device look like. Bounded: keeps one unfinished frame of each kind, and a line's beginning.
struct SerialListener: Sendable {
  private(set) var heard = HeardBytes()

  private var chafon = FrameDecoder<ChafonFraming>()
  private var mercury = FrameDecoder<MercuryFraming>()
  private var m100 = FrameDecoder<M100Framing>()
  private var line: [UInt8] = []
  private var lastLine: [UInt8] = []
  /// Bytes that stand in no text.
  private var oddBytes = 0

  /// A line may end so, and have these in it: what scanners put before, between and behind.
  private static let ends: Set<UInt8> = [0x0A, 0x0D, 0x03, 0x04]
  private static let separators: Set<UInt8> = [0x02, 0x09, 0x1C, 0x1D, 0x1E, 0x1F]

  mutating func receive(_ bytes: [UInt8]) {
    heard.count += bytes.count
    for byte in bytes {
      if Self.ends.contains(byte) {
        if !line.isEmpty { lastLine = line }
        line = []
      } else {
        if line.count < 4 * HeardBytes.longestText { line.append(byte) }
        if byte < 0x20 && !Self.separators.contains(byte) || byte == 0x7F { oddBytes += 1 }
      }
    }
    _ = chafon.receive(bytes)
    _ = mercury.receive(bytes)
    _ = m100.receive(bytes)
    judge()
  }

  private mutating func judge() {
    let shown = lastLine.isEmpty ? line : lastLine
    // A frame's check is right by chance once in 65,536; M100's sum, between its two marks, as seldom.
    let frames: [(HeardBytes.Likeness, Int)] = [
      (.m100, m100.statistics.frames), (.mercury, mercury.statistics.frames), (.chafon, chafon.statistics.frames),
    ]
    heard.text = nil
    if let (likeness, count) = frames.max(by: { $0.1 < $1.1 }), count > 0 {
      heard.likeness = likeness
    } else if !shown.isEmpty, oddBytes == 0, String(validating: shown, as: UTF8.self) != nil {
      heard.likeness = .text
      let visible = String(scanned: shown).unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
      let text = String(String.UnicodeScalarView(visible.prefix(HeardBytes.longestText)))
      // A badge is a secret: who sees its text can sign in with it.
      heard.text = text.uppercased().contains("BADGE") ? nil : text
    } else {
      heard.likeness = .unknown
    }
  }
}

/// The conversation with a device that nobody has adopted: it is listened to, and nothing is ever sent.
public struct ListeningConversation: DeviceConversation {
  private var listener = SerialListener()
  /// Since when something was heard that is not told yet.
  private var untoldSince: Duration?

  /// What comes within it is told at once, so that a line is not told by its first packet.
  private static let pause = Duration.milliseconds(300)

  /// A conversation that has heard nothing.
  public init() {}

  public var statistics: WedgeStatistics? { nil }
  public var deadline: Duration? { untoldSince.map { $0 + Self.pause } }

  public mutating func receive(_ bytes: [UInt8], from _: DeviceSource, at now: Duration) -> [DeviceAction] {
    listener.receive(bytes)
    untoldSince = untoldSince ?? now
    return tick(at: now)
  }

  public mutating func tick(at now: Duration) -> [DeviceAction] {
    guard let deadline, now >= deadline else { return [] }
    untoldSince = nil
    return [.heard(listener.heard)]
  }
}
