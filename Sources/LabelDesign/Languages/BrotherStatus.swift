/// The 32 bytes that a Brother QL printer sends: as the answer to `ESC i S`, and by itself while it prints (QL-800/810W/820NWB
/// Raster Command Reference, "Status information request").
public struct BrotherStatus: Hashable, Sendable {
  public static let length = 32
  /// What every one begins with.
  static let opening: [UInt8] = [0x80, 0x20, 0x42]

  /// Why it was sent.
  public enum Kind: UInt8, Hashable, Sendable {
    case reply = 0
    case printed = 1
    case error = 2
    case left = 3
    case turnedOff = 4
    case notification = 5
    case phase = 6
  }

  public let kind: Kind
  /// Whether it is printing, rather than receiving.
  public let isPrinting: Bool
  /// What it says, as of any printer.
  public let status: PrinterStatus

  /// Nil for bytes that are no status.
  public init?(_ bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    guard bytes.count == Self.length, bytes.starts(with: Self.opening), let kind = Kind(rawValue: bytes[18]) else {
      return nil
    }
    self.kind = kind
    isPrinting = bytes[19] == 1
    let bits: [(Int, UInt8, PrinterCondition)] = [
      (9, 0x10, .headOpen), (8, 0x01, .mediaOut), (8, 0x02, .mediaOut), (9, 0x01, .wrongMedia), (9, 0x40, .mediaJam),
      (8, 0x04, .cutterJam), (9, 0x02, .bufferFull), (9, 0x08, .bufferFull), (9, 0x20, .overTemperature),
      (8, 0x10, .inUse), (8, 0x20, .turnedOff), (9, 0x04, .transmission), (8, 0x80, .fault), (8, 0x40, .fault),
      (9, 0x80, .fault), (8, 0x08, .fault),
    ]
    var conditions: [PrinterCondition] = []
    for (index, bit, condition) in bits where bytes[index] & bit != 0 && !conditions.contains(condition) {
      conditions.append(condition)
    }
    switch kind {
    case .error: if conditions.isEmpty { conditions.append(.fault) }
    case .turnedOff: if !conditions.contains(.turnedOff) { conditions.append(.turnedOff) }
    // 03: it begins to cool, 04: it has cooled.
    case .notification: if bytes[22] == 3 { conditions.append(.cooling) }
    default: break
    }
    status = PrinterStatus(
      conditions: conditions, isBusy: isPrinting,
      media: bytes[11] == 0 ? nil : .init(width: Int(bytes[10]), length: Int(bytes[17])))
  }
}
