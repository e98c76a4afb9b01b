/// Reads a capture of a device's bytes, all at once or piece by piece, without the device.
///
/// For support: what did these bytes mean? Time does not pass within a capture, so every frame counts as following at once.
public struct CaptureDecoder: Sendable {
  private enum Line: Sendable {
    case keyboard(KeyboardWedge, pending: [UInt8])
    case hidPOS(HIDPOSScanner, pending: [UInt8])
    case serial(SerialScanner)
    case chafon(ChafonReader, FrameDecoder<ChafonFraming>)
    case mercury(FrameDecoder<MercuryFraming>)
    case m100(FrameDecoder<M100Framing>)
    case llrp(FrameDecoder<LLRPFraming>, LLRPTagReportReader)
  }

  private var line: Line

  /// A decoder of one protocol's bytes; `layout` is what a keyboard types for.
  public init(_ captureProtocol: CaptureProtocol, layout: KeyboardLayout = .us) {
    let id = "capture"
    line =
      switch captureProtocol {
      case .keyboard: .keyboard(KeyboardWedge(deviceID: id, configuration: .init(layout: layout)), pending: [])
      case .hidPOS: .hidPOS(HIDPOSScanner(deviceID: id, layout: .honeywell), pending: [])
      case .serial: .serial(SerialScanner(deviceID: id))
      case .chafon18: .chafon(ChafonReader(model: .uhfReader18), FrameDecoder())
      case .chafon288: .chafon(ChafonReader(model: .uhfReader288), FrameDecoder())
      case .mercury: .mercury(FrameDecoder())
      case .m100: .m100(FrameDecoder())
      case .llrp: .llrp(FrameDecoder(), LLRPTagReportReader())
      }
  }

  /// What was dropped, of a protocol that has frames.
  public var statistics: FramingStatistics {
    switch line {
    case .keyboard, .hidPOS, .serial: FramingStatistics()
    case .chafon(_, let decoder): decoder.statistics
    case .mercury(let decoder): decoder.statistics
    case .m100(let decoder): decoder.statistics
    case .llrp(let decoder, _): decoder.statistics
    }
  }

  /// Takes bytes of the capture.
  public mutating func receive(_ bytes: [UInt8]) -> [CapturedReading] {
    switch line {
    case .keyboard(var wedge, var pending):
      let reports = Self.reports(&pending, bytes, KeyboardReport.length)
      let readings = reports.flatMap { wedge.receive(report: $0, at: .zero) }.map(CapturedReading.init)
      line = .keyboard(wedge, pending: pending)
      return readings
    case .hidPOS(var scanner, var pending):
      let readings = Self.reports(&pending, bytes, 64).flatMap { scanner.receive(report: $0, at: .zero) }
        .map(CapturedReading.init)
      line = .hidPOS(scanner, pending: pending)
      return readings
    case .serial(var scanner):
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
    case .keyboard(var wedge, let pending):
      readings = wedge.tick(at: later).map(CapturedReading.init)
      if !pending.isEmpty { readings.append(.note("\(pending.count) bytes of a report at the end")) }
    case .hidPOS(var scanner, let pending):
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
