import Custody
import StationStore
import SyncTestSupport
import Testing

/// A data folder with a site, a location, a person with badge and PIN, and assets in stock.
enum Prepared {
  static let badge = "7GQ4-M2XW-9KTR"
  static let pin = "482913"

  static func tag(_ number: Int) -> String { "AT-\(10_000 + number)" }

  /// Makes `folder/data` with so many assets, tagged from `tag(0)`.
  static func folder(assets: Int) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let store = try StationStore(folder: folder.path + "/data", identity: try Desk.identity())
    let site = store.identity.site
    let location = try #require(LocationCode("HQ-STORE"))
    try await store.write { transaction in
      try transaction.save(Site(code: site, name: "Headquarters"))
      try transaction.save(Location(code: location, site: site, name: "Storeroom"))
      try transaction.save(Person(id: Desk.ann, name: "Ann Lee"))
      try transaction.setRoles([.technician], of: Desk.ann, at: site)
      for number in 0..<assets { try transaction.register(tag(number)) }
    }
    try await store.setCredentials(of: Desk.ann, badge: badge, pin: pin)
    try store.close()
    return folder
  }
}
