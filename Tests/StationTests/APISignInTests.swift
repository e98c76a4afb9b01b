import BarcodeVision
import Custody
import CustodyLedger
import Hummingbird
import StationStore
import Testing

@testable import Station

@Suite("API: signing in")
struct APISignInTests {
  @Test("badge and PIN give a token and a cookie that scripts and other sites cannot use; signing out ends both")
  func signsInAndOut() async throws {
    try await APIUnderTest.run { api in
      try await api.core.store.setCredentials(of: api.kim.person.id, badge: "kims", pin: "482915")
      let answer = try await api.post("/api/v1/sign-in", ["badge": "CUSTODY:BADGE:kims", "pin": "482915"], as: nil)
      #expect(answer.status == .ok)
      #expect(try answer.text("person.name") == "Kim")
      #expect(try answer["person.roles"] == ["technician"])
      #expect(try answer.text("authStrength") == "badgePINOffline")
      let cookie = try #require(answer.headers[.setCookie])
      let attributes = Set(cookie.split(separator: ";").map { $0.drop { $0 == " " } }.dropFirst())
      #expect(attributes == ["Path=/", "HttpOnly", "SameSite=Strict"])
      let token = try answer.text("token")
      let byToken = try await api.ask(.get, "/api/v1/me", as: nil, headers: [.authorization: "Bearer \(token)"])
      #expect(try byToken.text("name") == "Kim")
      let byCookie = try await api.ask(.get, "/api/v1/me", as: nil, headers: [.cookie: "custody=\(token)"])
      #expect(byCookie.status == .ok)
      let out = try await api.ask(.post, "/api/v1/sign-out", as: nil, headers: [.cookie: "custody=\(token)"])
      #expect(out.status == .noContent)
      #expect(out.headers[.setCookie]?.contains("Max-Age=0") == true)
      let after = try await api.ask(.get, "/api/v1/me", as: nil, headers: [.cookie: "custody=\(token)"])
      try after.expectProblem(.unauthorized, "access.notSignedIn")
    }
  }

  @Test("five wrong PINs lock a badge for 30 s, also for the right PIN; which of badge and PIN was wrong is not told")
  func locks() async throws {
    try await APIUnderTest.run { api in
      try await api.core.store.setCredentials(of: api.kim.person.id, badge: "kims", pin: "482915")
      let nobody = try await api.post("/api/v1/sign-in", ["badge": "nobodys", "pin": "482915"], as: nil)
      try nobody.expectProblem(.unauthorized, "access.notRecognised")
      for _ in 1...5 {
        let wrong = try await api.post("/api/v1/sign-in", ["badge": "kims", "pin": "000000"], as: nil)
        try wrong.expectProblem(.unauthorized, "access.notRecognised")
        #expect(wrong.bytes == nobody.bytes)
      }
      let locked = try await api.post("/api/v1/sign-in", ["badge": "kims", "pin": "482915"], as: nil)
      try locked.expectProblem(.tooManyRequests, "access.locked")
      #expect(locked.headers[.retryAfter] == "30")
      api.clock.advance(seconds: 31)
      let right = try await api.post("/api/v1/sign-in", ["badge": "kims", "pin": "482915"], as: nil)
      #expect(right.status == .ok)
    }
  }

  @Test("who does nothing for a quarter of an hour is signed out")
  func idle() async throws {
    try await APIUnderTest.run { api in
      api.clock.advance(seconds: 14 * 60)
      #expect(try await api.get("/api/v1/me").status == .ok)
      api.clock.advance(seconds: 15 * 60)
      try await api.get("/api/v1/me").expectProblem(.unauthorized, "access.notSignedIn")
    }
  }

  @Test("what a page does by itself keeps nobody signed in: its newest form, a picture, a stream, a phone's frame")
  func pageAlone() async throws {
    let blank = try #require(GrayFrame(width: 32, height: 32, bytes: .init(repeating: 200, count: 1024))).jpeg()
    try await APIUnderTest.run { api in
      let session = try await api.open(as: api.kim)
      api.clock.advance(seconds: 14 * 60)
      #expect(try await api.get("/tags", headers: [.custodyFragment: "tags"]).status == .ok)
      #expect(try await api.get("/api/v1/me", headers: [.custodyBackground: "yes"]).status == .ok)
      #expect(try await api.get("/api/v1/me", headers: [.accept: "text/event-stream"]).status == .ok)
      #expect(try await api.ask(.post, session + "/frames", as: api.kim, bytes: blank).status == .ok)
      api.clock.advance(seconds: 60)
      try await api.get("/api/v1/me").expectProblem(.unauthorized, "access.notSignedIn")
    }
  }

  @Test("a role that is taken away and a person who is no longer active count from the next request on")
  func rereadsPeople() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001")
      let session = try await api.open(as: api.kim)
      let site = api.core.store.identity.site
      let missing: CanonicalJSON = ["reason": "not there"]
      try await api.core.store.write { try $0.setRoles([.viewer], of: api.kim.person.id, at: site) }
      try await api.scan("DK-00001", "declareMissing", missing, as: api.kim, in: session)
        .expectProblem(.forbidden, "custody.declareMissing.role")
      let me = try await api.get("/api/v1/me")
      #expect(try me["roles"] == ["viewer"])
      try await api.core.store.write { try $0.setRoles([.technician], of: api.kim.person.id, at: site) }
      #expect(try await api.scan("DK-00001", "declareMissing", missing, as: api.kim, in: session).status == .ok)
      var kim = api.kim.person
      kim.active = false
      let gone = kim
      try await api.core.store.write { try $0.save(gone) }
      try await api.get("/api/v1/me").expectProblem(.unauthorized, "access.notSignedIn")
      // Somebody's coming back does not bring their sign-in back.
      kim.active = true
      let back = kim
      try await api.core.store.write { try $0.save(back) }
      try await api.get("/api/v1/me").expectProblem(.unauthorized, "access.notSignedIn")
    }
  }

  @Test("a witness who is no longer active witnesses nothing")
  func inactiveWitness() async throws {
    try await APIUnderTest.run { api in
      try await api.register("DK-00001", "retired")
      let session = try await api.open("dispose", ["order": "DO-9", "route": "recycle"], as: api.dana)
      try await api.second(api.lee, as: .witness, in: session, beside: api.dana)
      var lee = api.lee.person
      lee.active = false
      let gone = lee
      try await api.core.store.write { try $0.save(gone) }
      try await api.scan("DK-00001", "dispose", as: api.dana, in: session)
        .expectProblem(.conflict, "custody.dispose.witnessMissing")
    }
  }

  @Test("the live stream ends when who listens signs out", .timeLimit(.minutes(25)))
  func streamEndsAtSignOut() async throws {
    try await APIUnderTest.run(live: true) { api in
      async let stream = api.ask(.get, "/api/v1/stream", as: api.kim)
      while api.core.live.listenerCount == 0 { await Task.yield() }
      // As the pages and the API do; the test's one connection is busy with the stream.
      api.core.signOut(api.kim.token)
      api.core.live.publish("scan", Array(#"{"tag":"LT-00042"}"#.utf8))
      let heard = String(decoding: try await stream.bytes, as: UTF8.self)
      #expect(!heard.contains("LT-00042"))
    }
  }

  @Test("the live stream tells nothing to who is locked out after inactivity", .timeLimit(.minutes(25)))
  func streamEndsAtLock() async throws {
    try await APIUnderTest.run(live: true) { api in
      async let stream = api.ask(.get, "/api/v1/stream", as: api.kim)
      while api.core.live.listenerCount == 0 { await Task.yield() }
      // Listening is no sign of life.
      api.clock.advance(seconds: 15 * 60)
      api.core.live.publish("scan", Array(#"{"tag":"LT-00042"}"#.utf8))
      let heard = String(decoding: try await stream.bytes, as: UTF8.self)
      #expect(!heard.contains("LT-00042"))
    }
  }

  @Test("a second person joins a session by badge and PIN, and only so")
  func secondPerson() async throws {
    try await APIUnderTest.run { api in
      try await api.core.store.setCredentials(of: api.lee.person.id, badge: "lees", pin: "730164")
      let session = try await api.open("dispose", as: api.dana)
      let wrong = try await api.post(
        session + "/people", ["role": "witness", "badge": "lees", "pin": "000000"], as: api.dana)
      try wrong.expectProblem(.unauthorized, "access.notRecognised")
      let right = try await api.post(
        session + "/people", ["role": "witness", "badge": "lees", "pin": "730164"], as: api.dana)
      #expect(try right.text("witness") == api.lee.person.id.description)
      let odd = try await api.post(session + "/people", ["role": "friend", "badge": "lees", "pin": "1"], as: api.dana)
      try odd.expectProblem(.unprocessableContent, "request.malformed", pointer: "/role")
    }
  }

  @Test("every answer carries the security headers, and a form of another site cannot act")
  func headers() async throws {
    try await APIUnderTest.run { api in
      let foreign: HTTPFields = [.secFetchSite: "cross-site"]
      let forbidden = try await api.post("/api/v1/sessions", as: api.kim, headers: foreign)
      try forbidden.expectProblem(.forbidden, "access.crossSite")
      let answers = [
        forbidden, try await api.get("/health"), try await api.ask(.get, "/api/v1/me", as: nil),
        try await api.get("/api/v1/nothing"), try await api.ask(.post, "/api/v1/sign-out", as: nil),
        try await api.get("/api/v1/assets/x"),
      ]
      #expect(answers.map(\.status.code) == [403, 200, 401, 404, 204, 422])
      for answer in answers {
        #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        #expect(answer.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'self'") == true)
        #expect(answer.headers[.referrerPolicy] == "same-origin")
        #expect(answer.headers[.cacheControl] == "no-store")
      }
      #expect(try await api.core.store.read { try $0.openSession(desk: "desk-1") } == nil)
    }
  }
}
