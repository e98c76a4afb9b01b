import CentralStore
import Custody
import Foundation
import StationStore
import StationSync
import SyncProtocol
import SyncTestSupport
import Testing

@testable import Central
@testable import Station
@testable import custody

/// People, places and orders come from the centre, and are known when it is away.
@Suite(.timeLimit(.minutes(25))) struct ReferenceTests {
  /// Imports a file at the centre as `custody central import` does.
  private func importing(_ kind: CatalogueImport.Kind, _ text: String, at centre: CentreUnderTest) async throws {
    let whole = try await centre.server.wholeReference()
    let site = try #require(SiteCode("HQ"))
    let (outcome, changes, _) = try await ReferenceWorkshop.with(whole, at: site) { store in
      let report = try await CatalogueImport(kind, into: store).run(
        ImportFile(name: "\(kind.rawValue).csv", bytes: Array(text.utf8)))
      return (try ImportOutcome(report), 0)
    }
    #expect(outcome.good, "\(outcome.words)")
    _ = try await centre.store.changeReference(changes)
  }

  private static let people = """
    name,email,badge,pin,roles
    Kim Novák,kim@example.com,B-1,730194,technician
    Lee O'Hara,lee@example.com,B-2,519402,manager
    """

  private func isRecognised(_ store: StationStore, _ badge: String, _ pin: String) async throws -> String? {
    guard case .recognised(let person, let actor) = try await store.signIn(badge: badge, pin: pin) else { return nil }
    return "\(person.name) \(actor.roles.map(\.rawValue).sorted())"
  }

  @Test(
    "a station that is cut off knows whom the centre has told it of; who is removed cannot sign in after the next contact",
    arguments: Database.allCases)
  func people(_ database: Database) async throws {
    try await CentreUnderTest.run(database) { centre in
      try await importing(.people, Self.people, at: centre)
      try await centre.station { core, service in
        #expect(try await isRecognised(core.store, "B-1", "730194") == nil)
        #expect(try await !service.takeReference())
        // From here on the station works alone: nothing asks the centre.
        #expect(try await isRecognised(core.store, "B-1", "730194") == "Kim Novák [\"technician\"]")
        #expect(try await isRecognised(core.store, "B-2", "519402") == "Lee O'Hara [\"manager\"]")
        #expect(try await isRecognised(core.store, "B-1", "730195") == nil)
        #expect(try await core.store.badge("B-2")?.holder.name == "Lee O'Hara")
        // Nothing new: nothing changes, failures stay counted.
        #expect(try await !service.takeReference())

        // Taken away at the centre, as `custody central remove` does it.
        let items = try await centre.server.wholeReference().items
        let kim = try #require(items.first { $0.value?.contains("kim@example.com") == true })
        let badge = try #require(items.first { $0.kind == "badge" && $0.value?.contains(kim.key) == true })
        _ = try await centre.store.changeReference([
          ReferenceChange(kind: .person, key: kim.key, value: nil),
          ReferenceChange(kind: .pin, key: kim.key, value: nil),
          ReferenceChange(kind: .badge, key: badge.key, value: nil),
        ])
        #expect(try await isRecognised(core.store, "B-1", "730194") != nil, "not heard of yet")
        let before = core.store.peopleVersion
        #expect(try await !service.takeReference())
        #expect(core.store.peopleVersion > before, "who is signed in is looked at again")
        #expect(try await isRecognised(core.store, "B-1", "730194") == nil)
        #expect(try await isRecognised(core.store, "B-2", "519402") != nil)
        // The name stays: events refer to it.
        let id = try #require(PersonID(kim.key))
        let person = try #require(try await core.store.read { try $0.person(id) })
        #expect(person.name == "Kim Novák" && !person.active)
        // Came back.
        try await importing(.people, Self.people, at: centre)
        _ = try await service.takeReference()
        #expect(try await isRecognised(core.store, "B-1", "730194") != nil)
      }
    }
  }

  @Test("the pepper stands in a key file of its own, and a station that lost it gets it again")
  func pepper() async throws {
    try await CentreUnderTest.run { centre in
      try await importing(.people, Self.people, at: centre)
      let folder = try TemporaryFolder()
      try await centre.station(folder: folder) { core, service in
        _ = try await service.takeReference()
        let file = core.store.folder.path + "/centre-pepper.key"
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        let pepper = try Data(contentsOf: URL(fileURLWithPath: file))
        #expect(pepper != (try Data(contentsOf: URL(fileURLWithPath: core.store.folder.path + "/pepper.key"))))
        #expect(try Data(contentsOf: URL(fileURLWithPath: core.store.folder.database)).range(of: pepper) == nil)
        try FileManager.default.removeItem(atPath: file)
      }
      try await centre.station(folder: folder) { core, service in
        #expect(try await isRecognised(core.store, "B-1", "730194") == nil)
        _ = try await service.takeReference()
        #expect(try await isRecognised(core.store, "B-1", "730194") != nil)
      }
    }
  }

  @Test("what a station had imported itself stays until the centre has its own")
  func local() async throws {
    try await CentreUnderTest.run { centre in
      try await centre.station { core, service in
        func importHere(_ kind: CatalogueImport.Kind, _ text: String) async throws -> ImportReport {
          try await CatalogueImport(kind, into: core.store).run(
            ImportFile(name: "\(kind.rawValue).csv", bytes: Array(text.utf8)))
        }
        let own =
          "name,email,badge,pin,roles\nKim N.,kim@example.com,B-1,111222,admin\nRob,rob@example.com,B-9,333444,viewer\n"
        #expect(try await !importHere(.people, own).notes.joined().contains("custody central import"))
        _ = try await importHere(.locations, "code,name,site\nSTORE,Own store,HQ\nCAGE,Own cage,HQ\n")
        try await importing(.people, Self.people, at: centre)
        try await importing(.locations, "code,name,site\nSTORE,Storeroom,HQ\n", at: centre)
        _ = try await service.takeReference()
        // Kim is the centre's: badge, PIN and roles.
        #expect(try await isRecognised(core.store, "B-1", "111222") == nil)
        #expect(try await isRecognised(core.store, "B-1", "730194") == "Kim Novák [\"technician\"]")
        #expect(try await isRecognised(core.store, "B-9", "333444") == "Rob [\"viewer\"]")
        let places = try await core.store.read { try $0.locations() }
        #expect(places.map(\.name).sorted() == ["Own cage", "Storeroom"])
        // Whoever imports here is told.
        let report = try await importHere(.people, own)
        #expect(report.notes.joined().contains("custody central import"))
      }
    }
  }

  @Test("locations and orders come, change and go; the version is the station's own")
  func places() async throws {
    try await CentreUnderTest.run { centre in
      try await importing(.locations, "code,name,site,parent\nHQ-1,Floor 1,HQ,\nHQ-1-A,Room A,HQ,HQ-1\n", at: centre)
      try await importing(
        .orders, "order,supplier,model,manufacturer,quantity\nPO-7,ACME,T14,Lenovo,3\nPO-7,ACME,Dock,Lenovo,3\n",
        at: centre)
      let folder = try TemporaryFolder()
      try await centre.station(folder: folder) { core, service in
        _ = try await service.takeReference()
        let (places, orders) = try await core.store.read { (try $0.locations(), try $0.orders()) }
        #expect(places.map(\.code.text) == ["HQ-1", "HQ-1-A"])
        #expect(orders.first?.lines.map(\.model) == ["T14", "Dock"])
      }
      _ = try await centre.store.changeReference([
        ReferenceChange(kind: .location, key: "HQ-1-A", value: nil),
        ReferenceChange(kind: .order, key: "PO-7", value: nil),
      ])
      try await centre.station(folder: folder) { core, service in
        let version = try await core.store.read { try $0.referenceVersion() }
        #expect(version.map { $0 > 0 } == true)
        _ = try await service.takeReference()
        let (places, orders) = try await core.store.read { (try $0.locations(), try $0.orders()) }
        #expect(places.map(\.code.text) == ["HQ-1"])
        #expect(orders.isEmpty)
      }
    }
  }

  @Test("pages are whole or not there: one that cannot be read leaves version and people as they were")
  func broken() async throws {
    try await CentreUnderTest.run { centre in
      try await centre.station { core, service in
        let page = ReferencePage(
          version: 2, more: false,
          items: [
            ReferenceItem(version: 1, kind: "site", key: "HQ", value: #"{"name":"Head office"}"#),
            ReferenceItem(version: 2, kind: "person", key: "no id", value: #"{"name":"X"}"#),
          ])
        await #expect(throws: StoreFault.self) { try await core.store.write { try $0.take(page) } }
        #expect(try await core.store.read { try $0.referenceVersion() } == nil)
        #expect(try await core.store.read { try $0.sites() }.isEmpty)
        // A kind of a newer centre is left out, and stops nothing.
        let newer = ReferencePage(
          version: 2, more: false, items: [ReferenceItem(version: 2, kind: "policy", key: "x", value: "{}")])
        try await core.store.write { try $0.take(newer) }
        #expect(try await core.store.read { try $0.referenceVersion() } == 2)
      }
    }
  }

  @Test(
    "many things come page by page, in order, and a change of one moves it to the end", arguments: Database.allCases)
  func pages(_ database: Database) async throws {
    try await CentreUnderTest.run(database) { centre in
      let many = (0..<2500).map {
        ReferenceChange(
          kind: .location, key: "L-\($0)", value: #"{"name":"Shelf \#($0)","site":"HQ"}"#)
      }
      #expect(try await centre.store.changeReference(many) == 2500)
      #expect(try await centre.store.changeReference(many) == 2500, "what is so already is no change")
      let first = try await centre.store.reference(after: 0, limit: 1000)
      #expect(first.version == 1000 && first.more && first.items.map(\.version) == (1...1000).map { Int64($0) })
      try await centre.station { core, service in
        #expect(try await service.takeReference())
        _ = try await centre.store.changeReference([ReferenceChange(kind: .location, key: "L-3", value: nil)])
        while try await service.takeReference() {}
        #expect(try await core.store.read { try $0.locations() }.count == 2499)
        #expect(try await core.store.read { try $0.referenceVersion() } == 2501)
      }
    }
  }

  @Test("SQL in every field is text", arguments: Database.allCases)
  func hostile(_ database: Database) async throws {
    try await CentreUnderTest.run(database) { centre in
      let evil = "'); DROP TABLE person; --\"\\ %_\u{1}\u{FFFD}"
      let person = "0190a6c2-0000-7000-8000-000000000001"
      let value = try String(
        decoding: JSONEncoder().encode(
          ReferenceValue.Person(
            name: evil, title: evil, email: evil, team: evil, active: true, roles: ["HQ": [evil, "viewer"]])),
        as: UTF8.self)
      _ = try await centre.store.changeReference([
        ReferenceChange(kind: .person, key: person, value: value),
        ReferenceChange(
          kind: .order, key: evil,
          value: try String(
            decoding: JSONEncoder().encode(
              ReferenceValue.Order(
                supplier: evil, orderedOn: evil,
                lines: [.init(line: 1, manufacturer: evil, model: evil, category: evil, partNumber: evil, quantity: 1)])
            ),
            as: UTF8.self)),
      ])
      try await centre.station { core, service in
        _ = try await service.takeReference()
        let id = try #require(PersonID(person))
        #expect(try await core.store.read { try $0.person(id) }?.name == evil)
        #expect(try await core.store.read { try $0.orders() }.map(\.number) == [evil])
      }
    }
  }
}
