import BarcodeVision
import Custody
import Foundation
import GRDB
import Hummingbird
import StationStore
import Testing

@testable import Station

@Suite("API: pictures")
struct APIPictureTests {
  static func picture(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try [UInt8](Data(contentsOf: folder.appending(path: "Vectors/BarcodeVision/\(name)")))
  }

  @Test("a photographed serial receives its asset, and the photo is kept as evidence under its SHA-256")
  func receives() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("CNK8181G2C", "expected", kind: "serial")
      let session = try await api.open("receive", ["location": "HQ-A", "blindReason": "gift"], as: api.kim)
      let photo = try Self.picture("code128-serial.webp")
      let answer = try await api.ask(.post, session + "/pictures", as: api.kim, bytes: photo)
      let scan = try #require(try answer.items("scans").first, "\(answer)")
      #expect(scan[path: "result"]?.text == "accepted")
      #expect(scan[path: "asset.id"]?.text == id)
      #expect(scan[path: "reading.symbologyIdentifier"]?.text?.hasPrefix("]C") == true)
      let event = try await api.get("/api/v1/assets/\(id)/events").items().last
      guard case .array(let evidence)? = event?[path: "event.evidence"], let kept = evidence.first else {
        Issue.record("no evidence in the event")
        return
      }
      #expect(kept[path: "role"]?.text == "photo")
      let medium = try await api.get("/api/v1/media/\(try #require(kept[path: "digest"]?.text))")
      #expect(medium.bytes == photo)
      #expect(medium.headers[.contentType] == "image/webp")
    }
  }

  @Test("a phone's HEIC is kept as it came, and handed out as JPEG for browsers that show nothing else")
  func heic() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open("receive", ["location": "HQ-A", "blindReason": "gift"], as: api.kim)
      let photo = try Self.picture("qr-turned.heic")
      let answer = try await api.ask(.post, session + "/pictures", as: api.kim, bytes: photo)
      #expect(answer.status == .ok, "\(answer)")
      let row = try await api.core.store.read {
        try String.fetchOne($0.db, sql: "SELECT digest || ' ' || media_type FROM blob")
      }
      let parts = try #require(row).split(separator: " ")
      #expect(parts.last == "image/heic")
      let kept = try await api.get("/api/v1/media/\(parts[0])")
      #expect(kept.bytes == photo && kept.headers[.contentType] == "image/heic")
      let shown = try await api.get("/api/v1/media/\(parts[0])?as=jpeg")
      #expect(shown.headers[.contentType] == "image/jpeg")
      let frame = try GrayFrame(picture: shown.bytes)
      #expect(frame.width == 208 && frame.height == 272)
    }
  }

  @Test("a picture that shows a badge is kept nowhere, and what it names is acted on all the same")
  func badge() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open("deploy", as: api.kim)
      let answer = try await api.ask(
        .post, session + "/pictures", as: api.kim, bytes: try Self.picture("badge-qr.png"))
      #expect(try answer.items("scans").first?[path: "words"]?.text == "Recipient: Rob")
      let blobs = URL(filePath: api.core.store.folder.blobs)
      #expect(try FileManager.default.contentsOfDirectory(atPath: blobs.path) == [])
      let table = try await api.core.store.read { try Int.fetchOne($0.db, sql: "SELECT count(*) FROM blob") }
      #expect(table == 0)
    }
  }

  @Test("outside of receiving each symbol of a picture that no asset carries is answered and kept")
  func several() async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open("lookup", as: api.kim)
      let answer = try await api.ask(
        .post, session + "/pictures", as: api.kim, bytes: try Self.picture("two-ean13.png"))
      #expect(answer.status == .ok)
      let scans = try answer.items("scans")
      #expect(
        Set(scans.compactMap { $0[path: "identifier.text"]?.text }) == ["(01)09784872348880", "(01)01920081045006"])
      #expect(scans.allSatisfy { $0[path: "result"]?.text == "unknown" })
      #expect(try await api.get("/api/v1/readings?outcome=unknown").items().count == 2)
    }
  }

  @Test(
    "a picture that cannot be used is refused with a remedy",
    arguments: [
      ("none.png", "picture.noSymbol"), ("bomb-20000x10000.png", "picture.tooLarge"),
      ("README.md", "picture.unreadable"), ("", "picture.unreadable"),
    ])
  func unusable(_ name: String, _ code: String) async throws {
    try await APIUnderTest.run { api in
      let session = try await api.open("receive", as: api.kim)
      let bytes = name.isEmpty ? [] : try Self.picture(name)
      let answer = try await api.ask(.post, session + "/pictures", as: api.kim, bytes: bytes)
      try answer.expectProblem(.unprocessableContent, code)
    }
  }
}
