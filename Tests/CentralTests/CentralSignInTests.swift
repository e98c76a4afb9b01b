import CentralStore
import Custody
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import SyncProtocol
import SyncTestSupport
import Testing

@testable import Central

/// People who sign in at the centre: with password and code, as far as their role goes, and what they read is written down.
@Suite(.timeLimit(.minutes(10))) struct CentralSignInTests {
  private static let password = "yellow kettle 9 rivers"

  /// A centre with a person, and the secret of their codes.
  private func centre(
    role: String = "viewer", readToken: String? = nil
  ) async throws -> (central: CentralUnderTest, secret: Data) {
    let central = try await CentralUnderTest(readToken: readToken)
    let answer = try await central.server.carryOut(.add(name: "ada", role: role, password: Self.password))
    #expect(answer.refusal == nil)
    #expect(answer.authenticator?.hasPrefix("otpauth://totp/Northgate%20%3Ccentre%3E:ada?secret=") == true)
    let person = try #require(try await central.server.store.centralPerson("ada"))
    #expect(answer.authenticator?.contains("secret=\(TOTP.base32(person.totpSecret))&") == true)
    return (central, person.totpSecret)
  }

  private func code(_ secret: Data, _ central: CentralUnderTest, later: Int64 = 0) -> String {
    TOTP.code(secret, step: central.clock.now.milliseconds / 30_000 + later)
  }

  private func signIn(
    _ client: any TestClientProtocol, name: String = "ada", password: String = Self.password, code: String,
    headers: HTTPFields = [:]
  ) async throws -> TestResponse {
    let form = [("name", name), ("password", password), ("code", code)].map {
      "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
    }.joined(separator: "&")
    var headers = headers
    headers[.contentType] = "application/x-www-form-urlencoded"
    return try await client.execute(uri: "/sign-in", method: .post, headers: headers, body: ByteBuffer(string: form))
  }

  private func cookie(_ response: TestResponse) throws -> HTTPFields {
    let field = try #require(response.headers[.setCookie])
    #expect(field.contains("HttpOnly") && field.contains("SameSite=Strict"))
    return [.cookie: String(field.prefix { $0 != ";" })]
  }

  private func get(
    _ client: any TestClientProtocol, _ uri: String, _ headers: HTTPFields = [:]
  ) async throws -> TestResponse {
    try await client.execute(uri: uri, method: .get, headers: headers)
  }

  @Test func nameAndPasswordAndCodeOpenThePagesAndNothingLess() async throws {
    let (central, secret) = try await centre()
    try await central.test { client in
      // With a person there, nobody reads without signing in, not on this machine either.
      #expect(try await get(client, "/api/v1/assets").status == .unauthorized)
      let page = try await get(client, "/sign-in")
      #expect(page.text.contains("name=\"code\"") && !page.text.contains("name=\"token\""))
      let code = code(secret, central)
      let wrongCode = code == "000000" ? "000001" : "000000"
      for (name, password, code) in [
        ("bob", Self.password, code), ("ada", "yellow kettle 9 rivets", code), ("ada", Self.password, wrongCode),
        ("ada' OR '1'='1", Self.password, code), ("", "", ""), ("ada\u{0}", Self.password, code),
      ] {
        let refused = try await signIn(client, name: name, password: password, code: code)
        #expect(refused.status == .unauthorized && refused.headers[.setCookie] == nil)
        #expect(refused.text.contains("Name, password or code is not right"))
      }
      let signedIn = try await signIn(client, name: "Ada", code: code)
      #expect(signedIn.status == .seeOther)
      let cookie = try cookie(signedIn)
      #expect(try await get(client, "/api/v1/assets", cookie).status == .ok)
      #expect(try await get(client, "/", cookie).text.contains("Sign out"))
      // The same code is not taken twice.
      #expect(try await signIn(client, code: code).status == .unauthorized)
      central.clock.advance(milliseconds: 30_000)
      #expect(try await signIn(client, code: self.code(secret, central)).status == .seeOther)
      _ = try await client.execute(uri: "/sign-out", method: .post, headers: cookie)
      #expect(try await get(client, "/api/v1/assets", cookie).status == .unauthorized)
    }
  }

  @Test func afterFiveWrongTriesTheWaitGrows() async throws {
    let (central, secret) = try await centre()
    let signIns = CentralSignIns(store: central.server.store, now: { [clock = central.clock] in clock.now })
    func attempt(_ password: String) async throws -> CentralSignIns.Answer {
      try await signIns.signIn(name: "ada", password: password, code: code(secret, central))
    }
    for _ in 0..<5 { guard case .notRecognised = try await attempt("wrong wrong wrong") else { throw Wrong() } }
    // The right one is not looked at before the wait is over: 30 s, then 60.
    guard case .locked(let until) = try await attempt(Self.password) else { throw Wrong() }
    #expect(until == central.clock.now.advanced(byMilliseconds: 30_000))
    central.clock.advance(milliseconds: 30_000)
    guard case .notRecognised = try await attempt("wrong wrong wrong") else { throw Wrong() }
    guard case .locked(let later) = try await attempt(Self.password) else { throw Wrong() }
    #expect(later == central.clock.now.advanced(byMilliseconds: 60_000))
    central.clock.advance(milliseconds: 60_000)
    guard case .signedIn = try await attempt(Self.password) else { throw Wrong() }
    #expect(CentralSignIns.delay(failures: 4) == 0 && CentralSignIns.delay(failures: 100) == 3_600_000)
    try await central.server.store.close()
  }

  private struct Wrong: Error {}

  @Test func aRoleSeesWhatIsItsOwn() async throws {
    for (role, allowed) in [("viewer", 1), ("manager", 2), ("auditor", 3), ("admin", 3)] {
      let (central, secret) = try await centre(role: role)
      try await central.test { client in
        var writer = try ChainWriter(1)
        let registered = try writer.register("AT-1")
        _ = try await central.push([registered.entry], by: client)
        let asset = registered.event.asset
        let cookie = try cookie(try await signIn(client, code: code(secret, central)))
        for (uri, need) in [
          ("/", 1), ("/assets", 1), ("/api/v1/assets/\(asset)", 1), ("/api/v1/events", 1), ("/stations", 1),
          ("/exceptions", 2), ("/api/v1/exceptions", 2), ("/log", 3), ("/log/checkpoint", 3),
          ("/api/v1/assets/\(asset)/dossier", 3), ("/api/v1/events/0/entry", 3), ("/api/v1/read-records", 3),
          ("/api/v1/assets/\(asset)/epcis", 3),
        ] {
          let answer = try await get(client, uri, cookie)
          #expect(answer.status == (need <= allowed ? .ok : .forbidden), "\(role) \(uri)")
          if need > allowed {
            #expect(answer.text.contains("central.forbidden") || answer.text.contains("Not allowed"))
          }
        }
        // The router would find these, and roles and records would not know them.
        for uri in [
          "/api/v1/assets/\(asset)/dossier/", "/api/v1/assets/\(asset)/epcis//", "/api/v1//read-records",
          "//api/v1/read-records", "/exceptions/", "//log/checkpoint", "/api/v1/events/0/entry/", "//",
        ] {
          let answer = try await get(client, uri, cookie)
          #expect(answer.status == .notFound, "\(role) \(uri)")
          #expect(try answer.problem().code == "http.notFound")
        }
      }
    }
  }

  @Test func whoIsDisabledOrGotANewPasswordIsOut() async throws {
    let (central, secret) = try await centre()
    try await central.test { client in
      let first = try cookie(try await signIn(client, code: code(secret, central)))
      #expect(try await get(client, "/api/v1/assets", first).status == .ok)
      let reset = try await central.server.carryOut(.reset(name: "ada", password: "another long password"))
      #expect(reset.refusal == nil && reset.authenticator != nil)
      central.clock.advance(milliseconds: 6_000)
      #expect(try await get(client, "/api/v1/assets", first).status == .unauthorized)
      let renewed = try #require(try await central.server.store.centralPerson("ada")).totpSecret
      #expect(renewed != secret)
      let second = try cookie(
        try await signIn(client, password: "another long password", code: code(renewed, central)))
      _ = try await central.server.carryOut(.disable(name: "ada"))
      central.clock.advance(milliseconds: 6_000)
      #expect(try await get(client, "/api/v1/assets", second).status == .unauthorized)
      central.clock.advance(milliseconds: 30_000)
      let refused = try await signIn(client, password: "another long password", code: code(renewed, central))
      #expect(refused.status == .unauthorized)
      // Idle for half an hour is over too.
      #expect(try await central.server.carryOut(.list).people.map(\.state).first?.hasPrefix("disabled since") == true)
    }
  }

  @Test func machinesKeepTheReadTokenAndWhatIsReadIsWrittenDown() async throws {
    let token = "a read token of 30 characters."
    let (central, secret) = try await centre(role: "auditor", readToken: token)
    try await central.test { client in
      var writer = try ChainWriter(1)
      let registered = try writer.register("AT-1")
      _ = try await central.push([registered.entry], by: client)
      let asset = registered.event.asset
      let cookie = try cookie(try await signIn(client, code: code(secret, central)))
      let bearer: HTTPFields = [.authorization: "Bearer \(token)"]
      #expect(try await get(client, "/api/v1/assets?q=AT", bearer).status == .ok)
      #expect(try await get(client, "/assets/\(asset)", cookie).status == .ok)
      #expect(try await get(client, "/api/v1/assets/\(asset)/dossier", cookie).status == .ok)
      #expect(try await get(client, "/api/v1/assets/\(asset)/epcis", cookie).status == .ok)
      #expect(try await get(client, "/", cookie).status == .ok)
      #expect(try await get(client, "/api/v1/assets", [.authorization: "Bearer no"]).status == .unauthorized)
      struct Records: Decodable { let records: [ReadRecord] }
      let records: Records = try await get(client, "/api/v1/read-records", cookie).json()
      #expect(
        records.records.map { "\($0.who) \($0.what) \($0.subject)" } == [
          "ada evidence.export /api/v1/assets/\(asset)/epcis", "ada evidence.export /api/v1/assets/\(asset)/dossier",
          "ada asset.read /assets/\(asset)",
          "read token assets.search /api/v1/assets?q=AT",
        ])
    }
  }

  @Test func otherSitesPagesDoNothingAndGuessersWait() async throws {
    let (central, secret) = try await centre()
    try await central.test { client in
      for headers: HTTPFields in [
        [try #require(HTTPField.Name("Sec-Fetch-Site")): "cross-site"], [.origin: "https://evil.example"],
        [.origin: "null"],
      ] {
        let answer = try await signIn(client, code: code(secret, central), headers: headers)
        #expect(answer.status == .forbidden)
      }
      var last = HTTPResponse.Status.ok
      // A place comes back every six seconds: of a slow machine it takes more tries.
      for _ in 0..<60 where last != .tooManyRequests {
        let answer = try await client.execute(
          uri: "/sign-in", method: .post, headers: [.contentType: "application/x-www-form-urlencoded"],
          body: ByteBuffer(string: "token=x"))
        last = answer.status
        if last == .tooManyRequests {
          #expect(Int(answer.headers[.retryAfter] ?? "").map { (1...6).contains($0) } == true)
          #expect(try answer.problem().code == "central.tooOften")
        }
      }
      #expect(last == .tooManyRequests)
      for uri in ["//sign-in", "/sign-in/", "//sync/v1/enrol"] {
        let answer = try await client.execute(
          uri: uri, method: .post, headers: [.contentType: "application/x-www-form-urlencoded"],
          body: ByteBuffer(string: "token=x"))
        #expect(answer.status == .notFound, "\(uri)")
      }
    }
  }

  @Test func unfitNamesAndPasswordsAreRefusedWithTheReason() async throws {
    let (central, _) = try await centre()
    for (order, words) in [
      (PeopleOrder.add(name: "ada", role: "viewer", password: Self.password), "there already"),
      (.add(name: "Ada Lovelace", role: "viewer", password: Self.password), "is no name"),
      (.add(name: "bob", role: "king", password: Self.password), "is no role"),
      (.add(name: "bob", role: "viewer", password: "password1234"), "tried first"),
      (.reset(name: "bob", password: Self.password), "Nobody is called"), (.disable(name: "bob"), "Nobody is called"),
    ] {
      let answer = try await central.server.carryOut(order)
      #expect(answer.refusal?.contains(words) == true && answer.remedy?.isEmpty == false, "\(answer)")
    }
    try await central.server.store.close()
  }

  @Test func healthAndReadinessAndMetricsAreOpenAndNameNobody() async throws {
    let (central, secret) = try await centre()
    try await central.test { client in
      var writer = try ChainWriter(1)
      _ = try await central.push([try writer.register("AT-1").entry], by: client)
      _ = try await signIn(client, code: code(secret, central))
      #expect(try await get(client, "/health").status == .ok)
      #expect(try await get(client, "/ready").text == #"{"status":"ready"}"#)
      let text = try await get(client, "/metrics").text
      for line in [
        "custody_centre_log_entries 2", "custody_centre_stations 1", "custody_centre_database_up 1",
        "custody_centre_requests_total{route=\"push\",status=\"200\"} 1", "custody_centre_push_seconds_count 1",
      ] { #expect(text.contains("\n\(line)\n"), "\(line) in \(text)") }
      #expect(!text.contains("ada") && !text.contains("AT-1"))
      try await central.server.store.close()
      let gone = try await get(client, "/ready")
      #expect(gone.status == .serviceUnavailable && gone.text.contains("\"reason\":\"The centre's store is closed.\""))
      #expect(try await get(client, "/metrics").text.contains("custody_centre_database_up 0"))
      #expect(try await get(client, "/health").status == .ok)
    }
  }
}
