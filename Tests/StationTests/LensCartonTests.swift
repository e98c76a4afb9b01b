import Custody
import CustodyLedger
import Foundation
import Hummingbird
import Testing

@testable import BarcodeVision
@testable import Station

/// What cameras and phones show to a desk that receives. The pictures are a third party's and our own: see
/// Tests/Vectors/CartonReading/README.md.
@Suite("Cartons before a lens", .timeLimit(.minutes(25))) struct LensCartonTests {
  private static let start = ContinuousClock.now

  private static func vector(_ name: String) throws -> [UInt8] {
    try Fixture.bytes(Fixture.vector("CartonReading/\(name)"))
  }

  private static func frame(_ name: String) throws -> GrayFrame {
    try GrayFrame(pictureAt: Fixture.vector("CartonReading/\(name)"))
  }

  /// Opens an act at the desk, as its page does.
  private func open(_ workflow: String, at api: APIUnderTest, as who: SignedIn) async throws {
    let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
    let answer = try await api.ask(
      .post, "/desk/session", as: who, bytes: Array("workflow=\(workflow)".utf8), headers: form)
    #expect(answer.status == .seeOther)
  }

  /// Shows a camera of the desk frames at ten a second, one a name, empty where there is none; as ``CameraService`` does.
  private func show(
    _ names: [String], to watch: inout FrameWatch, from first: Int = 0, _ api: APIUnderTest
  ) async throws -> [FrameWatch.Answer] {
    var frames: [String: GrayFrame] = [:]
    frames[""] = GrayFrame(width: 640, height: 480, bytes: .init(repeating: 128, count: 640 * 480))
    var answers: [FrameWatch.Answer] = []
    for (number, name) in names.enumerated() {
      let frame = try frames[name] ?? Self.frame(name)
      frames[name] = frame
      answers.append(
        try await watch.take(
          frame, at: Self.start + .milliseconds(100 * (first + number)), core: api.core,
          receiving: { try await api.core.receiving() }, scan: { try await api.core.deskOutcome(of: $0) }))
    }
    return answers
  }

  private func times(_ count: Int, _ name: String) -> [String] { Array(repeating: name, count: count) }

  private func readings(_ outcome: String, _ api: APIUnderTest) async throws -> Int {
    try await api.get("/api/v1/readings?outcome=\(outcome)").items().count
  }

  @Test("a box before the desk's camera is laid there once, with its picture; nothing of it is scanned by itself")
  func camera() async throws {
    try await APIUnderTest.run { api in
      try await open("receive", at: api, as: api.kim)
      var watch = FrameWatch(device: "camera:door", repeatAfter: .seconds(2))
      let answers = try await show(times(40, "carton-165340.png"), to: &watch, api)
      #expect(answers.compactMap(\.carton).count == 1 && answers.flatMap(\.outcomes).isEmpty)
      let session = try #require(try await api.core.deskSession()?.0.id)
      let shown = try #require(try await api.core.carton(in: session))
      #expect(shown.carton.source == "camera:door")
      #expect(shown.reading.findings(.mac).map(\.value) == ["001EC9476B0A"])
      #expect(shown.reading.findings(.serial).map(\.value) == ["165340"])
      // The picture is the frame that was looked at, and the outlines lie in it.
      let picture = try #require(shown.carton.picture)
      let kept = try await api.get("/api/v1/media/\(picture.digest)")
      let seen = try GrayFrame(picture: kept.bytes)
      #expect((seen.width, seen.height) == (shown.carton.width, shown.carton.height))
      #expect(shown.carton.marks.allSatisfy { $0.corners.count == 4 })
      #expect(api.core.desk.lastOutcome?.words == "Check, then confirm")
      #expect(try await readings("context", api) == 2)
      #expect(try await readings("unknown", api) == 0)
      #expect(answers.last?.symbols.map(\.words) == times(2, "On the carton: check at the desk"))
      try await api.core.setCartonAside(in: session, by: api.kim)
      let after = try await show(times(2, "carton-165340.png"), to: &watch, from: 40, api)
      #expect(after.last?.symbols.map(\.words) == times(2, "Of the carton that is done"))
      #expect(after.allSatisfy { $0.carton == nil })
    }
  }

  @Test("another box waits for the one on the desk, and comes when that is set aside")
  func waits() async throws {
    try await APIUnderTest.run { api in
      try await open("receive", at: api, as: api.kim)
      let session = try #require(try await api.core.deskSession()?.0.id)
      var watch = FrameWatch(device: "camera:door", repeatAfter: .seconds(2))
      _ = try await show(times(12, "carton-165340.png") + times(30, ""), to: &watch, api)
      let second = try await show(times(12, "carton-165627.png"), to: &watch, from: 42, api)
      #expect(second.allSatisfy { $0.carton == nil } && watch.isWaiting)
      #expect(second.last?.symbols.first?.words == "Waits for the carton on the desk")
      #expect(try await api.core.carton(in: session)?.reading.name?.value == "165340")
      try await api.core.setCartonAside(in: session, by: api.kim)
      let after = try await show(["carton-165627.png"], to: &watch, from: 54, api)
      #expect(after.first?.carton?.reading.name?.value == "165627" && !watch.isWaiting)
    }
  }

  @Test("a box that was out of view and is shown again is the same: on the desk, received, or set aside")
  func again() async throws {
    try await APIUnderTest.run { api in
      try await open("receive", at: api, as: api.kim)
      let session = try #require(try await api.core.deskSession()?.0.id)
      _ = try await api.core.changeSession(session, by: api.kim) { work in
        work.details = ["location": "HQ-A", "blindReason": "gift", "facts": ["model": "M1", "manufacturer": "Acme"]]
      }
      let box = times(12, "carton-165340.png")
      let away = times(50, "")
      var watch = FrameWatch(device: "camera:door", repeatAfter: .seconds(2))
      #expect(try await show(box + away, to: &watch, api).compactMap(\.carton).count == 1)
      let second = try await show(box, to: &watch, from: 62, api)
      #expect(second.allSatisfy { $0.carton == nil } && !watch.isWaiting)
      #expect(second.last?.symbols.map(\.words) == times(2, "On the carton: check at the desk"))
      // Another lens of the desk sees the same box.
      var other = FrameWatch(device: "camera:wall", repeatAfter: .seconds(2))
      #expect(try await show(box, to: &other, api).allSatisfy { $0.carton == nil } && !other.isWaiting)

      let shown = try #require(try await api.core.carton(in: session))
      let received = try await api.core.scan(.confirmation(of: shown, details: [:]), in: session, by: api.kim)
      #expect(received.result == .accepted)
      let third = try await show(away + box, to: &watch, from: 74, api)
      #expect(third.allSatisfy { $0.carton == nil && $0.outcomes.isEmpty })
      #expect(third.last?.symbols.map(\.words) == times(2, "Of the carton that is done"))
      #expect(api.core.desk.lastOutcome?.words == "Received")
      // The next box is another, and set aside it is not laid again either.
      let next = times(12, "carton-165627.png")
      let fourth = try await show(next, to: &watch, from: 136, api)
      #expect(fourth.compactMap(\.carton).map(\.reading.name?.value) == ["165627"])
      try await api.core.setCartonAside(in: session, by: api.kim)
      let fifth = try await show(away + next, to: &watch, from: 148, api)
      #expect(fifth.allSatisfy { $0.carton == nil && $0.outcomes.isEmpty } && !watch.isWaiting)
    }
  }

  @Test("a box of the same model beside or after it is another; one that was taken back may come again")
  func notAgain() async throws {
    try await APIUnderTest.run { api in
      try await open("receive", at: api, as: api.kim)
      let session = try #require(try await api.core.deskSession()?.0.id)
      _ = try await api.core.changeSession(session, by: api.kim) { work in
        work.details = ["location": "HQ-A", "blindReason": "gift", "facts": ["model": "M1", "manufacturer": "Acme"]]
      }
      func symbols(_ texts: [String]) -> [Symbol] {
        let corner = Corners.Point(x: 0, y: 0)
        return texts.map { text in
          Symbol(
            symbology: .code128, text: text, raw: Array(text.utf8), symbologyIdentifier: "]C0", engine: .zbar,
            quality: 9, corners: Corners(named: [corner, corner, corner, corner]))
        }
      }
      // Data identifiers of ANSI MH10.8.2: 1P part number, S serial number.
      let part = "1PAB-1234"
      _ = try await api.core.lay(
        symbols([part, "SF0001"]), of: nil, width: 0, height: 0, from: "camera:door", in: session, by: api.kim)
      func again(_ texts: String...) async throws -> String {
        switch try await api.core.shownAgain(symbols(texts), in: session) {
        case .onDesk?: "on the desk"
        case .done?: "done"
        case nil: "another"
        }
      }
      #expect(try await again(part, "SF0001") == "on the desk")
      #expect(try await again("SF0001") == "on the desk")
      #expect(try await again("SF0001", "Q1") == "on the desk")
      #expect(try await again(part) == "another")
      #expect(try await again(part, "SF0002") == "another")
      #expect(try await again(part, "SF0001", "SF0002") == "another")
      let shown = try #require(try await api.core.carton(in: session))
      let received = try await api.core.scan(.confirmation(of: shown, details: [:]), in: session, by: api.kim)
      #expect(received.result == .accepted)
      #expect(try await again(part, "SF0001") == "done")
      #expect(try await again(part, "SF0002") == "another")
      _ = try await api.core.takeOver(session, by: api.lee)
      #expect(try await api.core.undo(in: session, by: api.lee).words == "Taken back")
      #expect(try await again(part, "SF0001") == "another")
    }
  }

  @Test("the tag that is stuck on the box before the camera receives it")
  func tag() async throws {
    try await APIUnderTest.run { api in
      try await open("receive", at: api, as: api.kim)
      let (session, work) = try #require(try await api.core.deskSession())
      _ = try await api.core.changeSession(session.id, by: api.kim) { work in
        work.details = ["location": "HQ-A", "blindReason": "gift", "facts": ["model": "M1", "manufacturer": "Acme"]]
      }
      #expect(work.carton == nil)
      var watch = FrameWatch(device: "camera:door", repeatAfter: .seconds(2))
      _ = try await show(times(12, "carton-165340.png"), to: &watch, api)
      // The same frame with our label below it.
      let box = try Self.frame("carton-165340.png")
      let label = try GrayFrame(pictureAt: Fixture.label)
      var bytes: [UInt8] = []
      let width = max(box.width, label.width)
      for part in [box, label] {
        for row in 0..<part.height {
          bytes += part.bytes[row * part.width..<(row + 1) * part.width]
          bytes += Array(repeating: 255, count: width - part.width)
        }
      }
      let both = try #require(GrayFrame(width: width, height: box.height + label.height, bytes: bytes))
      var outcomes: [ScanOutcome] = []
      for number in 12..<40 {
        let answer = try await watch.take(
          both, at: Self.start + .milliseconds(100 * number), core: api.core,
          receiving: { try await api.core.receiving() }, scan: { try await api.core.deskOutcome(of: $0) })
        outcomes += answer.outcomes
      }
      #expect(outcomes.map(\.result) == [.accepted])
      let asset = try #require(outcomes.first?.asset)
      #expect(asset.tag == "AT-00042")
      #expect(try await api.core.carton(in: session.id) == nil)
    }
  }

  @Test("while the desk does something else, or nobody is signed in there, codes count one by one")
  func notReceiving() async throws {
    try await APIUnderTest.run { api in
      try await open("deploy", at: api, as: api.kim)
      var watch = FrameWatch(device: "camera:door", repeatAfter: .seconds(2))
      _ = try await show(times(12, "carton-165340.png"), to: &watch, api)
      #expect(try await readings("unknown", api) + readings("refused", api) == 2)
      try await open("receive", at: api, as: api.kim)
      api.core.signOut(api.kim.token)
      var other = FrameWatch(device: "camera:door", repeatAfter: .seconds(2))
      let answers = try await show(times(12, "carton-165627.png"), to: &other, api)
      #expect(answers.allSatisfy { $0.carton == nil })
      #expect(answers.flatMap(\.outcomes).map(\.words) == times(2, "Sign in first"))
    }
  }

  @Test("a phone's photo goes to the desk where its person receives, and nowhere else")
  func phone() async throws {
    let photo = try Self.vector("carton-165340.png")
    try await APIUnderTest.run { api in
      try await open("receive", at: api, as: api.kim)
      let session = try #require(try await api.core.deskSession()?.0.id)
      let page = try await api.get("/phone", as: api.kim)
      #expect(String(decoding: page.bytes, as: UTF8.self).contains("Receive at desk"))
      func take(_ who: SignedIn) async throws -> APIAnswer {
        try await api.ask(.post, "/phone/pictures", as: who, bytes: photo, headers: [.contentType: "image/png"])
      }
      // Another's phone is another's: its own session looks things up.
      #expect(try await take(api.lee).status == .seeOther)
      #expect(try await api.core.carton(in: session) == nil)
      #expect(try await readings("lookup", api) + readings("unknown", api) == 2)
      let before = try await api.get("/api/v1/readings?outcome=unknown").items().count

      #expect(try await take(api.kim).status == .seeOther)
      let shown = try #require(try await api.core.carton(in: session))
      #expect(shown.carton.source == "phone" && shown.carton.marks.count == 2)
      #expect(try await api.get("/api/v1/media/\(try #require(shown.carton.picture).digest)").bytes == photo)
      let after = String(decoding: try await api.get("/phone", as: api.kim).bytes, as: UTF8.self)
      #expect(after.contains("phone-carton") && after.contains("165340") && after.contains("2 codes"))
      #expect(try await readings("unknown", api) == before)

      // Told to look things up, the phone keeps to itself.
      let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
      try await api.core.setCartonAside(in: session, by: api.kim)
      try await api.ask(.post, "/phone/session", as: api.kim, bytes: Array("workflow=lookup".utf8), headers: form)
      #expect(try await take(api.kim).status == .seeOther)
      #expect(try await api.core.carton(in: session) == nil)
      try await api.ask(.post, "/phone/session", as: api.kim, bytes: Array("workflow=receive".utf8), headers: form)
      #expect(try await take(api.kim).status == .seeOther)
      #expect(try await api.core.carton(in: session)?.carton.source == "phone")

      // Without a desk that receives it counts codes one by one, and says so.
      try await api.post("/desk/close", as: api.kim)
      let alone = String(decoding: try await api.get("/phone", as: api.kim).bytes, as: UTF8.self)
      #expect(alone.contains("Codes count one by one"))
    }
  }

  @Test("frames that a client posts into a receive session lay a carton there, and say so once")
  func frames() async throws {
    let photo = try Self.vector("carton-165340.png")
    try await APIUnderTest.run { api in
      let session = try await api.open("receive", as: api.kim)
      var cartons: [CanonicalJSON] = []
      var posted = 0
      // Faster than is allowed is refused, and is no frame.
      while posted < 12, cartons.isEmpty {
        let answer = try await api.ask(.post, session + "/frames", as: api.kim, bytes: photo)
        if answer.status == .tooManyRequests { continue }
        posted += 1
        #expect(answer.status == .ok)
        #expect(try answer.items("scans").isEmpty)
        if let carton = try answer["carton"] { cartons.append(carton) }
      }
      #expect(cartons.count == 1)
      #expect(try await api.get(session + "/carton").json == cartons.first)
    }
  }
}
