import Custody
import CustodyLedger
import Foundation
import Station
import StationStore
import Testing

/// The data of `custody demo`.
@Suite struct CatalogueDemoTests {
  @Test("Forty assets in all states, with histories that verify and spread over months")
  func states() async throws {
    let clock = DemoClock(following: StillClock())
    try await withStation(clock: clock) { store in
      let loading = try await DemoCatalogue.load(into: store)
      guard case .loaded(let assets, let events) = loading else {
        Issue.record("\(loading)")
        return
      }
      #expect(assets == 40)
      #expect(events == store.head.seq)
      let counts = try await store.read { try $0.countByState() }
      #expect(
        counts == [
          .expected: 5, .inStock: 9, .deployed: 12, .quarantined: 4, .inRepair: 2, .retired: 3, .disposed: 2,
          .inTransit: 2, .missing: 1,
        ])

      var verifier = ChainVerifier(key: store.verifierKey)
      for (_, bytes) in try await store.read({ try $0.chain(of: store.identity, after: 0, limit: 1000) }) {
        #expect(verifier.next(bytes) == nil)
      }
      #expect(verifier.finish(expectedHead: ChainHead(seq: events, hash: store.head.hash)) == nil)

      let entries = try await store.read { try $0.entries(after: 0, limit: 1000) }
      let times = entries.map(\.event.wallClock)
      #expect(times == times.sorted())
      let now = StillClock().now()
      #expect(times.allSatisfy { $0 < now })
      #expect(try #require(times.first) < now.advanced(byMilliseconds: -150 * 86_400_000))
      // The clock has not been seen to step back, and goes on with the present.
      #expect(entries.allSatisfy { $0.event.clockTrust == .unverified })
      #expect(clock.now() == now)
    }
  }

  @Test("What is disposed of has a whole life behind it")
  func history() async throws {
    try await withStation(clock: DemoClock(following: StillClock())) { store in
      _ = try await DemoCatalogue.load(into: store)
      let asset = try #require(try await store.asset(tagged: "AT-00021"))
      let events = try await store.read { try $0.history(of: asset.id) }
      #expect(events.map(\.verb) == [.receive, .deploy, .return, .sanitize, .retire, .ship, .dispose])
      let wipe = try #require(events.first { $0.verb == .sanitize })
      #expect(wipe.witness != nil && wipe.witness != wipe.operator)
      #expect(asset.isFreeOfData)
    }
  }

  @Test("The label on the shipped picture is expected on the order, and everybody can sign in")
  func label() async throws {
    try await withStation(clock: DemoClock(following: StillClock())) { store in
      _ = try await DemoCatalogue.load(into: store)
      let asset = try #require(try await store.asset(tagged: DemoCatalogue.announcedTag))
      #expect(asset.state == .expected)
      #expect(asset.facts.orderLine?.order == DemoCatalogue.order)
      let order = try #require(try await store.read { try $0.orders() }.first)
      #expect(order.lines.count == 8)
      #expect(try await store.read { try $0.sites() }.count == 2)
      #expect(try await store.read { try $0.locations() }.count == 6)
      #expect(DemoCatalogue.logins.reduce(into: Set<Role>()) { $0.formUnion($1.roles) } == Set(Role.allCases))
      for login in DemoCatalogue.logins {
        guard case .recognised(let person, let actor) = try await store.signIn(badge: login.badge, pin: login.pin)
        else {
          Issue.record("\(login.name) is not recognised")
          continue
        }
        #expect(person.name == login.name)
        #expect(actor.roles == login.roles)
      }
    }
  }

  @Test("A second start loads nothing, and a store with other things in it is left alone")
  func again() async throws {
    try await withStation(clock: DemoClock(following: StillClock())) { store in
      _ = try await DemoCatalogue.load(into: store)
      let head = store.head.seq
      #expect(try await DemoCatalogue.load(into: store) == .alreadyThere)
      #expect(store.head.seq == head)
    }
    try await withStation { store in
      _ = try await store.importing(.assets, "tag\nA1\n")
      #expect(try await DemoCatalogue.load(into: store) == .notEmpty)
      #expect(store.head.seq == 1)
    }
  }
}
