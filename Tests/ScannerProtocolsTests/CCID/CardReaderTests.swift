import ScannerProtocols
import Testing

struct CardReaderTests {
  private var reader = CardReader(deviceID: "acr122")

  /// RDR_to_PC_DataBlock (CCID 1.1, section 6.2.1).
  private func block(_ sequence: UInt8, _ data: String, status: UInt8 = 0) -> [UInt8] {
    let bytes = hex(data)
    return [0x80, UInt8(bytes.count), 0, 0, 0, 0, sequence, status, 0, 0] + bytes
  }

  /// The answer to reset of a MIFARE Classic card on an ACR122U, as its manual gives it.
  private let atr = "3B8F8001804F0CA000000306030001000000006A"

  @Test mutating func `a card that is laid down is powered on, asked for its number, and told once`() {
    // bMessageType 62, length 0, slot 0, sequence 1, voltage automatic.
    #expect(reader.receive(interrupt: [0x50, 0x03], at: .zero) == [.send(hex("62 00000000 00 01 00 0000"))])
    // The manual's Get UID: FF CA 00 00 00.
    #expect(
      reader.receive(bulk: block(1, atr), at: .zero) == [.send(hex("6F 05000000 00 02 00 0000 FFCA000000"))])
    guard case .card(let number, let scan)? = reader.receive(bulk: block(2, "04A2B3C4D5E680 9000"), at: .zero).first
    else {
      Issue.record("no card")
      return
    }
    #expect(number == hex("04A2B3C4D5E680"))
    #expect(scan.text == "04A2B3C4D5E680")
    #expect(scan.deviceID == "acr122")
    // It lies on: nothing more is told.
    #expect(reader.receive(interrupt: [0x50, 0x01], at: .seconds(1)).isEmpty)
    #expect(reader.receive(interrupt: [0x50, 0x02], at: .seconds(2)) == [.removed])
    #expect(reader.deadline == nil)
  }

  @Test mutating func `bytes come as they like`() {
    _ = reader.start(at: .zero)
    var actions: [CardReader.Action] = []
    for byte in block(1, atr) { actions += reader.receive(bulk: [byte], at: .zero) }
    #expect(actions.count == 1)
  }

  @Test mutating func `no card at the begin is no fault`() {
    _ = reader.start(at: .zero)
    // bmCommandStatus failed, bmICCStatus no ICC present.
    #expect(reader.receive(bulk: block(1, "", status: 0x42), at: .zero).isEmpty)
    #expect(reader.deadline == nil)
  }

  @Test mutating func `a card that cannot be read is told, and so is a reader that does not answer`() {
    _ = reader.start(at: .zero)
    _ = reader.receive(bulk: block(1, atr), at: .zero)
    guard case .fault? = reader.receive(bulk: block(2, "6300"), at: .zero).first else {
      Issue.record("no fault")
      return
    }
    _ = reader.receive(interrupt: [0x50, 0x03], at: .zero)
    #expect(reader.tick(at: .milliseconds(1_999)).isEmpty)
    #expect(reader.tick(at: .seconds(2)).count == 1)
    // An answer that comes too late is passed over.
    #expect(reader.receive(bulk: block(3, atr), at: .seconds(3)).isEmpty)
  }

  @Test func `whatever comes, nothing traps`() {
    var dice = Dice(4)
    var reader = reader
    for step in 0..<20_000 {
      let now = Duration.milliseconds(step * 100)
      let bytes = (0..<dice.roll(20)).map { _ in dice.byte() }
      _ = dice.roll(2) == 0 ? reader.receive(interrupt: [0x50] + bytes, at: now) : reader.receive(bulk: bytes, at: now)
      _ = reader.receive(bulk: [0x80 + UInt8(dice.roll(5))] + bytes, at: now)
      _ = reader.tick(at: now)
    }
  }
}
