import BarcodeVision
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import Testing

@testable import Station

/// A file that comes with the tests.
enum Fixture {
  static func vector(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vectors/\(name)")
      .path
  }

  static func bytes(_ path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: path))) }

  /// The demo's label: the QR code and the Code 128 of AT-00042.
  static let label = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "demo/label-AT-00042.png").path
}

@Suite("API: frames of a phone, and cameras") struct APIFrameTests {
  @Test("a code that is held before the phone is scanned once; the frame's answer says what is in view")
  func held() async throws {
    let label = try Fixture.bytes(Fixture.label)
    try await APIUnderTest.run { api in
      try await api.register("AT-00042")
      let session = try await api.open(as: api.kim)
      var scans = 0
      for _ in 0..<4 {
        let answer = try await api.ask(.post, session + "/frames", as: api.kim, bytes: label)
        try #require(answer.status == .ok, "\(answer)")
        let symbols = try answer.items("symbols")
        #expect(symbols.contains { $0[path: "text"]?.text?.hasSuffix("AT-00042") == true })
        scans += try answer.items("scans").count
      }
      #expect(scans == 1)
      let kept = try await api.get("/api/v1/readings?session=\(session.suffix(36))")
      #expect(try kept.items().compactMap { $0[path: "device"]?.text } == ["phone"])
    }
  }

  @Test("who scans with the camera alone stays signed in")
  func scansStay() async throws {
    let label = try Fixture.bytes(Fixture.label)
    try await APIUnderTest.run { api in
      try await api.register("AT-00042")
      let session = try await api.open(as: api.kim)
      api.clock.advance(seconds: 14 * 60)
      for _ in 0..<4 {
        try #require(try await api.ask(.post, session + "/frames", as: api.kim, bytes: label).status == .ok)
      }
      api.clock.advance(seconds: 14 * 60)
      #expect(try await api.get("/api/v1/me").status == .ok)
    }
  }

  @Test("frames that come too fast are told to wait; those of another session are not")
  func tooFast() async throws {
    let blank = try #require(GrayFrame(width: 32, height: 32, bytes: .init(repeating: 200, count: 1024))).jpeg()
    var options = StationOptions(usb: false)
    let moment = ContinuousClock.now
    options.frameTime = { moment }
    try await APIUnderTest.run(options: options) { api in
      let (one, two) = (try await api.open(as: api.kim), try await api.open(as: api.kim))
      // The allowance is six at once.
      for _ in 0..<6 {
        #expect(try await api.ask(.post, one + "/frames", as: api.kim, bytes: blank).status == .ok)
      }
      let answer = try await api.ask(.post, one + "/frames", as: api.kim, bytes: blank)
      #expect(answer.status == .tooManyRequests)
      #expect(try answer.text("code") == "frames.tooMany")
      #expect(answer.headers[.retryAfter] == "1")
      #expect(try await api.ask(.post, two + "/frames", as: api.kim, bytes: blank).status == .ok)
    }
  }

  @Test("what is no picture, too large, in no session or another's is refused and leaves the next frame alone")
  func bad() async throws {
    let blank = try #require(GrayFrame(width: 32, height: 32, bytes: .init(repeating: 200, count: 1024))).jpeg()
    try await APIUnderTest.run { api in
      let session = try await api.open(as: api.kim)
      let garbage = try await api.ask(.post, session + "/frames", as: api.kim, bytes: Array("garbage".utf8))
      #expect(garbage.status == .unprocessableContent)
      let large = try await api.ask(
        .post, session + "/frames", as: api.kim, bytes: .init(repeating: 0, count: API.largestFrame + 1))
      #expect(large.status == .contentTooLarge)
      #expect(try await api.ask(.post, session + "/frames", as: nil, bytes: blank).status == .unauthorized)
      let none = "/api/v1/sessions/\(AssetID.sample(1))/frames"
      #expect(try await api.ask(.post, none, as: api.kim, bytes: blank).status == .notFound)
      let answer = try await api.ask(.post, session + "/frames", as: api.kim, bytes: blank)
      #expect(answer.status == .ok)
      #expect(try answer.items("symbols").isEmpty)
    }
  }

  @Test("a camera that is not there is not found; without cameras the list is empty")
  func noCamera() async throws {
    try await APIUnderTest.run { api in
      let listed = try await api.get("/api/v1/cameras").items()
      #expect(listed.isEmpty)
      for path in ["", "/picture.jpg", "/sights"] {
        let answer = try await api.get("/api/v1/cameras/door\(path)")
        #expect(answer.status == .notFound)
      }
    }
  }
}
