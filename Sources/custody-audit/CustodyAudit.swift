import ArgumentParser
import Foundation

/// Verifies custody evidence offline. It trusts neither the station that wrote it nor the centre that kept it.
@main
struct CustodyAudit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "custody-audit",
    abstract: "Verifies custody evidence, offline, trusting nobody but the key you give.",
    discussion: """
      Exit status: 0 verified; 1 found wanting; 2 wrong usage; 3 what is to be verified cannot be read; 4 a fault of this
      program.
      """,
    version: "0.1.0",
    subcommands: [Verify.self, Note.self, Proof.self])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let outcome as AuditOutcome {
      outcome.exit()
    } catch let unreadable as Unreadable {
      FileHandle.standardError.tell("custody-audit: cannot read \(unreadable.place): \(unreadable.reason)\n")
      AuditOutcome.unreadable.exit()
    } catch {
      // The parser's own status for wrong usage is 64; ours is 2, as most commands have it.
      let isHelp = exitCode(for: error) == .success
      (isHelp ? FileHandle.standardOutput : .standardError).tell(fullMessage(for: error) + "\n")
      (isHelp ? AuditOutcome.verified : exitCode(for: error) == .validationFailure ? .usage : .fault).exit()
    }
  }
}

/// How the program ends; the raw value is its exit status.
enum AuditOutcome: Int32, Error {
  case verified = 0
  case foundWanting = 1
  case usage = 2
  case unreadable = 3
  case fault = 4

  init(isVerified: Bool) { self = isVerified ? .verified : .foundWanting }

  func exit() -> Never { Foundation.exit(rawValue) }
}

/// What is to be verified cannot be read, or not be reached.
struct Unreadable: Error {
  let place: String
  let reason: String

  init(_ place: String, _ reason: String) {
    self.place = place
    self.reason = reason
  }

  /// A file that could not be read.
  init(_ path: String, _ error: any Error) {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    self.init(path, isThere && isFolder.boolValue ? "it is a folder; name one file in it" : error.localizedDescription)
  }
}
