import ArgumentParser
import Central
import Foundation
import SyncProtocol

struct CentralRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Takes a person, a location or an order away from all stations.",
    discussion: """
      A person can sign in nowhere any more once a station has heard of it, at its next contact; the name stays known to
      stations that have it, for events refer to it.

      Examples:
        custody central remove person kim@example.com --data /var/lib/custody-centre
        custody central remove location HQ-A --data /var/lib/custody-centre
      """)

  @Argument(help: "person, location or order.") var kind: String
  @Argument(help: "The person's e-mail address or name, the location's code, the order's number.") var name: String
  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    let folder = try settings.centralFolder()
    guard let kind = ReferenceKind(rawValue: kind), [.person, .location, .order].contains(kind) else {
      throw Ending(2, "'\(kind)' cannot be removed.", remedy: "Say person, location or order.")
    }
    let whole = try await CentralCommandFault.told {
      try await CentralControl.reference(dataFolder: folder, database: settings.centralDatabase())
    }
    let changes = try changes(kind, in: whole.items.filter { $0.value != nil })
    _ = try await CentralControl.changeReference(changes, dataFolder: folder, database: settings.centralDatabase())
    try Running.answer("Removed. Stations hear of it at their next contact.")
  }

  private func changes(_ kind: ReferenceKind, in items: [ReferenceItem]) throws -> [ReferenceChange] {
    let own = items.filter { $0.kind == kind.rawValue }
    guard kind == .person else {
      guard own.contains(where: { $0.key == name }) else { throw unknown(kind) }
      return [ReferenceChange(kind: kind, key: name, value: nil)]
    }
    let decoder = JSONDecoder()
    let found = try own.filter { item in
      let person = try decoder.decode(ReferenceValue.Person.self, from: Data((item.value ?? "").utf8))
      return person.email == name.lowercased() || person.name == name
    }
    guard found.count == 1, let person = found.first?.key else {
      if found.isEmpty { throw unknown(kind) }
      throw Ending(1, "\(found.count) people are called \(name).", remedy: "Give the e-mail address.")
    }
    let badges = try items.filter { item in
      guard item.kind == ReferenceKind.badge.rawValue else { return false }
      return try decoder.decode(ReferenceValue.Badge.self, from: Data((item.value ?? "").utf8)).person == person
    }
    return [
      ReferenceChange(kind: .person, key: person, value: nil), ReferenceChange(kind: .pin, key: person, value: nil),
    ] + badges.map { ReferenceChange(kind: .badge, key: $0.key, value: nil) }
  }

  private func unknown(_ kind: ReferenceKind) -> Ending {
    Ending(1, "The centre knows no \(kind.rawValue) '\(name)'.", remedy: "Check how it is written.")
  }
}
