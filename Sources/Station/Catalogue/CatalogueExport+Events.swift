import Custody
import CustodyLedger
import StationStore

extension CatalogueExport {
  private static let eventColumns = [
    "arrival", "time", "type", "asset tag", "serial number", "from state", "to state", "from custodian", "to custodian",
    "from location", "to location", "operator", "witness", "authentication", "site", "station", "epoch", "seq",
    "clock trust", "event id", "asset id", "corrects", "details", "entry hash", "log index", "not applied because",
  ]

  /// Writes all events that the station knows, its own and others', oldest first. Gives back how many.
  @discardableResult
  public func events(as format: Format, to sink: Sink) async throws -> Int {
    let people = try await store.read { snapshot in
      Dictionary(uniqueKeysWithValues: try snapshot.people().map { ($0.id, $0) })
    }
    var csv = CSVWriter()
    var json = JSONArrayWriter()
    if format == .csv {
      csv.append(Self.eventColumns)
      try await sink(csv.take())
    }
    var arrival: Int64 = 0
    var count = 0
    while true {
      let after = arrival
      let (rows, marks) = try await store.read { snapshot in
        let rows = try snapshot.entries(after: after, limit: Self.page)
        var marks: [AssetID: (tag: String?, serial: String?)] = [:]
        for row in rows where marks[row.event.asset] == nil {
          marks[row.event.asset] = try snapshot.tagAndSerial(of: row.event.asset)
        }
        return (rows, marks)
      }
      guard let newest = rows.last else { break }
      var bytes: [UInt8] = []
      for row in rows {
        switch format {
        case .csv: csv.append(try Self.cells(of: row, marks[row.event.asset], people))
        case .json: bytes += try json.element(ExportedEvent(row))
        }
      }
      try await sink(format == .csv ? csv.take() : bytes)
      count += rows.count
      arrival = newest.arrival
    }
    if format == .json { try await sink(json.end()) }
    return count
  }

  private static func cells(
    of row: EntryRow, _ marks: (tag: String?, serial: String?)?, _ people: [PersonID: Person]
  ) throws -> [String?] {
    let event = row.event
    func name(_ person: PersonID?) -> String? { person.map { Custodian.person($0).words(people) } }
    return [
      String(row.arrival), event.wallClock.description, event.verb.rawValue, marks?.tag, marks?.serial,
      event.from?.state.rawValue, event.to?.state.rawValue, event.from?.custodian?.words(people),
      event.to?.custodian?.words(people), event.from?.location?.text, event.to?.location?.text, name(event.operator),
      name(event.witness), event.authStrength.rawValue, event.site.text, event.station.text, String(event.epoch),
      String(event.seq), event.clockTrust.rawValue, event.eventID.description, event.asset.description,
      event.corrects?.description, try details(of: event), row.hash, row.logIndex.map { String($0) }, row.misfit,
    ]
  }

  private static func details(of event: CustodyEvent) throws -> String {
    String(decoding: try CanonicalEncoder().encode(OnlyDetails(details: event.details)), as: UTF8.self)
  }
}

/// The details of an event as an object of their own.
private struct OnlyDetails: Encodable {
  let details: EventDetails

  private enum CodingKeys: String, CodingKey { case details }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try details.encode(to: &container, forKey: .details)
  }
}

/// An event as JSON: what was signed, and under `entry` how it is kept here.
private struct ExportedEvent: Encodable {
  struct Entry: Encodable {
    let arrival: Int64
    let hash: String
    let logIndex: Int64?
    let misfit: String?
  }

  let event: CustodyEvent
  let entry: Entry

  init(_ row: EntryRow) {
    event = row.event
    entry = Entry(arrival: row.arrival, hash: row.hash, logIndex: row.logIndex, misfit: row.misfit)
  }
}
