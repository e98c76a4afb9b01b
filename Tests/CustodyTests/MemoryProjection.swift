import Custody

/// A projection in memory. What it holds is a value, so that a test can go back to an earlier one.
final class MemoryProjection: CustodyProjection {
  struct State: Hashable {
    var events: [EventID: CustodyEvent] = [:]
    var standpoints: [EventID: Standpoint] = [:]
    var assets: [AssetID: Asset] = [:]
    var canonical: [AssetID: AssetID] = [:]
  }

  var state = State()
  /// What is recorded of discrepancies: depends on the order of arrival, as a log index does.
  var recorded: [RecordedDiscrepancy] = []

  /// Takes an event that nobody has taken yet.
  @discardableResult
  func receive(_ event: CustodyEvent, at moment: Instant = Instant(milliseconds: 0)) throws -> [EventID: Standpoint] {
    state.events[event.eventID] = event
    return try take(event, at: moment)
  }

  func asset(_ id: AssetID) throws -> Asset? { state.assets[id] }
  func canonical(of id: AssetID) throws -> AssetID? { state.canonical[id] }
  func events(about id: AssetID) throws -> [CustodyEvent] { state.events.values.filter { $0.asset == id } }
  func hasEvents(about id: AssetID, besides event: EventID) throws -> Bool {
    state.events.values.contains { $0.asset == id && $0.eventID != event }
  }
  func assets(withSerial serial: String) throws -> [AssetID] {
    state.assets.values.filter { $0.identifiers.contains(BoundIdentifier(.serial, serial)) }.map(\.id)
  }
  func project(_ after: Asset?, of id: AssetID, replacing before: Asset?) throws { state.assets[id] = after }
  func setCanonical(_ canonical: AssetID?, of id: AssetID) throws { state.canonical[id] = canonical }
  func standpoint(of event: CustodyEvent) throws -> Standpoint? { state.standpoints[event.eventID] }
  func set(_ standpoint: Standpoint, of event: CustodyEvent) throws { state.standpoints[event.eventID] = standpoint }
  func discrepancies(about subject: DiscrepancySubject) throws -> [RecordedDiscrepancy] {
    recorded.filter { $0.subject == subject }
  }
  func write(_ change: RecordedDiscrepancy.Change, about subject: DiscrepancySubject, at moment: Instant) throws {
    func insert(_ discrepancy: Discrepancy, _ end: EventID?) {
      recorded.append(
        RecordedDiscrepancy(
          id: Int64(recorded.count + 1), discrepancy: discrepancy, subject: subject, openedAt: moment,
          settledAt: end == nil ? nil : moment, settledBy: end))
    }
    switch change {
    case .open(let discrepancy): insert(discrepancy, nil)
    case .openAndEnd(let discrepancy, let event): insert(discrepancy, event)
    case .become(let id, let discrepancy): recorded[Int(id) - 1].discrepancy = discrepancy
    case .end(let id, let event):
      recorded[Int(id) - 1].settledAt = moment
      recorded[Int(id) - 1].settledBy = event
    }
  }
}

extension MemoryProjection.State {
  /// Everything in it, always written alike: 64 bits of FNV-1a over the text.
  var hash: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ text: String) {
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    for (id, standpoint) in standpoints.sorted(by: { $0.key < $1.key }) { add("\(id) \(standpoint);") }
    for (id, canonical) in canonical.sorted(by: { $0.key < $1.key }) { add("\(id) is \(canonical);") }
    for (_, asset) in assets.sorted(by: { $0.key < $1.key }) {
      var plain = asset
      plain.sanitized = [:]
      plain.facts.custom = nil
      plain.mediaExposedAt = nil
      add("\(plain)")
      for (serial, outcome) in asset.sanitized.sorted(by: { $0.key < $1.key }) { add("\(serial) \(outcome)") }
      let exposed = (asset.mediaExposedAt ?? [:]).sorted { $0.key < $1.key }
      for (serial, moment) in exposed { add("\(serial) \(moment)") }
      for (name, value) in (asset.facts.custom ?? [:]).sorted(by: { $0.key < $1.key }) { add("\(name)=\(value)") }
    }
    return hash
  }
}
