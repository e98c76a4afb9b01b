import Foundation
import Testing

/// Every command explains itself: its options do not contradict one another, and what a person runs has examples.
@Suite(.timeLimit(.minutes(25))) struct HelpTests {
  /// The names below "SUBCOMMANDS:" of a help text.
  private func subcommands(of help: String) -> [String] {
    guard let start = help.range(of: "SUBCOMMANDS:\n") else { return [] }
    return help[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { $0.hasPrefix("  ") }
      .compactMap { line in
        guard !line.hasPrefix("   ") else { return nil }
        return line.split(separator: " ").first.map(String.init)
      }
  }

  @Test("every command of both programs prints its help, with examples", arguments: ["custody", "custody-audit"])
  func help(_ program: String) async throws {
    var waiting: [[String]] = [[]]
    var seen = 0
    while let path = waiting.popLast() {
      let answer = try await Program.finished(program, path + ["--help"])
      let name = ([program] + path).joined(separator: " ")
      #expect(answer.status == 0, "\(name): \(answer.printed)")
      #expect(answer.printed.contains("USAGE: \(name)"), "\(name): \(answer.printed)")
      let below = subcommands(of: answer.printed)
      if below.isEmpty { #expect(answer.printed.contains("Example"), "\(name) has no example") }
      waiting += below.map { path + [$0] }
      seen += 1
    }
    #expect(seen > (program == "custody" ? 50 : 3))
  }
}
