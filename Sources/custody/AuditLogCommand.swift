import ArgumentParser
import Central
import CentralStore
import Foundation
import Station
import StationStore

struct AuditLogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit-log",
    abstract: "Who read or exported what, at a station or a centre; newest last.",
    discussion: """
      Every read of personal data and every export is written down before it is answered, and can be neither changed nor deleted.
      A line of JSON each: when, who, what, about what, from where. Exports and backups by commands are in it as the folder owner's,
      by the socket of what runs or from the folder of what is stopped. Of a station's searches it is told that there was one, not for
      what: that may be a person's name. What is copied out of the folder past these commands, nobody writes down.

      Examples:
        custody audit-log --data /var/lib/custody
        custody audit-log --data /var/lib/custody-centre --limit 1000 | grep evidence.export
      """)

  @Option(help: "The newest so many, 1 to 10000.") var limit = 200
  @OptionGroup var flags: SettingFlags

  struct Line: Encodable {
    let at, who, what, subject, address: String
  }

  func run() async throws {
    let settings = try await flags.settings()
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say whose: --data FOLDER.")
    }
    guard (1...10_000).contains(limit) else { throw Ending(2, "--limit is a number from 1 to 10000.") }
    let folder = settings.dataFolder(standard: "")
    let database = settings.centralDatabase()
    if CentralControl.isBegun(dataFolder: folder, database: database) {
      let answer = try await CentralControl.people(
        .records(before: nil, limit: limit), dataFolder: folder, database: database)
      for record in answer.records.reversed() {
        try say(
          Line(at: "\(record.at)", who: record.who, what: record.what, subject: record.subject, address: record.address)
        )
      }
      return
    }
    switch try StoreAccess(settings, creating: false) {
    case .folder(let store):
      for record in try await store.read({ [limit] in try $0.readRecords(limit: limit) }).reversed() {
        try say(
          Line(at: "\(record.at)", who: record.who, what: record.what, subject: record.subject, address: record.address)
        )
      }
      try store.close()
    case .running(let socket):
      try await StoreAccess.request(socket: socket, path: "/local/read-records?limit=\(limit)") { part in
        try FileHandle.standardOutput.write(contentsOf: Data(part.readableBytesView))
      }
    }
  }

  private func say(_ line: Line) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try Running.answer(String(decoding: try encoder.encode(line), as: UTF8.self))
  }
}
