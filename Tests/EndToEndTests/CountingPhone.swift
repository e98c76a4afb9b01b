import Foundation
import Testing

/// A phone that counts in a demo, over a line that can be cut.
struct CountingPhone: Sendable {
  let hand: Browser
  let line: NetworkLine
  /// Such as `http://127.0.0.1:1234`: the end of the line.
  let base: String
  /// The station itself, however the line is.
  let station: String
  /// The count's id.
  let count: String
  /// Tags of what the count expects.
  let expected: [String]

  /// Runs `body` with a phone on which Kim counts the storeroom.
  static func run(_ body: (CountingPhone) async throws -> Void) async throws {
    try await Demo.run { demo in
      let port = try #require(URL(string: demo.desk)?.port)
      try await NetworkLine.run(to: port) { line in
        try await Browser.run { hand in
          try await hand.resize(390, 844, mobile: true)
          let base = "http://127.0.0.1:\(line.port)"
          try await Self.signIn(hand, base, "DEMO-KIM", "135790")
          let made = try await hand.script(
            """
            const headers = { 'Content-Type': 'application/json' };
            const body = JSON.stringify({ scope: { location: 'STORE' } });
            const count = (await (await fetch('/api/v1/counts', { method: 'POST', headers, body })).json()).id;
            const sheet = await (await fetch('/api/v1/counts/' + count + '/sheet')).json();
            return { count, expected: sheet.lines.map((it) => it.name) };
            """)
          let expected = made["expected"].values.compactMap(\.text)
          try #require(expected.count >= 5, "\(made)")
          let phone = CountingPhone(
            hand: hand, line: line, base: base, station: demo.desk, count: try #require(made["count"].text),
            expected: expected)
          try await phone.choosesCount()
          try await body(phone)
          // What the browser tells of the network that was cut is meant.
          _ = try await hand.complaints()
        }
      }
    }
  }

  static func signIn(_ hand: Browser, _ base: String, _ badge: String, _ pin: String) async throws {
    try await hand.open(base + "/phone")
    try await hand.waits(for: "#sign-in")
    try await hand.type(badge, into: "#badge")
    try await hand.type(pin + Browser.Key.enter, into: "#pin")
    try await hand.waits(for: "main.phone[data-ready]")
  }

  /// Opens the phone's page and counts from now on.
  func choosesCount() async throws {
    try await hand.open(base + "/phone")
    try await hand.waits(for: "main.phone[data-ready]")
    try await hand.click("#workflow option[value='count:\(count)']")
    _ = try await eventually("the phone has the count's list") {
      try await hand.text("#phone-standing")?.contains("0 of ") == true ? true : nil
    }
  }

  func unsent() async throws -> Int {
    Int(
      try await hand.script("return Number(document.querySelector('#phone-unsent').dataset.unsent ?? 0)").number ?? -1)
  }

  func waits(until unsent: Int) async throws {
    _ = try await eventually("\(unsent) are not sent", within: .seconds(120)) {
      try await self.unsent() == unsent ? true : nil
    }
  }

  /// Types as a sled does; gives back the tone that answers.
  @discardableResult
  func scan(_ text: String) async throws -> String? {
    try await sounds("the phone answers to \(text)") { try await hand.type(text + Browser.Key.enter) }
  }

  /// Does something and waits for the tone that it brings.
  @discardableResult
  func sounds(_ what: String, _ act: () async throws -> Void) async throws -> String? {
    let before = try await hand.script("return document.documentElement.dataset.tones ?? '0'")
    try await act()
    // Its type is said, so that no tone yet is not taken for an answer.
    let tone: String = try await eventually(what) {
      let now = try await hand.script(
        "return [document.documentElement.dataset.tones ?? '0', document.documentElement.dataset.tone ?? '']")
      return now[0] != before ? now[1].text : nil
    }
    return tone
  }

  /// Which assets the count has seen, with the number of observations of each, by tag.
  func seen() async throws -> [String: Double] {
    let lines = try await hand.script(
      "return fetch('/api/v1/counts/\(count)/lines?limit=500').then((it) => it.json()).then((it) => it.items)")
    var seen: [String: Double] = [:]
    for line in lines.values where line["seen"]["observation"].text != nil {
      seen[line["tag"].text ?? "?"] = line["observations"].number
    }
    return seen
  }
}
