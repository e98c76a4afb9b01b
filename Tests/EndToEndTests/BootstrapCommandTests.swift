import Foundation
import Testing

/// A new station of a centre that has been at work: `custody central snapshot`, `custody central import`, as processes.
@Suite(.serialized, .timeLimit(.minutes(25))) struct BootstrapCommandTests {
  /// A centre with what one station has sent it, and a snapshot of that.
  private func withCentre(
    _ place: URL, assets: Int, _ body: (_ base: String, _ folder: URL) async throws -> Void
  ) async throws {
    let folder = place.appending(path: "centre")
    var rows = "tag,serial,manufacturer,model,category,state,location\n"
    for number in 1...assets { rows += "AT-\(10_000 + number),S\(number),Dell,U2723QE,monitor,inStock,STORE\n" }
    let one = try await StationUnderTest.enrolled("DESK-1", in: place, centre: folder, assets: rows)
    try await Program.custody(["central", "--data", folder.path, "--port", "0"]) { program in
      let base = try await program.prints(/listens on (http:\S+)\//)
      try await one.run(centre: base) { first in
        _ = try await eventually("everything is sent", within: .seconds(300)) {
          try await first.pending == 0 ? true : nil
        }
      }
      let (status, printed) = try await Program.finished("custody", ["central", "snapshot", "--data", folder.path])
      #expect(status == 0, "\(printed)")
      #expect(printed.contains("\(assets + 1) entries"), "\(printed)")
      try await body(base, folder)
    }
  }

  @Test func `a station that is killed while it begins with a snapshot begins again, and has all of it`() async throws {
    try await withTemporaryFolder { place in
      try await withCentre(place, assets: 3000) { base, centre in
        let two = try await StationUnderTest.enrolled("DESK-2", in: place, centre: centre)
        let arguments = ["station", "--port", "0", "--usb", "false", "--centre-url", base] + two.identity
        for _ in 0..<3 {
          try await Program.custody(arguments, environment: ["CUSTODY_CENTRE_TOKEN": two.token]) { program in
            // It has fetched the snapshot, or is just taking it over.
            _ = try await eventually("it begins", within: .seconds(180)) {
              FileManager.default.fileExists(atPath: two.folder.path + "/snapshot")
                || program.printed.contains("begins with")
                ? true : nil
            }
            await program.end(SIGKILL)
          }
        }
        try await two.run(centre: base) { second in
          _ = try await eventually("it has the last asset", within: .seconds(180)) {
            try await second.asset("AT-13000")["state"].text == "inStock" ? true : nil
          }
          #expect(try await second.health["ledgerBegins"].number == 3001)
          #expect(try await second.asset("AT-10001")["state"].text == "inStock")
          // Its events are fetched for whoever looks.
          let id = try #require(try await second.asset("AT-10001")["id"].text)
          let events = try await HTTP.json(.GET, second.base + "/api/v1/assets/\(id)/events", token: second.token).body
          #expect(events["items"].values.count == 1, "\(events)")
          let deployed = try await second.scan("AT-10001", "deploy", ["recipient": ["team": "Design"]])
          #expect(deployed["result"].text == "accepted", "\(deployed)")
          _ = try await eventually("the centre has it") { try await second.pending == 0 ? true : nil }
        }
        #expect(!FileManager.default.fileExists(atPath: two.folder.path + "/snapshot"))
      }
    }
  }

  @Test func `people are imported at the centre and removed there, by commands`() async throws {
    try await withTemporaryFolder { place in
      let folder = place.appending(path: "centre")
      let one = try await StationUnderTest.enrolled("DESK-1", in: place, centre: folder)
      let file = place.appending(path: "people.csv")
      try Data("name,email,badge,pin,roles\nDana Ruiz,dana@example.com,B-77,640219,technician\n".utf8).write(to: file)
      func custody(_ arguments: String...) async throws -> (status: Int32, printed: String) {
        try await Program.finished("custody", arguments + ["--data", folder.path])
      }
      func signIn(_ station: SignedInStation) async throws -> Bool {
        try await HTTP.json(.POST, station.base + "/api/v1/sign-in", ["badge": "B-77", "pin": "640219"]).body["token"]
          .text
          != nil
      }
      try await Program.custody(["central", "--data", folder.path, "--port", "0"]) { program in
        let base = try await program.prints(/listens on (http:\S+)\//)
        try await one.run(centre: base) { station in
          #expect(try await !signIn(station))
          let imported = try await custody("central", "import", file.path, "--site", "HQ")
          #expect(imported.status == 0, "\(imported.printed)")
          _ = try await eventually("she can sign in", within: .seconds(120)) { try await signIn(station) ? true : nil }
          let removed = try await custody("central", "remove", "person", "dana@example.com")
          #expect(removed.status == 0, "\(removed.printed)")
          _ = try await eventually("she cannot any more", within: .seconds(120)) {
            try await signIn(station) ? nil : true
          }
        }
        let assets = try await custody("central", "import", file.path, "--kind", "assets")
        #expect(assets.status == 2 && assets.printed.contains("custody import"), "\(assets.printed)")
        let nobody = try await custody("central", "remove", "person", "dana@example.com")
        #expect(nobody.status == 1, "\(nobody.printed)")
      }
    }
  }
}
