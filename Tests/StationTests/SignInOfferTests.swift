import CustodyLedger
import Foundation
import HTTPTypes
import Hummingbird
import ScannerProtocols
import Testing

@testable import Station

/// A badge that is read at the desk while nobody is signed in there: the sign-in page asks its PIN.
@Suite("Sign-in by a badge reader", .timeLimit(.minutes(25))) struct SignInOfferTests {
  private static let device = "simulated:pad"
  private static let badge = "31337-robs"

  /// A station with a badge reader, at which nobody is signed in; Rob has a badge and a PIN.
  private static func run(_ body: @escaping @Sendable (APIUnderTest) async throws -> Void) async throws {
    try await APIUnderTest.run { api in
      let profile = DeviceProfile(id: "generic-keyboard", name: "Pad", claim: .adopted, protocol: .keyboard(.init()))
      #expect(
        api.core.devices.plug(
          PlayedDevice(name: "pad", profile: profile, reportDescriptor: nil, transfers: [], pace: .zero, times: 1)))
      let setting: CanonicalJSON = ["profile": "generic-keyboard", "purpose": "badges"]
      _ = try await api.ask(
        .put, "/api/v1/devices/simulated%3Apad/setting", as: api.kim, bytes: try setting.bytes(limit: .max))
      try await api.core.store.setCredentials(of: api.rob.id, badge: badge, pin: "864209")
      try await body(api)
    }
  }

  private static func read(_ text: String, _ api: APIUnderTest) async throws {
    var scanner = SerialScanner(deviceID: device)
    guard case .scan(let scan)? = scanner.receive(Array("\(text)\r".utf8), at: .zero).first else {
      throw Problem.nothingHere
    }
    try await api.core.take(scan, from: device)
  }

  /// The sign-in page as the desk's browser has it, or as another one.
  private static func page(_ api: APIUnderTest, atDesk: Bool = true) async throws -> String {
    let headers: HTTPFields = atDesk ? [.cookie: "custody-desk=\(api.core.deskBrowser)"] : [:]
    return String(decoding: try await api.ask(.get, "/sign-in", as: nil, headers: headers).bytes, as: UTF8.self)
  }

  private static func send(_ form: String, _ api: APIUnderTest, atDesk: Bool = true) async throws -> APIAnswer {
    let headers: HTTPFields = atDesk ? [.cookie: "custody-desk=\(api.core.deskBrowser)"] : [:]
    return try await api.ask(.post, "/sign-in", as: nil, bytes: Array(form.utf8), headers: headers)
  }

  private static func offer(in page: String) throws -> String {
    String(try #require(page.firstMatch(of: /name="offer" value="([0-9a-z]+)"/)).1)
  }

  @Test("its PIN alone signs in; the token never leaves the station, and is kept nowhere")
  func signsIn() async throws {
    try await Self.run { api in
      #expect(try await Self.page(api).contains("Scan your badge"))
      try await Self.read(Self.badge, api)
      #expect(api.core.desk.lastOutcome == nil)
      let page = try await Self.page(api)
      #expect(page.contains("Rob") && !page.contains("Scan your badge"))
      let offer = try Self.offer(in: page)
      // Others on the network hear nothing of it, and cannot use it.
      let elsewhere = try await Self.page(api, atDesk: false)
      #expect(
        !elsewhere.contains("Rob") && !elsewhere.contains("data-listens") && elsewhere.contains("Scan your badge"))
      #expect(try await Self.send("offer=\(offer)&pin=864209", api, atDesk: false).status == .unauthorized)
      try await api.ask(.get, "/sign-in/stream", as: nil).expectProblem(.unauthorized, "access.notSignedIn")

      let wrong = try await Self.send("offer=\(offer)&pin=111111", api)
      #expect(wrong.status == .unauthorized)
      // The badge need not be read again.
      #expect(String(decoding: wrong.bytes, as: UTF8.self).contains(offer))
      api.clock.advance(seconds: 5)
      let right = try await Self.send("offer=\(offer)&pin=864209", api)
      #expect(right.status == .seeOther && right.headers[.location] == "/desk")
      #expect(right.headers[values: .setCookie].contains { $0.hasPrefix("custody-desk=\(api.core.deskBrowser);") })
      let token = try #require(api.core.desk.operatorToken)
      #expect(try await api.core.signedIn(token)?.person.id == api.rob.id)
      #expect(api.core.desk.offer(at: api.clock.now()) == nil)
      let kept = try await api.core.store.read { try $0.readings(limit: 9) }
      #expect(kept.map(\.words) == ["Badge of Rob, to sign in"])
      for bytes in kept.map(\.raw) + [Array(page.utf8), wrong.bytes, right.bytes] {
        #expect(!String(decoding: bytes, as: UTF8.self).contains(Self.badge))
      }
    }
  }

  @Test("it is over after a minute, or when somebody says that it is not theirs")
  func isOver() async throws {
    try await Self.run { api in
      try await Self.read(Self.badge, api)
      let offer = try Self.offer(in: try await Self.page(api))
      api.clock.advance(seconds: 60)
      #expect(try await Self.page(api).contains("Scan your badge"))
      let late = try await Self.send("offer=\(offer)&pin=864209", api)
      #expect(late.status == .unauthorized)
      #expect(String(decoding: late.bytes, as: UTF8.self).contains("Scan the badge again"))

      try await Self.read(Self.badge, api)
      let headers: HTTPFields = [.cookie: "custody-desk=\(api.core.deskBrowser)"]
      let other = try await api.ask(.get, "/sign-in?other=1", as: nil, headers: headers)
      #expect(String(decoding: other.bytes, as: UTF8.self).contains("Scan your badge"))
      #expect(api.core.desk.offer(at: api.clock.now()) == nil)
    }
  }

  @Test("a badge of nobody is told; while somebody is signed in a badge runs the desk as before")
  func otherBadges() async throws {
    try await Self.run { api in
      try await Self.read("of-nobody", api)
      let page = try await Self.page(api)
      #expect(page.contains("Nobody has this badge") && page.contains("Scan your badge"))
      api.core.desk.operatorToken = api.kim.token
      try await Self.read(Self.badge, api)
      #expect(api.core.desk.lastOutcome?.words == "Badge: Rob")
      #expect(api.core.desk.offer(at: api.clock.now()) == nil)
    }
  }
}
