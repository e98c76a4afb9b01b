import Custody
import Testing

@testable import Webhooks

@Suite struct WebhookTests {
  /// From the test suites of Standard Webhooks' own libraries (github.com/standard-webhooks/standard-webhooks, libraries/*/test).
  @Test func `a message is signed as the project's own libraries sign it`() throws {
    let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    let signature = WebhookSignature(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8),
      secret: secret)
    #expect(signature.value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    #expect(signature.headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
  }

  @Test(arguments: ["whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%%%%", ""])
  func `what is no secret is refused`(_ text: String) { #expect(WebhookSecret(text) == nil) }

  @Test func `a secret reads as it was written`() throws {
    let secret = try #require(WebhookSecret(bytes: Array(0..<32)))
    #expect(WebhookSecret(secret.description) == secret)
  }

  private func at(_ seconds: Int64) -> Instant { Instant(milliseconds: 1_800_000_000_000 + seconds * 1000) }

  @Test
  func `a receiver that is down is tried again after growing pauses, and what it then takes is forgotten trouble`() {
    var course = WebhookCourse()
    var pauses: [Int64] = []
    for _ in 0..<12 {
      #expect(course.note(.unreachable("refused"), at: at(0)) == .again)
      pauses.append((course.notBefore?.milliseconds ?? 0) - at(0).milliseconds)
    }
    #expect(pauses.prefix(4) == [5000, 10_000, 20_000, 40_000])
    #expect(pauses.last == WebhookCourse.longestPause)
    #expect(course.note(.answered(503), at: at(10)) == .again)
    #expect(course.note(.answered(204), at: at(20)) == .next)
    #expect(course == WebhookCourse())
  }

  @Test func `what the receiver refuses three times is set aside, so that the next goes on`() {
    var course = WebhookCourse()
    #expect(course.note(.answered(400), at: at(0)) == .again)
    #expect(course.note(.unreachable("reset"), at: at(5)) == .again)
    #expect(course.note(.answered(302), at: at(15)) == .again)
    #expect(course.note(.answered(400), at: at(35)) == .setAside("The receiver answered 400."))
    #expect(course.failures == 0 && course.notBefore == nil && course.trouble != nil)
  }

  @Test func `too many requests is no refusal`() {
    var course = WebhookCourse()
    for second in 0..<10 { #expect(course.note(.answered(429), at: at(Int64(second))) == .again) }
  }

  @Test func `after three days a message is set aside`() {
    var course = WebhookCourse()
    #expect(course.note(.unreachable("down"), at: at(0)) == .again)
    #expect(course.note(.unreachable("down"), at: at(3 * 86_400 - 1)) == .again)
    guard case .setAside = course.note(.unreachable("down"), at: at(3 * 86_400)) else {
      Issue.record("it is tried for ever")
      return
    }
  }

  @Test func `a receiver that wants no more is left alone`() {
    var course = WebhookCourse()
    guard case .stop = course.note(.answered(410), at: at(0)) else {
      Issue.record("410 is not the end")
      return
    }
  }
}
