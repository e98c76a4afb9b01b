import Foundation
import Testing

/// A phone whose browser refuses to write.
@Suite(.serialized, .timeLimit(.minutes(25))) struct PhoneStorageTests {
  /// From here on the browser refuses to put items on the disk as `window.refuses` says: `after` so many that it still takes, `times`.
  private static let refusing = """
    for (const act of ["add", "put"]) {
      const original = IDBObjectStore.prototype[act];
      IDBObjectStore.prototype[act] = function (...all) {
        const how = window.refuses;
        if (this.name === "items" && how && how.after-- <= 0 && how.times-- > 0) throw new DOMException("Forced.", how.name);
        return original.apply(this, all);
      };
    }
    navigator.storage.persist = async () => { window.asked = true; return true; };
    navigator.storage.persisted = async () => window.asked === true;
    """

  private static func refuse(_ name: String, after: Int = 0, times: Int = 1_000_000) -> String {
    "window.refuses = { name: '\(name)', after: \(after), times: \(times) }"
  }

  @Test func `a scan that the phone cannot keep is refused, says so, and stands there until it is kept`() async throws {
    try await CountingPhone.run { phone in
      let hand = phone.hand
      let tags = phone.expected
      phone.line.cut()
      _ = try await hand.script(Self.refusing)
      _ = try await hand.script(Self.refuse("QuotaExceededError", after: 1))
      #expect(try await phone.scan(tags[0]) == "accepted")
      #expect(try await hand.script("return window.asked === true").isTrue, "to persist is asked for with the first")
      #expect(try await phone.scan(tags[1]) == "refused")
      #expect(try await phone.unsent() == 1)
      let told = try await hand.text("#phone-unkept") ?? ""
      #expect(told.contains("This scan was NOT kept") && told.contains(tags[1]), "\(told)")
      #expect(told.contains("no room left") && told.contains("Send what waits, or free some room"), "\(told)")
      #expect(try await hand.text("#phone-last .phone-result code") == tags[0], "it is not among what was taken")
      try await hand.picture("108-phone-full")
      let overhang = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
      #expect(try await hand.script(overhang).number == 0)

      // Nothing changed: it stays, and is refused again.
      #expect(try await phone.sounds("it is tried again") { try await hand.click("#phone-unkept button") } == "refused")
      #expect(try await hand.text("#phone-unkept")?.contains(tags[1]) == true)
      let at = try await hand.script("return document.querySelector('#phone-unkept time').dateTime")
      // Once there is room, it is kept as of when it was scanned, behind nothing that came later.
      _ = try await hand.script("window.refuses = null")
      #expect(try await phone.sounds("it is kept") { try await hand.click("#phone-unkept button") } == "accepted")
      #expect(try await hand.script("return document.querySelector('#phone-unkept').childElementCount").number == 0)
      #expect(try await phone.unsent() == 2)
      let kept = try await hand.script(
        "return phoneQueue.items.find((it) => it.text === arguments[0])?.at ?? null", .string(tags[1]))
      #expect(kept == at)

      // A database that the browser has closed is opened anew; a browser that goes on refusing is no full phone.
      _ = try await hand.script(Self.refuse("InvalidStateError", times: 1))
      #expect(try await phone.scan(tags[2]) == "accepted")
      #expect(try await phone.unsent() == 3)
      _ = try await hand.script(Self.refuse("InvalidStateError"))
      #expect(try await phone.scan(tags[3]) == "refused")
      let closed = try await hand.text("#phone-unkept") ?? ""
      #expect(closed.contains("InvalidStateError") && !closed.contains("no room"), "\(closed)")
      _ = try await hand.script("window.refuses = null")
      #expect(try await phone.sounds("it is kept") { try await hand.click("#phone-unkept button") } == "accepted")
      #expect(try await phone.unsent() == 4)

      // What is on the disk outlives the page, and no more than that.
      try await hand.click("#phone-nav [data-screen='send']")
      _ = try await eventually("the room on the phone is told") {
        try await hand.text("#phone-room")?.contains("MB of") == true ? true : nil
      }
      #expect(try await hand.text("#phone-room")?.contains("has promised to keep") == true)
      try await hand.picture("109-phone-room")
    }
  }

  @Test func `photos leave the last room to scans, and are given up for one by hand alone`() async throws {
    try await CountingPhone.run { phone in
      let hand = phone.hand
      let tags = phone.expected
      phone.line.cut()
      _ = try await hand.script(Self.refusing)
      let photo = """
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 64;
        canvas.getContext('2d').fillRect(0, 0, 64, 64);
        const data = new DataTransfer();
        data.items.add(new File([await new Promise((done) => canvas.toBlob(done))], 'photo.png', { type: 'image/png' }));
        const input = document.querySelector('#photo');
        input.files = data.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
        """
      let tone = try await phone.sounds("a photo is kept") { _ = try await hand.script(photo) }
      let said = try await [hand.text("#phone-unkept"), hand.text("#phone-fault")]
      #expect(tone == "accepted", "\(said)")
      #expect(try await phone.unsent() == 1)
      _ = try await hand.script("navigator.storage.estimate = async () => ({ usage: 99000000, quota: 100000000 })")
      #expect(try await phone.sounds("no further one is") { _ = try await hand.script(photo) } == "refused")
      let told = try await hand.text("#phone-unkept") ?? ""
      #expect(told.contains("This photo was NOT kept") && told.contains("kept for scans"), "\(told)")
      #expect(try await phone.scan(tags[0]) == "accepted", "scans have the room that is left")
      try await hand.click("#phone-unkept .button-quiet")
      #expect(try await hand.script("return document.querySelector('#phone-unkept').childElementCount").number == 0)

      // Once even a scan finds none, the photo may be given up for it; nobody does that but a person.
      _ = try await hand.script(Self.refuse("QuotaExceededError"))
      #expect(try await phone.scan(tags[1]) == "refused")
      #expect(try await phone.unsent() == 2)
      #expect(try await hand.text("#phone-unkept button:nth-of-type(2)") == "Give up the photos that wait (1)")
      _ = try await hand.script("window.refuses = null")
      #expect(
        try await phone.sounds("the scan is kept") { try await hand.click("#phone-unkept button:nth-of-type(2)") }
          == "accepted")
      _ = try await eventually("what was given up is told") {
        try await hand.text("#phone-fault")?.contains("given up unread") == true ? true : nil
      }
      let kinds = try await hand.script("return phoneQueue.unsent.map((it) => it.kind)").values.compactMap(\.text)
      #expect(kinds == ["count", "count"])
    }
  }

  @Test func `a full phone can still send, and what it sent counts once`() async throws {
    try await CountingPhone.run { phone in
      let hand = phone.hand
      phone.line.cut()
      for tag in phone.expected.prefix(3) { #expect(try await phone.scan(tag) == "accepted") }
      _ = try await hand.script(Self.refusing)
      _ = try await hand.script(Self.refuse("QuotaExceededError"))
      phone.line.join()
      _ = try await hand.script("phoneQueue.send()")
      try await phone.waits(until: 0)
      #expect(try await hand.script("return phoneQueue.odd.length").number == 0)
      let shown = "return document.querySelectorAll('#phone-last .phone-accepted').length"
      #expect(try await hand.script(shown).number == 3)
      // Nothing of it comes a second time.
      try await hand.open(phone.base + "/phone")
      try await hand.waits(for: "main.phone[data-ready]")
      try await phone.waits(until: 0)
      let seen = try await phone.seen()
      #expect(Set(seen.keys) == Set(phone.expected.prefix(3)) && Set(seen.values) == [1], "\(seen)")
    }
  }
}
