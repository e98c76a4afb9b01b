import ArgumentParser
import Central
import CentralStore
import Foundation
import StationStore

struct CentralRebuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Makes a lost log again from an exported log and from what stations hold.",
    discussion: """
      The copies are put together by the log's indexes, and taken as far as a tree head that the log's own key signed proves that
      they were the log. What the data folder still has stays: of a centre that was put back to an older state, the log goes on
      from there. It needs the log's key (log.key), which backups leave out. Stop the centre, and the stations that are named.

      Afterwards let each station in by a new code (custody central code), and import people and places again. When entries were
      received is not known any more; the moments that they name themselves stand for it.

      Examples:
        custody central rebuild --log exported-log --key log.key --data /var/lib/custody-centre
        custody central rebuild --log exported-log --from-station /var/lib/custody --data /var/lib/custody-centre
      """)

  @Option(help: "A folder into which the log was exported; several times for several.") var log: [String] = []
  @Option(help: "A station's data folder; several times for several.") var fromStation: [String] = []
  @Option(help: "The file that holds the log's key, where the data folder has none.") var key: String?
  @Flag(help: "Answer as JSON.") var json = false
  @OptionGroup var flags: SettingFlags

  func validate() throws {
    guard !log.isEmpty || !fromStation.isEmpty else {
      throw ValidationError("Give a copy: --log FOLDER or --from-station FOLDER.")
    }
  }

  func run() async throws {
    let settings = try await flags.settings()
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say where the centre keeps its log: --data FOLDER.")
    }
    var copies: [any LogCopy] = log.map { ExportedLog(folder: $0) }
    var stores: [StationStore] = []
    let rebuilt: RebuiltLog
    do {
      for folder in fromStation {
        guard FileManager.default.fileExists(atPath: folder + "/station.db") else {
          throw Ending(1, "\(folder) is no station's data folder.", remedy: "Name the folder that holds station.db.")
        }
        let store = try StationStore(folder: folder, identity: nil)
        stores.append(store)
        copies.append(StationLog(store: store, name: folder))
      }
      rebuilt = try await CentralControl.rebuild(
        from: copies, key: key, dataFolder: settings.dataFolder(standard: ""), database: settings.centralDatabase()
      ) { done, of in
        if isatty(STDERR_FILENO) == 1 {
          FileHandle.standardError.tell("\r\(done) of \(of) entries\(done == of ? "\n" : "")")
        }
      }
    } catch {
      for store in stores { try store.close() }
      throw error
    }
    for store in stores { try store.close() }
    if json { try Running.answer(try JSONText.of(rebuilt)) } else { try Running.answer(words(rebuilt)) }
    guard rebuilt.size == rebuilt.newest else { throw ExitCode(1) }
  }

  private func words(_ rebuilt: RebuiltLog) -> String {
    let done = "\(rebuilt.size) entries, root \(rebuilt.root); \(rebuilt.size - rebuilt.before) of them from copies."
    guard rebuilt.size < rebuilt.newest else { return done }
    return done + """

      A tree head of \(rebuilt.newest) entries was signed; no copy has entry \(rebuilt.missing). Stations that have seen that tree
      head will not believe this log: name a station, or an export, that has the entry.
      """
  }
}

/// What a station holds of the centre's log.
private struct StationLog: LogCopy {
  let store: StationStore
  let name: String

  func heads() async throws -> [[UInt8]] { try await store.read { try $0.keptHeads() } }

  func entries(in range: Range<Int64>) async throws -> [Int64: [UInt8]] {
    try await store.read { try $0.logEntries(in: range) }
  }
}
