import CentralStore
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import HummingbirdTesting
import SyncProtocol
import SyncTestSupport
import Testing

@testable import Central

@Suite struct ReadingTests {
  private static let readToken = "a read token of 30 characters."

  /// An asset handed out, an entry with a broken signature, and one that waits behind it.
  private func fill(_ central: CentralUnderTest, _ client: any TestClientProtocol) async throws -> AssetID {
    var writer = try ChainWriter(1)
    let registered = try writer.register("AT-<1>")
    let deployed = try writer.deploy(registered.event.asset, to: "Finance & Law")
    let back = try writer.takeBack(registered.event.asset)
    let retired = try writer.retire(registered.event.asset)
    _ = try await central.push(
      [registered.entry, deployed.entry, try back.entry.flipping(byte: 9), retired.entry], by: client)
    return registered.event.asset
  }

  @Test("every page shows what is there, escaped, and loads nothing from elsewhere")
  func pages() async throws {
    let central = try await CentralUnderTest()
    try await central.test { client in
      let asset = try await fill(central, client)
      for (uri, words) in [
        ("/", ["Northgate &lt;centre&gt;", "Not applied", "Deployed"]),
        ("/assets", ["AT-&lt;1&gt;", "ThinkPad T14 Gen 5", "Finance &amp; Law"]),
        ("/assets?q=AT-%3C1&state=deployed", ["AT-&lt;1&gt;"]),
        ("/assets/\(asset)", ["Registered", "Deployed", "Retired", "sync.gap", "Log index", "2 (", "UTC+1"]),
        ("/exceptions", ["sync.gap", "sync.signature", "claims epoch 1, entry 3", "rejected-1.bin"]),
        ("/stations", ["HQ/S1", "epoch 1, entry 4"]),
      ] {
        let response = try await client.execute(uri: uri, method: .get)
        #expect(response.status == .ok, "\(uri)")
        let csp = try #require(response.headers[.contentSecurityPolicy])
        #expect(csp.hasPrefix("default-src 'none'"))
        #expect(!csp.contains("unsafe"))
        for word in words where word != "2 (" { #expect(response.text.contains(word), "\(uri) \(word)") }
        #expect(!response.text.contains("<1>"))
        #expect(!response.text.contains("<script") && !response.text.contains("style="))
        #expect(!response.text.contains("{{"))
      }
      #expect(try await client.execute(uri: "/static/central.css", method: .get).text.hasPrefix("/*"))
    }
  }

  @Test("a fork is an alarm on every page")
  func alarm() async throws {
    let central = try await CentralUnderTest()
    try await central.test { client in
      var writer = try ChainWriter(1)
      var clone = writer
      _ = try await central.push([try writer.register("AT-1").entry], by: client)
      let before = try await client.execute(uri: "/assets", method: .get).text
      #expect(!before.contains("class=\"alarm\""))
      _ = try await central.push([try clone.register("AT-2").entry], by: client)
      for uri in ["/", "/assets", "/exceptions", "/stations"] {
        let text = try await client.execute(uri: uri, method: .get).text
        #expect(text.contains("role=\"alert\"") && text.contains("Two stations sign with one key"), "\(uri)")
      }
    }
  }

  @Test("the API gives what the store holds, and the exact bytes")
  func api() async throws {
    let central = try await CentralUnderTest()
    try await central.test { client in
      let asset = try await fill(central, client)
      func get(_ uri: String) async throws -> [String: Any] {
        let response = try await client.execute(uri: uri, method: .get)
        #expect(response.status == .ok, "\(uri)")
        return try #require(
          try JSONSerialization.jsonObject(with: Data(response.body.readableBytesView)) as? [String: Any])
      }
      #expect(try await get("/api/v1/health")["status"] as? String == "ok")
      let assets = try #require(try await get("/api/v1/assets")["assets"] as? [[String: Any]])
      #expect(assets.map { $0["state"] as? String } == ["deployed"])
      let one = try await get("/api/v1/assets/\(asset)")
      #expect(
        (one["events"] as? [[String: Any]])?.map { $0["status"] as? String } == ["applied", "applied", "quarantined"])
      let events = try await get("/api/v1/events?limit=2")
      #expect(events["next"] as? Int == 2)
      let exceptions = try await get("/api/v1/exceptions")
      #expect((exceptions["rejected"] as? [[String: Any]])?.first?["code"] as? String == "sync.signature")
      let stations = try #require(try await get("/api/v1/stations")["stations"] as? [[String: Any]])
      #expect(stations.first?["rejected"] as? Int == 1)
      let log = try await central.server.store.wholeLogBytes()
      let bytes = try await client.execute(uri: "/api/v1/events/1/entry", method: .get)
      #expect(Array(bytes.body.readableBytesView) == log[1])
      let rejected = try await client.execute(uri: "/api/v1/rejected/1/entry", method: .get)
      #expect(rejected.status == .ok)
      for uri in [
        "/api/v1/assets/\(asset.description.dropLast())0", "/api/v1/events/99/entry", "/api/v1/rejected/2/entry",
        "/api/v1/x",
      ] {
        let response = try await client.execute(uri: uri, method: .get)
        #expect(try response.problem().code == "http.notFound", "\(uri)")
      }
      for uri in ["/api/v1/assets/x", "/api/v1/assets?state=lost", "/api/v1/events?before=-1"] {
        let response = try await client.execute(uri: uri, method: .get)
        #expect(try response.problem().code == "http.badParameter", "\(uri)")
      }
    }
  }

  @Test("with a read token nothing is shown without it")
  func readToken() async throws {
    let central = try await CentralUnderTest(readToken: Self.readToken)
    try await central.test { client in
      _ = try await fill(central, client)
      for uri in ["/", "/assets", "/exceptions", "/stations"] {
        let response = try await client.execute(uri: uri, method: .get, headers: [.accept: "text/html"])
        #expect(response.status == .seeOther, "\(uri)")
        #expect(response.headers[.location] == "/sign-in")
      }
      for uri in [
        "/api/v1/assets", "/api/v1/events", "/api/v1/events/0/entry", "/api/v1/exceptions", "/api/v1/stations",
      ] {
        let response = try await client.execute(uri: uri, method: .get)
        #expect(try response.problem().code == "central.signInNeeded", "\(uri)")
        let wrong = try await client.execute(
          uri: uri, method: .get, headers: [.authorization: "Bearer \(Self.readToken)x"])
        #expect(wrong.status == .unauthorized)
        let right = try await client.execute(
          uri: uri, method: .get, headers: [.authorization: "Bearer \(Self.readToken)"])
        #expect(right.status == .ok)
      }
      #expect(try await client.execute(uri: "/api/v1/health", method: .get).status == .ok)
      // A station's token lets it push, not read.
      let station = try await client.execute(uri: "/api/v1/assets", method: .get, headers: central.headers())
      #expect(station.status == .unauthorized)
    }
  }

  @Test("signing in gives a cookie that scripts and other sites cannot use, for twelve hours")
  func signIn() async throws {
    let central = try await CentralUnderTest(readToken: Self.readToken)
    try await central.test { client in
      func signIn(_ token: String) async throws -> TestResponse {
        try await client.execute(
          uri: "/sign-in", method: .post, headers: [.contentType: "application/x-www-form-urlencoded"],
          body: ByteBuffer(string: "token=\(token)"))
      }
      let wrong = try await signIn("another")
      #expect(wrong.status == .unauthorized)
      #expect(wrong.headers[.setCookie] == nil)
      #expect(wrong.text.contains("not the read token"))
      let right = try await signIn(Self.readToken.replacing(" ", with: "+"))
      #expect(right.status == .seeOther)
      let field = try #require(right.headers[.setCookie])
      #expect(field.contains("HttpOnly") && field.contains("SameSite=Strict"))
      #expect(!field.contains(Self.readToken))
      let cookie = String(field.prefix { $0 != ";" })
      func status(_ cookie: String) async throws -> HTTPResponse.Status {
        try await client.execute(uri: "/assets", method: .get, headers: [.cookie: cookie]).status
      }
      #expect(try await status(cookie) == .ok)
      #expect(try await status(cookie + "0") == .unauthorized)
      // A later expiry with the old code is no cookie of ours.
      let later = cookie.replacing("=1", with: "=2", maxReplacements: 1)
      #expect(later != cookie)
      #expect(try await status(later) == .unauthorized)
      central.clock.advance(milliseconds: 12 * 3_600_000 - 1)
      #expect(try await status(cookie) == .ok)
      central.clock.advance(milliseconds: 1)
      #expect(try await status(cookie) == .unauthorized)
    }
  }

  @Test("a centre that is open to its machine answers under its machine's names only")
  func names() {
    for authority in ["localhost", "localhost:8470", "127.0.0.1:80", "127.9.9.9", "[::1]", "[::1]:8470", "LOCALHOST"] {
      #expect(LoopbackName.matches(authority: authority), "\(authority)")
    }
    for authority in [
      "", "evil.example", "127.0.0.1.evil.example", "[::2]:80", "[::1", "10.0.0.1", "127.0.0", "127.0.0.x",
    ] {
      #expect(!LoopbackName.matches(authority: authority), "\(authority)")
    }
  }

  @Test("an unsafe configuration does not start")
  func configuration() {
    func fault(_ host: String, _ token: String?, port: Int = 0) -> CentralConfigurationError? {
      do {
        try CentralConfiguration(dataFolder: "-", host: host, port: port, readToken: token).validate()
        return nil
      } catch {
        return error
      }
    }
    #expect(fault("0.0.0.0", nil) == .openToTheNetwork(host: "0.0.0.0"))
    #expect(fault("192.0.2.7", nil) == .openToTheNetwork(host: "192.0.2.7"))
    #expect(fault("0.0.0.0", "short") == .shortReadToken)
    #expect(fault("0.0.0.0", Self.readToken) == nil)
    #expect(fault("127.0.0.1", nil) == nil)
    #expect(fault("::1", nil) == nil)
    #expect(fault("127.0.0.1", nil, port: 65_536) == .port(65_536))
  }
}

extension CentralStore {
  fileprivate func wholeLogBytes() async throws -> [[UInt8]] {
    try await entries(after: -1, limit: 1000, bytes: .max).map(\.bytes)
  }
}
