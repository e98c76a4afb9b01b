import AssetIdentifiers
import Custody
import StationStore
import StockCounting

extension StationCore {
  /// Accepts lines of consumables one by one: what was counted is on record then, and one that is refused holds no other back.
  func acceptConsumables(
    _ spots: [ConsumableSpot], of id: CountID, because reason: String?, by signedIn: SignedIn
  ) async throws -> [(spot: ConsumableSpot, outcome: ConsumableAcceptance)] {
    let outcomes = try await store.write { transaction -> [(spot: ConsumableSpot, outcome: ConsumableAcceptance)] in
      guard let count = try transaction.stockCount(id) else { throw Problem.noCount(id) }
      return try spots.map { spot -> (spot: ConsumableSpot, outcome: ConsumableAcceptance) in
        guard
          let outcome = try transaction.acceptConsumable(
            spot.code, at: spot.place, of: count, by: signedIn.actor, because: reason)
        else { throw Problem.notFound("such line in the count", remedy: "Look at the count again.") }
        return (spot, outcome)
      }
    }
    try tell(id)
    return outcomes
  }
}

/// A consumable at a place, as a form and the API name it.
struct ConsumableSpot: Hashable, Sendable {
  let code: ConsumableCode
  let place: LocationCode

  /// What they name; nil for what is no code, or no place.
  init?(code: String?, place: String?) {
    guard let code = code.flatMap({ ConsumableCode($0) }), let place = place.flatMap({ LocationCode($0) }) else {
      return nil
    }
    self.code = code
    self.place = place
  }
}

extension StoreTransaction {
  /// What an observation says of a consumable; nil where its code is none on record. Where nobody said where they stood, `place` becomes
  /// the one at which the count expects it.
  func sighting(
    of identifier: AssetIdentifier, scanned text: String, _ sent: SentObservation, in count: StoredCount,
    at place: inout LocationCode?
  ) throws -> Result<ConsumableSighting?, Refusal> {
    let known =
      sent.means == .rfid
      ? nil : try identifier.consumableCodes(scanned: text).first { try !consumables(coded: $0).isEmpty }
    guard let code = known else {
      guard sent.quantity != nil || sent.undoes != nil else { return .success(nil) }
      return .failure(
        Refusal(
          "count.consumable.unknown", "No consumable has this code, so no quantity of it can be counted.",
          remedy: "Import it with its place and quantity: custody import consumables.csv."))
    }
    guard case .location = count.scope else {
      return .failure(
        Refusal(
          "count.consumable.scope", "\(code) is a consumable: only a count of a location counts these.",
          remedy: "Open a count of the location."))
    }
    if place == nil {
      let expected = try consumableLines(of: count.id, coded: code).filter(\.line.isExpected)
      guard expected.count == 1 else {
        return .failure(
          Refusal(
            "count.consumable.place", "It is not said where this much of \(code) lies.",
            remedy: "Scan the location's label first."))
      }
      place = expected[0].line.consumable.location
    }
    let quantity = sent.undoes == nil ? sent.quantity ?? 1 : 0
    return .success(ConsumableSighting(code: code, quantity: quantity, undoes: sent.undoes))
  }
}

extension AssetIdentifier {
  /// Under what a scan may be known as a consumable, the text itself first: then its GTIN, and the part numbers of a message.
  func consumableCodes(scanned text: String) -> [ConsumableCode] {
    var texts = [text]
    switch self {
    case .gs1(let elements): texts += [elements["01"], elements["02"]].compactMap(\.self)
    case .digitalLink(let link): texts += [link.elements["01"]].compactMap(\.self)
    case .iso15434(let message):
      for identifier in ["1P", "P", "30P"] {
        for field in message.fields where field.identifier == identifier { texts.append(field.value) }
      }
    default: break
    }
    return texts.compactMap { ConsumableCode($0) }
  }
}
