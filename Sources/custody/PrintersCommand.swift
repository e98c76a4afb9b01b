import ArgumentParser
import DeviceProfiles
import Foundation
import LabelDesign
import LabelPrinting

struct PrintersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "printers",
    abstract: "Label printers: what is there, how it is, a test page.",
    discussion: """
      A printer is named by its address: tcp://HOST[:PORT] for raw bytes (port 9100), usb://VVVV:PPPP[/SERIAL],
      ipp://HOST[:PORT][/PATH] for IPP and CUPS, or file:///FOLDER for a folder that takes its place. What it understands is said by a
      profile of printers/.

      Examples:
        custody printers                              printers on USB, with the address and profile to use
        custody printers profiles                     the kinds of printers that are known
        custody printers status tcp://10.0.0.9 --profile zebra-zd421-203
        custody printers test tcp://10.0.0.9 --profile zebra-zd421-203 --label 50x25
        custody printers simulate --port 9100 --out /tmp/labels     a printer that is not there

      A running station's own, whose labels wait in a durable queue:
        custody printers add desk tcp://10.0.0.9 --profile zebra-zd421-203 --label 50x25+3 --data /var/lib/custody
        custody printers queue --data /var/lib/custody
        custody printers pause desk --data /var/lib/custody
      """,
    subcommands: [
      PrintersList.self, PrintersStatus.self, PrintersTest.self, PrintersProfiles.self, PrintersSimulate.self,
      PrintersAdd.self, PrintersRemove.self, PrintersPause.self, PrintersResume.self, PrintersQueue.self,
      PrintersAnswer.self,
    ], defaultSubcommand: PrintersList.self)
}

/// A printer given by its address.
struct PrinterOptions: ParsableArguments {
  @Argument(help: "Its address: tcp://, usb://, ipp://, ipps:// or file://.") var address: String
  @Option(help: "Its profile: `custody printers profiles` lists them.") var profile: String?

  /// The printer. Where no profile is named, a USB printer's numbers or IPP tell it.
  func printer() throws -> LabelPrinter {
    let address = try PrinterOptions.address(self.address)
    let profiles = try PrinterProfile.shipped()
    if let profile { return LabelPrinter(address, profile: try Self.profile(profile, profiles)) }
    switch address {
    case .usb(let numbers, _):
      if let known = profiles.first(where: { $0.usb.contains(numbers) }) {
        return LabelPrinter(address, profile: known)
      }
    case .ipp:
      if let generic = profiles.first(where: { $0.language == .document }) {
        return LabelPrinter(address, profile: generic)
      }
    case .tcp, .file: break
    }
    throw Ending(
      2, "Which kind of printer is it?",
      remedy: "Name its profile: --profile ID; `custody printers profiles` lists them.")
  }

  static func address(_ text: String) throws -> PrinterAddress {
    do {
      return try PrinterAddress(text)
    } catch {
      throw Ending(2, error.description)
    }
  }

  static func profile(_ id: String, _ profiles: [PrinterProfile]) throws -> PrinterProfile {
    guard let profile = profiles.first(where: { $0.id == id }) else {
      throw Ending(
        2, "There is no printer profile \(id).", remedy: "There are \(profiles.map(\.id).joined(separator: ", ")).")
    }
    return profile
  }
}

struct PrintersList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the printers on USB (what `printers` alone does).",
    discussion: """
      Examples:
        custody printers list --json
      """)

  @Flag(help: "Write JSON.") var json = false

  func run() async throws {
    let profiles = try PrinterProfile.shipped()
    let printers: [USBPrinter]
    do {
      printers = try USBPrinter.all()
    } catch {
      throw Ending(3, error.description)
    }
    for printer in printers {
      let profile = profiles.first { $0.usb.contains(printer.numbers) }
      if json {
        struct Line: Encodable {
          let address: String
          let name: String
          let profile: String?
          let deviceID: String?
        }
        try Running.answer(
          try JSONLine.text(
            Line(
              address: printer.address.description, name: printer.name, profile: profile?.id, deviceID: printer.deviceID
            )))
      } else {
        try Running.answer("\(printer.address)  \(profile?.id ?? "no profile knows it")  \(printer.name)")
      }
    }
    if printers.isEmpty, !json {
      try Running.answer("No printer is plugged in by USB. Others are named by their address.")
    }
  }
}

struct PrintersProfiles: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profiles", abstract: "Lists the kinds of printers that are known, or checks folders.",
    discussion: """
      A folder holds a file profile.yaml: printers/README.md has the grammar.

      Examples:
        custody printers profiles
        custody printers profiles my-printer
      """)

  @Argument(help: "Folders to check instead.") var folders: [String] = []

  func run() throws {
    let profiles = try folders.isEmpty ? PrinterProfile.shipped() : folders.map { try PrinterProfile(folder: $0) }
    for profile in profiles {
      let width = Int((Double(profile.widthInDots) / Double(profile.dotsPerInch) * 25.4).rounded())
      try Running.answer(
        [
          profile.id, profile.language.rawValue, "\(profile.dotsPerInch) dpi", "\(width) mm",
          profile.encodesTags ? "RFID" : "-", profile.name,
        ].joined(separator: "  "))
    }
  }
}

struct PrintersStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Says how a printer is, and what to do about it.",
    discussion: """
      Exit status 0 when it is ready, 1 when something is the matter, 3 when it cannot be reached.

      Examples:
        custody printers status tcp://10.0.0.20
        custody printers status tcp://10.0.0.20 --profile zpl-generic-203 --json
      """)

  @OptionGroup var options: PrinterOptions
  @Flag(help: "Write JSON.") var json = false

  func run() async throws {
    let printer = try options.printer()
    let status = await printer.status()
    try Running.answer(try json ? JSONLine.text(PrinterStatusLine(printer, status)) : status.line(of: printer.address))
    if let status = status.exitStatus { throw Ending(status, "") }
  }
}

struct PrintersTest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Prints a test page.",
    discussion: """
      A frame just inside the label's edges, a ruler of millimetres, a cross and bars of one to four dots; by IPP, a line of text.
      Exit status 0 when it is printed, 1 when it is not or nobody knows, 3 when the printer cannot be reached.

      Example:
        custody printers test tcp://10.0.0.9 --profile zebra-zd421-203 --label 50x25
      """)

  @OptionGroup var options: PrinterOptions
  @Option(help: "The labels in it, width by height in millimetres.") var label = "50x25"
  @Flag(help: "Write JSON.") var json = false

  func run() async throws {
    let printer = try options.printer()
    let data: PrintData
    do {
      data = try printer.testPage(try LabelSizeArgument.media(label))
    } catch let fault as PrinterLanguageFault {
      throw Ending(2, fault.description, remedy: fault.remedy)
    }
    let outcome = await printer.print(data)
    try Running.answer(try json ? JSONLine.text(PrintOutcomeLine(printer, data, outcome)) : outcome.lines(data))
    switch outcome {
    case .printed: break
    case .notSent(let status): throw Ending(status.exitStatus ?? 1, "")
    case .unknown, .rejected: throw Ending(1, "")
    }
  }
}

struct PrintersSimulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Is a printer on the network, until stopped: for trying a station without one.",
    discussion: """
      Answers what a printer of that language answers, and takes labels. Every label is told in a line, and with --out kept as a file;
      of ZPL also as a picture.

      Example:
        custody printers simulate --port 9100 --language zpl --out /tmp/labels
      """)

  @Option(help: "Port to listen on; 0 takes a free one.") var port = 9_100
  @Option(help: "zpl, tspl or brother-ql.") var language = "zpl"
  @Option(help: "Folder that keeps the labels.") var out: String?
  @Option(help: "What is the matter with it: mediaOut, headOpen, ribbonOut, paused …; may be given several times.")
  var condition: [String] = []
  @Flag(help: "Answer nothing.") var silent = false

  func run() async throws {
    guard let language = PrinterLanguage(rawValue: language), language != .document else {
      throw Ending(2, "--language wants zpl, tspl or brother-ql.")
    }
    let conditions = try condition.map { word in
      guard let condition = PrinterCondition(rawValue: word) else {
        throw Ending(
          2, "There is no condition \(word).",
          remedy: "There are \(PrinterCondition.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
      return condition
    }
    var emulation = PrinterEmulation(language)
    (emulation.conditions, emulation.isSilent) = (Set(conditions), silent)
    let printer = EmulatedPrinter(emulation)
    let (labels, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    printer.onPrinted { continuation.yield($0) }
    let listening: Int
    do {
      listening = try await printer.start(port: port)
    } catch {
      throw Ending(
        3, "Port \(port) cannot be listened on: \(error).", remedy: "Take another: --port 0 takes a free one.")
    }
    Running.say("printer on tcp://127.0.0.1:\(listening)")
    var count = 0
    let pictures = PrintedPicture()
    for await label in labels {
      count += 1
      if let out {
        let ending = language == .zpl ? "zpl" : language == .tspl ? "tspl" : "bin"
        try Data(label).write(to: URL(filePath: out).appending(path: "label-\(count).\(ending)"), options: .atomic)
        if let picture = try pictures.picture(of: label) {
          try Data(picture).write(to: URL(filePath: out).appending(path: "label-\(count).png"), options: .atomic)
        }
      }
      Running.say("label \(count): \(label.count) bytes")
    }
  }
}

/// A size as a command takes it.
enum LabelSizeArgument {
  /// Reads `WxH` or `W×H`, in millimetres.
  static func media(_ text: String) throws -> LabelMedia {
    let parts = text.lowercased().split(whereSeparator: { $0 == "x" || $0 == "×" })
    guard parts.count == 2, let width = Double(parts[0]), let height = Double(parts[1]) else {
      throw Ending(2, "A label's size is width by height in millimetres, such as 50x25, not \(text).")
    }
    do {
      return try LabelMedia(width: width, height: height)
    } catch {
      throw Ending(2, error.description, remedy: error.remedy)
    }
  }
}

extension PrinterStatus {
  /// What a command ends with; nil when the printer is ready.
  var exitStatus: Int32? { isReady ? nil : conditions.contains(.unreachable) ? 3 : 1 }

  func line(of address: PrinterAddress) -> String { "\(address): \(words)" + (isReady ? "" : "\n  \(remedy ?? "")") }
}

extension PrintOutcome {
  func lines(_ data: PrintData) -> String {
    switch self {
    case .printed(let isConfirmed, _):
      isConfirmed ? "Printed." : "Sent; the printer does not say whether it was printed."
    case .notSent(let status): "Not sent: \(status.words).\n  \(status.remedy ?? "")"
    case .unknown(let count, let status):
      "Nobody knows whether it was printed: \(count) of \(data.bytes.count) bytes went out; \(status.words).\n"
        + "  Look at the printer. \(status.remedy ?? "")"
    case .rejected(let status): "Not printed: \(status.words).\n  \(status.remedy ?? "")"
    }
  }
}

/// A status as a line of JSON.
struct PrinterStatusLine: Encodable {
  let address: String
  let profile: String
  let isReady: Bool
  let isBusy: Bool
  let conditions: [String]
  let words: String
  let remedy: String?

  init(_ printer: LabelPrinter, _ status: PrinterStatus) {
    address = printer.address.description
    profile = printer.profile.id
    isReady = status.isReady
    isBusy = status.isBusy
    conditions = status.conditions.map(\.rawValue)
    words = status.words
    remedy = status.remedy
  }
}

/// What came of a test page, as a line of JSON.
struct PrintOutcomeLine: Encodable {
  let outcome: String
  let isConfirmed: Bool
  let bytesSent: Int
  let bytes: Int
  let status: PrinterStatusLine?

  init(_ printer: LabelPrinter, _ data: PrintData, _ outcome: PrintOutcome) {
    bytes = data.bytes.count
    switch outcome {
    case .printed(let confirmed, _):
      (self.outcome, isConfirmed, bytesSent, status) = ("printed", confirmed, data.bytes.count, nil)
    case .notSent(let told):
      (self.outcome, isConfirmed, bytesSent, status) = ("notSent", false, 0, PrinterStatusLine(printer, told))
    case .unknown(let count, let told):
      (self.outcome, isConfirmed, bytesSent, status) = ("unknown", false, count, PrinterStatusLine(printer, told))
    case .rejected(let told):
      (self.outcome, isConfirmed, bytesSent, status) = (
        "rejected", false, data.bytes.count, PrinterStatusLine(printer, told)
      )
    }
  }
}

/// Values as lines of JSON, their members in order.
enum JSONLine {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
