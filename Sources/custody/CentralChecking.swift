import ArgumentParser
import Central
import CentralStore
import Foundation

struct CentralCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Reads the centre's whole store back, and names every entry and asset that is not as it was written.",
    discussion: """
      Every entry is held against its hash, the columns that it is found by, its station's key, its chain and the log's tree;
      every asset against its events. Works while the centre runs. An auditor who trusts neither this program nor this machine
      uses custody-audit verify.

      Examples:
        custody central check --data /var/lib/custody-centre
        CUSTODY_DATABASE_PASSWORD=… custody central check --data /var/lib/custody-centre --database postgresql://custody@db/custody
        custody central check --json --data /var/lib/custody-centre

      Exit status: 0 all is as it was written; 1 something is not; 2 wrong usage; 3 it cannot be reached; 4 it cannot be read.
      """)

  @Flag(help: "Write JSON.") var json = false
  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say where the centre keeps its log: --data FOLDER.")
    }
    let found = try await CentralControl.check(
      dataFolder: settings.dataFolder(standard: ""), database: settings.centralDatabase(),
      progress: { entries, assets in
        guard isatty(STDERR_FILENO) != 0 else { return }
        FileHandle.standardError.tell("\r\(entries) entries, \(assets) assets \r")
      })
    if json {
      try Running.answer(try JSONLine.text(found))
    } else {
      for finding in found.findings { try Running.answer(finding.description) }
      if found.findingCount > found.findings.count {
        try Running.answer("and \(found.findingCount - found.findings.count) more")
      }
      try Running.answer("\(found.entries) entries and \(found.assets) assets were read.")
    }
    guard found.findingCount == 0 else {
      throw Ending(
        1, "\(found.findingCount) of what was read is not as it was written.",
        remedy: "Keep the database as it is, as evidence. Stations hold their own entries, and what they pulled.")
    }
  }
}
