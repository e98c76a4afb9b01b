import Foundation
import Glibc
import Testing

/// A headless Chromium, driven as W3C WebDriver says (https://www.w3.org/TR/webdriver2/): Debian's `chromium` through its
/// `chromium-driver`. Whatever it complains of in its console, a broken security policy included, fails the test.
struct Browser: Sendable {
  /// Keys by their code points, WebDriver §17.4.2.
  enum Key {
    static let enter = "\u{E007}"
    static let escape = "\u{E00C}"
    static let f8 = "\u{E038}"
  }

  private let session: String

  /// Runs `body` with a browser of 1280 × 800, then looks at its console and ends it.
  static func run<Answer>(
    with further: [String] = [], _ body: (Browser) async throws -> Answer
  ) async throws -> Answer {
    for _ in 0..<10 {
      if case .done(let answer) = try await attempt(with: further, body) { return answer }
    }
    throw Failure("chromedriver found no port that is free in both families of addresses")
  }

  private enum Attempt<Answer> {
    case done(Answer)
    /// The port that chromedriver took for IPv6 was another program's for IPv4.
    case portTaken
  }

  private static func attempt<Answer>(
    with further: [String], _ body: (Browser) async throws -> Answer
  ) async throws -> Attempt<Answer> {
    try await withTemporaryFolder { folder in
      // Its session is closed when it is ended, and with it Chromium.
      try await Program.running(
        "/usr/bin/chromedriver", ["--port=0"], environment: ["TMPDIR": folder.path, "HOME": folder.path],
        endedBy: SIGKILL
      ) { driver in
        let port: String
        do {
          port = try await driver.prints(/started successfully on port (\d+)/)
        } catch {
          if driver.printed.contains("port not available") { return .portTaken }
          throw error
        }
        let base = "http://127.0.0.1:\(port)/session"
        let standard: [JSON] = [
          "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
          "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
          "--force-color-profile=srgb", .string("--user-data-dir=\(folder.path)/profile"),
        ]
        let (status, opened) = try await HTTP.json(
          .POST, base,
          [
            "capabilities": [
              "alwaysMatch": [
                "browserName": "chrome", "goog:loggingPrefs": ["browser": "ALL"],
                "goog:chromeOptions": [
                  "binary": "/usr/bin/chromium", "args": .array(standard + further.map { .string($0) }),
                ],
              ]
            ]
          ])
        guard status == 200, let id = opened["value"]["sessionId"].text else {
          throw Failure("Chromium does not start: \(opened)")
        }
        let browser = Browser(session: "\(base)/\(id)")
        let result: Result<Answer, any Error>
        do {
          try await browser.resize(1280, 800)
          let answer = try await body(browser)
          for complaint in try await browser.complaints() { Issue.record("The browser's console: \(complaint)") }
          result = .success(answer)
        } catch {
          result = .failure(Failure("\(error)\nThe page was \(await browser.describe())"))
        }
        _ = try await HTTP.json(.DELETE, "\(base)/\(id)")
        return .done(try result.get())
      }
    }
  }

  @discardableResult
  private func ask(_ path: String, _ body: JSON? = [:]) async throws -> JSON {
    let (status, answer) = try await HTTP.json(body == nil ? .GET : .POST, session + path, body)
    guard status == 200 else {
      throw Failure(
        "\(path): \(answer["value"]["error"].text ?? "") \(answer["value"]["message"].text?.prefix(300) ?? "")")
    }
    return answer["value"]
  }

  // MARK: Pages

  func open(_ url: String) async throws { try await ask("/url", ["url": .string(url)]) }
  var url: String { get async throws { try await ask("/url", nil).text ?? "" } }

  /// What a script on the page returns.
  func script(_ source: String, _ arguments: JSON...) async throws -> JSON {
    try await ask("/execute/sync", ["script": .string(source), "args": .array(arguments)])
  }

  /// Text of the first element that a selector finds; nil when there is none.
  func text(_ selector: String) async throws -> String? {
    try await script(
      "return document.querySelector(arguments[0])?.textContent.replace(/\\s+/g,' ').trim() ?? null", .string(selector)
    ).text
  }

  func waits(for selector: String) async throws {
    _ = try await eventually("the page has \(selector)") {
      try await script("return document.querySelector(arguments[0]) !== null", .string(selector)).isTrue ? true : nil
    }
  }

  func sends(_ command: String, _ parameters: JSON = [:]) async throws {
    try await ask("/goog/cdp/execute", ["cmd": .string(command), "params": parameters])
  }

  func resize(_ width: Int, _ height: Int, mobile: Bool = false) async throws {
    try await sends(
      "Emulation.setDeviceMetricsOverride",
      [
        "width": .number(Double(width)), "height": .number(Double(height)), "deviceScaleFactor": 1,
        "mobile": .bool(mobile),
      ])
    try await sends("Emulation.setTouchEmulationEnabled", ["enabled": .bool(mobile)])
  }

  func prefer(dark: Bool) async throws {
    try await sends(
      "Emulation.setEmulatedMedia",
      ["features": [["name": "prefers-color-scheme", "value": dark ? "dark" : "light"]]])
  }

  /// The value of a cookie of the page, of one too that no script may read (WebDriver §14).
  func cookie(_ name: String) async throws -> String? { try await ask("/cookie/\(name)", nil)["value"].text }

  // MARK: Hands

  /// Types into whatever has the focus, as a scanner in keyboard mode does.
  func type(_ text: String) async throws {
    let active = try element(try await ask("/element/active", nil))
    try await ask("/element/\(active)/value", ["text": .string(text)])
  }

  func type(_ text: String, into selector: String) async throws {
    try await touch(selector, "value", ["text": .string(text)])
  }

  func click(_ selector: String) async throws { try await touch(selector, "click") }

  /// Finds an element and acts on it. A live update may put another one in its place between the two: then nothing was
  /// done (WebDriver §12, stale element reference), and it is looked for again.
  private func touch(_ selector: String, _ act: String, _ body: JSON = [:]) async throws {
    try await eventually("\(selector) can be touched", within: .seconds(60)) {
      let (status, answer) = try await HTTP.json(
        .POST, "\(session)/element/\(try await find(selector))/\(act)", body)
      if status == 200 { return () }
      guard answer["value"]["error"].text == "stale element reference" else {
        throw Failure("\(act) \(selector): \(answer["value"]["message"].text?.prefix(300) ?? "")")
      }
      return nil
    }
  }

  private func find(_ selector: String) async throws -> String {
    try element(try await ask("/element", ["using": "css selector", "value": .string(selector)]))
  }

  private func element(_ value: JSON) throws -> String {
    // WebDriver §12: the one name by which a reference to an element is known.
    guard let id = value["element-6066-11e4-a52e-4f735466cecf"].text else { throw Failure("\(value) is no element") }
    return id
  }

  // MARK: Looking

  /// Keeps a picture of what is seen.
  func picture(_ name: String) async throws {
    guard let text = try await ask("/screenshot", nil).text, let data = Data(base64Encoded: text) else {
      throw Failure("no screenshot")
    }
    let environment = ProcessInfo.processInfo.environment
    let output = environment["CI_OUTPUT"].map { URL(filePath: $0) } ?? Program.root.appending(path: "ci-output")
    let folder = environment["CUSTODY_SCREENSHOTS"].map { URL(filePath: $0) } ?? output.appending(path: "screenshots")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try data.write(to: folder.appending(path: name + ".png"))
  }

  /// What the console says of errors since it was asked last.
  func complaints() async throws -> [String] {
    try await ask("/se/log", ["type": "browser"]).values.filter { $0["level"].text == "SEVERE" }
      .compactMap { $0["message"].text }
  }

  private func describe() async -> String {
    do {
      try await picture("failed")
      return "\(try await url): \(try await text("main") ?? "")"
    } catch {
      return "not to be seen: \(error)"
    }
  }
}
