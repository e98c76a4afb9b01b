import Custody
import CustodyLedger
import LabelDesign
import StationStore
import TamperEvidence
import Testing

@testable import Station

@Suite("Papers of events") struct PaperTests {
  private static func ship(_ order: String) -> CanonicalJSON {
    ["carrier": "Rhein Spedition", "destination": "GreenLoop", "order": .string(order), "sealNumber": "S-1"]
  }

  private func manifest(
    _ scope: PalletManifest.Scope, _ test: APIUnderTest, for signedIn: SignedIn? = nil
  ) async throws -> (manifest: PalletManifest, paper: CustodyDocument?) {
    let signedIn = signedIn ?? test.kim
    return try await test.core.store.read { snapshot in
      let manifest = try PalletManifest(scope, in: snapshot)
      return (manifest, try test.core.documents(snapshot, for: signedIn).manifest(manifest))
    }
  }

  @Test("the manifest of an order has each of its assets once, over two sessions, and says what is not on it and why")
  func order() async throws {
    try await APIUnderTest.run { test in
      for number in 1...4 { try await test.register("AT-0000\(number)", "retired") }
      try await test.register("AT-00005", "inStock")
      let morning = try await test.open(as: test.lee)
      for tag in ["AT-00001", "AT-00002"] {
        #expect(
          try await test.scan(tag, "ship", Self.ship("DO-7"), as: test.lee, in: morning).text("result") == "accepted")
      }
      // Not retired: it stays.
      #expect(
        try await test.scan("AT-00005", "ship", Self.ship("DO-7"), as: test.lee, in: morning).text("result")
          == "refused")
      let noon = try await test.open(as: test.lee)
      #expect(
        try await test.scan("AT-00003", "ship", Self.ship("DO-7"), as: test.lee, in: noon).text("result") == "accepted")
      // A second scan of what left already is no second one.
      try await test.scan("AT-00001", "ship", Self.ship("DO-7"), as: test.lee, in: noon)
      #expect(
        try await test.scan("AT-00004", "ship", Self.ship("DO-7"), as: test.lee, in: noon).text("result") == "accepted")
      #expect(try await test.post(noon + "/undo", as: test.lee).status == .ok)

      let (manifest, paper) = try await manifest(.init(order: "DO-7"), test)
      #expect(manifest.items.map(\.asset.displayName) == ["AT-00001", "AT-00002", "AT-00003"])
      #expect(
        Set(manifest.absent.map { "\($0.name): \($0.reason)" }) == [
          "AT-00004: taken back", "AT-00005: order not retired",
        ])
      let values = try #require(paper?.values)
      #expect(values.lists["items"]?.map { $0["tag"] } == ["AT-00001", "AT-00002", "AT-00003"])
      #expect(values.fields["summary"]?.hasPrefix("3 assets on this manifest, scanned in 2 sessions.") == true)
      #expect(values.fields["absent"]?.contains("AT-00004: taken back") == true)
      #expect(values.fields["seal"] == "S-1")
      let session = try #require(SessionID(String(noon.suffix(36))))
      let (ofNoon, one) = try await self.manifest(.init(sessions: [session]), test)
      #expect(ofNoon.items.map(\.asset.displayName) == ["AT-00003"])
      #expect(one?.values.fields["summary"]?.hasPrefix("1 asset on this manifest") == true)
      let both = try #require(SessionID(String(morning.suffix(36))))
      #expect(try await self.manifest(.init(sessions: [both, session]), test).manifest.items.count == 3)

      let page = try await test.get("/manifest?order=DO-7")
      #expect(page.status == .ok, "\(page)")
      for words in ["AT-00003", "taken back", "/manifest.pdf?order=DO-7"] {
        #expect(page.description.contains(words), "\(words)")
      }
      let pdf = try await test.get("/manifest.pdf?order=DO-7")
      #expect(pdf.bytes.starts(with: Array("%PDF".utf8)), "\(pdf)")
      #expect(try await test.get("/manifest.pdf?order=DO-8").status == .notFound)
      #expect(try await test.get("/manifest?session=x").status.code < 500)
    }
  }

  @Test("200 assets of one order run over pages, none lost, none twice")
  func manyPages() async throws {
    try await APIUnderTest.run { test in
      let session = try await test.open(as: test.lee)
      let tags = (1...200).map { "AT-\(10_000 + $0)" }
      for tag in tags {
        try await test.register(tag, "retired")
        try await test.scan(tag, "ship", Self.ship("DO-200"), as: test.lee, in: session)
      }
      let values = try #require(try await manifest(.init(order: "DO-200"), test).paper?.values)
      #expect(values.lists["items"]?.compactMap { $0["tag"] } == tags)
      guard case .drawing(let template)? = try await test.core.labels.template("pallet-manifest-a4")?.drawing else {
        Issue.record("no template")
        return
      }
      let document = try await test.core.labels.draw { try $0.fill(template, with: values).get() }
      // 23 rows on the first page, 29 on each later one, and 20 above the signatures of the last: (200 - 23) / 29 = 6 and 3 over.
      #expect(document.pages.count == 8)
      let codes = document.pages.flatMap { page in page.symbols.map(\.content.value) }
      #expect(codes.filter { tags.contains($0) } == tags)
    }
  }

  @Test("papers name the organisation that is set, else the site, and when and by whom they were made")
  func organisation() async throws {
    var options = StationOptions(usb: false)
    options.organisation = Organisation(
      name: "Northwind Ltd", address: ["1 Quay Street", "Bristol BS1 4DJ"], contact: "assets@northwind.example")
    for (options, name, detail) in [
      (options, "Northwind Ltd", "1 Quay Street, Bristol BS1 4DJ · assets@northwind.example" as String?),
      (StationOptions(usb: false), "Head office", nil),
    ] {
      try await APIUnderTest.run(options: options) { test in
        try await test.register("AT-00001")
        let answer = try await test.scan(
          "AT-00001", "deploy", ["recipient": ["team": "Finance"]], as: test.kim)
        #expect(try answer.text("result").hasPrefix("accepted"), "\(answer)")
        let id = try #require(AssetID(try answer.text("asset.id")))
        let paper = try await test.core.store.read { snapshot -> CustodyDocument? in
          let row = try #require(try snapshot.entries(of: id).last)
          let asset = try #require(try snapshot.asset(id))
          return try test.core.documents(snapshot, for: test.kim).document(of: row, asset)
        }
        let fields = try #require(paper?.values.fields)
        #expect(fields["organisation"] == name)
        #expect(fields["organisationDetail"] == detail)
        // The clock stands at 09:00 UTC, an hour east of it.
        #expect(fields["made"] == "Made 2026-03-02 10:00:00 +01:00 by Kim at station HQ/DESK-1.")
        #expect(fields["summary"] == "1 asset handed over")
        #expect(fields["statement"]?.contains("received the asset listed above") == true)
        #expect(fields["number"]?.hasPrefix("HR-2026-03-02-") == true)
      }
    }
  }

  @Test(
    "a certificate states tree size, index, root and path of what is proved, and says what the centre does not hold yet"
  )
  func certificate() async throws {
    try await APIUnderTest.run { test in
      let id = try #require(
        AssetID(try await test.register("LT-00007", "retired", category: "laptop", drives: ["D-ONE"])))
      let session = try await test.open("sanitize", as: test.dana)
      try await test.second(test.lee, as: .witness, in: session, beside: test.dana)
      let record: CanonicalJSON = [
        "medium": ["serial": "D-ONE"], "requested": "purge", "achieved": "purge", "technique": "NVMe Sanitize",
        "tool": "nvme-cli", "verificationMethod": "full read", "verification": "passed", "result": "passed",
      ]
      let wiped = try await test.scan("LT-00007", "sanitize", ["record": record], as: test.dana, in: session)
      #expect(try wiped.text("result") == "accepted", "\(wiped)")
      let (leaf, sibling) = (TreeHash.leaf(Array("entry".utf8)), TreeHash.leaf(Array("other".utf8)))
      let root = TreeHash.node(leaf, sibling)
      func paper(_ proof: HeldProof?) async throws -> LabelValues {
        let paper = try await test.core.store.read { snapshot -> CustodyDocument? in
          var documents = test.core.documents(snapshot, for: test.lee)
          documents.proof = { _ in proof }
          let row = try #require(try snapshot.entries(of: id).last)
          return try documents.document(of: row, try #require(try snapshot.asset(id)))
        }
        return try #require(paper?.values)
      }
      let open = try await paper(nil).fields
      #expect(open["verdict"] == "PASSED: purged, and the verification passed")
      #expect(open["log"]?.hasPrefix("not yet held by the centre") == true)
      #expect(open["rootHash"] == nil && open["proof"] == nil && open["treeSize"] == nil)
      let proof = HeldProof(origin: "HQ/log", treeSize: 2, leafIndex: 0, root: root, leaf: leaf, path: [sibling])
      let held = try await paper(proof)
      #expect(held.fields["treeSize"] == "2" && held.fields["leafIndex"] == "0" && held.fields["log"] == "HQ/log")
      #expect(held.fields["rootHash"] == root.base64 && held.fields["proof"] == sibling.base64)
      guard case .drawing(let template)? = try await test.core.labels.template("wipe-certificate-a4")?.drawing else {
        Issue.record("no template")
        return
      }
      // The longest path that a log can have, 64 hashes of 44 characters, is too long; one of 2^33 entries has room.
      let long = HeldProof(
        origin: "HQ/log", treeSize: 1 << 33, leafIndex: 5, root: root, leaf: leaf,
        path: Array(repeating: sibling, count: 33))
      for values in [held, try await paper(long), try await paper(nil)] {
        let document = try await test.core.labels.draw { try $0.fill(template, with: values).get() }
        #expect(document.pages.count == 1)
      }
    }
  }
}
