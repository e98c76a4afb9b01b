import ArgumentParser
import Central
import Foundation

struct CentralSnapshotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Makes the snapshot that new stations begin with, of the log as it is now.",
    discussion: """
      The centre makes one by itself when its log has grown enough. Works while the centre runs. With several centres on one
      database each has its own.

      Examples:
        custody central snapshot --data /var/lib/custody-centre
      """)

  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    let made = try await CentralCommandFault.told {
      try await CentralControl.makeSnapshot(
        dataFolder: try settings.centralFolder(), database: settings.centralDatabase())
    }
    try Running.answer("\(made.size) entries, \(made.length) bytes, SHA-256 \(made.digest)")
  }
}

/// What a centre refuses, as a command ends.
enum CentralCommandFault {
  static func told<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let refusal as CentralRefusal {
      throw Ending(1, refusal.detail, remedy: refusal.remedy)
    }
  }
}
