import Custody
import CustodyLedger
import Foundation
import Kits
import Logging
import StationStore
import SyncTestSupport
import Testing

@testable import Station

/// A kit that is put together while the station stops.
@Suite struct KitRestartTests {
  @Test func `a kit stands after a restart where it stood, and is handed over from there`() async throws {
    try await Turns.stores.take {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("custody-kit-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: folder) }  // A folder left behind harms nobody.
      let identity = StationIdentity(site: try #require(SiteCode("HQ")), station: try #require(StationCode("DESK-1")))
      func started(_ body: (StationCore, SignedIn) async throws -> SessionID) async throws -> SessionID {
        let store = try StationStore(folder: folder.path, identity: identity, clock: DemoClock(following: StillClock()))
        if try await store.read({ try $0.isEmpty() }) { _ = try await DemoCatalogue.load(into: store) }
        let core = try await StationCore(
          store: store, options: StationOptions(usb: false), demo: nil,
          logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let session = try await body(core, try await core.signIn(badge: "DEMO-KIM", pin: "135790"))
        try store.close()
        return session
      }
      func take(_ text: String, _ core: StationCore, _ kim: SignedIn, _ session: SessionID) async throws -> ScanOutcome
      {
        try await core.scan(Scan(raw: Array(text.utf8), source: .symbol, device: "test"), in: session, by: kim)
      }
      let session = try await started { core, kim in
        let session = try await core.openSession(WorkSession(), by: kim, desk: nil).0.id
        #expect(try await take("CUSTODY:KIT:JOINER", core, kim, session).words == "Kit JOINER")
        #expect(try await take("CUSTODY:BADGE:DEMO-LIAM", core, kim, session).result == .context)
        #expect(try await take("AT-00033", core, kim, session).words == "Dock · 1 of 3")
        return session
      }
      _ = try await started { core, kim in
        let filling = try #require(try await core.store.read { try $0.kitFilling(of: session) })
        #expect(filling.items.map(\.name) == ["AT-00033"])
        #expect(try await take("AT-00033", core, kim, session).result == .duplicate)
        #expect(try await take("AT-00028", core, kim, session).words == "Laptop · 2 of 3")
        #expect(try await take("AT-00030", core, kim, session).words == "Monitor · 3 of 3")
        let handed = try await take("CUSTODY:BADGE:DEMO-LIAM", core, kim, session)
        #expect(handed.words == "Kit JOINER handed over", "\(handed.sentence ?? "")")
        // The licence of the kit as it was begun stands on the laptop.
        #expect(handed.events.map(\.verb) == [.deploy, .deploy, .amend, .deploy])
        let laptop = try await core.store.read { snapshot in try snapshot.asset(handed.events[1].asset) }
        #expect(laptop?.facts.licences == ["Microsoft 365 E3 (4711-0815)"])
        #expect(try await core.store.read { try $0.kitFilling(of: session) } == nil)
        return session
      }
    }
  }
}
