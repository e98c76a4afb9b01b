import ArgumentParser
import Foundation

struct ExceptionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exceptions", abstract: "What disagrees, at a running station: lists it, and settles it.",
    discussion: """
      Examples:
        custody exceptions list --data /var/lib/custody
        custody exceptions settle 3 --keep HQ/DESK-2 --reason 'it is on her desk' \\
          --operator DEMO-FATIMA --data /var/lib/custody
      """,
    subcommands: [ExceptionsList.self, ExceptionsSettle.self], defaultSubcommand: ExceptionsList.self)
}

/// An exception as a running station tells it.
struct ExceptionLine: Decodable {
  struct Side: Decodable {
    let eventID: String
    let what: String
    let standing: String
    let who: String
    let place: String?
    let note: String?
    let at: String
    let station: String
    let seq: Int
    let counts: Bool

    var lines: String {
      let place = place.map { ", \($0)" } ?? ""
      return """
          \(counts ? "*" : "-") \(what): \(standing)\(place)
            \(who), \(at), \(station) entry \(seq)\(note.map { ", \($0)" } ?? "")
            event \(eventID)
        """
    }
  }

  let id: Int
  let label: String
  let message: String
  let tag: String?
  let station: String?
  let sides: [Side]
  let needsTwoPeople: Bool
  let meanwhile: String?
  let openedAt: String
  let ended: String?

  var lines: String {
    var lines = ["\(id)  \(label)  \(tag ?? station ?? "")  open since \(openedAt)", "  \(message)"]
    lines += sides.map(\.lines)
    if let meanwhile { lines.append("  \(meanwhile)") }
    if let ended { lines.append("  \(ended)") } else if needsTwoPeople { lines.append("  Two people settle it.") }
    return lines.joined(separator: "\n")
  }
}

struct ExceptionsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists what disagrees, every claim with who, when and where.",
    discussion: """
      A claim that counts until it is settled has a *.

      Examples:
        custody exceptions list --data /var/lib/custody
        custody exceptions list --settled --json --data /var/lib/custody

      Exit status: 0 listed, also when there are none; 2 wrong usage; 3 no station runs there.
      """)

  @Flag(help: "List what was settled too.") var settled = false
  @Flag(help: "Write JSON: the items as GET /api/v1/exceptions gives them.") var json = false
  @OptionGroup var station: StationSocket

  func run() async throws {
    struct List: Decodable {
      let items: [ExceptionLine]
    }
    let (list, text) = try await station.value(
      List.self, "/local/exceptions" + (settled ? "?settled=true" : ""))
    if json { return try Running.answer(text) }
    try Running.answer(
      list.items.isEmpty ? "Nothing disagrees." : list.items.map(\.lines).joined(separator: "\n\n"))
  }
}

struct ExceptionsSettle: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settle", abstract: "Settles an exception, by a signed event of the operator.",
    discussion: """
      The operator is a manager or administrator. Where acts contest one another, --keep names the one that holds, by its
      event or by its station. What was disposed of is settled by two people: --witness names the second. PINs are asked
      for on the terminal; a script gives them by --pin-file and --witness-pin-file, or a token in CUSTODY_SESSION.
      A fork and a clock that was ahead are acknowledged with a reason alone.

      Examples:
        custody exceptions settle 3 --keep HQ/DESK-2 --reason 'it is on her desk' --operator DEMO-FATIMA
        custody exceptions settle 4 --keep 019aa1b2-… --reason 'found in the cage' --operator DEMO-FATIMA \\
          --witness DEMO-AIKO
        custody exceptions settle 5 --different --reason 'two chargers' --operator DEMO-FATIMA
        custody exceptions settle 6 --reason 'clock set, battery changed' --operator DEMO-FATIMA

      Exit status: 0 settled; 1 refused; 2 wrong usage, such as no operator; 3 no station runs there.
      """)

  @Argument(help: "The number of the exception, as `list` tells it.") var id: Int
  @Option(help: ArgumentHelp("The claim that holds: its event's id, or its station.", valueName: "event"))
  var keep: String?
  @Flag(help: "Of an identity question: it is one thing.") var same = false
  @Flag(help: "Of an identity question: they are two things.") var different = false
  @Option(help: "Why.") var reason: String
  @Option(help: "Badge of the second person; the PIN is asked for on the terminal.") var witness: String?
  @Option(help: "File whose first line is the second person's PIN, readable by its owner alone.")
  var witnessPinFile: String?
  @Flag(help: "Write JSON: the exception, the event and the asset.") var json = false
  @OptionGroup var by: OperatorOptions
  @OptionGroup var station: StationSocket

  func validate() throws {
    guard !(same && different) else { throw ValidationError("It is the same or different, not both.") }
    guard witnessPinFile == nil || witness != nil else {
      throw ValidationError("--witness-pin-file wants --witness BADGE beside it.")
    }
  }

  func run() async throws {
    struct Witness: Encodable {
      let badge: String
      let pin: String
    }
    struct Request: Encodable {
      let holds: String?
      let identity: String?
      let reason: String
      let witness: Witness?
    }
    struct Answer: Decodable {
      struct Event: Decodable { let eventID: String }
      let exception: ExceptionLine
      let event: Event
    }
    guard let signIn = try await by.signIn(at: station) else {
      throw Ending(
        2, "Who settles it? A settlement is recorded in the custody of the asset as somebody's act.",
        remedy: "Name them: --operator BADGE. The PIN is asked for; a script gives it by --pin-file FILE.")
    }
    let answer: (value: Answer, text: String)
    do {
      let second = try witness.map {
        Witness(badge: $0, pin: try OperatorOptions.pin(of: $0, file: witnessPinFile))
      }
      let body = try StationSocket.body(
        Request(
          holds: keep, identity: same ? "same" : different ? "different" : nil, reason: reason, witness: second))
      answer = try await station.value(
        Answer.self, "/local/exceptions/\(id)/settle", body: body, token: signIn.token)
    } catch {
      await signIn.end(at: station)
      throw error
    }
    await signIn.end(at: station)
    let exception = answer.value.exception
    try Running.answer(
      json
        ? answer.text
        : "\(id)  \(exception.label)  \(exception.tag ?? exception.station ?? "")\n  \(exception.ended ?? "settled")"
          + "\n  event \(answer.value.event.eventID)")
  }
}
