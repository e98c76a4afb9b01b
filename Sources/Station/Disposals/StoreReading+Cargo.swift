import Custody
import DisposalOrders
import StationStore

extension StoreReading {
  /// An asset as a disposal order looks at it; nil for one that is not known here. One that has become an alias is looked
  /// up under the id that it goes by now.
  func cargo(of id: AssetID) throws -> Cargo? {
    let found = try asset(id) ?? canonical(of: id).flatMap { try asset($0) }
    return try found.map { try cargo($0) }
  }

  /// The same of an asset that was read already.
  func cargo(_ asset: Asset) throws -> Cargo {
    Cargo(
      asset, parts: try parts(of: asset.id),
      fittedIn: try asset.parent.map { try self.asset($0)?.displayName ?? $0.description })
  }

  /// All that is on an order, by the asset of its line.
  func cargo(of order: DisposalOrder) throws -> [AssetID: Cargo] {
    var all: [AssetID: Cargo] = [:]
    for line in order.lines { all[line.asset] = try cargo(of: line.asset) }
    return all
  }
}
