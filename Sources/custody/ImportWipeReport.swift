import ArgumentParser
import CustodyLedger
import Foundation
import Station

struct ImportWipeReport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wipe-report",
    abstract: "Reads wipe tools' reports, says which drives they fit, and records them as the station's page does.",
    discussion: """
      nwipe's log and PDF, nvme sanitize-log, hdparm, Blancco's XML and our CSV: docs/wipe-reports.md. Up to 20 files and
      50 MB at once. A report that names no drive goes with nvme id-ctrl (JSON) or hdparm -I of that drive, in the same
      call, or with the serial that stands on the drive (--drive). While the station runs, the files go through it; else
      its folder is opened.

      Without --validator nothing is recorded: each report is told with the asset it fits. With it each report that fits
      becomes a signed event of the operator, validated by that second person; PINs are asked for on the terminal. What is
      recorded already is not recorded again. A report that needs a look is left out until --line names it.

      Examples:
        custody import wipe-report nwipe.log --data /var/lib/custody
        custody import wipe-report nwipe.log --operator DEMO-TOMAS --validator DEMO-AIKO --data /var/lib/custody
        custody import wipe-report sanitize.json id-ctrl.json --data /var/lib/custody
        custody import wipe-report hdparm.txt --drive WD-WCC4N0RT7Y40 --data /var/lib/custody
        custody import wipe-report many.csv --drive-confirmed 3 --operator DEMO-TOMAS --pin-file tomas.pin \\
          --validator DEMO-AIKO --validator-pin-file aiko.pin --json --data /var/lib/custody

      Exit status: 0 every report fits or is recorded; 1 a file or a report was refused, fits nothing, or was left out;
      2 wrong usage; 3 a file cannot be read, or nothing is at the folder; 4 internal fault.
      """)

  @Argument(help: "The reports, and beside them what says which drive it was.") var files: [String]
  @Option(
    help: ArgumentHelp(
      "The serial on the drive, of the report that names none; of several: LINE=SERIAL. May be given several times.",
      valueName: "serial"))
  var drive: [String] = []
  @Option(help: "Record this report alone, by its number in the list. May be given several times.") var line: [Int] = []
  @Option(
    help: ArgumentHelp(
      "The number of a report of another model than the list of drives: you looked at the drive, and it is this one.",
      valueName: "line"))
  var driveConfirmed: [Int] = []
  @Option(help: "Badge of the second person, who validates; without one nothing is recorded.") var validator: String?
  @Option(help: "File whose first line is the validator's PIN, readable by its owner alone.")
  var validatorPinFile: String?
  @Option(help: "Where the wipes were done.") var place: String?
  @Option(help: "Confidentiality category of the data; else as each asset is classified.") var categorisation: String?
  @Option(help: "Where the media go next.") var destination: String?
  @Flag(help: "Write JSON: the reading as the API gives it, with what was recorded.") var json = false
  @OptionGroup var by: OperatorOptions
  @OptionGroup var flags: SettingFlags

  /// The most files of one call, as the station takes them.
  static let mostFiles = 20

  func validate() throws {
    guard files.count <= Self.mostFiles else {
      throw ValidationError(
        "Up to \(Self.mostFiles) files are taken at once, a report beside what says its drive. Call it several times.")
    }
    guard validatorPinFile == nil || validator != nil else {
      throw ValidationError("--validator-pin-file wants --validator BADGE beside it.")
    }
    guard validator != nil || (line.isEmpty && driveConfirmed.isEmpty && by.operator == nil) else {
      throw ValidationError("To record, name the second person: --validator BADGE.")
    }
  }

  func run() async throws {
    let bar = ProgressBar()
    var given: [WipeReportRequest.File] = []
    for (index, path) in files.enumerated() {
      bar.show("reading", index, of: files.count)
      given.append(WipeReportRequest.File(name: Self.name(of: path), content: try Self.content(of: path)))
    }
    let station = try await WipeReportStation(try await flags.settings())
    let isGood: Bool
    do {
      isGood = try await work(at: station, given, bar)
    } catch {
      bar.end()
      station.close()
      throw error
    }
    station.close()
    if !isGood { throw Ending(1, "") }
  }

  /// Tells whether everything is as it should be.
  private func work(
    at station: WipeReportStation, _ given: [WipeReportRequest.File], _ bar: ProgressBar
  ) async throws -> Bool {
    bar.show("sent to the station", 0, of: files.count)
    let read = try await station.read(WipeReportRequest(files: given, drives: drive))
    let reading = try JSONDecoder().decode(WipeReportReading.self, from: read)
    var recorded: Data?
    let chosen = try chosen(of: reading)
    if let validator, !chosen.isEmpty {
      bar.end()
      let second = WipeRecordRequest.Person(
        badge: validator, pin: try OperatorOptions.pin(of: validator, file: validatorPinFile))
      bar.show("recorded", 0, of: chosen.count)
      recorded = try await station.record(
        WipeRecordRequest(
          files: reading.files, lines: chosen, validator: second, place: place, categorisation: categorisation,
          destination: destination), by: by)
      bar.show("recorded", chosen.count, of: chosen.count)
    }
    bar.end()
    let recordings = try recorded.map { try JSONDecoder().decode(WipeRecordings.self, from: $0).items } ?? []
    try Running.answer(
      json ? Self.json(read, recorded) : reading.words(recordings, isRecording: validator != nil))
    return reading.isGood(recordings, isRecording: validator != nil)
  }

  /// What is recorded: what was asked for, else all that fits and needs no further look.
  private func chosen(of reading: WipeReportReading) throws -> [WipeRecordRequest.Line] {
    let known = Set(reading.reports.map(\.line))
    for number in line + driveConfirmed where !known.contains(number) {
      throw Ending(
        2, "There is no report \(number).", remedy: "Call it without --validator first: the list has the numbers.")
    }
    let confirmed = Set(driveConfirmed)
    return reading.reports.filter { report in
      if !line.isEmpty { return line.contains(report.line) }
      return confirmed.contains(report.line) || (report.fit == "fits" && report.warning == nil)
    }.map { report in
      WipeRecordRequest.Line(
        line: report.line, serial: report.serialSource == "operatorLinked" ? report.serial : nil,
        driveConfirmed: confirmed.contains(report.line) ? true : nil)
    }
  }

  private static func name(of path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

  private static func content(of path: String) throws -> String {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path)).base64EncodedString()
    } catch {
      throw Ending(3, "\(path) cannot be read.", remedy: "Check its path and its permissions.")
    }
  }

  /// The reading with what was recorded of it, as one object.
  private static func json(_ read: Data, _ recorded: Data?) throws -> String {
    var whole = try JSONSerialization.jsonObject(with: read) as? [String: Any] ?? [:]
    if let recorded {
      let answer = try JSONSerialization.jsonObject(with: recorded) as? [String: Any]
      whole["recorded"] = answer?["items"] ?? [Any]()
    }
    let bytes = try JSONSerialization.data(withJSONObject: whole, options: [.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: bytes, as: UTF8.self)
  }
}
