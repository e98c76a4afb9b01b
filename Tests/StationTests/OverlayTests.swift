import CustodyLedger
import Testing

@testable import Station

/// The examples are those of RFC 7396, Appendix A.
@Suite("Details laid over details")
struct OverlayTests {
  @Test(
    "objects are merged, everything else is replaced, null takes out",
    arguments: [
      (["a": "b"], ["a": "c"], ["a": "c"]), (["a": "b"], ["b": "c"], ["a": "b", "b": "c"]),
      (["a": "b"], ["a": .null], [:]), (["a": "b", "b": "c"], ["a": .null], ["b": "c"]),
      (["a": ["b"]], ["a": "c"], ["a": "c"]), (["a": "c"], ["a": ["b"]], ["a": ["b"]]),
      (["a": ["b": "c"]], ["a": ["b": "d", "c": .null]], ["a": ["b": "d"]]),
      (["a": [["b": "c"]]], ["a": [1]], ["a": [1]]), (["a", "b"], ["c", "d"], ["c", "d"]),
      (["a": "foo"], .null, .null), (["a": "foo"], "bar", "bar"), ([1, 2], ["a": "b", "c": .null], ["a": "b"]),
    ] as [(CanonicalJSON, CanonicalJSON, CanonicalJSON)])
  func merged(_ below: CanonicalJSON, _ above: CanonicalJSON, _ merged: CanonicalJSON) {
    #expect(below.overlaid(with: above) == merged)
  }

  @Test("other than there, an object of nothing but nulls leaves nothing where nothing is")
  func hollow() {
    let above: CanonicalJSON = ["a": ["bb": ["ccc": .null]], "c": [:]]
    #expect(CanonicalJSON.object(.init()).overlaid(with: above) == ["c": [:]])
    #expect((["a": ["bb": "d"]] as CanonicalJSON).overlaid(with: above) == ["a": ["bb": [:]], "c": [:]])
  }

  @Test("one after the other is the same as both in one")
  func followed() {
    let below: CanonicalJSON = ["a": "session", "b": ["c": "session", "d": "session"]]
    let first: CanonicalJSON = ["a": "code", "b": ["c": "code"], "e": ["f": "code"]]
    let second: CanonicalJSON = ["a": .null, "b": ["c": .null, "d": "form"], "e": ["f": .null]]
    let both = first.followed(by: second)
    #expect(below.overlaid(with: both) == ["b": ["d": "form"]])
  }
}
