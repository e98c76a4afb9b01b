import ArgumentParser
import Custody
import Foundation
import Station
import StationStore

struct EraseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Erases a person at a station: name, contacts, badge, PIN, roles, and what the ledger commits to.",
    discussion: """
      Examples:
        custody erase kim@example.com --reason 'asked for it, 2026-11-21' --data /var/lib/custody

      PERSON is the e-mail address or the reference (a UUID). The ledger keeps the reference, and an entry says that the person
      was erased and why; every proof still verifies. When the centre has that entry it takes the person off what it
      distributes, and its other stations erase them too. It cannot be undone, and it does not reach into backups: after a
      restore, erase again.
      """)

  @Argument(help: "The person's e-mail address or reference.") var person: String
  @Option(help: "Why, or on what ground; it stands in the ledger for ever, so it names nobody.") var reason: String
  @OptionGroup var flags: SettingFlags

  func validate() throws {
    guard (1...200).contains(reason.utf8.count) else { throw ValidationError("Give a reason of 1 to 200 bytes.") }
  }

  func run() async throws {
    let settings = try await flags.settings()
    switch try StoreAccess(settings, creating: false) {
    case .folder(let store):
      let erased: Erased?
      do {
        erased = try await store.erase(person, reason: reason)
      } catch {
        try store.close()
        throw error
      }
      try store.close()
      guard let erased else {
        throw Ending(1, "Nobody is known here as '\(person)'.", remedy: "Give the e-mail address or the reference.")
      }
      print(erased.sentence)
    case .running(let socket):
      func escaped(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
      try await StoreAccess.request(
        socket: socket, path: "/local/erase?person=\(escaped(person))&reason=\(escaped(reason))", body: []
      ) { part in FileHandle.standardOutput.write(Data(part.readableBytesView)) }
    }
  }
}
