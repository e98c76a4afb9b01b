import Testing

@testable import Phrases

private func book(_ json: String) throws -> Phrasebook { try Phrasebook(file: Array(json.utf8)) }

private let german = #"""
  {
    " and ": " und ",
    "Already received {0} by {1}": "Schon angenommen {0} von {1}",
    "Order {0}": "Bestellung {0}",
    "Not wiped: drive {0} has no record.": "Nicht gelöscht: Datenträger {0} hat keinen Nachweis.",
    "Wipe it, or record the wipe.": "Löschen Sie ihn oder erfassen Sie die Löschung.",
    "deployed": "ausgegeben", "received": "angenommen", "returned": "zurückgegeben",
    "{0} is {1}": "{0} ist {1}",
    "{#0} min ago": "vor {#0} Min.",
    "{#0} of {#1}": "{#0} von {#1}",
    "{#0} of {#1} received": "{#0} von {#1} angenommen",
    "Search": "Suchen",
    "line {#0}, order {1}": "Bestellung {1}, Position {#0}"
  }
  """#

@Suite struct PhrasebookTests {
  @Test(arguments: [
    ("Search", "Suchen"),
    ("Already received 10:42 by Kim", "Schon angenommen 10:42 von Kim"),
    ("12 of 40 received", "12 von 40 angenommen"),
    ("12 of 100,000 received.", "12 von 100,000 angenommen."),
    ("line 3, order PO-2031", "Bestellung PO-2031, Position 3"),
  ])
  func `a text is said with its places filled in`(english: String, wanted: String) throws {
    #expect(try book(german).words(for: english) == wanted)
  }

  @Test func `what fills a place is looked up in turn`() throws {
    #expect(try book(german).words(for: "AT-00017 is deployed") == "AT-00017 ist ausgegeben")
  }

  @Test func `a place for a number takes nothing else`() throws {
    #expect(try book(german).words(for: "Bank of America") == nil)
    #expect(try book(german).words(for: "3 of 4") == "3 von 4")
  }

  @Test(arguments: [
    (
      "Not wiped: drive S4EV has no record. Wipe it, or record the wipe.",
      "Nicht gelöscht: Datenträger S4EV hat keinen Nachweis. Löschen Sie ihn oder erfassen Sie die Löschung."
    ),
    ("Order PO-1 · 5 min ago · Kim", "Bestellung PO-1 · vor 5 Min. · Kim"),
    ("deployed, received and returned", "ausgegeben, angenommen und zurückgegeben"),
    // Who says something unknown is left alone; what is known beside it is not.
    ("Something else. Wipe it, or record the wipe.", "Something else. Löschen Sie ihn oder erfassen Sie die Löschung."),
  ])
  func `a text is said part by part`(english: String, wanted: String) throws {
    #expect(try book(german).words(for: english) == wanted)
  }

  @Test func `a place holds no more than one part`() throws {
    // Else the order would swallow the sentence behind it.
    #expect(try book(german).words(for: "Order PO-1 · Search") == "Bestellung PO-1 · Suchen")
  }

  @Test(arguments: ["", "12:30", "Order ", "Already received  by ", "deployed, unheard and returned"])
  func `what is not in the book is nil`(text: String) throws {
    #expect(try book(german).words(for: text) == nil)
  }

  @Test func `a file over another has the last word`() throws {
    let own = try Phrasebook(
      file: Array(#"{"Search": "Finden", "Order {0}": "Auftrag {0}"}"#.utf8), over: book(german))
    #expect(own.words(for: "Search") == "Finden")
    #expect(own.words(for: "Order PO-1") == "Auftrag PO-1")
    #expect(own.words(for: "5 min ago") == "vor 5 Min.")
  }

  @Test func `a phrase is given with its places open`() throws {
    #expect(try book(german).phrase(for: "{#0} min ago") == "vor {#0} Min.")
    #expect(try book(german).phrase(for: "5 min ago") == nil)
  }

  @Test func `no text makes a search long`() throws {
    let patterns = (0..<200).map { #""{0} a\#($0) {1} a {2} a {3} a {4} b": "{0}{1}{2}{3}{4}""# }
    let hostile = try book("{" + patterns.joined(separator: ",") + "}")
    let text = String(repeating: "x a0 a {0} ", count: 170) + "b"
    let took = ContinuousClock().measure { #expect(hostile.words(for: text) == nil || true) }
    #expect(took < .seconds(2))
    #expect(hostile.words(for: String(repeating: "{", count: 100_000)) == nil)
  }

  @Test(arguments: [
    (#"{"Search": "Suchen", "Search": "Finden"}"#, PhraseFault.Reason.duplicate, "Search"),
    (#"{"Search": ""}"#, .empty, "Search"),
    (#"{"Order {0}": "Bestellung"}"#, .places, "Order {0}"),
    (#"{"Order {0}": "Bestellung {1}"}"#, .places, "Order {0}"),
    (#"{"Order {1}": "Bestellung {1}"}"#, .uncounted, "Order {1}"),
    (#"{"{0}{1}": "{0} {1}"}"#, .touching, "{0}{1}"),
    (#"{"Order {name}": "Bestellung {name}"}"#, .stray("{"), "Order {name}"),
    (#"{"Order": "Bestellung }"}"#, .stray("}"), "Order"),
  ])
  func `a faulty entry is named`(json: String, reason: PhraseFault.Reason, entry: String) {
    #expect(throws: PhraseFault(line: 1, entry: entry, reason: reason)) { try book(json) }
  }

  @Test func `a fault tells its line`() {
    #expect(throws: PhraseFault(line: 3, entry: "Close", reason: .malformed("“:”"))) {
      try book("{\n\"Search\": \"Suchen\",\n\"Close\" \"Schließen\"}")
    }
    for json in [
      "", "[]", "{\"a\": 1}", "{\"a\": \"b\"} x", "{\"a\": \"b", "{\"a\": {\"b\": \"c\"}}", "{\"a\": \"\\ud83d\"}",
    ] {
      #expect(throws: PhraseFault.self) { try book(json) }
    }
  }

  @Test func `escapes are read`() throws {
    #expect(try book(#"{"a\"b": "c\u00e9\\\/\n"}"#).words(for: "a\"b") == "cé\\/\n")
  }
}
