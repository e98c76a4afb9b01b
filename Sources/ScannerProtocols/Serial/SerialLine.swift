/// How a serial line is set: what both ends must agree on.
public struct SerialLine: Hashable, Sendable, Codable {
  /// The parity bit.
  public enum Parity: String, Hashable, Sendable, Codable, CaseIterable {
    case none, odd, even, mark, space
  }
  /// The stop bits.
  public enum StopBits: String, Hashable, Sendable, Codable, CaseIterable {
    case one = "1"
    case oneAndAHalf = "1.5"
    case two = "2"
  }

  /// Bits a second.
  public var baudRate: UInt32
  /// 5 to 8.
  public var dataBits: UInt8
  /// The parity bit.
  public var parity: Parity
  /// The stop bits.
  public var stopBits: StopBits
  /// Data terminal ready: most devices send nothing without it.
  public var dtr: Bool
  /// Request to send.
  public var rts: Bool

  /// A line; what is left out is what nearly every device uses.
  public init(
    baudRate: UInt32 = 9_600, dataBits: UInt8 = 8, parity: Parity = .none, stopBits: StopBits = .one, dtr: Bool = true,
    rts: Bool = true
  ) {
    self.baudRate = baudRate
    self.dataBits = dataBits
    self.parity = parity
    self.stopBits = stopBits
    self.dtr = dtr
    self.rts = rts
  }
}

/// Why a line cannot be set.
public enum SerialLineFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The chip cannot make this rate within 3 %.
  case baudRate(UInt32)
  /// The chip cannot do so many data bits.
  case dataBits(UInt8)
  /// The chip cannot do one and a half stop bits.
  case stopBits

  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .baudRate(let rate): "this adapter cannot do \(rate) baud"
    case .dataBits(let bits): "this adapter cannot do \(bits) data bits"
    case .stopBits: "this adapter cannot do one and a half stop bits"
    }
  }
}
