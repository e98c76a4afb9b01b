import Foundation
import Testing

/// A phone that takes back what it counted.
@Suite(.serialized, .timeLimit(.minutes(25))) struct PhoneUndoTests {
  @Test func `undo takes back what was sent too, also without the network, and a scan after it counts anew`()
    async throws
  {
    try await CountingPhone.run { phone in
      let hand = phone.hand
      let tags = phone.expected
      func undo() async throws {
        let tone = try await phone.sounds("the phone takes back") { try await hand.click("#phone-take-back") }
        #expect(tone == "duplicate")
      }
      func standing() async throws -> String { try await hand.text("#phone-standing") ?? "" }
      #expect(try await phone.scan(tags[0]) == "accepted")
      #expect(try await phone.scan(tags[1]) == "accepted")
      try await phone.waits(until: 0)
      #expect(try await phone.seen() == [tags[0]: 1, tags[1]: 1])
      #expect(try await standing().contains("2 of "))

      phone.line.cut()
      #expect(try await hand.text("#phone-take-back span") == "Undo \(tags[1])")
      try await undo()
      #expect(try await phone.unsent() == 1, "it waits its turn")
      #expect(try await hand.text("#phone-last .phone-result b") == "Taken back")
      #expect(try await hand.text("#phone-last .phone-result code") == tags[1])
      #expect(try await standing().contains("1 of "))
      try await hand.picture("112-phone-taken-back")
      // What was never tried leaves the phone without a trace at the station.
      #expect(try await phone.scan(tags[2]) == "accepted")
      try await undo()
      #expect(try await phone.unsent() == 1)
      // Undo goes on with what was sent before.
      #expect(try await hand.text("#phone-take-back span") == "Undo \(tags[0])")
      try await undo()
      #expect(try await phone.unsent() == 2)
      #expect(try await standing().contains("0 of "))
      #expect(try await hand.text("#phone-take-back span") == "Nothing to undo")
      #expect(try await phone.scan(tags[1]) == "accepted", "found anew, and not counted already")
      #expect(try await standing().contains("1 of "))

      phone.line.join()
      _ = try await hand.script("phoneQueue.send()")
      try await phone.waits(until: 0)
      #expect(try await hand.script("return phoneQueue.odd.length").number == 0)
      #expect(try await phone.seen() == [tags[1]: 1])
      #expect(try await standing().contains("1 of "))
      let kept = try await hand.script("return phoneQueue.items.map((it) => [it.kind, it.text])").values
      #expect(kept == [["count", .string(tags[1])]])
    }
  }
}
