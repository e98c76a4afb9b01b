import Custody
import Foundation
import GRDB
import SyncTestSupport
import Testing

@testable import StationStore

@Suite("Search among the assets")
struct SearchTests {
  private static var handedToBob: EventDetails {
    var details = DeployDetails(recipient: .person(Desk.bob))
    details.acknowledgement = Acknowledgement(method: .badge, person: Desk.bob, text: "I have it.")
    return .deploy(details)
  }

  /// The tags that a search finds.
  private static func find(
    _ text: String, state: LifecycleState? = nil, in store: StationStore, isThorough: Bool = false, limit: Int = 50
  ) async throws -> [String] {
    try await store.assets(AssetSearch(text: text, state: state, limit: limit, isThorough: isThorough))
      .compactMap(\.tag).sorted()
  }

  @Test(
    "what somebody types finds beginnings of words and the end of marks",
    arguments: [
      ("IT-004711", ["IT-004711"]), ("it0047", ["IT-004711"]), ("0047", ["IT-004711"]), ("4711", ["IT-004711"]),
      ("711", ["IT-004711"]), ("7QX", ["IT-004711", "IT-008000"]), ("7qx1 think", ["IT-004711"]), ("x2", ["IT-008000"]),
      ("lenovo t14", ["IT-004711", "IT-008000"]), ("Gen5", []), ("thinkpadt14gen5", ["IT-004711", "IT-008000"]),
      ("lenovo nobody", []), ("zoe", ["IT-008000"]), ("zoë strømberg", ["IT-008000"]), ("Design", ["IT-004711"]),
      ("47", ["IT-004711"]), ("OR", []), ("\"", []), ("*", []), ("NEAR(a b)", []), ("words:it", []),
      ("it\0", ["IT-004711", "IT-008000"]),
    ])
  func typed(_ text: String, _ tags: [String]) async throws {
    try await Desk.run { store in
      let one = try await store.register("IT-004711", serial: "7QX1")
      let two = try await store.register("IT-008000", serial: "7QX2")
      try await store.write { transaction in
        try transaction.save(Person(id: Desk.bob, name: "Zoë Strømberg"))
        try transaction.act(Desk.deployment(to: "Design"), on: one)
        try transaction.act(Self.handedToBob, on: two)
      }
      try await store.makeSearchIndex()
      #expect(try await Self.find(text, in: store) == tags)
    }
  }

  @Test("a word that few have is found among very many that begin like it, a word that most have as well")
  func common() async throws {
    try await Desk.run { store in
      try await store.write { transaction in
        for number in 0..<900 {
          try transaction.act(
            Desk.registration("IT-\(1000 + number)", serial: "LENGTH\(number)"), on: transaction.newID())
        }
        try transaction.act(Desk.registration("IT-9999", serial: "LENTIL"), on: transaction.newID())
      }
      try await store.makeSearchIndex()
      #expect(try await Self.find("lentil", in: store) == ["IT-9999"])
      #expect(try await Self.find("lenovo", in: store, limit: 20).count == 20)
      #expect(try await Self.find("length899", in: store) == ["IT-1899"])
      // Page by page, each once.
      var (seen, after): ([AssetID], AssetID?) = ([], nil)
      repeat {
        let page = try await store.assets(AssetSearch(text: "lenovo think", after: after, limit: 100))
        seen += page.map(\.id)
        after = page.count == 100 ? page.last?.id : nil
      } while after != nil
      #expect(seen.count == 901 && Set(seen).count == 901)
    }
  }

  @Test("what changes is found as it stands at the next search, whatever changed it")
  func changes() async throws {
    try await Desk.run { store in
      try await store.makeSearchIndex()
      let asset = try await store.register("IT-000001", serial: "SN-A")
      #expect(try await Self.find("sna", in: store) == ["IT-000001"])
      try await store.act(Desk.deployment(to: "Blue"), on: asset)
      #expect(try await Self.find("blue", state: .deployed, in: store) == ["IT-000001"])
      #expect(try await Self.find("sna", state: .inStock, in: store).isEmpty)
      try await store.act(
        .bind(BindDetails(identifier: BoundIdentifier(.mac, "00:11:22:AA:BB:CC"), reason: nil)), on: asset)
      #expect(try await Self.find("aabbcc", in: store) == ["IT-000001"])
      try await store.write { try $0.rebuildProjection() }
      #expect(try await Self.find("sn-a", in: store) == ["IT-000001"], "without an index")
      try await store.makeSearchIndex()
      #expect(try await Self.find("blue", in: store) == ["IT-000001"])
      #expect(try await store.count("SELECT count(*) FROM unsearched") == 0)
    }
  }

  @Test("a person is found by the name that they have now, and after their erasure by none")
  func names() async throws {
    try await Desk.run { store in
      let asset = try await store.register("IT-000001")
      try await store.write { try $0.save(Person(id: Desk.bob, name: "Ann Lee")) }
      try await store.act(Self.handedToBob, on: asset)
      try await store.makeSearchIndex()
      #expect(try await Self.find("lee", in: store) == ["IT-000001"])
      try await store.write { try $0.save(Person(id: Desk.bob, name: "Ann Quist")) }
      #expect(try await Self.find("lee", in: store).isEmpty)
      #expect(try await Self.find("quist", in: store) == ["IT-000001"])
      _ = try await store.erase(Desk.bob.description, reason: "asked for")
      #expect(try await Self.find("quist", in: store).isEmpty)
    }
  }

  @Test("pages show each asset once, also beside what comes in between")
  func pages() async throws {
    try await Desk.run { store in
      for number in 1...7 { _ = try await store.register("IT-00000\(number)") }
      try await store.makeSearchIndex()
      var seen: [String] = []
      var after: AssetID?
      while true {
        let page = try await store.assets(AssetSearch(text: "think", after: after, limit: 3))
        seen += page.compactMap(\.tag)
        guard let last = page.last, page.count == 3 else { break }
        after = last.id
        if seen.count == 3 { _ = try await store.register("IT-000008") }
      }
      #expect(seen.sorted() == (1...8).map { "IT-00000\($0)" })
    }
  }

  @Test("where nothing begins or ends with a word, a thorough search finds it in the middle of a mark")
  func middles() async throws {
    try await Desk.run { store in
      _ = try await store.register("IT-000001", serial: "ABCDEFGH")
      try await store.makeSearchIndex()
      #expect(try await Self.find("cdef", in: store).isEmpty)
      #expect(try await Self.find("cdef", in: store, isThorough: true) == ["IT-000001"])
    }
  }

  @Test("an index that is lost, damaged or another store's is made anew", arguments: ["lost", "damaged", "foreign"])
  func lost(_ how: String) async throws {
    try await Turns.stores.take {
      let folder = try Desk.folder()
      let file = folder.path + "/search.db"
      var store = try Desk.open(folder.path)
      _ = try await store.register("IT-000001")
      try await store.makeSearchIndex()
      try store.close()
      switch how {
      case "lost": try FileManager.default.removeItem(atPath: file)
      case "damaged": try Data(repeating: 7, count: 9000).write(to: URL(fileURLWithPath: file))
      default:
        let other = try Desk.folder()
        let second = try StationStore(
          folder: other.path, identity: try Desk.identity("HQ", "DESK-2"), clock: TestClock())
        _ = try await second.register("IT-999999")
        try await second.makeSearchIndex()
        try second.close()
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.copyItem(atPath: other.path + "/search.db", toPath: file)
      }
      store = try Desk.open(folder.path)
      #expect(try await Self.find("IT-0000", in: store) == ["IT-000001"], "before")
      try await store.makeSearchIndex()
      #expect(try await Self.find("it", in: store) == ["IT-000001"])
      try store.close()
    }
  }

  @Test("a drive is found by its serial number, however it is written, until it is taken off the list")
  func drives() async throws {
    try await Desk.run { store in
      let asset: AssetID = try await store.write { transaction in
        let id: AssetID = transaction.newID()
        guard case .register(var details) = Desk.registration("IT-000001") else { return id }
        details.facts.media = [Medium(serial: "S4EV NF0M")]
        try transaction.act(.register(details), on: id)
        return id
      }
      func holders(_ serial: String) async throws -> [AssetID] {
        try await store.read { try $0.holders(ofMedia: [serial]).values.flatMap { $0.map(\.id) } }
      }
      #expect(try await holders(" s4ev nf0m\n") == [asset])
      #expect(try await holders("S4EV").isEmpty)
      let kept = try await store.rows(of: "medium")
      // What a new program makes of the documents is what was kept all along.
      try await store.write { transaction in
        try transaction.db.execute(sql: "DELETE FROM medium")
        try transaction.db.execute(sql: Schema.media(of: "main"))
      }
      #expect(try await store.rows(of: "medium") == kept)
    }
  }
}
