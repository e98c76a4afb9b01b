import Custody
import CustodyLedger
import Foundation
import LabelDesign
import StationStore
import Testing

@testable import Station

@Suite("Labels: what is asked for")
struct LabelOrderTests {
  @Test("a label goes to the printer that has its size; where none has, the printers that there are are named")
  func routes() async throws {
    try await PrintingUnderTest.run { test in
      try await test.setUp("large", labels: ["100x50"])
      let id = try await test.api.register("DK-00001")
      let job = try await test.order(id)
      #expect(try await test.api.core.labelJob(job).printer == "desk")
      let answer = try await test.api.post(
        "/api/v1/labels", ["template": "drive-label-50x20", "fields": ["serial": "S1", "model": "M"]],
        as: test.api.kim)
      try answer.expectProblem(.unprocessableContent, "label.printer.none")
      #expect(try answer.text("remedy").contains("desk (50 × 25 mm), large (100 × 50 mm)"))
      try await test.api.post(
        "/api/v1/labels", ["template": "location-100x50", "printer": "desk", "fields": ["code": "HQ-A", "name": "A"]],
        as: test.api.kim
      ).expectProblem(.unprocessableContent, "label.printer.size")
    }
  }

  @Test("a printer whose profile is gone says so, and is not taken for one that is not there")
  func profileGone() async throws {
    try await PrintingUnderTest.run { test in
      let setting: CanonicalJSON = ["address": "tcp://127.0.0.1:9", "profile": "gone", "labels": ["50x25+3"]]
      let (document, person) = (try setting.bytes(limit: .max), test.api.kim.person.id)
      try await test.api.core.store.write { try $0.setPrinter("old", document, by: person) }
      let id = try await test.api.register("DK-00001")
      #expect(try await test.refused(id) { $0.printer = "old" } == "printer.profile")
      #expect(try await test.refused(id) { $0.printer = "older" } == "label.printer.unknown")
      #expect(try await test.refused(id) == nil)
    }
  }

  @Test("an asset without tag gets the next number with its label, in one step; a replacement a new one beside the old")
  func numbers() async throws {
    try await PrintingUnderTest.run { test in
      let id = try await test.api.register("SN-NEW-77", kind: "serial")
      #expect(try await test.asset(id).tag == nil)
      #expect(try await test.refused(id) == "label.field.missing")
      let job = try await test.order(id) { $0.newTag = true }
      let tag = try #require(try await test.asset(id).tag)
      #expect(tag.hasPrefix("AT-"))
      #expect(try await test.api.core.labelJob(job).fields?["tag"] == tag)
      try await test.printing { _ = try await test.until(job, is: .printed) }
      let next = try await test.order(id) { ($0.purpose, $0.reason) = (.replacement, "torn off") }
      try await test.printing { _ = try await test.until(next, is: .printed) }
      let asset = try await test.asset(id)
      #expect(asset.identifiers.filter { $0.kind == .tag }.count == 2)
      #expect(asset.label?.replaces == BoundIdentifier(.tag, tag))
      #expect(asset.label?.mark.value == asset.tag)
      #expect(asset.tag != tag)
    }
  }

  @Test("a batch of which one cannot be made is refused whole, and says which")
  func allOrNone() async throws {
    try await PrintingUnderTest.run { test in
      let rows: CanonicalJSON = [["tag": "AT-00001"], ["tag": .string(String(repeating: "X", count: 50))]]
      let answer = try await test.api.post(
        "/api/v1/labels", ["template": .string(PrintingUnderTest.template), "rows": rows], as: test.api.kim)
      try answer.expectProblem(.unprocessableContent, "label.field.tooLong")
      #expect(try answer.text("detail").hasPrefix("Label 2: "))
      #expect(try await test.api.core.labelJobs().isEmpty)
    }
  }

  @Test("what may be ordered may be recorded and can be printed: 1 to 999 of a label", arguments: [0, 1, 999, 1000])
  func copies(_ count: Int) async throws {
    // Two pure rooms, neither of which knows the other.
    #expect(LabelDetails.copiesAtOnce == PrintedLabel.copiesAtOnce)
    try await PrintingUnderTest.run { test in
      let id = try await test.api.register("DK-00001")
      let code = try await test.refused(id) { $0.copies = count }
      #expect(code == ((1...999).contains(count) ? nil : "custody.label.copies"))
    }
  }

  @Test("assets are named by any of their marks, and may say something else than what is known of them")
  func marks() async throws {
    try await PrintingUnderTest.run { test in
      let ids = [
        try await test.api.register("DK-00001"), try await test.api.register("(8004)06141415678"),
        try await test.api.register("SN-77", kind: "serial"),
      ]
      try await test.api.scan(
        "SN-77", "bind", ["identifier": ["kind": "tag", "value": "DK-00003"]], as: test.api.kim)
      func order(_ body: CanonicalJSON) async throws -> APIAnswer {
        var body = body
        body[path: "template"] = .string(PrintingUnderTest.template)
        return try await test.api.post("/api/v1/labels", body, as: test.api.kim)
      }
      try await order(["marks": ["DK-00001", "DK-00009"]]).expectProblem(
        .unprocessableContent, "custody.label.unknownAsset")
      #expect(
        try await order(["marks": ["DK-00001", "DK-00009"]]).text("detail")
          == "Label 2: No asset is known here by DK-00009.")
      try await order(["marks": ["DK-00001"], "rows": []]).expectProblem(
        .unprocessableContent, "request.malformed", pointer: "/rows")
      try await order(["marks": ["DK-00001"], "assets": [.string(ids[0])]]).expectProblem(
        .unprocessableContent, "request.malformed", pointer: "/marks")
      try await order(["marks": "DK-00001"]).expectProblem(
        .unprocessableContent, "request.malformed", pointer: "/marks")
      try await order(["marks": ["DK-00003", "SN-77"]]).expectProblem(.unprocessableContent, "label.asset.twice")
      #expect(try await test.api.core.labelJobs().isEmpty)
      // A GIAI without a tag has no text for the tag's place.
      let rows: CanonicalJSON = [[:], ["model": "Dock, spare"]]
      #expect(try await order(["marks": ["DK-00001", "SN-77"], "rows": rows]).status == .created)
      let jobs = try await test.api.core.labelJobs().reversed()
      #expect(jobs.map { $0.asset?.description } == [ids[0], ids[2]])
      #expect(jobs.map { $0.fields?["model"] } == ["Acme M1", "Dock, spare"])
      #expect(jobs.map(\.mark) == [BoundIdentifier(.tag, "DK-00001"), BoundIdentifier(.tag, "DK-00003")])
    }
  }

  @Test("the same request under the same key prints once")
  func once() async throws {
    try await PrintingUnderTest.run { test in
      let body: CanonicalJSON = ["template": .string(PrintingUnderTest.template), "fields": ["tag": "AT-00001"]]
      let headers = [(1, "k-1"), (2, "k-1")]
      var answers: [String] = []
      for (_, key) in headers {
        let answer = try await test.api.post(
          "/api/v1/labels", body, as: test.api.kim, headers: [.idempotencyKey: key])
        #expect(answer.status == .created, "\(answer)")
        answers.append(try answer.text("batch"))
      }
      #expect(answers[0] == answers[1])
      #expect(try await test.api.core.labelJobs().count == 1)
    }
  }

  @Test("who may not label assets prints nothing; the command line labels no asset")
  func roles() async throws {
    try await PrintingUnderTest.run { test in
      let id = try await test.api.register("DK-00001")
      let body: CanonicalJSON = ["template": .string(PrintingUnderTest.template), "assets": [.string(id)]]
      try await test.api.post("/api/v1/labels", body, as: test.api.vic).expectProblem(
        .forbidden, "custody.label.role")
      let order = LabelOrder(PrintingUnderTest.template, .asset(try #require(AssetID(id))))
      guard case .failure(let refusal) = try await test.api.core.order([order], by: .folderOwner) else {
        Issue.record("nobody had an asset labelled")
        return
      }
      #expect(refusal.code == "custody.actor.missing")
      try await test.api.post(
        "/api/v1/printers", ["name": "x", "address": "tcp://127.0.0.1", "profile": "zpl-generic-203"],
        as: test.api.vic
      ).expectProblem(.forbidden, "access.forbidden")
    }
  }

  @Test("printers that cannot be are refused, with what would be right")
  func printers() async throws {
    try await PrintingUnderTest.run { test in
      let cases: [(CanonicalJSON, String)] = [
        (["name": "a b", "address": "tcp://h", "profile": "zpl-generic-203"], "/name"),
        (["name": "a", "address": "h", "profile": "zpl-generic-203"], "/address"),
        (["name": "a", "address": "tcp://h"], "/profile"),
        (["name": "a", "address": "tcp://h", "profile": "none"], "/profile"),
        (["name": "a", "address": "tcp://h", "profile": "zpl-generic-203", "labels": ["50"]], "/labels"),
      ]
      for (body, pointer) in cases {
        try await test.api.post("/api/v1/printers", body, as: test.api.kim).expectProblem(
          .unprocessableContent, "request.malformed", pointer: pointer)
      }
      _ = try await test.order(try await test.api.register("DK-00001"))
      try await test.api.ask(.delete, "/api/v1/printers/desk", as: test.api.kim).expectProblem(
        .conflict, "printer.inUse")
    }
  }

  @Test("a template of one's own is checked as it comes, with file and line, and printed from; native ZPL too")
  func ownTemplates() async throws {
    try await PrintingUnderTest.run { test in
      let yaml = "name: Shelf\nwidth: 50\nheight: 25\nfields:\n  code:\n    title: Code\n    example: A-1\n"
      func svg(_ inner: String) -> CanonicalJSON {
        .string(
          """
          <svg xmlns="http://www.w3.org/2000/svg" width="50mm" height="25mm" viewBox="0 0 50 25">
          \(inner)
          </svg>
          """)
      }
      let path = "/api/v1/label-templates/shelf"
      func put(_ path: String, _ body: CanonicalJSON) async throws -> APIAnswer {
        try await test.api.ask(.put, path, as: test.api.kim, bytes: try body.bytes(limit: .max))
      }
      let script = try await put(path, ["svg": svg("<script>alert(1)</script>"), "yaml": .string(yaml)])
      try script.expectProblem(.unprocessableContent, "label.template.malformed")
      #expect(try script.text("detail").hasPrefix("template.svg:2: "), "\(script)")
      #expect(try await test.api.get(path).status == .notFound)
      let text = #"<text x="2" y="12" font-size="5" data-width="40" data-fit="shrink 2">{{code}}</text>"#
      let kept = try await put(path, ["svg": svg(text), "yaml": .string(yaml)])
      #expect(kept.status == .ok, "\(kept)")
      let preview = try await test.api.get(path + "/preview.png?field.code=B-2")
      #expect(preview.bytes.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
      let zpl = try await put("/api/v1/label-templates/native", ["zpl": "^XA^FO10,10^FD{{code}}^FS^XZ"])
      #expect(zpl.status == .ok, "\(zpl)")
      try await put("/api/v1/label-templates/native", ["zpl": "^XA^FO{{code}}^XZ"]).expectProblem(
        .unprocessableContent, "label.template.malformed")
      for (template, printer) in [("shelf", CanonicalJSON.null), ("native", "desk")] {
        let answer = try await test.api.post(
          "/api/v1/labels",
          ["template": .string(template), "fields": ["code": "C-3"], "printer": printer], as: test.api.kim)
        #expect(answer.status == .created, "\(answer)")
      }
      let jobs = try await test.api.core.labelJobs()
      let bytes = try await test.api.core.store.read { try $0.payload(of: jobs[0].id) }
      #expect(String(decoding: bytes ?? [], as: UTF8.self) == "^XA^FO10,10^FH_^FDC-3^FS^XZ")
      let answers = [
        ("LabelTemplateList", try await test.api.get("/api/v1/label-templates")),
        ("LabelTemplate", try await test.api.get(path)), ("PrinterPage", try await test.api.get("/api/v1/printers")),
        ("LabelPage", try await test.api.get("/api/v1/labels")),
        ("LabelBatch", try await test.api.get("/api/v1/label-batches/\(jobs[0].batch)")),
        ("PrinterProfilePage", try await test.api.get("/api/v1/printer-profiles")),
      ]
      try APIDescriptionTests.check(answers)
      try await put("/api/v1/label-templates/asset-tag-50x25-qr", ["zpl": "^XA^XZ"]).expectProblem(
        .conflict, "label.template.shipped")
    }
  }

  @Test(
    "native ZPL in the station's folder is printed with its fields; what would be commands goes out as data, or is refused"
  )
  func nativeFromFolder() async throws {
    try await PrintingUnderTest.run { test in
      let folder = test.api.core.labels.folder
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      func keep(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: folder).appending(path: name))
      }
      try keep("^XA^CI28^FO10,10^FD{{name}}^FS^FO10,40^BCN,80^FD{{tag}}^FS^XZ", "shelf.zpl")
      try keep("^XA\n^FO10,10^FD{{name}}^FS\n^CC!\n^XZ", "evil.zpl")
      try keep("^XA^FDname^FS^XZ", "asset-tag-50x25-qr.zpl")
      func order(_ template: String, _ fields: CanonicalJSON) async throws -> APIAnswer {
        try await test.api.post(
          "/api/v1/labels", ["template": .string(template), "fields": fields, "printer": "desk"], as: test.api.kim)
      }
      let evil = try await order("evil", ["name": "x"])
      try evil.expectProblem(.unprocessableContent, "label.template.unusable")
      #expect(try evil.text("detail").contains("evil.zpl:3: ^CC gives the signs of commands another meaning"))
      // One that has the name of a shipped template is told, and the shipped one is used.
      let faults = try await test.api.get("/api/v1/label-templates").items("faults")
      let messages = faults.map { $0[path: "message"]?.text ?? "" }
      #expect(messages.contains("has the name of a template that ships"))
      let hostile: [(CanonicalJSON, String)] = [
        (["name": "a\u{0}b", "tag": "A"], "U+0000"), (["name": "a\r\n^XZ", "tag": "A"], "U+000D"),
        (["name": "a", "tag": "A>;B"], "code set"),
        (["name": .string(String(repeating: "x", count: 4000)), "tag": "A"], "3072"),
        (["name": "a"], "tag has no value"),
      ]
      for (fields, words) in hostile {
        let answer = try await order("shelf", fields)
        try answer.expectProblem(.unprocessableContent, "label.zpl.field")
        #expect(try answer.text("detail").contains(words), "\(answer)")
      }
      #expect(try await test.api.core.labelJobs().isEmpty)
      let bomb = "^FS^XZ~JR^XA^PQ9999~SD30 \u{301}^\u{301}~JA"
      let answer = try await order("shelf", ["name": .string(bomb), "tag": "AT-1"])
      #expect(answer.status == .created, "\(answer)")
      let job = try #require(try answer.items("jobs").first?.text.flatMap(LabelJobID.init))
      try await test.printing { _ = try await test.until(job, is: .printed) }
      // The printer has taken one label, and of commands only those of the template.
      #expect(test.printer.printed.count == 1)
      let sent = try #require(test.printer.printed.first)
      #expect(sent.filter { $0 == UInt8(ascii: "~") }.isEmpty)
      #expect(sent.filter { $0 == UInt8(ascii: "^") }.count == 12)
    }
  }

  @Test(
    "what is received without a tag at the desk gets a number and a label, where the station is set to, and is awaited")
  func onReceive() async throws {
    var options = StationOptions(usb: false)
    options.labelOnReceive = PrintingUnderTest.template
    try await PrintingUnderTest.run(options: options) { test in
      let core = test.api.core
      core.desk.operatorToken = test.api.kim.token
      let facts: CanonicalJSON = ["manufacturer": "Acme", "model": "M1", "category": "dock"]
      let work = WorkSession(
        workflow: .receive, details: ["location": "HQ-A", "blindReason": "gift", "facts": facts])
      _ = try await core.openSession(work, by: test.api.kim, desk: core.desk.name)
      var scan = Scan(raw: Array("5CG1234XYZ".utf8), source: .symbol, device: "05e0:1200/1-2")
      scan.identifierKind = .serial
      try await core.deskScan(scan)
      let received = try #require(core.desk.lastOutcome)
      #expect(received.result == .accepted, "\(received.sentence ?? "")")
      let id = try #require(received.asset?.id)
      try await test.printing {
        let job = try await eventually("its label is ordered") {
          try await core.store.read { try $0.labelJobs(asset: id, limit: 1).first?.id }
        }
        _ = try await test.until(job, is: .printed)
      }
      #expect(try await test.asset(id.description).tag == "AT-00001")
      #expect(try await core.store.read { try $0.awaitedLabels(at: core.desk.name) }.map(\.asset) == [id])
      try await core.deskScan(Scan(raw: Array("AT-00001".utf8), source: .symbol, device: "05e0:1200/1-2"))
      #expect(core.desk.lastOutcome?.words == "Label proved")
    }
  }
}
