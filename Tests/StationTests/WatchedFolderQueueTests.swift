import BarcodeVision
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import SyncTestSupport
import Testing

@testable import Station

/// Pictures that wait in the watched folder. They are a third party's: see Tests/Vectors/CartonReading/README.md.
@Suite("Pictures of the watched folder", .timeLimit(.minutes(25))) struct WatchedFolderQueueTests {
  private func run(
    _ body: @escaping @Sendable (APIUnderTest, inout WatchedFolderQueue, URL) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "custody-watched-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await APIUnderTest.run { api in
      var queue = WatchedFolderQueue(core: api.core, folder: try WatchedFolder(folder.path))
      try await body(api, &queue, folder)
    }
  }

  private func put(_ names: [String], into folder: URL, _ queue: inout WatchedFolderQueue) async throws {
    for name in names {
      let source = Fixture.vector("CartonReading/\(name)")
      try FileManager.default.copyItem(atPath: source, toPath: folder.appending(path: name).path)
      await queue.come(name)
    }
  }

  private func pictures(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".png") }.sorted()
  }

  private func open(_ workflow: String, _ api: APIUnderTest) async throws {
    let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
    try await api.ask(.post, "/desk/session", as: api.kim, bytes: Array("workflow=\(workflow)".utf8), headers: form)
  }

  private let both = ["carton-165627.png", "carton-165340.png"]

  @Test("while nobody is signed in at the desk they stay where they are, and go in their order once somebody does")
  func signedOut() async throws {
    try await run { api, queue, folder in
      try await open("receive", api)
      let session = try #require(try await api.core.deskSession()?.0.id)
      // Idle for long, or the station was started anew.
      api.core.signOut(api.kim.token)
      try await put(both, into: folder, &queue)
      await queue.look()
      #expect(queue.waiting == both)
      #expect(try pictures(folder) == both.sorted())
      for place in ["done", "failed"] { #expect(try pictures(folder.appending(path: place)) == []) }
      #expect(api.core.desk.notes.map(\.words) == ["2 pictures are in the watched folder."])
      #expect(api.core.desk.notes.map(\.remedy) == ["They are taken once somebody signs in at the desk."])
      let gate = String(decoding: try await api.ask(.get, "/sign-in", as: nil).bytes, as: UTF8.self)
      #expect(gate.contains("They are taken once somebody signs in at the desk."))
      #expect(try await api.get("/api/v1/readings?outcome=unassigned", as: api.lee).items().isEmpty)
      #expect(api.core.desk.lastOutcome == nil)

      let kim = api.core.signIns.add(api.kim.person, api.kim.actor, at: api.clock.now())
      api.core.desk.operatorToken = kim.token
      await queue.look()
      #expect(try await api.core.carton(in: session)?.reading.name?.value == "165627")
      #expect(queue.waiting == [both[1]])
      try await api.core.setCartonAside(in: session, by: kim)
      await queue.look()
      #expect(try await api.core.carton(in: session)?.reading.name?.value == "165340")
      #expect(queue.waiting.isEmpty && api.core.desk.notes.isEmpty)
      #expect(try pictures(folder.appending(path: "done")) == both.sorted())
    }
  }

  @Test("while another's session is open they stay too")
  func another() async throws {
    try await run { api, queue, folder in
      try await open("receive", api)
      api.core.signOut(api.kim.token)
      api.core.desk.operatorToken = api.lee.token
      try await put([both[0]], into: folder, &queue)
      #expect(try pictures(folder) == [both[0]])
      #expect(try await api.get("/api/v1/readings?outcome=unassigned", as: api.lee).items().isEmpty)
      let session = try #require(try await api.core.deskSession()?.0.id)
      _ = try await api.core.takeOver(session, by: api.lee)
      await queue.look()
      #expect(try await api.core.carton(in: session)?.reading.name?.value == "165627")
    }
  }

  @Test("none overtakes one that waits for the desk, whatever the desk does meanwhile")
  func order() async throws {
    try await run { api, queue, folder in
      try await open("receive", api)
      try await put(both, into: folder, &queue)
      #expect(queue.waiting == [both[1]])
      try await api.post("/desk/close", as: api.kim)
      let before = try await api.get("/api/v1/readings?outcome=unknown").items().count
      let third = folder.appending(path: "again.png")
      try FileManager.default.copyItem(
        atPath: Fixture.vector("CartonReading/\(both[0])"), toPath: third.path)
      await queue.come("again.png")
      await queue.look()
      #expect(queue.waiting == [both[1], "again.png"])
      #expect(try await api.get("/api/v1/readings?outcome=unknown").items().count == before)
      try await open("receive", api)
      await queue.look()
      let session = try #require(try await api.core.deskSession()?.0.id)
      #expect(try await api.core.carton(in: session)?.reading.name?.value == "165340")
      #expect(queue.waiting == ["again.png"])
    }
  }
}
