import Foundation
import LabelDesign
import LabelPrinting
import Synchronization
import Testing

/// The demo's printer: a label is printed, and its picture proves it.
@Suite(.serialized, .timeLimit(.minutes(25))) struct DemoLabelTests {
  @Test func `a label is printed, the next scan must be it, and its picture proves it`() async throws {
    try await withTemporaryFolder { folder in
      try await Demo.run(in: folder) { demo in
        let signedIn = try await HTTP.json(
          .POST, demo.desk + "/api/v1/sign-in", ["badge": "DEMO-KIM", "pin": "135790"])
        let token = try #require(signedIn.body["token"].text)
        func post(_ path: String, _ body: JSON) async throws -> JSON {
          try await HTTP.json(.POST, demo.desk + "/api/v1" + path, token: token, body).body
        }
        let assets = try await HTTP.json(
          .GET, demo.desk + "/api/v1/assets?state=inStock&limit=100", token: token
        ).body["items"].values.filter { $0["tag"].text != nil }
        let (asset, other) = (try #require(assets.first), try #require(assets.last))
        let session = try await post("/sessions", ["workflow": "lookup", "desk": "desk-1"])
        let path = "/sessions/\(try #require(session["id"].text))"
        let ordered = try await post(
          "/labels", ["template": "asset-tag-50x25-qr", "assets": [asset["id"]], "desk": "desk-1"])
        let job = try #require(ordered["jobs"][0].text, "\(ordered)")
        _ = try await eventually("the label is printed") {
          try await HTTP.json(.GET, demo.desk + "/api/v1/labels/\(job)", token: token).body["state"].text == "printed"
            ? true : nil
        }
        let refused = try await post(path + "/scans", ["text": other["tag"]])
        #expect(refused["code"].text == "scan.label.awaited", "\(refused)")
        let picture = folder.appending(path: "printed/label-0001.png")
        let bytes = try await eventually("the picture of the label is there") {
          FileManager.default.fileExists(atPath: picture.path) ? try Data(contentsOf: picture) : nil
        }
        let shown = try await HTTP.request(
          .POST, demo.desk + "/api/v1" + path + "/pictures", token: token, body: bytes)
        #expect(try shown.json["scans"][0]["words"].text == "Label proved", "\(shown.text)")
        let id = try #require(asset["id"].text)
        let proved = try await HTTP.json(.GET, demo.desk + "/api/v1/assets/\(id)", token: token).body
        #expect(proved["label"]["proof"].text != nil, "\(proved)")
      }
    }
  }

  /// The label that was on its way when the station was killed is in the printer in part; what becomes of it is not known.
  @Test func `a station that is killed while it prints loses no label and prints none twice`() async throws {
    let printer = EmulatedPrinter(PrinterEmulation(.zpl))
    let port = try await printer.start()
    // Behind 20 labels it takes the beginning of one, and no more.
    printer.onPrinted { [printed = Atomic(0)] _ in
      if printed.add(1, ordering: .relaxed).newValue == 20 { printer.fault = .hang(after: 500) }
    }
    try await withTemporaryFolder { folder in
      let data = folder.appending(path: "station")
      let csv = folder.appending(path: "rows.csv")
      let rows = (1...300).map { "L-\(1000 + $0),Shelf \($0)" }
      try Data((["code,name"] + rows).joined(separator: "\n").utf8).write(to: csv)
      func station<Answer>(endedBy signal: Int32, _ body: () async throws -> Answer) async throws -> Answer {
        try await Program.running(
          Program.products.appending(path: "custody").path,
          ["station", "--port", "0", "--usb", "false", "--data", data.path, "--site", "HQ", "--station", "DESK-1"],
          endedBy: signal
        ) { program in
          _ = try await program.prints(/listens on (http:\S+)\//)
          return try await body()
        }
      }
      func custody(_ arguments: [String]) async throws -> (status: Int32, printed: String) {
        try await Program.finished("custody", arguments + ["--data", data.path])
      }
      func jobs() async throws -> [JSON] {
        let (_, text) = try await custody(["printers", "queue", "p", "--all", "--json"])
        // The newest first.
        return try JSONDecoder().decode(JSON.self, from: Data(text.utf8))["labels"].values.reversed()
      }
      func states(_ jobs: [JSON]) -> [String: Int] {
        jobs.reduce(into: [:]) { $0[$1["state"].text ?? "", default: 0] += 1 }
      }

      try await station(endedBy: SIGKILL) {
        let added = try await custody([
          "printers", "add", "p", "tcp://127.0.0.1:\(port)", "--profile", "zpl-generic-203", "--label", "100x50",
        ])
        #expect(added.status == 0, "\(added)")
        let made = try await custody([
          "label", "location-100x50", "--csv", csv.path, "--to", "p", "--wait", "0", "--json",
        ])
        #expect(made.status == 1 && made.printed.contains("\"total\":300"), "\(made)")
        // On a machine that takes half a minute to ask, the printer is given up, and it is unknown already.
        _ = try await eventually("a label is on its way") {
          let states = states(try await jobs())
          return states["printed"] == 20 && states["sending"] ?? states["unknown"] == 1 ? true : nil
        }
      }
      #expect(printer.printed.count == 20)
      printer.fault = nil
      try await station(endedBy: SIGTERM) {
        let left = try await jobs()
        #expect(states(left) == ["printed": 20, "unknown": 1, "queued": 279])
        #expect(left[20]["state"].text == "unknown", "the order is kept")
        // Nothing passes the one that asks, and it is not sent again by itself, though the printer may go on.
        let resumed = try await custody(["printers", "resume", "p"])
        #expect(resumed.status == 0 && resumed.printed.contains("p  asks  "), "\(resumed)")
        #expect(printer.printed.count == 20)
        let asking = try #require(left[20]["id"].text)
        let queue = try await custody(["printers", "queue", "p"])
        #expect(queue.status == 1 && queue.printed.contains("custody printers answer \(asking) there"), "\(queue)")
        let wrong = try await custody(["printers", "answer", left[0]["id"].text ?? "", "there"])
        #expect(wrong.status == 1 && wrong.printed.contains("is printed, so there is nothing to confirm"), "\(wrong)")
        let answered = try await custody(["printers", "answer", asking, "again"])
        #expect(answered.status == 0 && answered.printed == "location-100x50 L-1021  queued\n", "\(answered)")
        _ = try await eventually("the rest is printed", within: .seconds(600)) {
          printer.printed.count == 300 ? true : nil
        }
        _ = try await eventually("and known to be") { states(try await jobs()) == ["printed": 300] ? true : nil }
      }
      #expect(Set(printer.printed).count == 300, "none twice")
    }
    try await printer.stop()
  }
}
