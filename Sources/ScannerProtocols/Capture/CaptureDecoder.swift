/// Reads a capture of a device's bytes, all at once or piece by piece, without the device.
///
/// For support: what did these bytes mean? Time does not pass within a capture, so every frame counts as following at once.
public struct CaptureDecoder: Sendable {
  private enum Line: Sendable {
    case keyboard(KeyboardWedge, HIDKeyboard?, pending: [UInt8])
    case hidPOS(HIDPOSScanner, length: Int, pending: [UInt8])
    case serial(SerialScanner)
    case chafon(ChafonReader, FrameDecoder<ChafonFraming>)
    case mercury(FrameDecoder<MercuryFraming>)
    case m100(FrameDecoder<M100Framing>)
    case cardReader(CardReader, pending: [UInt8])
    case llrp(FrameDecoder<LLRPFraming>, LLRPTagReportReader)
    /// While its decoder is at work: two owners of a buffer would copy it with every piece that comes.
    case atWork
  }

  private var line: Line
  /// Bytes of a serial line that stand in no text, and of a card reader that stand in no message.
  private var oddBytes = 0

  private static let id = "capture"
  private static let textControls: Set<UInt8> = [0, 2, 3, 4, 6, 9, 10, 13, 28, 29, 30, 31]

  /// A decoder of one protocol's bytes; `layout` is what a keyboard types for.
  public init(_ captureProtocol: CaptureProtocol, layout: KeyboardLayout = .us) {
    line =
      switch captureProtocol {
      case .keyboard:
        .keyboard(KeyboardWedge(deviceID: Self.id, configuration: .init(layout: layout)), nil, pending: [])
      case .hidPOS: Self.hidPOS(.honeywell)
      case .serial: .serial(SerialScanner(deviceID: Self.id))
      case .chafon18: Self.reader(.chafon18)
      case .chafon288: Self.reader(.chafon288)
      case .mercury: Self.reader(.mercury)
      case .m100: Self.reader(.m100)
      case .ccid: Self.cardReader()
      case .llrp: .llrp(FrameDecoder(), LLRPTagReportReader())
      }
  }

  /// A decoder of what a device of this profile sends. `reportDescriptor` is the device's, where its profile needs one.
  ///
  /// - Throws: `CaptureFault` when the descriptor is needed and is none.
  public init(_ profile: DeviceProfile, reportDescriptor: [UInt8]? = nil) throws(CaptureFault) {
    switch profile.deviceProtocol {
    case .keyboard(let configuration):
      var keyboard: HIDKeyboard?
      if let reportDescriptor {
        keyboard = HIDKeyboard(try HIDReportDescriptor(ofDevice: reportDescriptor))
        guard keyboard != nil else { throw .noKeys }
      }
      line = .keyboard(KeyboardWedge(deviceID: Self.id, configuration: configuration), keyboard, pending: [])
    case .hidPOS(let form): line = Self.hidPOS(try HIDPOSLayout(form, reportDescriptor: reportDescriptor))
    case .serial(let configuration, _): line = .serial(SerialScanner(deviceID: Self.id, configuration: configuration))
    case .reader(let model, _, _): line = Self.reader(model)
    case .cardReader: line = Self.cardReader()
    case .llrp: line = .llrp(FrameDecoder(), LLRPTagReportReader())
    }
  }

  private static func hidPOS(_ layout: HIDPOSLayout) -> Line {
    .hidPOS(
      HIDPOSScanner(deviceID: id, layout: layout), length: layout.reports.map(\.length).max() ?? 64, pending: [])
  }

  private static func reader(_ model: UHFReaderModel) -> Line {
    switch model {
    case .chafon18: .chafon(ChafonReader(model: .uhfReader18), FrameDecoder())
    case .chafon288: .chafon(ChafonReader(model: .uhfReader288), FrameDecoder())
    case .mercury: .mercury(FrameDecoder())
    case .m100: .m100(FrameDecoder())
    }
  }

  /// The capture begins when the reader is first asked, so that its numbers are those of our questions.
  private static func cardReader() -> Line {
    var reader = CardReader(deviceID: id)
    _ = reader.start(at: .zero)
    return .cardReader(reader, pending: [])
  }

  /// What was dropped, of a protocol that has frames.
  public var statistics: FramingStatistics {
    switch line {
    case .keyboard, .hidPOS, .serial, .cardReader, .atWork: FramingStatistics()
    case .chafon(_, let decoder): decoder.statistics
    case .mercury(let decoder): decoder.statistics
    case .m100(let decoder): decoder.statistics
    case .llrp(let decoder, _): decoder.statistics
    }
  }

  /// What of the capture could not be read, a sentence each; empty where all was.
  public var losses: [String] {
    switch line {
    case .keyboard(let wedge, _, _):
      Self.losses(wedge.statistics.garbageReports, "report is", "reports are", "no keyboard's")
        + Self.losses(wedge.statistics.unmappedKeys, "key press has", "key presses have", "no character in this layout")
    case .hidPOS(let scanner, _, _):
      Self.losses(scanner.statistics.garbageReports, "report is", "reports are", "no scanner's")
    case .serial: Self.losses(oddBytes, "byte belongs", "bytes belong", "to no text")
    case .cardReader: Self.losses(oddBytes, "byte belongs", "bytes belong", "to no message")
    case .chafon, .mercury, .m100, .llrp, .atWork:
      Self.losses(statistics.droppedBytes, "byte belongs", "bytes belong", "to no frame")
        + Self.losses(statistics.badChecksums, "frame has", "frames have", "a wrong checksum")
    }
  }

  private static func losses(_ count: Int, _ one: String, _ many: String, _ what: String) -> [String] {
    count == 0 ? [] : ["\(count) \(count == 1 ? one : many) \(what)"]
  }

  /// Takes bytes of the capture.
  public mutating func receive(_ bytes: [UInt8]) -> [CapturedReading] {
    let decoder = line
    line = .atWork
    switch consume decoder {
    case .atWork: return []
    case .keyboard(var wedge, let keyboard?, var pending):
      pending += bytes
      var actions: [ScannerAction] = []
      while let first = pending.first {
        // What begins no report of the device's is dropped.
        let length = keyboard.length(ofReportWith: first) ?? pending.count
        guard pending.count >= length else { break }
        if let report = keyboard.bootReport(from: Array(pending.prefix(length))) {
          actions += wedge.receive(report: report, at: .zero)
        }
        pending.removeFirst(length)
      }
      line = .keyboard(wedge, keyboard, pending: pending)
      return actions.map(CapturedReading.init)
    case .keyboard(var wedge, nil, var pending):
      let reports = Self.reports(&pending, bytes, KeyboardReport.length)
      let readings = reports.flatMap { wedge.receive(report: $0, at: .zero) }.map(CapturedReading.init)
      line = .keyboard(wedge, nil, pending: pending)
      return readings
    case .hidPOS(var scanner, let length, var pending):
      let readings = Self.reports(&pending, bytes, length).flatMap { scanner.receive(report: $0, at: .zero) }
        .map(CapturedReading.init)
      line = .hidPOS(scanner, length: length, pending: pending)
      return readings
    case .serial(var scanner):
      // What stands between the lines and parts of a text: STX … EOT, TAB to CR, FS to US.
      oddBytes += bytes.count { ($0 < 0x20 || $0 == 0x7F) && !Self.textControls.contains($0) }
      let readings = scanner.receive(bytes, at: .zero).map(CapturedReading.init)
      line = .serial(scanner)
      return readings
    case .chafon(let reader, var decoder):
      let readings = decoder.receive(bytes).flatMap { Self.readings(reader.answer($0)) }
      line = .chafon(reader, decoder)
      return readings
    case .mercury(var decoder):
      let readings = decoder.receive(bytes).flatMap { Self.readings(MercuryReader().answer($0)) }
      line = .mercury(decoder)
      return readings
    case .m100(var decoder):
      let readings = decoder.receive(bytes).flatMap { Self.readings(M100Reader().answer($0)) }
      line = .m100(decoder)
      return readings
    case .cardReader(var reader, var pending):
      let messages = Self.messages(&pending, bytes)
      oddBytes += messages.count { $0.count == 1 }
      let readings = messages.flatMap { reader.take(captured: $0) }
      line = .cardReader(reader, pending: pending)
      return readings
    case .llrp(var decoder, var reader):
      let readings = decoder.receive(bytes).flatMap { Self.readings($0, &reader) }
      line = .llrp(decoder, reader)
      return readings
    }
  }

  /// Ends the capture: what waits for a terminator is a scan all the same, what is half a frame is dropped.
  public mutating func end() -> [CapturedReading] {
    let later = Duration.seconds(3_600)
    var readings: [CapturedReading] = []
    switch line {
    case .atWork: break
    case .keyboard(var wedge, _, let pending):
      readings = wedge.tick(at: later).map(CapturedReading.init)
      if !pending.isEmpty { readings.append(.note("\(pending.count) bytes of a report at the end")) }
    case .hidPOS(var scanner, _, let pending):
      readings = scanner.tick(at: later).map(CapturedReading.init)
      if !pending.isEmpty { readings.append(.note("\(pending.count) bytes of a report at the end")) }
    case .serial(var scanner): readings = scanner.tick(at: later).map(CapturedReading.init)
    case .chafon(let reader, var decoder):
      decoder.silence { readings += Self.readings(reader.answer($0)) }
      line = .chafon(reader, decoder)
    case .mercury(var decoder):
      decoder.silence { readings += Self.readings(MercuryReader().answer($0)) }
      line = .mercury(decoder)
    case .m100(var decoder):
      decoder.silence { readings += Self.readings(M100Reader().answer($0)) }
      line = .m100(decoder)
    case .cardReader(_, let pending):
      if !pending.isEmpty { readings.append(.note("\(pending.count) bytes of a message at the end")) }
    case .llrp(var decoder, var reader):
      decoder.silence { readings += Self.readings($0, &reader) }
      line = .llrp(decoder, reader)
    }
    return readings
  }

  private static func reports(_ pending: inout [UInt8], _ bytes: [UInt8], _ length: Int) -> [[UInt8]] {
    pending += bytes
    let whole = pending.count / length * length
    defer { pending.removeFirst(whole) }
    return stride(from: 0, to: whole, by: length).map { Array(pending[$0..<($0 + length)]) }
  }

  /// Notices of the interrupt endpoint (two bytes) and messages of the bulk endpoint, as they were captured in turn.
  private static func messages(_ pending: inout [UInt8], _ bytes: [UInt8]) -> [[UInt8]] {
    pending += bytes
    var messages: [[UInt8]] = []
    while let first = pending.first {
      var length = 1
      if first == CardReader.slotChange {
        length = 2
      } else if case .frame(_, let whole) = CCIDFraming.judge(pending[...]) {
        length = whole
      } else if case .incomplete = CCIDFraming.judge(pending[...]) {
        break
      }
      guard pending.count >= length else { break }
      messages.append(Array(pending.prefix(length)))
      pending.removeFirst(length)
    }
    return messages
  }

  private static func readings(_ answer: ReaderAnswer) -> [CapturedReading] {
    switch answer {
    case .tags(let tags, _): tags.map(CapturedReading.tag)
    case .noTag: []
    case .keepAlive: [.note("sign of life")]
    case .done: [.note("done")]
    case .memory(let bytes): [.note("memory " + bytes.map(Self.digits).joined())]
    case .identity(let identity):
      [.note([identity.model, identity.firmware].compactMap { $0 }.joined(separator: ", "))]
    case .refused(let refusal): [.note("\(refusal)")]
    case .unreadable(let reason): [.note("unreadable: \(reason)")]
    }
  }

  private static func readings(
    _ message: LLRPMessage, _ reader: inout LLRPTagReportReader
  ) -> [CapturedReading] {
    do throws(LLRPFault) {
      if message.type == 61 { return try reader.read(message).map { .tag($0.tag) } }
      guard let content = try message.content() else { return [.note(message.name)] }
      let inner = content.first("ReaderEventNotificationData")?.parameters.map(\.name) ?? []
      let status = LLRPStatus(content).map { ["\($0)"] } ?? []
      return [.note(([message.name] + inner + status).joined(separator: " "))]
    } catch {
      return [.note("\(error)")]
    }
  }

  private static func digits(_ byte: UInt8) -> String {
    byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16)
  }
}

extension CapturedReading {
  init(_ action: ScannerAction) {
    switch action {
    case .scan(let scan): self = .scan(scan)
    case .rejected(let rejected): self = .rejected(rejected)
    }
  }
}

extension CardReader {
  fileprivate mutating func take(captured message: [UInt8]) -> [CapturedReading] {
    let actions =
      message.first == Self.slotChange
      ? receive(interrupt: message, at: .zero) : receive(bulk: message, at: .zero)
    return actions.compactMap { action in
      switch action {
      case .card(_, let scan): .scan(scan)
      case .removed: .note("the card was taken away")
      case .fault(let text): .note(text)
      case .send: nil
      }
    }
  }
}
