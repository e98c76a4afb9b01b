import Custody
import CustodyLedger
import Foundation
import GRDB

extension StoreReading {
  /// The assets that a mark leads to by events that were kept aside, in order of id.
  ///
  /// Two stations may each have stuck a label on one asset before they heard of one another. The event of the other one does not
  /// continue the history that is known here, yet its label is on the thing: whoever scans it must find the asset.
  public func holders(keptAside value: String, kind: BoundIdentifier.Kind? = nil) throws -> [AssetID] {
    var holders: Set<AssetID> = []
    for event in try keptAsideBinds() {
      guard case .bind(let details) = event.details, details.identifier.value == value,
        kind == nil || details.identifier.kind == kind, try asset(event.asset) != nil
      else { continue }
      holders.insert(event.asset)
    }
    return holders.sorted()
  }

  private func keptAsideBinds() throws -> [CustodyEvent] {
    try Data.fetchAll(
      db.cachedStatement(sql: "SELECT bytes FROM entry WHERE misfit IS NOT NULL AND type = 'bind' ORDER BY arrival")
    ).map { try CustodyEvent(entry: $0) }
  }
}
