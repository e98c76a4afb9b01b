import CustodyLedger
import Foundation
import PostgresTestSupport
import SyncProtocol
import SyncTestSupport
import Testing

/// Two `custody central` on one PostgreSQL database, as processes of their own.
@Suite(.serialized, .timeLimit(.minutes(25))) struct CentreOnPostgresTests {
  private static let password = "correct horse battery"

  /// A database on a server of the test's own, the settings that lead to it, and a folder for the log's key.
  private func withDatabase(
    _ body: (PostgresServer, _ folder: URL, _ environment: [String: String]) async throws -> Void
  ) async throws {
    let server = try await PostgresServer()
    try await server.sql("CREATE ROLE with_password LOGIN SUPERUSER PASSWORD '\(Self.password)'")
    let address = try await server.address(schema: "centre", user: "with_password")
    try await withTemporaryFolder { place in
      try await body(
        server, place.appending(path: "centre"),
        ["CUSTODY_DATABASE": address, "CUSTODY_DATABASE_PASSWORD": Self.password])
    }
  }

  private func withCentre<Answer>(
    _ folder: URL, _ environment: [String: String], port: String = "0",
    _ body: (_ base: String, Program) async throws -> Answer
  ) async throws -> Answer {
    try await Program.custody(["central", "--data", folder.path, "--port", port], environment: environment) { program in
      let answer = try await body(try await program.prints(/listens on (http:\S+)\//), program)
      #expect(!program.printed.contains(Self.password))
      return answer
    }
  }

  private func enrol(_ writer: ChainWriter, _ folder: URL, _ environment: [String: String]) async throws -> String {
    let (status, printed) = try await Program.finished(
      "custody", ["central", "enrol", writer.key.verifierKey.description, "--data", folder.path],
      environment: environment)
    guard status == 0, let token = printed.firstMatch(of: /cst_\S+/) else { throw Failure("enrol: \(printed)") }
    return String(token.0)
  }

  private func push(_ entries: [UnverifiedEntry], _ base: String, _ token: String) async throws -> HTTP.Answer {
    let bundle = try #require(EntryBundle(prefixOf: entries))
    return try await HTTP.request(
      .POST, base + SyncRoute.push, token: token, body: Data(bundle.bytes),
      headers: [(SyncHeader.protocolVersion, "1"), ("Content-Type", "application/octet-stream")])
  }

  private func pull(_ base: String, _ token: String, after: Int, wait: Int = 0) async throws -> [JSON] {
    let answer = try await HTTP.request(
      .GET, base + SyncRoute.entries + "?after=\(after)&wait=\(wait)", token: token,
      headers: [(SyncHeader.protocolVersion, "1")])
    guard answer.status == 200 else { throw Failure("pull: \(answer.text)") }
    return try answer.text.split(separator: "\n").map { try JSONDecoder().decode(JSON.self, from: Data($0.utf8)) }
  }

  private func wholeLog(_ base: String, _ token: String) async throws -> [JSON] {
    var log: [JSON] = []
    while true {
      let page = try await pull(base, token, after: log.count - 1)
      if page.isEmpty { return log }
      log += page
    }
  }

  @Test func `what a database stands still for, and who is killed meanwhile, loses nothing and doubles nothing`()
    async throws
  {
    try await withDatabase { server, folder, environment in
      let writers = try (1...4).map { try ChainWriter(UInt8($0)) }
      var enrolled: [String] = []
      for writer in writers { enrolled.append(try await enrol(writer, folder, environment)) }
      let tokens = enrolled
      try await withCentre(folder, environment) { one, _ in
        let two = try await withCentre(folder, environment) { two, _ in
          // A station at one centre hears at once of what is pushed at the other.
          async let news = pull(two, tokens[1], after: 3, wait: 30)
          var writer = writers[0]
          let first = try writer.register("AT-FIRST").entry
          #expect(try await push([first], one, tokens[0]).status == 200)
          #expect(try await news.map { $0["logIndex"].number } == [4])
          return two
        }
        let port = try #require(two.split(separator: ":").last.map(String.init))
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<4 {
            group.addTask {
              var writer = writers[number]
              if number == 0 { _ = try writer.register("AT-FIRST") }
              for round in 0..<40 {
                let entries = try (0..<5).map { try writer.register("AT-\(number)-\(round)-\($0)").entry }
                _ = try await eventually("a push is taken", within: .seconds(180)) {
                  // A centre that was killed does not answer at all.
                  guard let answer = try? await push(entries, (round + number) % 2 == 0 ? one : two, tokens[number])
                  else {
                    return nil as Bool?
                  }
                  if answer.status == 200 { return true }
                  // Nothing else is ever said, and when to come again.
                  let isSaid = try answer.status == 503 && answer.json["code"].text == "central.unavailable"
                  guard isSaid, answer.headers["retry-after"] == ["5"] else { throw Failure(answer.text) }
                  return nil
                }
              }
            }
          }
          group.addTask {
            try await withCentre(folder, environment, port: port) { _, program in
              try await reaches(200, one, tokens[0])
              // Both at once: the server stops while pushes are under way, and a centre is killed before it is back.
              try await server.stop()
              let answer = try await HTTP.request(.GET, one + "/api/v1/stations")
              #expect(answer.status == 503, "\(answer.text)")
              #expect(answer.headers["retry-after"] == ["5"])
              await program.end(SIGKILL)
              try await server.start()
            }
            try await withCentre(folder, environment, port: port) { _, program in
              try await reaches(400, one, tokens[0])
              await program.end(SIGKILL)
            }
            try await withCentre(folder, environment, port: port) { _, _ in
              try await reaches(600, one, tokens[0])
              try await server.crash()
              try await server.start()
              try await reaches(4 + 1 + 800, one, tokens[0])
            }
          }
          try await group.waitForAll()
        }
        let key = try await Program.finished("custody", ["central", "key", "--data", folder.path])
        let vkey = try #require(key.printed.split(whereSeparator: \.isNewline).last.map(String.init))
        try await withCentre(folder, environment) { three, _ in
          let log = try await wholeLog(one, tokens[0])
          #expect(log.map { $0["logIndex"].number.map { Int($0) } } == (0..<805).map { $0 })
          #expect(Set(log.compactMap { $0["entry"].text }).count == 805)
          #expect(try await wholeLog(three, tokens[3]) == log)
          for base in [one, three] {
            let figures = try await HTTP.json(.GET, base + "/api/v1/exceptions").body
            #expect(figures["quarantined"] == [] && figures["rejected"] == [], "\(figures)")
            let audit = try await Program.finished("custody-audit", ["verify", base + "/log", "--key", vkey])
            #expect(audit.status == 0, "\(audit.printed)")
          }
        }
      }
    }
  }

  /// Waits until a log has so many entries.
  private func reaches(_ size: Int, _ base: String, _ token: String) async throws {
    _ = try await eventually("the log has \(size) entries", within: .seconds(180)) {
      // While the server is away nobody knows.
      guard let entry = try? await pull(base, token, after: size - 2).first else { return nil as Bool? }
      return entry["logIndex"].number == Double(size - 1) ? true : nil
    }
  }

  @Test func `a centre that is started without its database, or with a wrong one, does not begin another log`()
    async throws
  {
    try await withDatabase { server, folder, environment in
      let token = try await enrol(try ChainWriter(1), folder, environment)
      #expect(token.hasPrefix("cst_"))
      func start(_ environment: [String: String], _ arguments: [String] = []) async throws -> (
        status: Int32, printed: String
      ) {
        let ending = try await Program.finished(
          "custody", ["central", "--data", folder.path, "--port", "0"] + arguments, environment: environment)
        #expect(!ending.printed.contains(Self.password) && !ending.printed.contains("sesame"), "\(ending.printed)")
        return ending
      }
      let forgotten = try await start([:])
      #expect(forgotten.status == 2)
      #expect(forgotten.printed.contains("none is given, and the log of"), "\(forgotten.printed)")
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/central.db"))
      var wrong = environment
      wrong["CUSTODY_DATABASE_PASSWORD"] = "open sesame"
      let refused = try await start(wrong)
      #expect(refused.status == 3)
      #expect(refused.printed.contains("password authentication failed"), "\(refused.printed)")
      let inAddress = try await start([:], ["--database", "postgresql://custody:sesame@localhost/x"])
      #expect(inAddress.status == 2)
      #expect(inAddress.printed.contains("it has a password in it"), "\(inAddress.printed)")
      try await server.stop()
      let away = try await start(environment)
      #expect(away.status == 3)
      #expect(away.printed.contains("See that the server runs"), "\(away.printed)")
    }
  }
}
