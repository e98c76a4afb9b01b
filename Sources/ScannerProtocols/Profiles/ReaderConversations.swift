/// A UHF reader's side of a conversation.
struct ReaderConversation<Reader: UHFReaderProtocol>: DeviceConversation {
  var session: UHFReaderSession<Reader>

  init(_ reader: Reader, _ settings: ReaderSettings) {
    session = UHFReaderSession(
      reader: reader,
      configuration: settings.isUnknown ? .probing : .init(region: settings.region, power: settings.power))
  }

  var statistics: WedgeStatistics? { nil }
  var deadline: Duration? { session.deadline }
  var farewell: [UInt8] { session.farewell }

  mutating func start(at now: Duration) -> [DeviceAction] { session.start(at: now).map(Self.action) }
  mutating func receive(_ bytes: [UInt8], from _: DeviceSource, at now: Duration) -> [DeviceAction] {
    session.receive(bytes, at: now).map(Self.action)
  }
  mutating func tick(at now: Duration) -> [DeviceAction] { session.tick(at: now).map(Self.action) }
  mutating func perform(_ job: TagMemoryJob, at now: Duration) -> [DeviceAction]? {
    session.perform(job, at: now).map(Self.action)
  }

  private static func action(_ action: UHFReaderSession<Reader>.Action) -> DeviceAction {
    switch action {
    case .send(let bytes): .send(bytes)
    case .identified(let identity): .identified(identity)
    case .tags(let tags): .tags(tags)
    case .finished(let job, let outcome): .finished(job, outcome)
    case .fault(let text): .fault(text)
    case .well: .well
    case .lost: .lost
    }
  }
}

/// A card reader's.
struct CardConversation: DeviceConversation {
  var reader: CardReader

  var statistics: WedgeStatistics? { reader.statistics }
  var deadline: Duration? { reader.deadline }

  mutating func start(at now: Duration) -> [DeviceAction] { reader.start(at: now).compactMap(Self.action) }
  mutating func receive(_ bytes: [UInt8], from source: DeviceSource, at now: Duration) -> [DeviceAction] {
    let actions =
      source == .notices ? reader.receive(interrupt: bytes, at: now) : reader.receive(bulk: bytes, at: now)
    return actions.compactMap(Self.action)
  }
  mutating func tick(at now: Duration) -> [DeviceAction] { reader.tick(at: now).compactMap(Self.action) }

  private static func action(_ action: CardReader.Action) -> DeviceAction? {
    switch action {
    case .send(let bytes): .send(bytes)
    case .card(_, let scan): .scan(scan)
    case .fault(let text): .fault(text)
    case .removed: nil
    }
  }
}
