import Foundation
import Testing

/// Deque's axe-core, which looks for what keeps people from using a page: from PyPI, by `scripts/python-packages.txt`.
struct Axe: Sendable {
  private let source: String

  init() async throws {
    let installed = try await Program.finishing(
      Program.root.appending(path: "scripts/python_packages.py").path, [], within: .seconds(240))
    try #require(installed.status == 0, "\(installed.printed)")
    source = try String(
      contentsOf: Program.root.appending(path: ".build/python/axe_playwright_python/axe.min.js"), encoding: .utf8)
  }

  /// All of WCAG 2.2 that a program can tell, levels A and AA.
  static let wcag: JSON = [
    "runOnly": ["type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]]
  ]
  /// What hangs on the colour scheme.
  static let contrast: JSON = ["runOnly": ["type": "rule", "values": ["color-contrast"]]]

  /// What the page that is open breaks: a rule, what it says and where, each on a line.
  func violations(_ browser: Browser, _ rules: JSON = wcag) async throws -> [String] {
    let found = try await browser.script(
      source + """

        return axe.run(document, arguments[0]).then((found) => found.violations.flatMap((rule) => rule.nodes.map((node) =>
          `${rule.id} (${rule.help}): ${node.target.join(" ")}: ${node.any.concat(node.all, node.none).map((each) =>
            each.message).join("; ").slice(0, 300)}`)))
        """, rules)
    return found.values.compactMap(\.text)
  }
}
