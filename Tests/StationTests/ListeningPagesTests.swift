import CustodyLedger
import Foundation
import HTTPTypes
import ScannerProtocols
import Testing

@testable import Station

/// Pages that take what the desk's scanners read, as long as they are open.
@Suite("Pages that take scans", .timeLimit(.minutes(25))) struct ListeningPagesTests {
  private static let device = "simulated:gun"

  private static func read(_ text: String, _ api: APIUnderTest) async throws {
    var scanner = SerialScanner(deviceID: device)
    guard case .scan(let scan)? = scanner.receive(Array("\(text)\r".utf8), at: .zero).first else {
      throw Problem.nothingHere
    }
    try await api.core.take(scan, from: device)
  }

  private static func run(_ body: @escaping @Sendable (APIUnderTest, String) async throws -> Void) async throws {
    try await APIUnderTest.run { api in
      let profile = DeviceProfile(id: "generic-keyboard", name: "Gun", claim: .adopted, protocol: .keyboard(.init()))
      #expect(
        api.core.devices.plug(
          PlayedDevice(name: "gun", profile: profile, reportDescriptor: nil, transfers: [], pace: .zero, times: 1)))
      api.core.desk.operatorToken = api.kim.token
      try await body(api, api.kim.token)
    }
  }

  @Test func `the page opened last has the scan, with its prefix, and the desk has not`() async throws {
    try await Self.run { api, token in
      let earlier = api.core.pages.open("count", token: token)
      var events = api.core.pages.open("order", token: token).makeAsyncIterator()
      try await Self.read("]C10109506000134352", api)
      let event = try #require(await events.next())
      #expect(event.name == "scan")
      #expect(String(decoding: event.data, as: UTF8.self).contains(#""text":"]C10109506000134352""#))
      #expect(api.core.desk.lastOutcome == nil)
      let kept = try await api.core.store.read { try $0.readings(limit: 9) }
      #expect(kept.map(\.words) == ["Taken by the page that was open"])
      #expect(kept.first?.person == api.kim.person.id)

      // Once it is closed the page before has it, and then the desk.
      api.core.pages.close("order", token: token)
      #expect(await events.next() == nil)
      var others = earlier.makeAsyncIterator()
      try await Self.read("AT-1", api)
      #expect(await others.next()?.name == "scan")
      _ = try await api.ask(.post, "/desk/listen/end", as: api.kim, bytes: Array("id=count".utf8), headers: [:])
      try await Self.read("AT-2", api)
      #expect(api.core.desk.lastOutcome?.scan.text == "AT-2")
    }
  }

  @Test func `whoever is not the desk's operator has none of it, and a page whose person signed out neither`()
    async throws
  {
    try await Self.run { api, token in
      let none = try await api.ask(.get, "/desk/listen?id=a", as: api.lee)
      #expect(none.status == .noContent)
      try await api.ask(.get, "/desk/listen", as: api.kim).expectProblem(.unprocessableContent, "request.malformed")
      _ = api.core.pages.open("lees", token: api.lee.token)
      try await Self.read("AT-1", api)
      #expect(api.core.desk.lastOutcome?.scan.text == "AT-1")

      var events = api.core.pages.open("kims", token: token).makeAsyncIterator()
      _ = try await api.ask(.post, "/sign-out", as: api.kim)
      #expect(await events.next() == nil)
    }
  }

  @Test func `the desk's own page takes the scans again`() async throws {
    try await Self.run { api, token in
      var events = api.core.pages.open("count", token: token).makeAsyncIterator()
      _ = try await api.ask(.get, "/desk", as: api.kim)
      #expect(await events.next() == nil)
      try await Self.read("AT-3", api)
      #expect(api.core.desk.lastOutcome?.scan.text == "AT-3")
    }
  }

  @Test func `why a scan came to nothing is told on the page, and a page that takes nothing more is passed over`()
    async throws
  {
    try await Self.run { api, token in
      var events = api.core.pages.open("count", token: token).makeAsyncIterator()
      try await api.core.cutOff(after: 3, Self.device, named: "Gun")
      let told = try #require(await events.next())
      #expect(told.name == "refused")
      #expect(String(decoding: told.data, as: UTF8.self).contains("Plug it in and scan it again."))
      // As many as wait for a page that does not ask; the next one is the desk's.
      for _ in 0..<256 { #expect(api.core.pages.hand("scan", Array("{}".utf8), to: token)) }
      #expect(!api.core.pages.hand("scan", Array("{}".utf8), to: token))
      try await Self.read("AT-4", api)
      #expect(api.core.desk.lastOutcome?.scan.text == "AT-4")
    }
  }
}
