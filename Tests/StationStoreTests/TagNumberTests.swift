import AssetIdentifiers
import Custody
import StationStore
import SyncTestSupport
import Testing

@Suite("Numbers of asset tags")
struct TagNumberTests {
  private static let block = TagBlock(letters: "AT", first: 7, last: 9)

  @Test("numbers are given away in order, each once, also by many at a time; then there are none")
  func drawn() async throws {
    try await Desk.run { store in
      try await store.write { try $0.own(Self.block) }
      let drawn = try await withThrowingTaskGroup(of: String?.self) { group in
        for _ in 0..<5 { group.addTask { try await store.write { try $0.drawTag(in: .standard) } } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(drawn.compactMap(\.self).sorted() == ["AT-00007", "AT-00008", "AT-00009"])
      #expect(drawn.filter { $0 == nil }.count == 2)
    }
  }

  @Test("a number that somebody bound by hand is passed over")
  func taken() async throws {
    try await Desk.run { store in
      try await store.write { transaction in
        try transaction.own(Self.block)
        let asset: AssetID = transaction.newID()
        try transaction.act(Desk.registration("AT-00007"), on: asset)
      }
      #expect(try await store.write { try $0.drawTag(in: .standard) } == "AT-00008")
      #expect(try await store.read { try $0.tagNumbersLeft(in: .standard) } == 1)
    }
  }

  @Test("what was drawn stays drawn after a restart; what a refused act drew comes again")
  func durable() async throws {
    let folder = try Desk.folder()
    let store = try Desk.open(folder.path)
    try await store.write { try $0.own(Self.block) }
    #expect(try await store.write { try $0.drawTag(in: .standard) } == "AT-00007")
    struct Refused: Error {}
    await #expect(throws: Refused.self) {
      try await store.write { transaction in
        _ = try transaction.drawTag(in: .standard)
        throw Refused()
      }
    }
    try store.close()
    let again = try Desk.open(folder.path)
    #expect(try await again.write { try $0.drawTag(in: .standard) } == "AT-00008")
    try again.close()
  }

  @Test("the same numbers are not owned twice; series do not mix")
  func series() async throws {
    try await Desk.run { store in
      let other = try #require(TagSeries(letters: "MON"))
      try await store.write { transaction in
        try transaction.own(Self.block)
        _ = try transaction.drawTag(in: .standard)
        try transaction.own(Self.block)
        #expect(try transaction.tagNumbersLeft(in: .standard) == 2)
        #expect(try transaction.drawTag(in: other) == nil)
      }
    }
  }

  @Test("the highest number in use is that of the tags and of the own blocks")
  func highest() async throws {
    try await Desk.run { store in
      #expect(try await store.read { try $0.highestTagNumber(in: .standard) } == 0)
      try await store.write { transaction in
        // The last is of no series: it has six digits.
        for tag in ["AT-00042", "AT-00300", "IT-00500", "AT-900000"] {
          try transaction.act(Desk.registration(tag), on: transaction.newID())
        }
        #expect(try transaction.highestTagNumber(in: .standard) == 300)
        try transaction.own(TagBlock(letters: "AT", first: 301, last: 400))
        #expect(try transaction.highestTagNumber(in: .standard) == 400)
      }
    }
  }

  @Test("a request keeps its name until it is answered, and no longer")
  func request() async throws {
    try await Desk.run { store in
      try await store.write { transaction in
        let first = try transaction.beginTagRequest(for: .standard)
        #expect(try transaction.beginTagRequest(for: .standard) == first)
        #expect(first.utf8.count <= 64)
        #expect(try transaction.beginTagRequest(for: try #require(TagSeries(letters: "MON"))) != first)
        try transaction.own(Self.block)
        #expect(try transaction.beginTagRequest(for: .standard) != first)
      }
    }
  }
}
