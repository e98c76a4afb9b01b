import Custody
import CustodyLedger
import Foundation
import Hummingbird
import LabelDesign
import StationStore
import Testing

@testable import Station

/// Wipe reports at a station: uploaded, held against the lists of drives, validated by a second person, recorded.
@Suite struct WipeReportTests {
  private static let badge = "tok-lee-validates"
  private static let pin = "918273"

  private static func vector(_ name: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return Array(try Data(contentsOf: folder.appendingPathComponent("Vectors/SanitizationReports/\(name)")))
  }

  /// nwipe's log of one drive that passed, moved to before the test's clock, with another serial.
  private static func log(serial: String) throws -> [UInt8] {
    let text = String(decoding: try vector("nwipe/042-dodshort.log"), as: UTF8.self)
    return Array(
      text.replacing("2026/11/22", with: "2026/03/01").replacing("WD-WCC4N0RT7Y40", with: serial).utf8)
  }

  private static func form(_ files: [(name: String, bytes: [UInt8])]) -> (bytes: [UInt8], headers: HTTPFields) {
    var bytes: [UInt8] = []
    for file in files {
      bytes += Array(
        "--edge\r\nContent-Disposition: form-data; name=\"report\"; filename=\"\(file.name)\"\r\n\r\n".utf8)
      bytes += file.bytes + Array("\r\n".utf8)
    }
    return (bytes + Array("--edge--\r\n".utf8), [.contentType: "multipart/form-data; boundary=edge"])
  }

  private func upload(
    _ api: APIUnderTest, _ files: (name: String, bytes: [UInt8])..., as who: SignedIn? = nil
  ) async throws -> APIAnswer {
    let form = Self.form(files)
    return try await api.ask(
      .post, "/api/v1/sanitizations/reports", as: who ?? api.kim, bytes: form.bytes, headers: form.headers)
  }

  private func record(
    _ api: APIUnderTest, _ files: String, _ lines: CanonicalJSON, as who: SignedIn? = nil, pin: String = pin
  ) async throws -> APIAnswer {
    try await api.post(
      "/api/v1/sanitizations",
      ["files": .string(files), "lines": lines, "validator": ["badge": .string(Self.badge), "pin": .string(pin)]],
      as: who ?? api.kim)
  }

  private func run(_ body: @escaping @Sendable (APIUnderTest) async throws -> Void) async throws {
    try await APIUnderTest.run { api in
      try await api.core.store.setCredentials(of: api.lee.person.id, badge: Self.badge, pin: Self.pin)
      try await body(api)
    }
  }

  private func only(_ answer: APIAnswer) throws -> CanonicalJSON {
    let reports = try answer.items("reports")
    try #require(reports.count == 1, "\(answer)")
    return reports[0]
  }

  @Test func `a report that fits is recorded by a validated event that names it, and opens the way to disposal`()
    async throws
  {
    try await run { api in
      let asset = try await api.register("LT-00001", "retired", category: "laptop", drives: ["S4EVNX0M100001"])
      // Letters alike and blanks around it left away, and nothing cleverer.
      let file = try Self.log(serial: "s4evnx0m100001")
      let answer = try await upload(api, ("nwipe.log", file))
      #expect(answer.status == .ok, "\(answer)")
      let report = try only(answer)
      #expect(report[path: "fit"]?.text == "fits")
      #expect(report[path: "asset"]?.text == asset)
      #expect(report[path: "achieved"]?.text == "clear")
      #expect(report[path: "passes"] == .bool(true))

      let recorded = try await record(api, try answer.text("files"), [["line": 0]])
      #expect(recorded.status == .ok, "\(recorded)")
      #expect(try recorded.items()[0][path: "passes"] == .bool(true), "\(recorded)")
      let id = try #require(AssetID(asset))
      let event = try await api.core.store.read { try $0.entries(of: id) }.last?.event
      let found = try #require(event)
      guard case .sanitize(let details) = found.details else {
        Issue.record("no sanitize event: \(found)")
        return
      }
      #expect(details.record.medium.serial == "S4EVNX0M100001")
      #expect(details.record.serialSource == .tool)
      #expect(details.record.reportDigest == report[path: "digest"]?.text)
      #expect(found.evidence.map(\.role) == ["toolReport"])
      #expect(found.evidence[0].digest == details.record.reportDigest)
      #expect(found.evidence[0].length == file.count)
      #expect(found.witness == api.lee.person.id)
      #expect(details.record.performedBy == api.kim.person.id)
      #expect(try await api.core.store.read { try $0.asset(id)?.unsanitizedMedia } == [])

      // The same file again is known; one that was changed since is said to be another.
      #expect(try only(try await upload(api, ("again.log", file)))[path: "fit"]?.text == "recorded")
      let changed = Array(String(decoding: file, as: UTF8.self).replacing("DoD Short", with: "Gutmann Wipe").utf8)
      let other = try await upload(api, ("changed.log", changed))
      #expect(try only(other)[path: "fit"]?.text == "otherFile")
      let refused = try await record(api, try other.text("files"), [["line": 0]])
      #expect(try refused.items()[0][path: "code"]?.text == "wipeReport.otherFile")
      #expect(try await api.core.store.read { try $0.entries(of: id) }.count == 2)
    }
  }

  /// Deploys the asset to a team and takes it back, a minute later.
  private func use(_ api: APIUnderTest, _ tag: String) async throws {
    let out = try await api.scan(tag, "deploy", ["recipient": ["team": "Design"]], as: api.kim)
    try #require(try out.text("result") == "accepted", "\(out)")
    api.clock.advance(seconds: 60)
    let back = try await api.scan(tag, "return", as: api.kim)
    try #require(try back.text("result") == "accepted", "\(back)")
  }

  @Test func `a report from before the asset was last deployed is stale, whether it was imported then or not`()
    async throws
  {
    try await run { api in
      let asset = try await api.register("LT-00001", category: "laptop", drives: ["OLD-1"])
      try await use(api, "LT-00001")
      // The clock stands at 2 March 2026; the log is of the day before.
      let answer = try await upload(api, ("nwipe.log", try Self.log(serial: "OLD-1")))
      let report = try only(answer)
      #expect(report[path: "fit"]?.text == "stale", "\(answer)")
      #expect(report[path: "asset"]?.text == asset)
      for words in ["2026-03-01T", "2026-03-02T09:00:00.000Z"] {
        #expect(report[path: "detail"]?.text?.contains(words) == true, "\(answer)")
      }
      #expect(report[path: "remedy"]?.text?.contains("Wipe it again") == true)
      let refused = try await record(api, try answer.text("files"), [["line": 0]])
      #expect(try refused.items()[0][path: "code"]?.text == "wipeReport.stale", "\(refused)")
      let id = try #require(AssetID(asset))
      let stored = try await api.core.store.read { try $0.asset(id) }
      let found = try #require(stored)
      #expect(found.unsanitizedMedia.map(\.serial) == ["OLD-1"])
      #expect(found.exposedAt == Instant("2026-03-02T09:00:00.000Z"))
    }
  }

  @Test func `a second wipe whose log is byte for byte the first's is recorded after another deployment, not before`()
    async throws
  {
    try await run { api in
      try await api.register("LT-00001", category: "laptop", drives: ["S7BFNG0W600310"])
      let files = [
        (name: "log.json", bytes: try Self.vector("nvme/1.8-block-erase.json")),
        (name: "id.json", bytes: try Self.vector("nvme/id-ctrl.json")),
      ]
      func fits(_ fit: String) async throws -> String {
        let answer = try await upload(api, files[0], files[1])
        #expect(try only(answer)[path: "fit"]?.text == fit, "\(answer)")
        return try answer.text("files")
      }
      func passes(_ upload: String) async throws {
        let answer = try await record(api, upload, [["line": 0]])
        #expect(try answer.items()[0][path: "passes"] == .bool(true), "\(answer)")
      }
      try await passes(fits("fits"))
      _ = try await fits("recorded")
      api.clock.advance(seconds: 60)
      try await use(api, "LT-00001")
      try await passes(fits("fits"))
      _ = try await fits("recorded")
    }
  }

  @Test func `a further file without times is taken, with a warning that names the one before it`() async throws {
    try await run { api in
      try await api.register("LT-00001", category: "laptop", drives: ["S7BFNG0W600310"])
      let log = try Self.vector("nvme/1.8-block-erase.json")
      let identity = (name: "id.json", bytes: try Self.vector("nvme/id-ctrl.json"))
      let first = try await upload(api, ("log.json", log), identity)
      #expect(try only(first)[path: "warning"] == nil)
      let recorded = try await record(api, try first.text("files"), [["line": 0]])
      #expect(try recorded.items()[0][path: "passes"] == .bool(true), "\(recorded)")
      // The same status in other bytes, as an editor leaves it.
      let edited = try await upload(api, ("log.json", log + [0x0A, 0x20]), identity)
      let report = try only(edited)
      #expect(report[path: "fit"]?.text == "fits", "\(edited)")
      let digest = try #require(try only(first)[path: "digest"]?.text)
      #expect(report[path: "warning"]?.text?.contains(String(digest.prefix(12))) == true, "\(edited)")
      let files = try edited.text("files").replacing("/", with: "%2F")
      let page = try await api.ask(
        .get, "/wipe-reports?files=\(files)", as: api.kim, headers: [.accept: "text/html"]
      ).description
      #expect(page.contains("Compare the two files before you record it."), "\(page)")
      #expect(page.contains(#"name="line-0" value="1">"#), "not chosen by itself: \(page)")
      let again = try await record(api, edited.text("files"), [["line": 0]])
      #expect(try again.items()[0][path: "passes"] == .bool(true), "\(again)")
    }
  }

  @Test func `of two equal logs of one upload the second is named, and by itself it is another drive's`() async throws {
    try await run { api in
      try await api.register("LT-00001", category: "laptop", drives: ["TWIN-1"])
      try await api.register("LT-00002", category: "laptop", drives: ["TWIN-2"])
      let log = try Self.vector("nvme/1.8-block-erase.json")
      let both = try await upload(api, ("first.json", log), ("second.json", log))
      _ = try only(both)
      let refused = try both.items("refused")
      #expect(refused.map { $0[path: "code"]?.text } == ["wipeReport.identical"], "\(both)")
      #expect(refused.first?[path: "file"]?.text == "second.json")
      #expect(refused.first?[path: "detail"]?.text?.contains("first.json") == true)
      let one = try await record(api, both.text("files"), [["line": 0, "serial": "TWIN-1"]])
      #expect(try one.items()[0][path: "passes"] == .bool(true), "\(one)")
      // What the page names the upload by leads to the same.
      let files = try both.text("files").replacing("/", with: "%2F")
      let page = try await api.ask(
        .get, "/wipe-reports?files=\(files)", as: api.kim, headers: [.accept: "text/html"]
      ).description
      #expect(page.contains(">second.json</b>") && page.contains("same as first.json"), "\(page)")
      let alone = try await upload(api, ("second.json", log))
      let two = try await record(api, alone.text("files"), [["line": 0, "serial": "TWIN-2"]])
      #expect(try two.items()[0][path: "passes"] == .bool(true), "\(two)")
    }
  }

  private func newest(_ api: APIUnderTest, _ asset: String) async throws -> SanitizationRecord {
    let id = try #require(AssetID(asset))
    let event = try await api.core.store.read { try $0.entries(of: id) }.last?.event
    guard case .sanitize(let details)? = event?.details else { throw NoRecord() }
    return details.record
  }

  private struct NoRecord: Error {}

  @Test func `a record says from whom the laptop came, where it was wiped, how its data is classed and where it goes`()
    async throws
  {
    try await run { api in
      let rob = CanonicalJSON.string(api.rob.id.description)
      let asset = try await api.register(
        "LT-00001", "deployed", category: "laptop", drives: ["SAID-1"], custodian: ["person": rob])
      let back = try await api.scan("LT-00001", "return", as: api.kim)
      try #require(try back.text("result") == "accepted", "\(back)")
      let answer = try await upload(api, ("log.json", try Self.vector("nvme/1.8-block-erase.json")))
      let recorded = try await api.post(
        "/api/v1/sanitizations",
        [
          "files": .string(try answer.text("files")), "lines": [["line": 0, "serial": "SAID-1"]],
          "validator": ["badge": .string(Self.badge), "pin": .string(Self.pin)],
          "place": " Wipe bench ", "categorisation": "confidential", "destination": "",
        ], as: api.kim)
      #expect(try recorded.items()[0][path: "passes"] == .bool(true), "\(recorded)")
      let record = try await newest(api, asset)
      #expect(record.sourceUser == api.rob.id)
      #expect(record.place == "Wipe bench" && record.categorisation == "confidential")
      #expect(record.destination == nil && record.propertyNumber == nil)
      let id = try #require(AssetID(asset))
      let paper = try await api.core.store.read { snapshot -> CustodyDocument? in
        let row = try #require(try snapshot.entries(of: id).last)
        return try api.core.documents(snapshot, for: api.lee).document(of: row, try #require(try snapshot.asset(id)))
      }
      let fields = try #require(paper?.values).fields
      #expect(fields["sourceUser"] == "Rob" && fields["place"] == "Wipe bench")

      let odd = try await api.post(
        "/api/v1/sanitizations",
        [
          "files": .string(try answer.text("files")), "lines": [["line": 0]], "place": 7,
          "validator": ["badge": .string(Self.badge), "pin": .string(Self.pin)],
        ], as: api.kim)
      try odd.expectProblem(.unprocessableContent, "request.malformed", pointer: "/place")
    }
  }

  @Test func `a drive of its own has its tag as property number, and an asset's classification stands for its data`()
    async throws
  {
    try await run { api in
      let asset = try await api.register("LOOSE-1", category: "drive", kind: "serial")
      try await api.scan("LOOSE-1", "bind", ["identifier": ["kind": "tag", "value": "DR-00001"]], as: api.kim)
      try await api.scan(
        "LOOSE-1", "amend", ["set": ["classification": "internal"], "reason": "asked the owner"], as: api.kim)
      let answer = try await upload(api, ("log.json", try Self.vector("nvme/1.8-block-erase.json")))
      let recorded = try await record(api, answer.text("files"), [["line": 0, "serial": "loose-1"]])
      #expect(try recorded.items()[0][path: "passes"] == .bool(true), "\(recorded)")
      let record = try await newest(api, asset)
      #expect(record.propertyNumber == "DR-00001" && record.categorisation == "internal")
      #expect(record.sourceUser == nil && record.place == nil)
    }
  }

  @Test func `what was corrected is not recorded: the same report can be recorded again`() async throws {
    try await run { api in
      let asset = try await api.register("LT-00001", category: "laptop", drives: ["ONE-1"])
      let file = try Self.log(serial: "ONE-1")
      let answer = try await upload(api, ("a.log", file))
      let recorded = try await record(api, try answer.text("files"), [["line": 0]])
      let event = try #require(try recorded.items()[0][path: "event"]?.text)
      #expect(try only(try await upload(api, ("a.log", file)))[path: "fit"]?.text == "recorded")
      let taken = try await api.scan(
        "LT-00001", "correct", ["event": .string(event), "reason": "wrong drive"], as: api.lee)
      try #require(try taken.text("result") == "accepted", "\(taken)")
      #expect(try only(try await upload(api, ("a.log", file)))[path: "fit"]?.text == "fits")
      let id = try #require(AssetID(asset))
      #expect(try await api.core.store.read { try $0.asset(id)?.unsanitizedMedia.count } == 1)
    }
  }

  @Test func `a report of a drive that nobody lists, or that two assets list, is not recorded`() async throws {
    try await run { api in
      try await api.register("LT-00001", category: "laptop", drives: ["SAME-1"])
      try await api.register("LT-00002", category: "laptop", drives: ["same-1 "])
      let nowhere = try await upload(api, ("a.log", try Self.log(serial: "ELSEWHERE-1")))
      #expect(try only(nowhere)[path: "fit"]?.text == "notListed")
      #expect(try only(nowhere)[path: "remedy"]?.text?.isEmpty == false)
      let several = try await upload(api, ("b.log", try Self.log(serial: "SAME-1")))
      #expect(try only(several)[path: "fit"]?.text == "several")
      for answer in [nowhere, several] {
        let refused = try await record(api, try answer.text("files"), [["line": 0]])
        #expect(try refused.items()[0][path: "event"] == nil)
      }
    }
  }

  @Test func `what failed is recorded and does not pass`() async throws {
    try await run { api in
      let asset = try await api.register(
        "LT-00001", category: "laptop", drives: ["WD-WCC4N0RT7Y40", "WD-WCC4N0RT7Y41"])
      let text = String(decoding: try Self.vector("nwipe/042-two.log"), as: UTF8.self)
      let answer = try await upload(api, ("two.log", Array(text.replacing("2026/11/22", with: "2026/03/01").utf8)))
      #expect(try answer.items("reports").map { $0[path: "passes"] } == [.bool(true), .bool(false)])
      let recorded = try await record(api, try answer.text("files"), [["line": 0], ["line": 1]])
      #expect(try recorded.items().map { $0[path: "passes"] } == [.bool(true), .bool(false)], "\(recorded)")
      let id = try #require(AssetID(asset))
      let left = try await api.core.store.read { try $0.asset(id)?.unsanitizedMedia.map(\.serial) }
      #expect(left == ["WD-WCC4N0RT7Y41"])
    }
  }

  @Test func `a report without a serial takes the file beside it, else the operator's word, and the record says which`()
    async throws
  {
    try await run { api in
      let one = try await api.register("LT-00001", category: "laptop", drives: ["S7BFNG0W600310"])
      let two = try await api.register("LT-00002", category: "laptop", drives: ["S7BFNG0W600311"])
      let log = try Self.vector("nvme/1.8-block-erase.json")
      let pair = try await upload(api, ("log.json", log), ("id.json", try Self.vector("nvme/id-ctrl.json")))
      #expect(try only(pair)[path: "serialSource"]?.text == "companion")
      #expect(try await record(api, try pair.text("files"), [["line": 0]]).items()[0][path: "passes"] == .bool(true))

      let alone = try await upload(api, ("log.json", try Self.vector("nvme/2.10-crypto-erase.json")))
      #expect(try only(alone)[path: "fit"]?.text == "unnamed")
      let silent = try await record(api, try alone.text("files"), [["line": 0]])
      #expect(try silent.items()[0][path: "code"]?.text == "wipeReport.unnamed")
      let said = try await record(api, try alone.text("files"), [["line": 0, "serial": " s7bfng0w600311"]])
      #expect(try said.items()[0][path: "passes"] == .bool(true), "\(said)")
      let sources = try await api.core.store.read { snapshot in
        try [one, two].map { text -> SanitizationRecord? in
          guard let id = AssetID(text), case .sanitize(let details)? = try snapshot.entries(of: id).last?.event.details
          else { return nil }
          return details.record
        }
      }
      #expect(sources.map { $0?.serialSource } == [.companion, .operatorLinked])
      #expect(sources.map { $0?.achieved } == [.purge, .purge])
      let evidence = try await api.core.store.read { try $0.entries(of: #require(AssetID(one))).last?.event.evidence }
      #expect(evidence?.map(\.role) == ["toolReport", "driveIdentity"])
    }
  }

  @Test func `nobody validates their own wipe, nor without the PIN, nor without the role`() async throws {
    try await run { api in
      try await api.register("LT-00001", category: "laptop", drives: ["ONE-1"])
      let answer = try await upload(api, ("a.log", try Self.log(serial: "ONE-1")))
      let files = try answer.text("files")
      try await record(api, files, [["line": 0]], as: api.lee).expectProblem(.forbidden, "access.secondPersonSame")
      try await record(api, files, [["line": 0]], pin: "000000").expectProblem(.forbidden, "access.notRecognised")
      try await upload(api, ("a.log", [0x61]), as: api.vic).expectProblem(.forbidden, "custody.sanitize.role")
    }
  }

  @Test func `what is no report is told with its code; more than 50 MB is a 413`() async throws {
    try await run { api in
      let answer = try await upload(api, ("x.txt", Array("hello".utf8)))
      #expect(try answer.items("refused")[0][path: "code"]?.text == "wipeReport.unknownFormat")
      let none = try await api.ask(
        .post, "/api/v1/sanitizations/reports", as: api.kim, bytes: [], headers: [.contentType: "text/plain"])
      try none.expectProblem(.unprocessableContent, "request.malformed")
      let large = try await upload(api, ("x.log", [UInt8](repeating: 0x61, count: 50_000_001)))
      try large.expectProblem(.contentTooLarge, "wipeReport.tooLarge")
    }
  }

  @Test func `the page works without JavaScript: upload, look, validate, see it recorded`() async throws {
    try await run { api in
      let asset = try await api.register("LT-00001", category: "laptop", drives: ["PAGE-1"])
      let form = Self.form([("<b>.log", try Self.log(serial: "PAGE-1"))])
      let sent = try await api.ask(.post, "/wipe-reports", as: api.kim, bytes: form.bytes, headers: form.headers)
      #expect(sent.status == .seeOther)
      let address = try #require(sent.headers[.location])
      let page = try await api.ask(.get, address, as: api.kim, headers: [.accept: "text/html"]).description
      for words in ["PAGE-1", "DoD Short", "Fits LT-00001.", "Clear", "Validator’s badge", "&lt;b&gt;.log"] {
        #expect(page.contains(words), "\(words) in \(page)")
      }
      let files = try #require(page.firstMatch(of: /name="files" value="([^"]*)"/)?.1)
      let body =
        "files=\(String(files).replacing("&lt;", with: "%3C").replacing("&gt;", with: "%3E"))"
        + "&line-0=1&badge=\(Self.badge)&pin=\(Self.pin)"
      let recorded = try await api.ask(
        .post, "/wipe-reports/record", as: api.kim, bytes: Array(body.utf8),
        headers: [.contentType: "application/x-www-form-urlencoded"])
      #expect(recorded.status == .seeOther, "\(recorded)")
      let after = try await api.ask(
        .get, try #require(recorded.headers[.location]), as: api.kim, headers: [.accept: "text/html"]
      ).description
      #expect(after.contains("1 report recorded"), "\(after)")
      #expect(after.contains("Recorded already, of LT-00001."))
      let shown = try await api.ask(.get, "/assets/\(asset)", as: api.kim, headers: [.accept: "text/html"]).description
      #expect(shown.contains("full read of the blanked drive, passed"))
    }
  }

  /// A retired laptop whose one drive is listed with a model.
  private func laptop(_ api: APIUnderTest, _ serial: String, _ model: String) async throws -> String {
    let details: CanonicalJSON = [
      "state": "retired", "source": ["declared": ["reason": "was on the shelf"]],
      "facts": [
        "manufacturer": "Acme", "model": "M1", "category": "laptop",
        "media": [["serial": .string(serial), "model": .string(model)]],
      ],
    ]
    let answer = try await api.scan("LT-00001", "register", details, as: api.lee)
    try #require(answer.status == .ok, "\(answer)")
    return try answer.text("asset.id")
  }

  @Test func `a report of another model than the listed one is kept, and opens no gate before the drive is confirmed`()
    async throws
  {
    try await run { api in
      let id = try #require(AssetID(try await laptop(api, "S4EVNX0M100001", "MZVL2512HCJQ")))
      func open() async throws -> [Medium]? { try await api.core.store.read { try $0.asset(id)?.unsanitizedMedia } }
      let file = try Self.log(serial: "S4EVNX0M100001")
      let answer = try await upload(api, ("nwipe.log", file))
      let report = try only(answer)
      #expect(report[path: "fit"]?.text == "fits" && report[path: "passes"] == .bool(false), "\(report)")
      #expect(report[path: "reportedModel"]?.text == "Loopback device")
      #expect(report[path: "listedModel"]?.text == "MZVL2512HCJQ")
      #expect(report[path: "detail"]?.text?.contains("The report is of a Loopback device") == true)

      // Kept, marked, and not passing.
      let kept = try await record(api, try answer.text("files"), [["line": 0]])
      #expect(try kept.items()[0][path: "passes"] == .bool(false), "\(kept)")
      #expect(try kept.items()[0][path: "event"] != nil)
      #expect(try await open()?.map(\.serial) == ["S4EVNX0M100001"])
      let page = try await api.ask(.get, "/assets/\(id)", as: api.kim, headers: [.accept: "text/html"]).description
      #expect(page.contains("the report is of a Loopback device, not confirmed"))

      // Again without a word of the drive: refused. With it: it passes.
      let again = try await upload(api, ("nwipe.log", file))
      #expect(try only(again)[path: "fit"]?.text == "modelInDoubt")
      let files = try again.text("files")
      let refused = try await record(api, files, [["line": 0]])
      #expect(try refused.items()[0][path: "code"]?.text == "wipeReport.modelInDoubt", "\(refused)")
      #expect(try await open()?.count == 1)
      let confirmed = try await record(api, files, [["line": 0, "driveConfirmed": true]])
      #expect(try confirmed.items()[0][path: "passes"] == .bool(true), "\(confirmed)")
      #expect(try await open() == [])
      let last = try #require(try await api.core.store.read { try $0.entries(of: id) }.last?.event)
      guard case .sanitize(let details) = last.details else {
        Issue.record("no sanitize event: \(last)")
        return
      }
      #expect(details.record.reportedModel == "Loopback device" && details.record.modelConfirmed == true)
      #expect(last.witness == api.lee.person.id)
      #expect(try only(try await upload(api, ("nwipe.log", file)))[path: "fit"]?.text == "recorded")
    }
  }

  @Test func `where the list of drives was wrong, amending it and recording the report again opens the gate`()
    async throws
  {
    try await run { api in
      let id = try #require(AssetID(try await laptop(api, "S4EVNX0M100001", "MZVL2512HCJQ")))
      let file = try Self.log(serial: "S4EVNX0M100001")
      let files = try await upload(api, ("nwipe.log", file)).text("files")
      _ = try await record(api, files, [["line": 0]])
      let amended = try await api.scan(
        "LT-00001", "amend",
        [
          "set": ["media": [["serial": "S4EVNX0M100001", "model": "loopback  DEVICE"]]], "reason": "read off the drive",
        ], as: api.lee)
      try #require(amended.status == .ok, "\(amended)")
      let report = try only(try await upload(api, ("nwipe.log", file)))
      #expect(report[path: "fit"]?.text == "fits" && report[path: "passes"] == .bool(true), "\(report)")
      #expect(try await record(api, files, [["line": 0]]).items()[0][path: "passes"] == .bool(true))
      #expect(try await api.core.store.read { try $0.asset(id)?.unsanitizedMedia } == [])
    }
  }

  @Test func `the page shows the other model and asks whether it is the drive; ticked, the record passes`()
    async throws
  {
    try await run { api in
      let id = try #require(AssetID(try await laptop(api, "S4EVNX0M100001", "MZVL2512HCJQ")))
      let files = try await upload(api, ("nwipe.log", try Self.log(serial: "S4EVNX0M100001"))).text("files")
      func page(_ fields: String) async throws -> APIAnswer {
        try await api.ask(
          .post, "/wipe-reports/record", as: api.kim,
          bytes: Array("files=\(files)&line-0=1&badge=\(Self.badge)&pin=\(Self.pin)\(fields)".utf8),
          headers: [.contentType: "application/x-www-form-urlencoded", .accept: "text/html"])
      }
      let looked = try await page("&look=1").description
      #expect(looked.contains("The report is of a Loopback device, the list says MZVL2512HCJQ."))
      #expect(looked.contains("name=\"drive-0\"") && looked.contains("is-odd"))
      #expect(try await page("&drive-0=1").status == .seeOther)
      #expect(try await api.core.store.read { try $0.asset(id)?.unsanitizedMedia } == [])
    }
  }

  @Test func `what the page needs is marked as needed, and looking again needs none of it`() async throws {
    try await run { api in
      _ = try await api.register("LT-00001", "retired", category: "laptop", drives: ["S4EVNX0M100001"])
      let files = try await upload(api, ("nwipe.log", try Self.log(serial: "S4EVNX0M100001"))).text("files")
      let page = try await api.ask(
        .get, "/wipe-reports?files=\(files)", as: api.kim, headers: [.accept: "text/html"]
      ).description
      for id in ["wipe-report", "wipe-badge", "wipe-pin"] {
        let input = try #require(page.firstRange(of: "<input id=\"\(id)\""))
        let tag = page[input.lowerBound...].prefix { $0 != ">" }
        #expect(tag.contains(" required"), "\(tag)")
      }
      for id in ["wipe-place", "wipe-categorisation", "wipe-destination"] {
        let input = try #require(page.firstRange(of: "<input id=\"\(id)\""))
        #expect(!page[input.lowerBound...].prefix { $0 != ">" }.contains(" required"), "\(id)")
      }
      let look = try #require(page.firstRange(of: "name=\"look\""))
      #expect(page[look.lowerBound...].prefix { $0 != ">" }.contains("formnovalidate"))
    }
  }
}
