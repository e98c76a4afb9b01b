import Custody
import CustodyLedger
import Foundation
import GRDB
import StockCounting
import TamperEvidence

extension StoredCount {
  init(_ row: Row) throws {
    id = row["id"]
    scope = try decoded(row["scope"])
    blind = row["blind"]
    recountOf = row["recount_of"]
    expected = row["expected"]
    openedAt = Instant(milliseconds: row["opened_at"])
    openedBy = row["opened_by"]
    revision = row["revision"]
    guard let closedAt: Int64 = row["closed_at"] else {
      ending = nil
      return
    }
    let entry: Data = row["entry"]
    guard let hash = EntryHash(bytes: entry) else {
      throw StoreFault.damaged(reason: "a count's closing names no entry")
    }
    ending = Ending(
      at: Instant(milliseconds: closedAt), by: row["closed_by"], outstanding: row["outstanding"],
      tally: try decoded(row["tally"]), observations: row["observations"], file: row["file"], entry: hash)
  }
}

extension StoredCountLine {
  init(_ row: Row) throws {
    let asset: Data = row["asset"]
    let subject: CountLine.Subject
    if asset.isEmpty {
      subject = .code(row["code"])
    } else {
      subject = .asset(row["asset"])
    }
    let place: String? = row["place"]
    var sighting: CountLine.Sighting?
    if let observation: ObservationID = row["observation"] {
      let means: String = row["means"]
      sighting = CountLine.Sighting(
        observation: observation, place: place.flatMap(LocationCode.init), at: Instant(milliseconds: row["at"]),
        counter: row["counter"], means: try known(means))
    }
    line = CountLine(
      subject: subject, result: try CountLine.Result(stored: row["result"]),
      recorded: try (row["recorded"] as Data?).map { try decoded($0) }, sighting: sighting,
      isProvisional: row["provisional"], observations: row["observations"],
      marks: try (row["marks"] as Data?).map { try decoded($0) } ?? [],
      candidates: try (row["candidates"] as Data?).map { try decoded($0) } ?? [])
    isExpected = row["expected"]
    let acceptedAt: Int64? = row["accepted_at"]
    accepted = acceptedAt.map {
      Accepted(at: Instant(milliseconds: $0), by: row["accepted_by"], event: row["event"])
    }
  }
}

extension Observation {
  init(_ row: Row) throws {
    let place: String? = row["place"]
    let means: String = row["means"]
    let asset: AssetID? = row["asset"]
    let several: [AssetID]? = try (row["several"] as Data?).map { try decoded($0) }
    let stock: String? = row["consumable"]
    let sighting = stock.flatMap(ConsumableCode.init).map {
      ConsumableSighting(code: $0, quantity: row["quantity"], undoes: row["undoes"])
    }
    self.init(
      id: row["id"], counter: row["counter"], at: Instant(milliseconds: row["at"]),
      place: place.flatMap(LocationCode.init), means: try known(means), text: row["text"], mark: row["mark"],
      meaning: asset.map(Meaning.asset) ?? several.map(Meaning.several) ?? sighting.map(Meaning.consumable) ?? .unknown,
      tag: try (row["tag"] as Data?).map { try decoded($0) })
  }
}

/// A value of an enumeration by its stored name.
private func known<Value: RawRepresentable<String>>(_ text: String) throws -> Value {
  guard let value = Value(rawValue: text) else {
    throw StoreFault.damaged(reason: "'\(text)' in a count is not known to this program")
  }
  return value
}

/// A value from the canonical JSON that it is stored as.
private func decoded<Value: Decodable>(_ data: Data) throws -> Value {
  do {
    return try CanonicalDecoder().decode(Value.self, from: Array(data), limit: .max)
  } catch {
    throw StoreFault.damaged(reason: "a count's row cannot be read: \(error)")
  }
}
