import ArgumentParser
import Foundation
import Station

/// What commands ask a running station about printers and labels.
struct StationPrinterLine: Decodable {
  let name: String
  let address: String
  let profile: String
  let labels: [String]
  let state: String
  let words: String
  let remedy: String?
  let queued: Int
  let unknown: Int

  var line: String {
    let sizes = labels.isEmpty ? "any size" : labels.joined(separator: ", ")
    var text = "\(name)  \(state)  \(address)  \(profile)  \(sizes)  \(queued) waiting"
    if unknown > 0 { text += "  \(unknown) unknown" }
    if state != "ready" { text += "\n  \(words)" + (remedy.map { ": \($0)" } ?? "") }
    return text
  }
}

/// What a running station answers when it does not do what it is asked.
private struct StationNo: Decodable {
  let code: String
  let detail: String
  let remedy: String
}

extension StationSocket {
  /// Asks for one JSON value. A "no" ends the command with status 1.
  func value<Value: Decodable>(
    _ type: Value.Type, _ path: String, body: [UInt8]? = nil, token: String? = nil
  ) async throws -> (Value, String) {
    var text = ""
    try await ask(path, body: body, token: token) { text += $0 }
    let data = Data(text.utf8)
    // Which of the two it is, is what is being asked.
    if let no = try? JSONDecoder().decode(StationNo.self, from: data) { throw Ending(1, no.detail, remedy: no.remedy) }
    return (try JSONDecoder().decode(type, from: data), text)
  }

  static func body(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }
}

struct PrintersAdd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Sets a printer up at a running station, or changes one.",
    discussion: """
      The sizes of the labels that are in it decide which labels go to it by themselves.

      Examples:
        custody printers add desk tcp://10.0.0.9 --profile zebra-zd421-203 --label 50x25+3 --data /var/lib/custody
        custody printers add office ipp://10.0.0.7 --data /var/lib/custody        sheets of A4
      """)

  @Argument(help: "The station's name for it: 1 to 32 letters, digits, - and _.") var name: String
  @Argument(help: "Its address: tcp://, usb://, ipp://, ipps:// or file://.") var address: String
  @Option(help: "Its profile: `custody printers profiles` lists them.") var profile: String?
  @Option(help: "Labels that are in it: WIDTHxHEIGHT or WIDTHxHEIGHT+GAP in mm. May be given several times.")
  var label: [String] = []
  @OptionGroup var station: StationSocket
  @Flag(help: "Write JSON.") var json = false

  func run() async throws {
    struct Request: Encodable {
      let name: String
      let address: String
      let profile: String?
      let labels: [String]
    }
    let body = try StationSocket.body(Request(name: name, address: address, profile: profile, labels: label))
    let (printer, text) = try await station.value(StationPrinterLine.self, "/local/printers", body: body)
    try Running.answer(json ? text : printer.line)
  }
}

struct PrintersRemove: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Takes a printer away from a running station; refused while labels wait for it.",
    discussion: """
      Example:
        custody printers remove desk --data /var/lib/custody
      """)

  @Argument(help: "The printer's name.") var name: String
  @OptionGroup var station: StationSocket

  func run() async throws {
    _ = try await station.value([String: String].self, "/local/printers/\(name.inPath)/remove", body: [])
    try Running.answer("\(name) is removed.")
  }
}

struct PrintersPause: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Pauses a printer: what is being sent is finished, and nothing more begins.",
    discussion: """
      Example:
        custody printers pause desk --data /var/lib/custody
      """)

  @Argument(help: "The printer's name.") var name: String
  @OptionGroup var station: StationSocket

  func run() async throws {
    let (printer, _) = try await station.value(
      StationPrinterLine.self, "/local/printers/\(name.inPath)/pause", body: [])
    try Running.answer(printer.line)
  }
}

struct PrintersResume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Lets a printer go on, or try at once again what it could not.",
    discussion: """
      Example:
        custody printers resume desk --data /var/lib/custody
      """)

  @Argument(help: "The printer's name.") var name: String
  @OptionGroup var station: StationSocket

  func run() async throws {
    let (printer, _) = try await station.value(
      StationPrinterLine.self, "/local/printers/\(name.inPath)/resume", body: [])
    try Running.answer(printer.line)
  }
}

struct PrintersAnswer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer", abstract: "Says what became of a label of which nobody knows; then its printer goes on.",
    discussion: """
      `custody printers queue` shows the labels that ask, with their numbers. For the label of an asset somebody must answer for it.

      Examples:
        custody printers answer 01a200d0-7afd-7a50-9999-220a63047d20 there
        custody printers answer 01a200d0-7afd-7a50-9999-220a63047d20 again --reason smeared --operator DEMO-KIM

      Exit status: 0; 1 when it does not ask, or this may not be said of it; 2 wrong usage; 3 when no station runs there.
      """)

  enum Word: String, ExpressibleByArgument, CaseIterable { case there, again, gone }

  @Argument(help: "The label's number.") var label: String
  @Argument(
    help:
      "there: it came out. again: print it once more; it may exist twice. gone: nothing came out, and nothing is to.")
  var word: Word
  @Option(help: "Why it is printed again.") var reason: String?
  @OptionGroup var by: OperatorOptions
  @OptionGroup var station: StationSocket

  private struct Answered: Decodable {
    let name: String
    let state: String
  }

  func run() async throws {
    let signIn = try await by.signIn(at: station)
    let query =
      reason.map { "?reason=" + ($0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "") } ?? ""
    do {
      let (label, _) = try await station.value(
        Answered.self, "/local/labels/\(label.inPath)/\(word.rawValue)\(query)", body: [], token: signIn?.token)
      await signIn?.end(at: station)
      try Running.answer("\(label.name)  \(label.state)")
    } catch {
      await signIn?.end(at: station)
      throw error
    }
  }
}

struct PrintersQueue: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "Shows a station's printers, and what waits for them.",
    discussion: """
      Examples:
        custody printers queue --data /var/lib/custody
        custody printers queue desk --all --data /var/lib/custody     and what was printed

      Exit status: 0; 1 when a label asks whether it was printed; 3 when no station runs there.
      """)

  @Argument(help: "One printer's only.") var name: String?
  @Flag(help: "Also what has ended.") var all = false
  @OptionGroup var station: StationSocket
  @Flag(help: "Write JSON.") var json = false

  private struct Job: Decodable {
    let id: String
    let printer: String
    let state: String
    let isHeld: Bool
    let name: String
    let words: String?
    let remedy: String?
    let askedAt: String

    var line: String {
      let said = [words.map { $0.hasSuffix(".") ? $0 : $0 + "." }, remedy].compactMap { $0 }.joined(separator: " ")
      let answer = state == "unknown" ? "\n  Then: custody printers answer \(id) there, again or gone" : ""
      return "\(askedAt)  \(printer)  \(isHeld ? "held" : state)  \(name)" + (said.isEmpty ? "" : "\n  \(said)")
        + answer
    }
  }

  func run() async throws {
    let (printers, printersText) = try await station.value([StationPrinterLine].self, "/local/printers")
    if let name, !printers.contains(where: { $0.name == name }) {
      throw Ending(
        1, "There is no printer \(name).", remedy: "There are \(printers.map(\.name).joined(separator: ", ")).")
    }
    let filter = name.map { "&printer=\($0.inPath)" } ?? ""
    let (jobs, jobsText) = try await station.value([Job].self, "/local/labels?limit=5000&all=\(all)\(filter)")
    if json {
      try Running.answer(#"{"labels":\#(jobsText),"printers":\#(printersText)}"#)
    } else {
      if printers.isEmpty { try Running.answer("No printer is set up: custody printers add.") }
      for printer in printers where name == nil || printer.name == name { try Running.answer(printer.line) }
      for job in jobs.reversed() { try Running.answer(job.line) }
    }
    if jobs.contains(where: { $0.state == "unknown" }) { throw Ending(1, "") }
  }
}

extension String {
  /// As a segment of a path.
  var inPath: String { addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["-", "_"])) ?? "" }
}
