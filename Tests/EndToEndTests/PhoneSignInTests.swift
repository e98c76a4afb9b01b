import Foundation
import Testing

/// A phone whose sign-in has ended at the station while it was out of the network.
@Suite(.serialized, .timeLimit(.minutes(25))) struct PhoneSignInTests {
  @Test func `what one person scanned waits for them, whoever signs in on the phone meanwhile`() async throws {
    try await CountingPhone.run { phone in
      let hand = phone.hand
      let (first, second) = (phone.expected[0], phone.expected[1])
      let who = "return document.querySelector('main.phone').dataset.person"
      let kim = try #require(try await hand.script(who).text)
      phone.line.cut()
      #expect(try await phone.scan(first) == "accepted")
      #expect(try await phone.scan(second) == "accepted")
      let made = try await hand.script("return phoneQueue.unsent.map((it) => [it.text, it.id])").values
      // The station ends the sign-in: its token is good for nothing any more.
      let token = try #require(try await hand.cookie("custody"))
      #expect(try await HTTP.json(.POST, phone.station + "/api/v1/sign-out", token: token).status == 204)
      #expect(try await HTTP.json(.GET, phone.station + "/api/v1/me", token: token).status == 401)

      phone.line.join()
      _ = try await hand.script("phoneQueue.send()")
      _ = try await eventually("the phone asks to sign in") {
        try await hand.text("#phone-unsent")?.contains("2 not sent Sign in") == true ? true : nil
      }
      try await hand.click("#phone-nav [data-screen='send']")
      try await hand.waits(for: "#phone-send-note a[href^='/sign-in']")
      #expect(try await hand.text("#phone-send-note")?.contains("Nobody is signed in at the station") == true)
      try await hand.picture("110-phone-signed-out")
      // Counting goes on all the same, as Kim.
      let third = phone.expected[2]
      #expect(try await phone.scan(third) == "accepted")
      #expect(try await phone.unsent() == 3)

      // Somebody else signs in.
      try await hand.click("#phone-send-note a[href^='/sign-in']")
      try await hand.waits(for: "#sign-in")
      try await hand.type("DEMO-FATIMA", into: "#badge")
      try await hand.type("271828" + Browser.Key.enter, into: "#pin")
      try await hand.waits(for: "main.phone[data-ready]")
      let fatima = try #require(try await hand.script(who).text)
      try #require(fatima != kim)
      #expect(try await phone.unsent() == 3)
      try await phone.choosesCount()
      let fourth = phone.expected[3]
      #expect(try await phone.scan(fourth) == "accepted")
      try await phone.waits(until: 3)
      _ = try await eventually("the station has what Fatima scanned") {
        try await phone.seen()[fourth] == 1 ? true : nil
      }
      #expect(try await Set(phone.seen().keys) == [fourth])
      try await hand.click("#phone-nav [data-screen='send']")
      let waiting = try await hand.text("#phone-items") ?? ""
      #expect(waiting.ranges(of: "Waits for Kim").count == 3, "\(waiting)")
      // Fatima cannot send them either.
      _ = try await hand.script("return phoneQueue.send().then(() => true)")
      #expect(try await phone.unsent() == 3)
      try await hand.picture("111-phone-waits-for-kim")

      // Kim is back: all of it is sent, as theirs.
      _ = try await hand.script("return fetch('/sign-out', { method: 'POST' }).then(() => true)")
      try await CountingPhone.signIn(hand, phone.base, "DEMO-KIM", "135790")
      try await phone.waits(until: 0)
      #expect(try await hand.script("return phoneQueue.odd.length").number == 0)
      #expect(try await phone.seen() == [first: 1, second: 1, third: 1, fourth: 1])
      let token2 = try #require(try await hand.cookie("custody"))
      let count = try await HTTP.json(.GET, "\(phone.station)/api/v1/counts/\(phone.count)", token: token2).body
      let people = Dictionary(
        count["counters"].values.map { ($0["id"], $0["person"].text ?? "") }, uniquingKeysWith: { first, _ in first })
      let lines = try await HTTP.json(
        .GET, "\(phone.station)/api/v1/counts/\(phone.count)/lines?limit=500", token: token2
      ).body["items"].values
      for tag in [first, second, third, fourth] {
        let seen = try #require(lines.first { $0["tag"].text == tag })["seen"]
        #expect(people[seen["counter"]] == (tag == fourth ? fatima : kim), "\(tag): \(seen)")
        if let one = made.first(where: { $0[0].text == tag }) { #expect(seen["observation"] == one[1]) }
      }
    }
  }
}
