/// What the projection of a ledger asks of where it is kept: on a station, at the centre, in memory. All calls for one
/// event are made inside one transaction, and nothing here judges.
public protocol CustodyProjection: AnyObject {
  /// The asset as it is projected; nil for none, and for an alias.
  func asset(_ id: AssetID) throws -> Asset?
  /// The asset that this id is an alias of; nil when it is none.
  func canonical(of id: AssetID) throws -> AssetID?
  /// All events about an id that stand rightly in their chains, each once, in any order, also those that wait.
  func events(about id: AssetID) throws -> [CustodyEvent]
  /// Whether there is any event about an id, other than `event`.
  func hasEvents(about id: AssetID, besides event: EventID) throws -> Bool
  /// The projected assets that carry a serial number, of whatever maker; in any order.
  func assets(withSerial serial: String) throws -> [AssetID]
  /// Makes the projection say what `after` says; nil takes the asset out of it.
  func project(_ after: Asset?, of id: AssetID, replacing before: Asset?) throws
  /// Says that an id is an alias of another; nil that it is not.
  func setCanonical(_ canonical: AssetID?, of id: AssetID) throws
  /// What an event is in the projection.
  func standpoint(of event: CustodyEvent) throws -> Standpoint?
  /// Says what an event is in the projection.
  func set(_ standpoint: Standpoint, of event: CustodyEvent) throws
  /// What is recorded of discrepancies, open and ended, oldest first.
  func discrepancies(about subject: DiscrepancySubject) throws -> [RecordedDiscrepancy]
  /// Writes down that one was opened, has changed or has ended at this moment. One that ends stays in the record.
  func write(_ change: RecordedDiscrepancy.Change, about subject: DiscrepancySubject, at moment: Instant) throws
}
