import Foundation
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

  @Test func `a station that is killed while it prints loses no label and prints none twice`() async throws {
    try await withTemporaryFolder { folder in
      let data = folder.appending(path: "station")
      let identity = ["--data", data.path, "--site", "HQ", "--station", "DESK-1"]
      let csv = folder.appending(path: "rows.csv")
      let rows = (1...300).map { "L-\(1000 + $0),Shelf \($0)" }
      try Data((["code,name"] + rows).joined(separator: "\n").utf8).write(to: csv)
      try await Program.custody(["printers", "simulate", "--port", "0", "--out", folder.path]) { printer in
        let address = try await printer.prints(/printer on (\S+)/)
        func station<Answer>(endedBy signal: Int32, _ body: () async throws -> Answer) async throws -> Answer {
          let path = Program.products.appending(path: "custody").path
          return try await Program.running(
            path, ["station", "--port", "0", "--usb", "false"] + identity, endedBy: signal
          ) { program in
            _ = try await program.prints(/listens on (http:\S+)\//)
            return try await body()
          }
        }
        func labels() throws -> Int {
          try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".zpl") }.count
        }
        let batch = try await station(endedBy: SIGKILL) {
          let (status, said) = try await Program.finished(
            "custody",
            [
              "printers", "add", "p", address, "--profile", "zpl-generic-203", "--label", "100x50", "--data", data.path,
            ])
          #expect(status == 0, "\(said)")
          let (made, progress) = try await Program.finished(
            "custody",
            [
              "label", "location-100x50", "--csv", csv.path, "--to", "p", "--data", data.path, "--wait", "0", "--json",
            ])
          #expect(made == 1, "\(progress)")
          _ = try await eventually("some are printed") { try labels() > 10 ? true : nil }
          return progress
        }
        #expect(batch.contains("\"total\":300"))
        try await station(endedBy: SIGTERM) {
          let (_, text) = try await Program.finished(
            "custody", ["printers", "queue", "p", "--all", "--json", "--data", data.path])
          let lines = text.split(separator: "\n")
          let jobs = try JSONDecoder().decode(JSON.self, from: Data((lines.last ?? "").utf8))["labels"].values
          // At most the one that was on its way asks; everything else is printed or waits.
          let unknown = jobs.filter { $0["state"].text == "unknown" }
          #expect(unknown.count <= 1)
          #expect(jobs.count == 300)
          let printed = jobs.filter { $0["state"].text == "printed" }.count
          _ = try await eventually("what is printed is there") { try labels() >= printed ? true : nil }
          if unknown.isEmpty {
            _ = try await eventually("the rest is printed", within: .seconds(180)) {
              try labels() == 300 ? true : nil
            }
          } else {
            // Nothing passes the one that asks, and it is not sent again by itself, though the printer may go on.
            let (resumed, state) = try await Program.finished(
              "custody", ["printers", "resume", "p", "--data", data.path])
            #expect(resumed == 0)
            #expect(state.contains("p  asks  "), "\(state)")
            let queued = jobs.filter { $0["state"].text == "queued" }.count
            #expect(queued > 0 && queued + printed + 1 == 300)
            #expect(try labels() <= printed + 1)
          }
        }
      }
    }
  }
}
