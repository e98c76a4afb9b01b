import Custody
import CustodyLedger
import StationStore
import SyncTestSupport
import Testing

@testable import Station

/// What disagrees, at a station: listed in words, told at the desk, settled by the page, the API and the socket.
@Suite("Exceptions") struct ExceptionTests {
  private static let badge = "tok-kim-second"
  private static let pin = "918273"

  /// Entries of other stations, as the centre hands them out.
  private func admit(
    _ api: APIUnderTest, _ written: [(ChainWriter.Written, ChainWriter)], from index: Int64 = 0
  ) async throws {
    let held = try written.enumerated().map { offset, one in
      HeldEntry(
        logIndex: index + Int64(offset), entry: try #require(one.0.entry.verify(with: one.1.key.verifierKey)))
    }
    _ = try await api.core.store.write { try $0.admit(held, upTo: index + Int64(held.count)) }
  }

  /// One laptop that two stations deployed at once.
  private func contested(_ api: APIUnderTest) async throws -> (asset: AssetID, claims: [CustodyEvent]) {
    var (one, two) = (try ChainWriter(1), try ChainWriter(2))
    let registered = try one.register("AT-00042")
    try two.learn(registered)
    let first = try one.deploy(registered.event.asset, to: "Finance")
    let second = try two.deploy(registered.event.asset, to: "Legal")
    try await admit(api, [(registered, one), (first, one), (second, two)])
    return (registered.event.asset, [first.event, second.event])
  }

  /// One laptop that was disposed of at one station and declared missing at another, and handed out at a third.
  private func contestedDisposal(_ api: APIUnderTest) async throws -> (asset: AssetID, claims: [CustodyEvent]) {
    var (one, two, three) = (try ChainWriter(1), try ChainWriter(2), try ChainWriter(3))
    let registered = try one.register("AT-00077")
    let retired = try one.retire(registered.event.asset)
    for written in [registered, retired] {
      try two.learn(written)
      try three.learn(written)
    }
    let id = registered.event.asset
    let disposed = try one.write(
      .dispose(DisposeDetails(order: "DO-1", route: .recycle)), id, to: Standing(state: .disposed))
    let missing = try two.write(.declareMissing(MissingDetails(reason: "gone")), id, to: Standing(state: .missing))
    let other = try three.write(.declareMissing(MissingDetails(reason: "lost")), id, to: Standing(state: .missing))
    try await admit(api, [(registered, one), (retired, one), (disposed, one), (missing, two), (other, three)])
    return (id, [disposed.event, missing.event, other.event])
  }

  @Test("both claims are listed with who, when and where; a manager settles by a signed event; it is told everywhere")
  func settled() async throws {
    try await APIUnderTest.run { api in
      let (asset, claims) = try await contested(api)
      let items = try await api.get("/api/v1/exceptions").items()
      #expect(items.count == 1)
      let exception = try #require(items.first)
      #expect(exception[path: "kind"]?.text == "contested")
      #expect(exception[path: "asset"]?.text == asset.description)
      #expect(exception[path: "tag"]?.text == "AT-00042")
      guard case .array(let sides)? = exception[path: "sides"] else {
        Issue.record("no sides: \(exception)")
        return
      }
      #expect(Set(sides.compactMap { $0[path: "station"]?.text }) == ["HQ/S1", "HQ/S2"])
      #expect(Set(sides.compactMap { $0[path: "standing"]?.text }) == ["Deployed, Finance", "Deployed, Legal"])
      #expect(Set(sides.compactMap { $0[path: "eventID"]?.text }) == Set(claims.map(\.eventID.description)))
      // The later clock holds until then, as each line has one act: the second station's id is the higher.
      #expect(sides.filter { $0[path: "counts"] == .bool(true) }.count == 1)
      #expect(exception[path: "meanwhile"]?.text?.hasPrefix("Until then the asset counts as: Deployed, ") == true)

      let page = try await api.ask(.get, "/exceptions", as: api.lee, headers: [.accept: "text/html"])
      for words in [
        "AT-00042", "HQ/S1, entry 2", "HQ/S2, entry 1", "Deployed, Finance", "Deployed, Legal", "This holds",
      ] {
        #expect(page.description.contains(words), "\(words) in \(page)")
      }
      #expect(page.description.contains(">Exceptions <b class=\"count\">1</b>"))
      // Who may not settle sees it, and whom to ask.
      let seen = try await api.ask(.get, "/exceptions", as: api.kim, headers: [.accept: "text/html"])
      #expect(seen.description.contains("Deployed, Legal") && !seen.description.contains("This holds"))
      #expect(seen.description.contains("Ask somebody with the role manager, admin."))

      let path = "/api/v1/exceptions/\(try #require(exception[path: "id"]).integerText)/settle"
      let holds = CanonicalJSON.string(claims[0].eventID.description)
      try await api.post(path, ["holds": holds, "reason": "seen"], as: api.kim)
        .expectProblem(.forbidden, "custody.settle.role")
      try await api.post(path, ["reason": "seen"], as: api.lee)
        .expectProblem(.unprocessableContent, "custody.settle.holds")
      try await api.post(path, ["holds": "HQ/S9", "reason": "seen"], as: api.lee)
        .expectProblem(.unprocessableContent, "custody.settle.holds")
      try await api.post(path, ["holds": holds], as: api.lee).expectProblem(
        .unprocessableContent, "custody.text.blank")
      try await api.post("/api/v1/exceptions/99/settle", ["holds": holds, "reason": "x"], as: api.lee)
        .expectProblem(.notFound, "request.notFound")
      try await api.post("/api/v1/exceptions/x/settle", ["holds": holds, "reason": "x"], as: api.lee)
        .expectProblem(.unprocessableContent, "request.malformed", pointer: "/id")
      try await api.post(path, ["holds": holds, "reason": "x"], as: nil)
        .expectProblem(.unauthorized, "access.notSignedIn")

      let answer = try await api.post(
        path, ["holds": "HQ/S1", "reason": "it is on her desk"], as: api.lee, headers: [.idempotencyKey: "settle-1"])
      #expect(answer.status == .ok, "\(answer)")
      #expect(try answer.text("event.type") == "settle")
      #expect(try answer.text("event.details.holds") == claims[0].eventID.description)
      #expect(try answer.text("asset.state") == "deployed")
      #expect(try answer.text("exception.ended").contains("by Lee at HQ/DESK-1: it is on her desk"))
      let again = try await api.post(
        path, ["holds": "HQ/S1", "reason": "it is on her desk"], as: api.lee, headers: [.idempotencyKey: "settle-1"])
      #expect(again.bytes == answer.bytes)
      try await api.post(path, ["holds": holds, "reason": "x"], as: api.lee)
        .expectProblem(.conflict, "custody.settle.nothingOpen")
      #expect(try await api.get("/api/v1/exceptions").items().isEmpty)
      #expect(try await api.get("/api/v1/exceptions?settled=true").items().count == 1)
      #expect(try await api.core.store.read { try $0.asset(asset)?.custodian } == .team("Finance"))
      let after = try await api.ask(.get, "/exceptions?settled=true", as: api.lee, headers: [.accept: "text/html"])
      #expect(after.description.contains("it is on her desk") && !after.description.contains("This holds"))
    }
  }

  @Test("the page settles too, and what is missing is said beside the form, which keeps what was typed")
  func page() async throws {
    try await APIUnderTest.run { api in
      let (asset, claims) = try await contested(api)
      func send(_ form: String) async throws -> APIAnswer {
        try await api.ask(
          .post, "/exceptions/1/settle", as: api.lee, bytes: Array(form.utf8),
          headers: [.contentType: "application/x-www-form-urlencoded", .accept: "text/html"])
      }
      let refused = try await send("reason=seen%20there")
      #expect(refused.status == .unprocessableContent)
      #expect(refused.description.contains("It is not said which of the claims about AT-00042 holds."))
      #expect(refused.description.contains("value=\"seen there\""))
      let done = try await send("reason=seen&holds=\(claims[1].eventID)")
      #expect(done.status == .seeOther)
      #expect(try await api.core.store.read { try $0.asset(asset)?.custodian } == .team("Legal"))
    }
  }

  @Test("a disposal that is contested takes two people, who settle at once what else disagrees about the asset")
  func twoPeople() async throws {
    try await APIUnderTest.run { api in
      let (asset, claims) = try await contestedDisposal(api)
      try await api.core.store.setCredentials(of: api.kim.person.id, badge: Self.badge, pin: Self.pin)
      let kinds = try await api.core.store.read { try $0.asset(asset)?.discrepancies?.map(\.kind) }
      #expect(kinds == [.contested, .contestedDisposal])
      let items = try await api.get("/api/v1/exceptions").items()
      let disposal = try #require(items.first { $0[path: "kind"]?.text == "contestedDisposal" })
      #expect(disposal[path: "needsTwoPeople"] == .bool(true))
      let path = "/api/v1/exceptions/\(try #require(disposal[path: "id"]).integerText)/settle"
      let holds = CanonicalJSON.string(claims[1].eventID.description)
      let body: CanonicalJSON = ["holds": holds, "reason": "not on the pallet"]
      try await api.post(path, body, as: api.lee).expectProblem(.forbidden, "custody.settle.witnessMissing")
      var wrong = body
      wrong[path: "witness"] = ["badge": .string(Self.badge), "pin": "000000"]
      try await api.post(path, wrong, as: api.lee).expectProblem(.forbidden, "access.notRecognised")
      var right = body
      right[path: "witness"] = ["badge": .string("CUSTODY:BADGE:" + Self.badge), "pin": .string(Self.pin)]
      let answer = try await api.post(path, right, as: api.lee)
      #expect(answer.status == .ok, "\(answer)")
      #expect(try answer.text("event.witness") == api.kim.person.id.description)
      #expect(try answer.text("exception.ended").contains("Lee with Kim"))
      let after = try #require(try await api.core.store.read { try $0.asset(asset) })
      #expect(after.state == .missing && after.discrepancies == nil)
      #expect(try await api.get("/api/v1/exceptions").items().isEmpty)
      let ended = try await api.core.store.read { try $0.discrepancies(about: .asset(asset)) }
      #expect(ended.count == 2 && Set(ended.map(\.settledBy)).count == 1)
    }
  }

  @Test("one person who is both is refused")
  func samePerson() async throws {
    try await APIUnderTest.run { api in
      let (_, claims) = try await contestedDisposal(api)
      try await api.core.store.setCredentials(of: api.lee.person.id, badge: Self.badge, pin: Self.pin)
      let items = try await api.get("/api/v1/exceptions").items()
      let disposal = try #require(items.first { $0[path: "kind"]?.text == "contestedDisposal" })
      let witness: CanonicalJSON = ["badge": .string(Self.badge), "pin": .string(Self.pin)]
      try await api.post(
        "/api/v1/exceptions/\(try #require(disposal[path: "id"]).integerText)/settle",
        ["holds": .string(claims[0].eventID.description), "reason": "x", "witness": witness], as: api.lee
      ).expectProblem(.forbidden, "access.secondPersonSame")
    }
  }

  @Test("a lookup at the desk tells of the exception and leads to it")
  func told() async throws {
    try await APIUnderTest.run { api in
      _ = try await contested(api)
      let session = try await api.open(as: api.kim)
      let scanned = try await api.scan("AT-00042", as: api.kim, in: session)
      #expect(try scanned.items("asset.discrepancies").count == 1)
      let form = Array("text=AT-00042".utf8)
      let sent = try await api.ask(
        .post, "/desk/scans", as: api.kim, bytes: form,
        headers: [.contentType: "application/x-www-form-urlencoded", .accept: "text/html"])
      #expect(sent.status == .seeOther)
      let page = try await api.ask(.get, "/desk", as: api.kim, headers: [.accept: "text/html"])
      #expect(page.description.contains("Exception, to be settled"), "\(page)")
      #expect(page.description.contains("See the exception"))
    }
  }
}

extension CanonicalJSON {
  fileprivate var integerText: String { if case .integer(let number) = self { "\(number)" } else { "" } }
}
