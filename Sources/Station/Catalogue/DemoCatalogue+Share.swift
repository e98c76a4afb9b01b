import Custody
import StationStore

extension DemoCatalogue {
  /// Makes the people, places and orders of a demo known at a second station, as a site's reference data are at all of its
  /// stations; the assets come through the centre. Badges and PINs are kept under each station's own pepper.
  public static func share(from first: StationStore, with second: StationStore) async throws {
    guard try await second.read({ try $0.people().isEmpty }) else { return }
    let (sites, locations, people, orders, kits) = try await first.read { snapshot in
      (
        try snapshot.sites(), try snapshot.locations(), try snapshot.people(), try snapshot.orders(),
        try snapshot.kits()
      )
    }
    try await second.write { transaction in
      for site in sites { try transaction.save(site) }
      for location in locations { try transaction.save(location) }
      for order in orders { try transaction.save(order) }
      for kit in kits { try transaction.save(kit) }
      for person in people {
        try transaction.save(person)
        guard let login = logins.first(where: { $0.name == person.name }) else { continue }
        for site in sites { try transaction.setRoles(login.roles, of: person.id, at: site.code) }
      }
    }
    for login in logins {
      guard let person = people.first(where: { $0.name == login.name }) else { continue }
      try await second.setCredentials(of: person.id, badge: login.badge, pin: login.pin)
    }
  }

  /// The tag of a laptop that stands in stock, for who wants to try something with one.
  public static func laptopInStock(_ snapshot: some StoreReading) throws -> String? {
    try snapshot.assets(matching: "", state: .inStock, limit: 100)
      .first { $0.facts.category == "laptop" && $0.tag != nil && $0.discrepancies == nil }?.tag
  }
}
