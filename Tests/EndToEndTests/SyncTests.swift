import CustodyLedger
import Foundation
import SyncProtocol
import Testing

/// `custody central` and `custody station` as processes of their own.
@Suite(.serialized, .timeLimit(.minutes(25))) struct SyncTests {
  /// Runs the centre on a port; 0 takes any, which it may not be given again.
  private func withCentre<Answer>(
    _ folder: URL, port: String = "0", _ body: (_ base: String, Program) async throws -> Answer
  ) async throws -> Answer {
    try await Program.custody(["central", "--data", folder.path, "--port", port]) { program in
      try await body(try await program.prints(/listens on (http:\S+)\//), program)
    }
  }

  private func port(_ base: String) throws -> String { try #require(base.split(separator: ":").last.map(String.init)) }

  @Test func `a station works while the centre is down, and catches up; another one goes on from there`() async throws {
    try await withTemporaryFolder { place in
      let folder = place.appending(path: "centre")
      let one = try await StationUnderTest.enrolled(
        "DESK-1", in: place, centre: folder,
        assets:
          "tag,serial,manufacturer,model,category,state,location\nAT-90001,S90001,Dell,U2723QE,monitor,inStock,STORE\n")
      let two = try await StationUnderTest.enrolled("DESK-2", in: place, centre: folder)
      // The port is the centre's; nobody listens there while it is down.
      let centre = try await withCentre(folder, port: String(try freePort())) { base, _ in base }

      try await one.run(centre: centre) { first in
        try await Browser.run { browser in
          let desk = DeskInBrowser(browser: browser, base: first.base)
          try await desk.signIn(StationUnderTest.badge, StationUnderTest.pin)
          _ = try await eventually("the desk says that the centre is offline") {
            try await browser.text(".bar-centre")?.contains("offline") == true ? true : nil
          }
          let before = try await first.pending
          let deployed = try await first.scan("AT-90001", "deploy", ["recipient": ["team": "Design"]])
          #expect(deployed["result"].text == "accepted", "\(deployed)")
          #expect(try await first.pending == before + 1)
          // Commands reach the station by a socket that is its owner's alone.
          let socket = try FileManager.default.attributesOfItem(atPath: first.station.folder.path + "/station.sock")
          #expect((socket[.posixPermissions] as? NSNumber)?.intValue == 0o600)
          _ = try await desk.scan("AT-90001")
          #expect(try await browser.text(".bar-centre")?.hasPrefix("\(before + 1) pending") == true)
          #expect(try await browser.text("#asset .proof.is-station") == "Sealed on this station")
          try await browser.picture("90-centre-offline")

          try await withCentre(folder, port: port(centre)) { _, _ in
            _ = try await eventually("everything is sent", within: .seconds(180)) {
              try await first.pending == 0 ? true : nil
            }
            _ = try await eventually("the desk shows it by itself") {
              try await browser.text(".bar-centre")?.hasPrefix("0 pending") == true ? true : nil
            }
            try await browser.open(first.base + "/desk")
            _ = try await desk.scan("AT-90001")
            #expect(try await browser.text("#asset .proof.is-proved") == "Held by the centre (proved)")
            try await browser.picture("91-caught-up")
            try await browser.open(centre + "/assets?q=AT-90001")
            #expect(try await browser.text("main")?.contains("Deployed") == true)

            try await two.run(centre: centre) { second in
              _ = try await eventually("the second station has it from the centre") {
                try await second.asset("AT-90001")["state"].text == "deployed" ? true : nil
              }
              let returned = try await second.scan("AT-90001", "return", ["location": "QUARANTINE"])
              #expect(returned["result"].text == "accepted", "\(returned)")
              _ = try await eventually("the first station has it from the centre") {
                try await first.asset("AT-90001")["state"].text == "quarantined" ? true : nil
              }
            }

            // A copy of the newest entry with one bit turned is not admitted, is shown, and stops nothing.
            let chain = [UInt8](try Data(contentsOf: try await first.chain()))
            var entry = Array(chain.suffix(from: try lastFrame(of: chain)))
            entry[entry.count / 2] ^= 1
            let answer = try await HTTP.request(
              .POST, centre + SyncRoute.push, token: one.token, body: Data(entry),
              headers: [(SyncHeader.protocolVersion, "1"), ("Content-Type", "application/octet-stream")])
            #expect(try answer.json["results"][0]["status"].text == "rejected", "\(answer.text)")
            try await browser.open(centre + "/exceptions")
            #expect(try await browser.text("li.is-rejected")?.contains("HQ/DESK-1") == true)
            try await browser.picture("92-centre-exceptions")
            let amended = try await first.scan(
              "AT-90001", "amend", ["set": ["category": "display"], "reason": "Wrong"])
            #expect(amended["result"].text == "accepted", "\(amended)")
            _ = try await eventually("what follows is sent") { try await first.pending == 0 ? true : nil }
          }
        }
      }
    }
  }

  @Test func `a centre that is killed in the middle of a push loses nothing and doubles nothing`() async throws {
    try await withTemporaryFolder { place in
      let folder = place.appending(path: "centre")
      let one = try await StationUnderTest.enrolled("DESK-1", in: place, centre: folder)
      // Of so many at a time a few are with the centre when it is killed; on a machine that lets the test wait, it may be all, and then
      // there are more.
      var many = 0

      let centre = try await withCentre(folder, port: String(try freePort())) { base, _ in base }
      try await one.run(centre: centre) { first in
        var isInTheMiddle = false
        for _ in 0..<5 where !isInTheMiddle {
          let before = many
          many += 4000
          var rows = "tag,model,category,state,location\n"
          for number in (before + 1)...many { rows += "AT-\(100_000 + number),U2723QE,monitor,inStock,STORE\n" }
          let text = rows
          isInTheMiddle = try await withCentre(folder, port: port(centre)) { [many] _, program in
            async let imported: Void = first.importAssets(text)
            let held = try await eventually("the push has begun", within: .seconds(180)) {
              let held = try await entries(centre)
              return held > before ? held : nil
            }
            await program.end(SIGKILL)
            try await imported
            return held < many
          }
        }
        #expect(isInTheMiddle, "killed in the middle")
        try await withCentre(folder, port: port(centre)) { _, _ in
          _ = try await eventually("everything is sent", within: .seconds(180)) {
            try await first.pending == 0 ? true : nil
          }
          #expect(try await entries(centre) == many)
          let exceptions = try await HTTP.json(.GET, centre + "/api/v1/exceptions").body
          #expect(exceptions["quarantined"] == [] && exceptions["rejected"] == [], "\(exceptions)")
          let head = try #require(try await first.health["head"].text)
          let audit = try await Program.finished(
            "custody-audit",
            ["verify", try await first.chain().path, "--key", one.verifierKey, "--expect-head", head])
          #expect(audit.status == 0, "\(audit.printed)")
        }
      }
    }
  }

  @Test func `a wrong token is told with its remedy, where README sends who looks for it`() async throws {
    try await withTemporaryFolder { place in
      let station = place.appending(path: "station").path
      try await withCentre(place.appending(path: "centre")) { centre, _ in
        try await Program.custody(
          ["station", "--data", station, "--port", "0", "--usb", "false", "--centre-url", centre],
          environment: ["CUSTODY_CENTRE_TOKEN": "cst_wrong"]
        ) { program in
          let base = try await program.prints(/listens on (http:\S+)\//)
          let reason = try await eventually("health says why", within: .seconds(180)) {
            try await HTTP.json(.GET, base + "/api/v1/health").body["offlineReason"].text
          }
          let remedy = "Enrol the station's verifier key at the centre, and give the station the token that it prints."
          #expect(reason == "No station is enrolled with this token. " + remedy)
          // The second failure is logged.
          _ = try await eventually("the log has the remedy", within: .seconds(180)) {
            program.printed.contains(remedy) ? true : nil
          }
        }
      }
    }
  }

  /// How many entries of stations the centre's log has.
  private func entries(_ centre: String) async throws -> Int {
    let stations = try await HTTP.json(.GET, centre + "/api/v1/stations").body["stations"].values
    return stations.reduce(0) { $0 + Int($1["entries"].number ?? 0) }
  }

  /// Where the last frame of a chain file begins, its length included.
  private func lastFrame(of chain: [UInt8]) throws -> Int {
    var start = 0
    while true {
      let next = start + ChainFile.prefixLength + (Int(chain[start]) << 8 | Int(chain[start + 1]))
      guard next < chain.count else { return start }
      start = next
    }
  }
}
