import CustodyLedger
import Foundation
import TamperEvidence
import Testing

/// Dossiers and EPCIS documents as people get them, from a station and a centre with whole histories: by command and API.
@Suite(.serialized, .timeLimit(.minutes(15))) struct DossierCommandTests {
  private struct Verdict: Decodable, Equatable {
    let verified: Bool
    let entries: Int?
  }

  /// Both verifiers.
  private func accepted(_ file: URL, key: String) async throws -> DossierReport {
    let bytes = [UInt8](try Data(contentsOf: file))
    let report = Dossier.verify(bytes: bytes, key: try VerifierKey(key))
    #expect(report.isVerified && !report.lines.isEmpty, "\(report.failures)")
    let ours = try await Program.finished("custody-audit", ["verify", file.path, "--key", key])
    #expect(ours.status == 0 && ours.printed.hasPrefix("VERIFIED"), "\(ours)")
    let script = Program.root.appending(path: "docs/verify/verify.py").path
    let theirs = try await Program.finishing("/usr/bin/python3", [script, file.path, "--key", key])
    #expect(theirs.status == 0, "\(theirs)")
    return report
  }

  private func export(_ what: String, _ arguments: [String], from folder: URL, to file: URL) async throws {
    let (status, printed) = try await Program.finished(
      "custody", ["export", what, "--out", file.path, "--data", folder.path] + arguments)
    try #require(status == 0, "\(what) \(arguments): \(printed)")
  }

  @Test func `the demo's dossiers and EPCIS documents are accepted by everybody, from the station and from the centre`()
    async throws
  {
    try await withTemporaryFolder { folder in
      try await Demo.run(in: folder) { demo in
        _ = try await eventually("everything is sent", within: .seconds(180)) {
          try await HTTP.json(.GET, demo.desk + "/api/v1/health").body["pending"].number == 0 ? true : nil
        }
        let (status, key) = try await Program.finished(
          "custody", ["central", "key", "--data", folder.path + "/centre"])
        try #require(status == 0)
        let vkey = key.trimmingCharacters(in: .whitespacesAndNewlines)
        let auditor = try await token("DEMO-LIAM", "161803", demo)

        // A photograph of its label is the evidence of one receipt.
        let kim = try await token("DEMO-KIM", "135790", demo)
        let session = try await HTTP.json(
          .POST, demo.desk + "/api/v1/sessions", token: kim,
          ["workflow": "receive", "details": ["location": "STORE-A1"]])
        let label = try Data(contentsOf: Program.root.appending(path: "demo/label-AT-00042.png"))
        let scanned = try await HTTP.request(
          .POST, demo.desk + "/api/v1/sessions/\(try #require(session.body["id"].text))/pictures", token: kim,
          body: label,
          headers: [("Content-Type", "image/png")])
        #expect(try scanned.json["scans"][0]["result"].text == "accepted", "\(scanned.text)")
        _ = try await eventually("that is sent too", within: .seconds(180)) {
          try await HTTP.json(.GET, demo.desk + "/api/v1/health").body["pending"].number == 0 ? true : nil
        }

        _ = try await eventually("the photograph is at the centre", within: .seconds(180)) { () -> Bool? in
          let found = try await HTTP.json(.GET, demo.desk + "/api/v1/lookup?text=AT-00042", token: kim).body["assets"][
            0]
          guard let id = found["id"].text else { return nil }
          let dossier = try await HTTP.request(.GET, demo.centre + "/api/v1/assets/\(id)/dossier")
          guard dossier.status == 200 else { return nil }
          return try StoredZip(bytes: [UInt8](dossier.body)).members.contains { $0.name.hasPrefix("blobs/") }
            ? true : nil
        }

        // AT-00022 went to the recycler; PO and DO as the demo's story has them.
        for (name, place) in [("station", folder), ("centre", folder.appending(path: "centre"))] {
          func file(_ end: String) -> URL { folder.appending(path: "\(name)-\(end)") }
          try await export("dossier", ["--asset", "AT-00022"], from: place, to: file("asset.zip"))
          let asset = try await accepted(file("asset.zip"), key: vkey)
          #expect(asset.histories.count == 1)
          #expect(asset.lines.contains { $0.type == "dispose" } && asset.lines.contains { $0.type == "sanitize" })
          // With what lets the station's key in.
          #expect(asset.lines.contains { $0.type == "enrol" })

          try await export("dossier", ["--order", "DO-0007"], from: place, to: file("order.zip"))
          let order = try await accepted(file("order.zip"), key: vkey)
          #expect(order.histories.count >= 2 && order.subject?.description == "order DO-0007")
          #expect(order.lines.filter { $0.type == "dispose" }.count == order.histories.count)

          let day = try #require(asset.lines.first { $0.type == "dispose" }).wallClock.prefix(10)
          try await export(
            "dossier", ["--from", String(day), "--to", String(day)], from: place, to: file("period.zip"))
          let period = try await accepted(file("period.zip"), key: vkey)
          #expect(period.lines.contains { $0.type == "dispose" })
          // Nothing after it; and of every asset in it all that leads up to it.
          #expect(period.lines.allSatisfy { $0.type == "enrol" || $0.wallClock.prefix(10) <= day })
          #expect(period.lines.contains { $0.wallClock.prefix(10) < day })

          try await export("dossier", ["--asset", "AT-00042"], from: place, to: file("photo.zip"))
          let photo = try await accepted(file("photo.zip"), key: vkey)
          let zip = try StoredZip(bytes: [UInt8](try Data(contentsOf: file("photo.zip"))))
          let blobs = zip.members.filter { $0.name.hasPrefix("blobs/") }
          #expect(
            blobs.count == 1 && blobs.first.map { Data($0.content) } == label && photo.withheld.isEmpty, "\(name)")
          let summary = String(decoding: try #require(zip["summary.html"]), as: UTF8.self)
          #expect(summary.contains("0 events that the log was not known to hold"))

          try await export("epcis", [], from: place, to: file("all.jsonld"))
          try await export("epcis", ["--asset", "AT-00022"], from: place, to: file("asset.jsonld"))
          try await export(
            "epcis", ["--from", String(day), "--to", String(day)], from: place, to: file("day.jsonld"))
          let checked = try await EPCISCheck.run(["all", "asset", "day"].map { file("\($0).jsonld").path })
          #expect(checked.status == 0, "\(checked.printed)")

          for (arguments, words) in [
            (["--asset", "AT-77777"], "AT-77777"), (["--order", "DO-9999"], "DO-9999"),
            (["--from", "1999-01-01", "--to", "1999-12-31"], "1999"),
          ] {
            let refused = try await Program.finished(
              "custody", ["export", "dossier", "--out", file("no.zip").path, "--data", place.path] + arguments)
            #expect(refused.status == 1 && refused.printed.contains(words), "\(arguments): \(refused)")
            #expect(!FileManager.default.fileExists(atPath: file("no.zip").path))
          }
          let unknown = try await Program.finished(
            "custody", ["export", "epcis", "--asset", "AT-77777", "--data", place.path])
          #expect(unknown.status == 1 && unknown.printed.contains("AT-77777"), "\(unknown)")
        }
        // The same events with the same names and hashes, whoever exports them.
        #expect(
          try identifiers(folder.appending(path: "station-all.jsonld"))
            == identifiers(folder.appending(path: "centre-all.jsonld")))

        let asset = try await HTTP.json(.GET, demo.desk + "/api/v1/lookup?text=AT-00022", token: auditor).body[
          "assets"][0]
        let id = try #require(asset["id"].text)
        let path = "/api/v1/assets/\(id)/"
        #expect(try await HTTP.request(.GET, demo.desk + path + "dossier", token: kim).status == 403)
        for (base, token) in [(demo.desk, String?.some(auditor)), (demo.centre, nil)] {
          let dossier = try await HTTP.request(.GET, base + path + "dossier", token: token)
          #expect(dossier.status == 200)
          let report = Dossier.verify(bytes: [UInt8](dossier.body), key: try VerifierKey(vkey))
          #expect(report.isVerified, "\(report.failures)")
          let epcis = try await HTTP.request(.GET, base + path + "epcis", token: token)
          #expect(epcis.status == 200 && epcis.headers.first(name: "Content-Type") == "application/ld+json")
          #expect(epcis.text.contains("\"bizStep\":\"shipping\",\"disposition\":\"disposed\""))
          let page = try await HTTP.request(
            .GET, base + "/assets/\(id)", token: token, headers: [("Accept", "text/html")])
          #expect(page.text.contains(path + "dossier") && page.text.contains(path + "epcis"), "\(base)")
        }
        for query in ["order=DO-0007", "from=1999-01-01T00:00:00Z"] {
          #expect(try await HTTP.request(.GET, demo.centre + "/api/v1/dossier?\(query)").status == 200, "\(query)")
        }
        for query in ["", "from=x", "from=2026-01-02&to=2026-01-01"] {
          #expect(try await HTTP.request(.GET, demo.centre + "/api/v1/dossier?\(query)").status == 400, "\(query)")
        }
      }
      // With nobody running: from the folder itself.
      let file = folder.appending(path: "afterwards.zip")
      try await export("dossier", ["--asset", "AT-00022"], from: folder.appending(path: "centre"), to: file)
      try await export("epcis", [], from: folder, to: folder.appending(path: "afterwards.jsonld"))
      let key = try await Program.finished("custody", ["central", "key", "--data", folder.path + "/centre"]).printed
      _ = try await accepted(file, key: key.trimmingCharacters(in: .whitespacesAndNewlines))
    }
  }

  @Test func `without a centre, or before it holds anything, a station says so and makes no dossier`() async throws {
    try await withTemporaryFolder { place in
      let rows = "tag,model,category,state,location\nAT-90001,U2723QE,monitor,inStock,STORE\n"
      let one = try await StationUnderTest.enrolled(
        "DESK-1", in: place, centre: place.appending(path: "c"), assets: rows)
      let file = place.appending(path: "dossier.zip")
      func export(_ further: [String]) async throws -> (status: Int32, printed: String) {
        try await Program.finished(
          "custody",
          ["export", "dossier", "--asset", "AT-90001", "--out", file.path, "--data", one.folder.path] + further)
      }
      let alone = try await export([])
      #expect(alone.status == 1 && alone.printed.contains("has no centre"), "\(alone)")
      let early = try await export(["--centre-url", "http://127.0.0.1:9", "--centre-token", "x"])
      #expect(early.status == 1 && early.printed.contains("The centre holds nothing about"), "\(early)")
      #expect(!FileManager.default.fileExists(atPath: file.path))
      for (arguments, words) in [
        (["dossier"], "of an asset, an order or a period"),
        (["dossier", "--asset", "A", "--order", "B"], "an asset, an order"),
        (["epcis", "--from", "yesterday"], "no day"), (["epcis", "--order", "A"], "of an asset, of a period"),
        (["epcis", "--from", "2026-02-01", "--to", "2026-01-01"], "ends before it begins"),
        (["assets", "--asset", "A"], "for a dossier"), (["dossier", "--asset", "A", "--json"], "zip"),
      ] {
        let wrong = try await Program.finished("custody", ["export"] + arguments + ["--data", one.folder.path])
        #expect(wrong.status == 2 || wrong.status == 64, "\(arguments): \(wrong)")
        #expect(wrong.printed.contains(words), "\(arguments): \(wrong)")
      }
    }
  }

  private func identifiers(_ file: URL) throws -> Set<String> {
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    return Set(text.matches(of: /"eventID":"([^"]+)"/).map { String($0.1) })
  }

  private func token(_ badge: String, _ pin: String, _ demo: Demo) async throws -> String {
    let answer = try await HTTP.json(
      .POST, demo.desk + "/api/v1/sign-in", ["badge": .string(badge), "pin": .string(pin)])
    return try #require(answer.body["token"].text)
  }
}
