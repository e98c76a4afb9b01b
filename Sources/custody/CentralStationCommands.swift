import ArgumentParser
import Central
import CustodyLedger
import Foundation

struct CentralCodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "code",
    abstract: "Prints a one-time code by which a station enrols itself at this centre.",
    discussion: """
      The code is good for 15 minutes and one station, once; after five wrong ones it is gone. A new code takes the place of
      the one before. The station shows a fingerprint when it is enrolled; this centre's page of stations shows its key.

      Examples:
        custody central code --station HQ/DESK-1 --data /var/lib/custody-centre
        custody station enrol --centre http://127.0.0.1:8470 --code CODE --data /var/lib/custody
      """)

  @Flag(help: "Answer as JSON.") var json = false
  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    let folder = try settings.centralFolder()
    guard let station = settings.given(.station) else {
      throw Ending(2, "No station was named.", remedy: "Say whom the code is for: --station SITE/STATION.")
    }
    let name = station.contains("/") ? station : "\(settings.text(.site) ?? "")/\(station)"
    let answer = try await CentralControl.code(
      CodeOrder(station: name), dataFolder: folder, database: settings.centralDatabase())
    if json { try Running.answer(try JSONText.of(answer)) }
    if let refusal = answer.refusal { throw Ending(1, refusal.sentence, remedy: refusal.remedy) }
    guard !json, let code = answer.code else { return }
    FileHandle.standardError.tell("Good for 15 minutes, once. At the station:\n")
    FileHandle.standardError.tell("custody station enrol --centre ADDRESS --code \(code) --data FOLDER\n")
    try Running.answer(code)
  }
}

struct CentralRevokeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Trusts a station's key no further than an entry; what comes after is kept and does not count.",
    discussion: """
      The revocation is an entry of the log. Nothing is deleted: entries after the last good one are quarantined, those that are
      here and those that still come. Stations learn of it from the log. The station goes on with a new key, by a new code.

      Examples:
        custody central revoke HQ/DESK-1 --last-good 1204 --reason 'stolen on Friday' --data /var/lib/custody-centre
        custody central code --station HQ/DESK-1 --data /var/lib/custody-centre
      """)

  @Argument(help: "The station, SITE/STATION.") var subject: String
  @Option(help: "Number of the last entry that counts; 0 for none. Without it, the last that the centre holds.")
  var lastGood: Int?
  @Option(help: "The epoch of that entry; needed where the station has begun more than one.") var epoch: Int?
  @Option(help: "Why; it stands in the log.") var reason = "revoked by the centre"
  @Flag(help: "Answer as JSON.") var json = false
  @OptionGroup var flags: SettingFlags

  func validate() throws {
    guard (epoch ?? 1) >= 1, (lastGood ?? 0) >= 0 else {
      throw ValidationError("--epoch is 1 or more, --last-good 0 or more.")
    }
    guard epoch == nil || lastGood != nil else { throw ValidationError("--epoch goes with --last-good.") }
    guard (1...500).contains(reason.utf8.count) else { throw ValidationError("--reason has 1 to 500 bytes.") }
  }

  func run() async throws {
    let settings = try await flags.settings()
    let answer = try await CentralControl.revoke(
      RevocationOrder(
        station: subject, lastGood: lastGood.map { ChainPlace(epoch: epoch ?? 1, seq: $0) }, epochIsSaid: epoch != nil,
        reason: reason),
      dataFolder: try settings.centralFolder(), database: settings.centralDatabase())
    if json { try Running.answer(try JSONText.of(answer)) }
    if let refusal = answer.refusal { throw Ending(1, refusal.sentence, remedy: refusal.remedy) }
    guard !json else { return }
    let held = answer.held.map { "up to epoch \($0.epoch), entry \($0.seq)" } ?? "not at all"
    try Running.answer(
      "\(subject) is trusted \(held). Entries of it that are kept and do not count: \(answer.quarantined).")
  }
}

/// A value as one line of JSON.
enum JSONText {
  static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

extension Settings {
  /// The centre's data folder; throws when none is named.
  func centralFolder() throws -> String {
    guard text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say where the centre keeps its log: --data FOLDER.")
    }
    return dataFolder(standard: "")
  }
}
