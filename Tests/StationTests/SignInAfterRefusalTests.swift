import Custody
import Foundation
import Hummingbird
import Testing

@testable import Station

/// Who signs in is not told what was refused to nobody.
@Suite("Signing in after scans that were nobody's") struct SignInAfterRefusalTests {
  @Test("the refusal is gone from the desk, and the carton that lay there asks to be confirmed again")
  func cleared() async throws {
    try await APIUnderTest.run { api in
      let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
      try await api.ask(.post, "/desk/session", as: api.kim, bytes: Array("workflow=receive".utf8), headers: form)
      let photo = try Fixture.bytes(Fixture.vector("CartonReading/carton-165340.png"))
      try await api.ask(.post, "/desk/pictures", as: api.kim, bytes: photo, headers: [.contentType: "image/png"])
      api.core.signOut(api.kim.token)
      try await api.core.deskScan(Scan(raw: Array("165627".utf8), source: .symbol, device: "camera:door"))
      #expect(api.core.desk.lastOutcome?.words == "Sign in first")
      let pin = "258013"
      try await api.core.store.setCredentials(of: api.kim.person.id, badge: "tok-kim-of-the-test", pin: pin)
      let kim = try await api.core.signIn(badge: "tok-kim-of-the-test", pin: pin, atDesk: true)
      let page = String(decoding: try await api.get("/desk", as: kim).bytes, as: UTF8.self)
      #expect(!page.contains("Sign in first"))
      #expect(page.contains(#"data-confirms="carton""#))
    }
  }
}
