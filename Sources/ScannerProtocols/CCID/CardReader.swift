/// A contactless card reader that speaks CCID, such as ACS's ACR122U: whose badge was laid on it?
///
/// Decides and does nothing: the caller sends what it is told to send, and feeds in bytes and time. Each card is told once, when
/// it is laid down.
public struct CardReader: Sendable {
  /// What the caller is to do.
  public enum Action: Hashable, Sendable {
    /// Send these bytes by the bulk endpoint.
    case send([UInt8])
    /// A card was laid down: its number (UID), and the same in hexadecimal as the scan's text.
    case card([UInt8], ScannedText)
    /// The card was taken away.
    case removed
    /// Something is wrong that the operator can mend.
    case fault(String)
  }

  private enum State: Hashable, Sendable {
    case empty
    case poweringOn(UInt8)
    case askingNumber(UInt8)
    case told
  }

  /// The device.
  public let deviceID: String
  /// What was seen so far.
  public private(set) var statistics = WedgeStatistics()

  private let timeout: Duration
  private var decoder = FrameDecoder<CCIDFraming>()
  private var state = State.empty
  private var sequence: UInt8 = 0
  private var due: Duration?

  /// RDR_to_PC_NotifySlotChange.
  static let slotChange: UInt8 = 0x50
  /// Get Data: the card's number (PC/SC part 3, section 3.2.2.1.3).
  private static let getNumber: [UInt8] = [0xFF, 0xCA, 0x00, 0x00, 0x00]

  /// A reader without a card. `timeout` is how long an answer may take.
  public init(deviceID: String, timeout: Duration = .seconds(2)) {
    self.deviceID = deviceID
    self.timeout = timeout
  }

  /// When `tick(at:)` is due, or nil while nothing is waited for.
  public var deadline: Duration? { due }

  /// Begins: a card may lie on the reader already.
  public mutating func start(at now: Duration) -> [Action] { powerOn(at: now) }

  /// Takes what the interrupt endpoint brought: RDR_to_PC_NotifySlotChange (50), two bits a slot.
  public mutating func receive(interrupt bytes: [UInt8], at now: Duration) -> [Action] {
    statistics.reports += 1
    guard bytes.count >= 2, bytes[0] == Self.slotChange else {
      statistics.garbageReports += 1
      return []
    }
    if bytes[1] & 1 == 0 {
      defer { (state, due) = (.empty, nil) }
      return state == .told ? [.removed] : []
    }
    // A card that was changed without having been missed is another card.
    guard state == .empty || bytes[1] & 2 != 0 else { return [] }
    return powerOn(at: now)
  }

  /// Takes what the bulk endpoint brought.
  public mutating func receive(bulk bytes: [UInt8], at now: Duration) -> [Action] {
    decoder.receive(bytes).flatMap { take($0, at: now) }
  }

  /// Gives up what is not answered.
  public mutating func tick(at now: Duration) -> [Action] {
    guard let due, now >= due else { return [] }
    decoder.silence()
    (state, self.due) = (.empty, nil)
    return [.fault("the card reader does not answer; lay the card down again")]
  }

  private mutating func take(_ message: CCIDMessage, at now: Duration) -> [Action] {
    switch state {
    case .poweringOn(let asked) where asked == message.sequence:
      guard message.isSuccess, message.hasCard else {
        (state, due) = (.empty, nil)
        return []
      }
      let asking = CCIDMessage.transfer(Self.getNumber, sequence: next())
      state = .askingNumber(asking.sequence)
      due = now + timeout
      return [.send(asking.bytes)]
    case .askingNumber(let asked) where asked == message.sequence: return number(message)
    default: return []
    }
  }

  /// The number, then 90 00.
  private mutating func number(_ message: CCIDMessage) -> [Action] {
    due = nil
    let data = message.data
    guard message.isSuccess, data.count > 2, data.count <= 12, data.suffix(2) == [0x90, 0x00] else {
      state = .empty
      return [.fault("the card cannot be read; hold it still")]
    }
    state = .told
    let number = Array(data.dropLast(2))
    let text = number.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    statistics.scans += 1
    statistics.characters += text.utf8.count
    return [
      .card(
        number,
        ScannedText(
          text: text, raw: message.bytes, deviceID: deviceID, terminated: true, followsFault: false,
          statistics: statistics))
    ]
  }

  private mutating func powerOn(at now: Duration) -> [Action] {
    let asking = CCIDMessage.powerOn(sequence: next())
    state = .poweringOn(asking.sequence)
    due = now + timeout
    return [.send(asking.bytes)]
  }

  private mutating func next() -> UInt8 {
    sequence &+= 1
    return sequence
  }
}
