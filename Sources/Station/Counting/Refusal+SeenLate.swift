import Custody
import StationStore

extension Refusal {
  /// With when and by whom the asset was seen, where that is what keeps it from being declared missing; any other as it is.
  func namingSighting(in snapshot: any StoreReading, _ moments: Moments) throws -> Refusal {
    guard code == "count.accept.seenLate", let at = previousAt else { return self }
    let name = try previousBy.flatMap { try snapshot.person($0)?.name } ?? "somebody"
    return Refusal(
      code, sentence + " Seen \(moments.dated(at)) by \(name).", remedy: remedy, kind: kind, previousAt: previousAt,
      previousBy: previousBy)
  }
}
