import Custody
import CustodyLedger
import StationStore

/// Where a shipment was bound for, held against the place where it came in.
struct Destination: Sendable, Equatable {
  /// The place of ours; nil where the shipment says it in words alone, such as a repairer's address.
  let place: LocationCode?
  /// As people read it.
  let words: String

  /// Where an asset that is in transit was sent; nil for any other, and where its shipment does not say.
  init?(of asset: Asset, in snapshot: any StoreReading) throws {
    guard asset.state == .inTransit,
      case .ship(let details)? = try snapshot.newestEntry(of: asset.id, among: [.ship])?.event.details,
      let words = try details.toLocation.map({ try snapshot.placeWords($0) }) ?? details.destination
    else { return nil }
    place = details.toLocation
    self.words = words
  }

  /// What is told before it is taken in, a sentence.
  var boundWords: String { "It was bound for \(words)." }

  /// Whether a place is another than it was bound for. A shelf within the room is not; of words nobody can say.
  func isOther(than arrived: LocationCode, in snapshot: any StoreReading) throws -> Bool {
    guard let place else { return false }
    var (next, seen): (LocationCode?, Set<LocationCode>) = (arrived, [])
    while let code = next, seen.insert(code).inserted {
      if code == place { return false }
      next = try snapshot.location(code)?.parent
    }
    return true
  }
}

extension StoreReading {
  /// A place by its name and code; by the code alone where it is not known here.
  func placeWords(_ code: LocationCode) throws -> String {
    try location(code).map { "\($0.name) (\(code))" } ?? code.text
  }
}

extension ScanFlow {
  /// Where what arrives was bound for; nil for any other act.
  func destination(of asset: Asset?, for verb: Verb) throws -> Destination? {
    guard verb == .arrive, let asset else { return nil }
    return try Destination(of: asset, in: transaction)
  }

  /// Says of what arrived that it was bound for another place; of words, which nobody can hold against a place, what they are.
  func tell(_ outcome: inout ScanOutcome, arrived asset: Asset?, boundFor destination: Destination?) throws {
    guard let destination, let asset, let arrived = asset.location else { return }
    var sentence: String?
    if try destination.isOther(than: arrived, in: transaction) {
      let place = try transaction.placeWords(arrived)
      sentence = "\(asset.displayName) was bound for \(destination.words) and arrived at \(place)."
      // A seal that did not hold is the graver news.
      if outcome.result != .acceptedWithNote { outcome.words = "Bound for another place" }
      outcome.result = .acceptedWithNote
      outcome.remedy = outcome.remedy ?? "Send it on, or leave it: where it is now is recorded."
    } else if destination.place == nil {
      sentence = destination.boundWords
    }
    guard let sentence else { return }
    outcome.sentence = [outcome.sentence, sentence].compactMap(\.self).joined(separator: " ")
  }
}
