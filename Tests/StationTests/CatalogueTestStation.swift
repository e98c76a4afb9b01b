import Custody
import Foundation
import Station
import StationStore
import SyncTestSupport
import Testing

/// A station in a folder of its own, gone after the test; its clock stands at 2026-03-02 09:00 UTC.
func withStation<Value>(
  clock: any StationClock = StillClock(), _ body: (StationStore) async throws -> Value
) async throws -> Value {
  try await Turns.stores.take {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("custody-test-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }  // A folder left behind harms nobody.
    let identity = StationIdentity(site: try #require(SiteCode("HQ")), station: try #require(StationCode("DESK-1")))
    let store = try StationStore(folder: folder, identity: identity, clock: clock)
    let value = try await body(store)
    try store.close()
    return value
  }
}

struct StillClock: StationClock {
  func now() -> Instant { Instant(milliseconds: 1_772_442_000_000) }
  func offsetMinutes(at moment: Instant) -> Int { 60 }
  func isSynchronised() -> Bool { false }
}

extension StationStore {
  /// Imports a text as a file.
  func importing(
    _ kind: CatalogueImport.Kind, _ text: String, name: String = "file.csv",
    options: CatalogueImport.Options = CatalogueImport.Options()
  ) async throws -> ImportReport {
    try await CatalogueImport(kind, into: self, options: options).run(ImportFile(name: name, bytes: Array(text.utf8)))
  }

  func all() async throws -> [Asset] { try await read { try $0.assets(limit: 10_000) } }

  func asset(tagged tag: String) async throws -> Asset? {
    try await read { snapshot in
      guard let id = try snapshot.assets(carrying: BoundIdentifier(.tag, tag)).first else { return nil }
      return try snapshot.asset(id)
    }
  }
}

extension ImportReport {
  var codes: [String] { problems.map(\.code) }
}
