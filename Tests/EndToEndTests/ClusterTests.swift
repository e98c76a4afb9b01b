import Foundation
import Testing

/// `custody cluster`, walked as README has it: one station is cut off, both deploy one laptop, the network comes back, people
/// settle it, auditors verify; then somebody changes a byte.
@Suite(.serialized, .timeLimit(.minutes(15))) struct ClusterTests {
  /// A running cluster, as it tells of itself.
  private struct Cluster {
    let folder: String
    let desks: [String]
    let centre: String
    let key: String
    let database: String
    let laptop: String
    var tokens: [String] = []

    func data(_ desk: Int) -> String { folder + "/desk-\(desk + 1)" }
  }

  /// A folder that the user postgres may be let into, as the server runs under that name where the tests run as root.
  private func withCluster(_ body: (Cluster) async throws -> Void) async throws {
    let folder = URL(filePath: "/tmp/custody-cluster-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    let result: Result<Void, any Error>
    do {
      try await Program.custody(["cluster", "--data", folder.path, "--port", "0"]) { program in
        var cluster = Cluster(
          folder: folder.path,
          desks: [try await program.prints(/Desk 1 +(http:\S+)\//), try await program.prints(/Desk 2 +(http:\S+)\//)],
          centre: try await program.prints(/Centre +(http:\S+)\//), key: try await program.prints(/Key +(\S+)/),
          database: try await program.prints(/Database +(\S+)/),
          laptop: try await program.prints(/deploy (\S+) at desk 1/))
        for desk in 0..<2 {
          _ = try await eventually("desk \(desk + 1) answers") {
            // It says where it listens before it does.
            try? await HTTP.json(.GET, cluster.desks[desk] + "/health")
          }
          cluster.tokens.append(try await signIn(cluster.desks[desk], "DEMO-KIM", "135790"))
        }
        try await body(cluster)
      }
      result = .success(())
    } catch {
      result = .failure(error)
    }
    try FileManager.default.removeItem(at: folder)
    try result.get()
  }

  private func signIn(_ desk: String, _ badge: String, _ pin: String) async throws -> String {
    let answer = try await HTTP.json(.POST, desk + "/api/v1/sign-in", ["badge": .string(badge), "pin": .string(pin)])
    return try #require(answer.body["token"].text, "\(answer)")
  }

  private func command(_ arguments: String...) async throws -> String {
    let (status, printed) = try await Program.finished("custody", arguments)
    try #require(status == 0, "custody \(arguments.joined(separator: " ")): \(printed)")
    return printed
  }

  private func asset(_ cluster: Cluster, _ desk: Int, _ tag: String) async throws -> JSON {
    try await HTTP.json(
      .GET, cluster.desks[desk] + "/api/v1/lookup?text=\(tag)", token: cluster.tokens[desk]
    ).body["assets"][0]
  }

  /// Deploys to a person by their badge, as at the desk.
  private func deploy(_ tag: String, to badge: String, _ cluster: Cluster, _ desk: Int) async throws {
    let base = cluster.desks[desk] + "/api/v1/sessions"
    let session = try await HTTP.json(.POST, base, token: cluster.tokens[desk], ["workflow": "deploy"])
    let id = try #require(session.body["id"].text, "\(session)")
    for text in ["CUSTODY:BADGE:" + badge, tag] {
      let scan = try await HTTP.json(
        .POST, base + "/\(id)/scans", token: cluster.tokens[desk], ["text": .string(text)])
      try #require(scan.status == 200, "\(scan)")
    }
  }

  private func exceptions(_ cluster: Cluster, _ desk: Int) async throws -> [JSON] {
    try await HTTP.json(.GET, cluster.desks[desk] + "/api/v1/exceptions", token: cluster.tokens[desk]).body["items"]
      .values
  }

  private func atCentre(_ cluster: Cluster) async throws -> [JSON] {
    try await HTTP.json(.GET, cluster.centre + "/api/v1/exceptions").body["discrepancies"].values
  }

  private func status(_ cluster: Cluster, _ desk: Int) async throws -> JSON {
    try JSONDecoder().decode(
      JSON.self, from: Data(try await command("station", "status", "--json", "--data", cluster.data(desk)).utf8))
  }

  /// Both deploy one laptop while the second desk is cut off; gives back once all three know.
  private func contest(_ tag: String, _ cluster: Cluster) async throws {
    for desk in 0..<2 {
      _ = try await eventually("desk \(desk + 1) knows \(tag) in stock", within: .seconds(900)) {
        try await asset(cluster, desk, tag)["state"].text == "inStock" ? true : nil
      }
    }
    _ = try await command("cluster", "cut", "DESK-2", "--data", cluster.folder)
    _ = try await eventually("desk 2 says that it is cut off", within: .seconds(900)) {
      try await status(cluster, 1)["offlineSince"].text
    }
    try await deploy(tag, to: "DEMO-LIAM", cluster, 0)
    try await deploy(tag, to: "DEMO-GRACE", cluster, 1)
    let cut = try await status(cluster, 1)
    #expect(cut["pending"].number == 1, "\(cut)")
    #expect(cut["held"]["upTo"].number.map { $0 + 1 } == cut["entries"].number, "\(cut)")
    #expect(try await exceptions(cluster, 1).isEmpty)
    _ = try await command("cluster", "join", "DESK-2", "--data", cluster.folder)
    for desk in 0..<2 {
      _ = try await eventually("desk \(desk + 1) knows that it is contested", within: .seconds(900)) {
        let found = try await exceptions(cluster, desk)
        return found.map { $0["kind"].text } == ["contested"] ? true : nil
      }
    }
    _ = try await eventually("so does the centre") {
      try await atCentre(cluster).map { $0["kind"].text } == ["contested"] ? true : nil
    }
  }

  private func settledEverywhere(_ cluster: Cluster, _ tag: String, holder: String) async throws {
    for desk in 0..<2 {
      _ = try await eventually("desk \(desk + 1) knows that it is settled", within: .seconds(900)) {
        try await exceptions(cluster, desk).isEmpty ? true : nil
      }
      let asset = try await asset(cluster, desk, tag)
      #expect(asset["discrepancies"] == .null && asset["state"].text == "deployed", "\(asset)")
      let people = try await HTTP.json(.GET, cluster.desks[desk] + "/api/v1/people", token: cluster.tokens[desk])
      let person = people.body["items"].values.first { $0["id"] == asset["custodian"]["person"] }
      #expect(person?["name"].text?.hasPrefix(holder) == true, "\(asset)")
    }
    _ = try await eventually("so does the centre") { try await atCentre(cluster).isEmpty ? true : nil }
  }

  @Test func `two stations that deployed one laptop are set right by page and by command, and a changed byte is named`()
    async throws
  {
    try await withCluster { cluster in
      let first = cluster.laptop
      try await contest(first, cluster)
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: cluster.desks[0])
        try await desk.signIn("DEMO-FATIMA", "271828")
        let shown = try await desk.scan(first)
        #expect(shown.all.contains("Exception, to be settled"), "\(shown)")
        #expect(try await browser.text(".bar-exceptions") == "1 exception")
        try await browser.picture("96-desk-exception")
        try await browser.open(cluster.desks[0] + "/exceptions")
        try await browser.waits(for: ".exception .claim")
        let words = try await browser.text(".exception") ?? ""
        for wanted in [
          first, "HQ/DESK-1", "HQ/DESK-2", "Liam", "Grace", "This holds", "Until then the asset counts as",
        ] {
          #expect(words.contains(wanted), "\(wanted) in \(words)")
        }
        try await browser.picture("97-exceptions")
        try await browser.resize(390, 844, mobile: true)
        try await browser.open(cluster.desks[0] + "/exceptions")
        try await browser.waits(for: ".exception .claim")
        let overhang = try await browser.script(
          "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        #expect(overhang == 0)
        try await browser.picture("97-exceptions-phone")
        try await browser.resize(1280, 800)
        try await browser.open(cluster.desks[0] + "/exceptions")
        try await browser.waits(for: ".exception .claim")
        let claim = try #require(
          try await exceptions(cluster, 0)[0]["sides"].values.first { $0["station"].text == "HQ/DESK-2" }?["eventID"]
            .text)
        try await browser.click("input[name='holds'][value='\(claim)']")
        try await browser.type("I saw it on her desk", into: "input[name='reason']")
        try await browser.click(".exception button[type='submit']")
        try await browser.waits(for: ".exception.is-ended")
        #expect(try await browser.text(".exception")?.contains("I saw it on her desk") == true)
        try await browser.picture("98-exception-settled")
        try await browser.open(cluster.centre + "/exceptions?settled=true")
        try await browser.waits(for: ".timeline")
        try await browser.picture("98-exception-at-centre")
      }
      try await settledEverywhere(cluster, first, holder: "Grace")

      // The next by command.
      let stock = try await HTTP.json(
        .GET, cluster.desks[0] + "/api/v1/assets?state=inStock&limit=100", token: cluster.tokens[0])
      let second = try #require(stock.body["items"].values.compactMap { $0["tag"].text }.first)
      try await contest(second, cluster)
      let list = try await command("exceptions", "list", "--data", cluster.data(1))
      for wanted in [second, "Contested", "HQ/DESK-1", "HQ/DESK-2", "Liam", "Grace"] {
        #expect(list.contains(wanted), "\(wanted) in \(list)")
      }
      let id = try #require(try await exceptions(cluster, 1)[0]["id"].number.map { "\(Int($0))" })
      let pin = URL(filePath: cluster.folder + "/pin")
      try Data("271828\n".utf8).write(to: pin)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: pin.path)
      let by = ["--operator", "DEMO-FATIMA", "--pin-file", pin.path, "--data", cluster.data(1)]
      let nobody = try await Program.finished(
        "custody", ["exceptions", "settle", id, "--keep", "HQ/DESK-1", "--reason", "x", "--data", cluster.data(1)])
      #expect(nobody.status == 2 && nobody.printed.contains("--operator"), "\(nobody)")
      let unclear = try await Program.finished("custody", ["exceptions", "settle", id, "--reason", "x"] + by)
      #expect(unclear.status == 1 && unclear.printed.contains("which of the claims"), "\(unclear)")
      let settled = try await Program.finished(
        "custody", ["exceptions", "settle", id, "--keep", "HQ/DESK-1", "--reason", "she gave it back"] + by)
      #expect(settled.status == 0 && settled.printed.contains("she gave it back"), "\(settled)")
      try await settledEverywhere(cluster, second, holder: "Liam")
      #expect(try await command("exceptions", "list", "--data", cluster.data(1)).contains("Nothing disagrees."))

      try await verify(cluster, first)
      try await changedBytes(cluster, first)
    }
  }

  /// The dossier is good for both verifiers, and nothing was changed in any store.
  private func verify(_ cluster: Cluster, _ tag: String) async throws {
    for desk in 0..<2 {
      _ = try await eventually("desk \(desk + 1) has sent everything", within: .seconds(900)) {
        try await status(cluster, desk)["pending"].number == 0 ? true : nil
      }
    }
    let dossier = cluster.folder + "/dossier.zip"
    _ = try await command("export", "dossier", "--asset", tag, "--out", dossier, "--data", cluster.data(0))
    let audit = try await Program.finished("custody-audit", ["verify", dossier, "--key", cluster.key])
    #expect(audit.status == 0 && audit.printed.contains("settle by HQ/DESK-1"), "\(audit.printed)")
    let script = Program.root.appending(path: "docs/verify/verify.py").path
    let other = try await Program.finishing("/usr/bin/python3", [script, dossier, "--key", cluster.key])
    #expect(other.status == 0, "\(other.printed)")
    _ = try await command("central", "check", "--data", cluster.folder + "/centre", "--database", cluster.database)
    for desk in 0..<2 { _ = try await command("station", "check", "--data", cluster.data(desk)) }
    let log = try await Program.finished("custody-audit", ["verify", cluster.centre + "/log", "--key", cluster.key])
    #expect(log.status == 0, "\(log.printed)")
  }

  /// One byte is changed by hand in PostgreSQL, one in a station's SQLite: the entry is named, and its asset.
  private func changedBytes(_ cluster: Cluster, _ tag: String) async throws {
    let asset = try await asset(cluster, 0, tag)
    let id = try #require(asset["id"].text)
    let hex = id.replacing("-", with: "")
    let psql = try await Program.finishing(
      "/usr/bin/psql",
      [
        cluster.database, "-qtAc",
        """
        UPDATE log SET bytes = set_byte(bytes, 90, get_byte(bytes, 90) # 1)
        WHERE "index" = (SELECT min("index") FROM log WHERE asset = '\\x\(hex)') RETURNING "index"
        """,
      ])
    let index = try #require(psql.printed.firstMatch(of: /\d+/).map { String($0.output) }, "\(psql)")
    let central = try await Program.finished(
      "custody", ["central", "check", "--data", cluster.folder + "/centre", "--database", cluster.database])
    #expect(central.status == 1, "\(central.printed)")
    #expect(central.printed.contains("log entry \(index), HQ/DESK-1"), "\(central.printed)")
    #expect(central.printed.contains("asset \(tag) (\(id)): its bytes do not have the hash"), "\(central.printed)")
    let log = try await Program.finished("custody-audit", ["verify", cluster.centre + "/log", "--key", cluster.key])
    #expect(log.status == 1 && log.printed.contains("log entry \(index)"), "\(log.printed)")

    let change = """
      import sqlite3, sys
      d = sqlite3.connect(sys.argv[1])
      seq, b = d.execute("SELECT seq, bytes FROM entry WHERE asset = ? AND station = 'HQ/DESK-1' ORDER BY seq DESC", \
      (bytes.fromhex(sys.argv[2]),)).fetchone()
      b = bytearray(b); b[-20] ^= 1
      d.execute("UPDATE entry SET bytes = ? WHERE station = 'HQ/DESK-1' AND seq = ?", (bytes(b), seq))
      d.commit(); print(seq)
      """
    let changed = try await Program.finishing(
      "/usr/bin/python3", ["-c", change, cluster.data(0) + "/station.db", hex])
    let seq = try #require(changed.printed.firstMatch(of: /\d+/).map { String($0.output) }, "\(changed)")
    let station = try await Program.finished("custody", ["station", "check", "--data", cluster.data(0)])
    #expect(station.status == 1, "\(station.printed)")
    #expect(station.printed.contains("entry \(seq) of HQ/DESK-1"), "\(station.printed)")
    #expect(station.printed.contains("asset \(tag) (\(id)): its bytes do not have the hash"), "\(station.printed)")
    // The other one has nothing to say.
    _ = try await command("station", "check", "--data", cluster.data(1))
  }
}
