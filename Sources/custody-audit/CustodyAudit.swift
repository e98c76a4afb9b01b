import ArgumentParser
import Foundation

/// Verifies custody evidence offline. It trusts neither the station that wrote it nor the centre that kept it.
@main
struct CustodyAudit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "custody-audit",
    abstract: "Verifies custody evidence, offline, trusting nobody but the key you give.",
    discussion: """
      Exit status: 0 verified; 1 found wanting; 2 wrong usage; 3 the file cannot be read.
      """,
    version: "0.1.0",
    subcommands: [Verify.self])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let outcome as AuditOutcome {
      outcome.exit()
    } catch {
      // The parser's own status for wrong usage is 64; ours is 2, as most commands have it.
      let isHelp = exitCode(for: error) == .success
      (isHelp ? FileHandle.standardOutput : .standardError).tell(fullMessage(for: error) + "\n")
      (isHelp ? AuditOutcome.verified : .usage).exit()
    }
  }
}

/// How the program ends; the raw value is its exit status.
enum AuditOutcome: Int32, Error {
  case verified = 0
  case foundWanting = 1
  case usage = 2
  case unreadable = 3

  func exit() -> Never { Foundation.exit(rawValue) }
}
