import Custody
import Foundation
import GRDB

/// A state in which an asset waits for what somebody does next.
public enum WaitingState: String, Hashable, Sendable, CaseIterable {
  /// For triage.
  case quarantined
  /// For the repairer.
  case inRepair
  /// For its arrival.
  case inTransit
}

/// A place in a list of waiting assets: when the asset changed last, then its id.
public struct WaitingPlace: Hashable, Sendable {
  public let changedAt: Instant
  public let asset: AssetID

  /// A place.
  public init(changedAt: Instant, asset: AssetID) {
    self.changedAt = changedAt
    self.asset = asset
  }
}

extension StoreReading {
  /// Assets that wait in a state, those first that nothing was done with for longest, behind a place in that order.
  public func waiting(in state: WaitingState, after place: WaitingPlace? = nil, limit: Int) throws -> [Asset] {
    // The state stands in the text: the index of waiting assets is for these states alone.
    var sql = "SELECT doc FROM asset WHERE state = '\(state.rawValue)'"
    var arguments: StatementArguments = []
    if let place {
      sql += " AND (changed_at, id) > (?, ?)"
      arguments += [place.changedAt.milliseconds, place.asset]
    }
    arguments += [limit]
    return try Data.fetchAll(
      db.cachedStatement(sql: sql + " ORDER BY changed_at, id LIMIT ?"), arguments: arguments
    ).map { try Asset(document: $0) }
  }

  /// How many assets wait in a state.
  public func waitingCount(in state: WaitingState) throws -> Int {
    try Int.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM asset WHERE state = '\(state.rawValue)'")) ?? 0
  }

  /// The newest entry of an asset that is one of these acts and counts; nil when this station has none.
  public func newestEntry(of asset: AssetID, among verbs: Set<Verb>) throws -> EntryRow? {
    // Words of a closed set, which stand in the text. An asset has few entries: the plus keeps SQLite to their index, for one by type
    // would lead through everybody’s.
    let types = verbs.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
    return try rows(
      db.cachedStatement(
        sql: """
          SELECT arrival, bytes, hash, log_index, proof_size IS NOT NULL AS is_proved, misfit FROM entry
          WHERE (asset = ?1 OR asset IN (SELECT id FROM alias WHERE canonical = ?1)) AND +type IN (\(types))
            AND misfit IS NULL ORDER BY arrival DESC LIMIT 1
          """), [asset]
    ).first
  }

  /// The newest transfers before an arrival number, newest first.
  public func transfers(before arrival: Int64 = .max, limit: Int) throws -> [EntryRow] {
    try rows(
      db.cachedStatement(
        sql: """
          SELECT arrival, bytes, hash, log_index, proof_size IS NOT NULL AS is_proved, misfit FROM entry
          WHERE type IN ('deploy', 'transfer', 'return') AND type = 'transfer' AND arrival < ?
          ORDER BY arrival DESC LIMIT ?
          """), [arrival, limit])
  }

  /// Entries that a person acknowledged, newest first, among the newest `within` hand-overs of each kind: deployments, transfers,
  /// returns.
  public func handOvers(acknowledgedBy person: PersonID, within: Int, limit: Int) throws -> [EntryRow] {
    // In an entry's canonical form an acknowledgement names its person after its method; a custodian stands alone.
    let word = Data(",\"person\":\"\(person)\"".utf8)
    var found: [EntryRow] = []
    for verb in [Verb.deploy, .transfer, .return] {
      found += try rows(
        db.cachedStatement(
          sql: """
            SELECT arrival, bytes, hash, log_index, proof_size IS NOT NULL AS is_proved, misfit FROM entry
            WHERE arrival IN (
              SELECT arrival FROM entry WHERE type IN ('deploy', 'transfer', 'return') AND type = '\(verb.rawValue)'
              ORDER BY arrival DESC LIMIT ?
            ) AND instr(bytes, ?) > 0 ORDER BY arrival DESC LIMIT ?
            """), [within, word, limit])
    }
    return Array(found.sorted { $0.arrival > $1.arrival }.prefix(limit))
  }
}
