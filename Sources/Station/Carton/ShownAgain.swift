import BarcodeVision
import CartonReading
import Custody
import CustodyLedger
import StationStore

/// The carton that was received or set aside last in a session, by which it is known when it is shown once more. Part of
/// the session, so bounded: of a carton with more data than ``largest`` none is kept.
struct DoneCarton: Hashable, Sendable, Codable {
  /// Its codes, without picture and places.
  let carton: DeskCarton
  /// What it was received as; nil of one that was set aside.
  let asset: AssetID?

  /// Data bytes of its marks together.
  static let largest = 4 << 10

  init?(_ carton: DeskCarton, as asset: AssetID?) {
    guard carton.marks.reduce(0, { $0 + $1.raw.utf8.count }) <= Self.largest else { return nil }
    self.carton = DeskCarton(
      picture: nil, width: 0, height: 0,
      marks: carton.marks.map { mark in
        DeskCarton.Mark(
          raw: mark.raw, symbologyIdentifier: mark.symbologyIdentifier, symbology: mark.symbology, corners: [],
          reading: mark.reading)
      })
    self.asset = asset
  }
}

/// Which carton of a session is shown once more.
enum ShownAgain: Sendable {
  /// The one that lies there.
  case onDesk(CartonOnDesk)
  /// The one that was received or set aside last, with its number.
  case done(Int64)
}

extension StationCore {
  /// Tells a box that is shown again, after it was out of view or by another lens, from one more box.
  func shownAgain(_ symbols: [Symbol], in id: SessionID) async throws -> ShownAgain? {
    try await store.read { snapshot in
      guard let session = try snapshot.session(id) else { return nil }
      let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
      guard work.carton != nil || work.done != nil else { return nil }
      let seen = symbols.map { CartonSymbol($0.raw, symbologyIdentifier: $0.symbologyIdentifier) }
      let knowledge = try snapshot.cartonKnowledge(for: work)
      if let carton = work.carton {
        let lying = CartonOnDesk(carton: carton, reading: carton.reading(knowing: knowledge))
        let isWhole = Set(seen.map(\.bytes)) == Set(carton.marks.map(\.symbol.bytes))
        if isWhole || lying.isShown(by: seen, knowing: knowledge) { return .onDesk(lying) }
      }
      if let done = work.done?.carton {
        // Boxes without a name of their own look all the same: the next of them is one more.
        let known = CartonOnDesk(carton: done, reading: done.reading(knowing: knowledge))
        if known.isShown(by: seen, knowing: knowledge) { return .done(done.number) }
      }
      return nil
    }
  }
}

extension CartonOnDesk {
  /// Whether codes are those of this very carton: one that names the thing is among them, and none that names another.
  func isShown(by seen: [CartonSymbol], knowing knowledge: CartonKnowledge) -> Bool {
    let names = reading.names
    let bytes = Set(seen.map(\.bytes))
    guard names.contains(where: { $0.sources.contains { bytes.contains($0.symbol.bytes) } }) else { return false }
    let further = bytes.subtracting(carton.marks.map(\.symbol.bytes))
    guard !further.isEmpty else { return true }
    // Weighed beside its own: alone, what is nothing but a further code could be anything.
    let all = carton.marks.map(\.symbol) + seen
    return !Carton(reading: all, knowing: knowledge).names.contains { name in
      guard name.sources.contains(where: { further.contains($0.symbol.bytes) }) else { return false }
      let own = names.filter { $0.field == name.field }.map(\.value)
      // What was not read before may well be its own.
      return !own.isEmpty && !own.contains(name.value)
    }
  }
}

extension Carton {
  /// What names one thing and no other, the candidates for it too.
  fileprivate var names: [Finding] {
    (findings + conflicts.flatMap(\.candidates)).filter { [.serial, .assetTag, .mac, .imei].contains($0.field) }
  }
}
