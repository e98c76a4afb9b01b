import Foundation

/// What the desk's result panel shows.
struct ShownResult: Hashable, Sendable {
  let kind: String
  let icon: String
  let words: String
  let all: String
  /// The tone that was played last.
  let tone: String?
}

/// The desk page, used as an operator does: by scans.
struct DeskInBrowser: Sendable {
  let browser: Browser
  /// Such as `http://127.0.0.1:8080`.
  let base: String

  /// Badge, Enter, PIN, Enter.
  func signIn(_ badge: String, _ pin: String) async throws {
    try await browser.open(base + "/")
    try await browser.waits(for: "#sign-in")
    try await browser.type("CUSTODY:BADGE:\(badge)" + Browser.Key.enter)
    try await browser.type(pin + Browser.Key.enter)
    try await browser.waits(for: "main#desk")
  }

  func signOut() async throws {
    try await browser.click(".bar-person")
    try await browser.click("form[action='/sign-out'] button")
    try await browser.waits(for: "#sign-in")
  }

  /// Types a code and Enter where the focus is, and waits for what comes of it.
  func scan(_ text: String) async throws -> ShownResult {
    try await act { try await browser.type(text + Browser.Key.enter) }
  }

  /// Does something and waits for the result that it brings.
  func act(_ body: () async throws -> Void) async throws -> ShownResult {
    let before = try await browser.script("return document.querySelector('#result').dataset.resultId")
    try await body()
    return try await eventually("a new result") {
      let shown = try await browser.script(
        """
        const panel = document.querySelector('#result');
        return document.body.classList.contains('is-waiting') ? null : {
          id: panel.dataset.resultId, kind: panel.dataset.result,
          icon: panel.querySelector('.result-icon use').getAttribute('href'),
          words: panel.querySelector('.result-headline').textContent,
          all: panel.querySelector('.result-words').innerText, tone: document.documentElement.dataset.tone ?? null };
        """)
      guard let id = shown["id"].text, .string(id) != before, shown["kind"].text != "pending" else { return nil }
      return ShownResult(
        kind: shown["kind"].text ?? "", icon: shown["icon"].text ?? "", words: shown["words"].text ?? "",
        all: shown["all"].text ?? "", tone: shown["tone"].text)
    }
  }

  /// The result as it stands.
  func settled() async throws {
    _ = try await eventually("the station has answered") {
      try await browser.script("return !document.body.classList.contains('is-waiting')").isTrue ? true : nil
    }
  }

  /// Fills fields of the open details form by their names; they hold for the next scan.
  func fill(_ fields: [(name: String, value: String)]) async throws {
    for (name, value) in fields {
      let field = "[data-before-scan] [name='\(name)']"
      if try await browser.script("return document.querySelector(arguments[0])?.tagName", .string(field)) == "SELECT" {
        try await browser.click("\(field) option[value='\(value)']")
      } else {
        try await browser.type(value, into: field)
      }
    }
    // Back to the scan field: this driver types as fast as a scanner, so its next scan would look like one burst with this.
    try await browser.type(Browser.Key.escape)
  }

  /// A second person gives badge and PIN in the form of their role.
  func secondPerson(_ role: String, _ badge: String, _ pin: String) async throws {
    try await browser.type("CUSTODY:BADGE:\(badge)" + Browser.Key.enter, into: "#\(role)-badge")
    try await browser.type(pin + Browser.Key.enter)
    try await browser.waits(for: ".person-known")
    try await settled()
  }
}
