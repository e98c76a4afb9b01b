import ArgumentParser
import AssetIdentifiers
import Configuration
import Custody
import Foundation
import HTTPServing
import ScannerProtocols
import Station
import StationStore
import StationSync
import SystemPackage
import TamperEvidence

/// One setting: its key in the file, the variable and the flag that override it, and what it is for. This table is what
/// `--help`, the documentation and the reading of settings all come from.
struct Setting: Sendable {
  let key: String
  let standard: String?
  let purpose: String
  var isSecret = false

  /// `CUSTODY_CENTRE_TOKEN` for `centre.token`.
  var variable: String { "CUSTODY_" + key.replacing(".", with: "_").uppercased() }
  /// `--centre-token` for `centre.token`.
  var flag: String { "--" + key.replacing(".", with: "-") }

  static let data = Setting(key: "data", standard: nil, purpose: "Folder of the station's or centre's data.")
  static let site = Setting(
    key: "site", standard: "MAIN", purpose: "Code of the site; fixed at the first start in a folder.")
  static let station = Setting(
    key: "station", standard: "DESK-1", purpose: "Code of the station; fixed at the first start in a folder.")
  static let host = Setting(key: "host", standard: "127.0.0.1", purpose: "Address to listen on.")
  static let port = Setting(key: "port", standard: "8080", purpose: "Port to listen on; 0 takes a free one.")
  static let centreURL = Setting(
    key: "centre.url", standard: nil, purpose: "Address of the centre, such as https://centre.example.com.")
  static let centreToken = Setting(
    key: "centre.token", standard: nil, purpose: "Token that `custody central enrol` gave.", isSecret: true)
  static let centreKey = Setting(
    key: "centre.key", standard: nil,
    purpose: "Key of the centre's log, as `custody central key` prints it; without, the first that it names is trusted."
  )
  static let centreCA = Setting(
    key: "centre.ca", standard: nil,
    purpose: "CA of the centre's certificate: a file in PEM, or its pin, as `custody central ca` prints it.")
  static let tls = Setting(
    key: "tls", standard: "false", purpose: "Whether to serve over TLS, with a CA of its own made at the first start.")
  static let tlsCertificate = Setting(
    key: "tls.certificate", standard: nil, purpose: "Certificate to serve over TLS with, and its chain; a file in PEM.")
  static let tlsKey = Setting(key: "tls.key", standard: nil, purpose: "The key of that certificate; a file in PEM.")
  static let tlsName = Setting(
    key: "tls.name", standard: nil, purpose: "Further names and addresses for the certificate of the own CA; a list.")
  static let proxy = Setting(
    key: "proxy", standard: "false", purpose: "Whether a TLS proxy stands before it, which sets X-Forwarded-For.")
  static let usb = Setting(key: "usb", standard: "true", purpose: "Whether USB scanners are looked for.")
  static let deviceListen = Setting(
    key: "device.listen", standard: "true",
    purpose: "Whether serial devices are listened to that nobody has adopted; nothing is sent to them.")
  static let deviceFolder = Setting(
    key: "device.folder", standard: nil, purpose: "Folder of device folders of your own, beside the shipped ones.")
  static let language = Setting(
    key: "language", standard: "en",
    purpose: "Language of the pages where the browser asks for none of theirs, such as de.")
  static let idleMinutes = Setting(
    key: "idle.minutes", standard: "15", purpose: "Minutes after which an idle person is signed out, 1 to 1440.")
  static let camera = Setting(
    key: "camera", standard: nil, purpose: "Live cameras, each NAME=SOURCE; a list, or the flag several times.",
    isSecret: true)
  static let reader = Setting(
    key: "reader", standard: nil, purpose: "RFID readers, each NAME=llrp://HOST; a list, or the flag several times.")
  static let zone = Setting(
    key: "zone", standard: nil, purpose: "Zones of antennas, each NAME=READER:1+READER:2; a list, or several times.")
  static let door = Setting(
    key: "door", standard: nil, purpose: "Doorways, each NAME=INSIDE/OUTSIDE of antennas; a list, or several times.")
  static let tagOnly = Setting(
    key: "tag.only", standard: nil,
    purpose: "RFID tags that count, by how their EPC begins: HEX, HEX/BITS or HEX&MASK; a list.")
  static let tagNever = Setting(
    key: "tag.never", standard: nil, purpose: "RFID tags that do not count, by how their EPC begins; a list.")
  static let tagGoneSeconds = Setting(
    key: "tag.gone.seconds", standard: "2", purpose: "Seconds of silence after which a tag is gone, 0.5 to 3600.")
  static let repeatSeconds = Setting(
    key: "repeat.seconds", standard: "2", purpose: "Seconds out of view before a code counts again, 0.1 to 3600.")
  static let watchFolder = Setting(
    key: "watch.folder", standard: nil, purpose: "Folder whose new pictures are read and scanned at the desk.")
  static let assetTagLetters = Setting(
    key: "asset.tag.letters", standard: "AT", purpose: "Letters before the hyphen of new asset tags: 2 to 4 capitals.")
  static let assetTagDigits = Setting(
    key: "asset.tag.digits", standard: "5", purpose: "Digits of new asset tags, 5 to 12.")
  static let assetTagCheckDigit = Setting(
    key: "asset.tag.check.digit", standard: "false", purpose: "Whether new asset tags end in a check digit.")
  static let labelURL = Setting(
    key: "label.url", standard: nil, purpose: "Where codes of new labels lead: URL/a/TAG. Without, they say the tag.")
  static let labelOnReceive = Setting(
    key: "label.on.receive", standard: nil, purpose: "Template of the label printed for what is received without tag.")
  static let organisationName = Setting(
    key: "organisation.name", standard: nil, purpose: "Organisation on papers and badges; the site's name without.")
  static let organisationAddress = Setting(
    key: "organisation.address", standard: nil,
    purpose: "Its address on papers, line by line, 4 at most; a list, or several times.")
  static let organisationContact = Setting(
    key: "organisation.contact", standard: nil, purpose: "Whom to ask about papers: telephone, mail or web.")
  static let companyPrefix = Setting(
    key: "gs1.prefix", standard: nil, purpose: "GS1 company prefix of the site, 6 to 12 digits, for EPCs of its keys.")
  static let sanitizeFormatCrypto = Setting(
    key: "sanitize.format.crypto", standard: nil,
    purpose: "Clause of the site's policy by which NVMe Format with SES=2 is a purge; else it is a clear.")
  static let logLevel = Setting(
    key: "log.level", standard: "notice", purpose: "trace, debug, info, notice, warning, error or critical.")
  static let readToken = Setting(
    key: "read.token", standard: nil, purpose: "Token or password for reading the centre's pages.", isSecret: true)
  static let logOrigin = Setting(
    key: "log.origin", standard: nil, purpose: "Origin of the centre's log, SITE/STATION; fixed at the first start.")
  static let name = Setting(key: "name", standard: "custody centre", purpose: "Name of the centre.")

  static let database = Setting(
    key: "database", standard: nil,
    purpose: "PostgreSQL database of the centre, postgresql://USER@HOST/DATABASE; else it keeps all in its folder.")
  static let databasePassword = Setting(
    key: "database.password", standard: nil, purpose: "Password for the centre's database; better not as a flag.",
    isSecret: true)

  static let blobsKeep = Setting(
    key: "blobs.keep", standard: nil,
    purpose: "Days after which the centre lets files of settled assets go, 1 to 36500.")
  static let blobsLimit = Setting(
    key: "blobs.limit", standard: "100", purpose: "GiB that all files at the centre may have together, 1 to 100000.")

  static let all: [Setting] = [
    data, site, station, host, port, centreURL, centreToken, centreKey, centreCA, tls, tlsCertificate, tlsKey,
    tlsName, proxy, usb, deviceFolder, deviceListen, language, idleMinutes,
    camera,
    repeatSeconds,
    watchFolder, reader, zone, door, tagOnly, tagNever, tagGoneSeconds, assetTagLetters, assetTagDigits,
    assetTagCheckDigit, labelURL, labelOnReceive, organisationName, organisationAddress, organisationContact,
    companyPrefix, sanitizeFormatCrypto, logLevel, readToken, name, logOrigin, database, databasePassword, blobsKeep,
    blobsLimit,
  ]

  /// The table as help shows it.
  static var help: String {
    let rows = all.map { setting in
      "  \(setting.key.padding(toLength: 16, withPad: " ", startingAt: 0)) "
        + "\(setting.variable.padding(toLength: 24, withPad: " ", startingAt: 0)) \(setting.purpose)"
        + (setting.standard.map { " (\($0))" } ?? "")
    }
    return """
      Settings come from flags, then the environment, then the file given with --config (YAML, keys under `custody:`):
      \(rows.joined(separator: "\n"))
      """
  }
}

/// Flags that every long-running command takes.
struct SettingFlags: ParsableArguments {
  @Option(help: "Settings file (YAML).") var config: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.data.purpose)) var data: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.site.purpose)) var site: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.station.purpose)) var station: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.host.purpose)) var host: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.port.purpose)) var port: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.centreURL.purpose)) var centreUrl: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.centreToken.purpose)) var centreToken: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.centreCA.purpose)) var centreCa: String?
  @Flag(help: ArgumentHelp(stringLiteral: Setting.tls.purpose)) var tls = false
  @Option(help: ArgumentHelp(stringLiteral: Setting.tlsCertificate.purpose)) var tlsCertificate: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.tlsKey.purpose)) var tlsKey: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.tlsName.purpose)) var tlsName: [String] = []
  @Flag(help: ArgumentHelp(stringLiteral: Setting.proxy.purpose)) var proxy = false
  @Option(help: ArgumentHelp(stringLiteral: Setting.usb.purpose)) var usb: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.deviceFolder.purpose)) var deviceFolder: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.deviceListen.purpose)) var deviceListen: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.language.purpose)) var language: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.idleMinutes.purpose)) var idleMinutes: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.camera.purpose)) var camera: [String] = []
  @Option(help: ArgumentHelp(stringLiteral: Setting.reader.purpose)) var reader: [String] = []
  @Option(help: ArgumentHelp(stringLiteral: Setting.zone.purpose)) var zone: [String] = []
  @Option(help: ArgumentHelp(stringLiteral: Setting.door.purpose)) var door: [String] = []
  @Option(help: ArgumentHelp(stringLiteral: Setting.tagOnly.purpose)) var tagOnly: [String] = []
  @Option(help: ArgumentHelp(stringLiteral: Setting.tagNever.purpose)) var tagNever: [String] = []
  @Option(help: ArgumentHelp(stringLiteral: Setting.tagGoneSeconds.purpose)) var tagGoneSeconds: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.repeatSeconds.purpose)) var repeatSeconds: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.watchFolder.purpose)) var watchFolder: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.assetTagLetters.purpose)) var assetTagLetters: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.assetTagDigits.purpose)) var assetTagDigits: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.assetTagCheckDigit.purpose)) var assetTagCheckDigit: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.labelURL.purpose)) var labelUrl: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.labelOnReceive.purpose)) var labelOnReceive: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.organisationName.purpose)) var organisationName: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.organisationAddress.purpose)) var organisationAddress: [String] = []
  @Option(help: ArgumentHelp(stringLiteral: Setting.organisationContact.purpose)) var organisationContact: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.companyPrefix.purpose)) var gs1Prefix: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.logLevel.purpose)) var logLevel: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.readToken.purpose)) var readToken: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.name.purpose)) var name: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.logOrigin.purpose)) var logOrigin: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.centreKey.purpose)) var centreKey: String?

  @Option(help: ArgumentHelp(stringLiteral: Setting.database.purpose)) var database: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.databasePassword.purpose)) var databasePassword: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.blobsKeep.purpose)) var blobsKeep: String?
  @Option(help: ArgumentHelp(stringLiteral: Setting.blobsLimit.purpose)) var blobsLimit: String?

  /// What was given on the command line.
  private var given: [(Setting, String?)] {
    [
      (.data, data), (.site, site), (.station, station), (.host, host), (.port, port), (.centreURL, centreUrl),
      (.centreToken, centreToken), (.centreCA, centreCa), (.tls, tls ? "true" : nil),
      (.tlsCertificate, tlsCertificate), (.tlsKey, tlsKey), (.proxy, proxy ? "true" : nil), (.usb, usb),
      (.deviceFolder, deviceFolder),
      (.deviceListen, deviceListen), (.language, language), (.idleMinutes, idleMinutes),
      (.repeatSeconds, repeatSeconds),
      (.tagGoneSeconds, tagGoneSeconds), (.watchFolder, watchFolder), (.logLevel, logLevel),
      (.assetTagLetters, assetTagLetters), (.assetTagDigits, assetTagDigits), (.assetTagCheckDigit, assetTagCheckDigit),
      (.labelURL, labelUrl), (.labelOnReceive, labelOnReceive), (.companyPrefix, gs1Prefix),
      (.organisationName, organisationName), (.organisationContact, organisationContact),
      (.readToken, readToken), (.name, name), (.logOrigin, logOrigin), (.centreKey, centreKey),
      (.database, database), (.databasePassword, databasePassword), (.blobsKeep, blobsKeep), (.blobsLimit, blobsLimit),
    ]
  }

  /// What was given on the command line several times.
  private var givenLists: [(Setting, [String])] {
    [
      (.camera, camera), (.reader, reader), (.zone, zone), (.door, door), (.tagOnly, tagOnly), (.tagNever, tagNever),
      (.organisationAddress, organisationAddress), (.tlsName, tlsName),
    ]
  }

  /// The settings in force: flags over environment over file.
  func settings() async throws -> Settings {
    var values: [AbsoluteConfigKey: ConfigValue] = [:]
    for case (let setting, let value?) in given {
      values[AbsoluteConfigKey(["custody"] + setting.key.split(separator: ".").map(String.init))] = ConfigValue(
        .string(value), isSecret: setting.isSecret)
    }
    for (setting, list) in givenLists where !list.isEmpty {
      values[AbsoluteConfigKey(["custody"] + setting.key.split(separator: ".").map(String.init))] = ConfigValue(
        .stringArray(list), isSecret: setting.isSecret)
    }
    var providers: [any ConfigProvider] = [
      InMemoryProvider(name: "command line", values: values), EnvironmentVariablesProvider(),
    ]
    if let config {
      do {
        providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(config)))
      } catch {
        throw Ending(3, "The settings file \(config) cannot be read: \(error)", remedy: "Check its path and its YAML.")
      }
    }
    return Settings(reader: ConfigReader(providers: providers).scoped(to: "custody"))
  }
}

/// The settings in force.
struct Settings: Sendable {
  let reader: ConfigReader

  /// A setting's value, or its standard; nil when it has neither.
  func text(_ setting: Setting) -> String? {
    let value = reader.string(forKey: ConfigKey(setting.key), isSecret: setting.isSecret)
    return value.flatMap { $0.isEmpty ? nil : $0 } ?? setting.standard
  }

  /// A setting's value only where somebody set it.
  func given(_ setting: Setting) -> String? {
    reader.string(forKey: ConfigKey(setting.key), isSecret: setting.isSecret).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A number within bounds.
  func number(_ setting: Setting, in bounds: ClosedRange<Int>) throws -> Int {
    let text = text(setting) ?? ""
    guard let number = Int(text), bounds.contains(number) else {
      throw malformed(setting, text, "a number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return number
  }

  /// Yes or no.
  func flag(_ setting: Setting) throws -> Bool {
    switch text(setting)?.lowercased() {
    case "true", "yes", "on", "1": return true
    case "false", "no", "off", "0": return false
    case let other: throw malformed(setting, other ?? "", "true or false")
    }
  }

  /// Which station, where somebody said so.
  func identity() throws -> StationIdentity? {
    guard given(.site) != nil || given(.station) != nil else { return nil }
    return try standardIdentity()
  }

  /// Which station, as a new folder gets it.
  func standardIdentity() throws -> StationIdentity {
    let site = text(.site) ?? ""
    let station = text(.station) ?? ""
    guard let siteCode = SiteCode(site) else { throw malformed(.site, site, "1 to 64 letters, digits and -_./") }
    guard let code = StationCode(station) else {
      throw malformed(.station, station, "1 to 64 letters, digits and -_./")
    }
    return StationIdentity(site: siteCode, station: code)
  }

  /// The values of a setting that may have several. A single one may stand without a list.
  private func list(_ setting: Setting) -> [String] {
    let key = ConfigKey(setting.key)
    let texts =
      reader.stringArray(forKey: key, isSecret: setting.isSecret)
      ?? reader.string(forKey: key, isSecret: setting.isSecret).map { [$0] } ?? []
    return texts.filter { !$0.isEmpty }
  }

  /// The RFID readers on the network, by names that differ.
  func readers() throws -> [ReaderSetting] {
    var readers: [ReaderSetting] = []
    for text in list(.reader) {
      let reader: ReaderSetting
      do {
        reader = try ReaderSetting(text)
      } catch {
        throw Ending(
          2, "reader: \(error)",
          remedy: "Set it by \(Setting.reader.flag) NAME=llrp://HOST or \(Setting.reader.variable).")
      }
      guard !readers.contains(where: { $0.name == reader.name }) else {
        throw Ending(2, "reader: two readers are named \(reader.name).", remedy: "Give each a name of its own.")
      }
      readers.append(reader)
    }
    return readers
  }

  /// Which tags count, and where antennas stand.
  private func tags() throws -> TagField.Configuration {
    do {
      return try TagField.Configuration(
        zones: list(.zone), doors: list(.door), only: list(.tagOnly), never: list(.tagNever),
        goneAfter: try tagGone())
    } catch let error as TagSettingError {
      throw Ending(
        2, "\(error)",
        remedy:
          "Look at the settings \(Setting.zone.key), \(Setting.door.key), \(Setting.tagOnly.key) and \(Setting.tagNever.key)."
      )
    }
  }

  /// The silence after which a tag is gone.
  func tagGone() throws -> Duration { try seconds(.tagGoneSeconds, in: 0.5...3600) }

  /// The live cameras, by names that differ.
  func cameras() throws -> [CameraSetting] {
    var cameras: [CameraSetting] = []
    for text in list(.camera) {
      let camera: CameraSetting
      do {
        camera = try CameraSetting(text)
      } catch {
        throw Ending(
          2, "camera: \(error)", remedy: "Set it by \(Setting.camera.flag) NAME=SOURCE or \(Setting.camera.variable).")
      }
      guard !cameras.contains(where: { $0.name == camera.name }) else {
        throw Ending(2, "camera: two cameras are named \(camera.name).", remedy: "Give each a name of its own.")
      }
      cameras.append(camera)
    }
    return cameras
  }

  private func seconds(_ setting: Setting, in bounds: ClosedRange<Double>) throws -> Duration {
    let text = text(setting) ?? ""
    guard let seconds = Double(text), bounds.contains(seconds) else {
      throw malformed(setting, text, "a number from \(bounds.lowerBound) to \(Int(bounds.upperBound))")
    }
    return .seconds(seconds)
  }

  /// How the station is to run.
  func stationOptions() throws -> StationOptions {
    var options = StationOptions(
      host: text(.host) ?? "127.0.0.1", port: try number(.port, in: 0...65_535), centre: text(.centreURL),
      centreToken: text(.centreToken), usb: try flag(.usb), idleMinutes: try number(.idleMinutes, in: 1...1440))
    if let centre = options.centre, !StationOptions.isAddressOfCentre(centre) {
      throw malformed(.centreURL, centre, "an address such as https://centre.example.com")
    }
    options.tls = try tlsSource(dataFolder: dataFolder(standard: ""))
    options.isBehindProxy = try flag(.proxy)
    options.centreTrust = try centreTrust()
    if let key = text(.centreKey) {
      do {
        options.centreKey = try VerifierKey(key)
      } catch {
        throw malformed(.centreKey, key, "a verifier key, as `custody central key` prints it: \(error)")
      }
    }
    options.cameras = try cameras()
    options.repeatAfter = try seconds(.repeatSeconds, in: 0.1...3600)
    options.readers = try readers()
    options.tags = try tags()
    options.tagSeries = try tagSeries()
    try setLabels(&options)
    options.formatCryptoPurgeBasis = text(.sanitizeFormatCrypto)
    options.language = text(.language) ?? options.language
    options.listens = try flag(.deviceListen)
    options.deviceFolder = text(.deviceFolder).map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    options.watchFolder = text(.watchFolder).map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    return options
  }

  /// By what the centre's certificate is known.
  func centreTrust() throws -> CentreTrust {
    guard let text = text(.centreCA) else { return .system }
    do {
      return try CentreTrust(text)
    } catch {
      throw Ending(2, "\(Setting.centreCA.key): \(error)", remedy: error.remedy)
    }
  }

  /// How to serve over TLS; nil in the clear.
  func tlsSource(dataFolder folder: String) throws -> ServerTLS.Source? {
    switch (text(.tlsCertificate), text(.tlsKey)) {
    case (let certificate?, let key?): return .given(certificate: certificate, key: key)
    case (nil, nil):
      let names = list(.tlsName)
      return names.isEmpty ? try flag(.tls) ? .own(folder: folder, names: []) : nil : .own(folder: folder, names: names)
    default:
      throw Ending(
        2, "Certificate and key go together: one of tls.certificate and tls.key is missing.",
        remedy: "Give both, or --tls for a CA of its own.")
    }
  }

  private func setLabels(_ options: inout StationOptions) throws {
    if let base = text(.labelURL) {
      guard StationOptions.isAddressOfCentre(base), base.utf8.count <= 80 else {
        throw malformed(.labelURL, base, "an address such as https://assets.example.com, of at most 80 characters")
      }
      options.labelURL = base.hasSuffix("/") ? String(base.dropLast()) : base
    }
    options.labelOnReceive = text(.labelOnReceive)
    options.organisation = try organisation()
    if let prefix = text(.companyPrefix) {
      guard (6...12).contains(prefix.utf8.count), prefix.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
        throw malformed(.companyPrefix, prefix, "6 to 12 digits")
      }
      options.companyPrefix = prefix
    }
  }

  /// Who hands out papers.
  private func organisation() throws -> Organisation {
    let organisation = Organisation(
      name: text(.organisationName), address: list(.organisationAddress), contact: text(.organisationContact))
    let texts =
      [(Setting.organisationName, organisation.name), (.organisationContact, organisation.contact)]
      + organisation.address.map { (.organisationAddress, $0) }
    for case (let setting, let text?) in texts {
      guard text.count <= Organisation.longestText, !text.contains(where: \.isNewline) else {
        throw malformed(setting, text, "one line of at most \(Organisation.longestText) characters")
      }
    }
    guard organisation.address.count <= Organisation.mostAddressLines else {
      throw malformed(
        .organisationAddress, organisation.address.joined(separator: ", "),
        "at most \(Organisation.mostAddressLines) lines")
    }
    return organisation
  }

  /// How new asset tags are numbered.
  private func tagSeries() throws -> TagSeries {
    let letters = text(.assetTagLetters) ?? ""
    let series = TagSeries(
      letters: letters, digits: try number(.assetTagDigits, in: 5...12), hasCheckDigit: try flag(.assetTagCheckDigit))
    guard let series else { throw malformed(.assetTagLetters, letters, "2 to 4 capital letters") }
    return series
  }

  /// Where the desk listens.
  func deskAddress() throws -> ListeningAddress {
    ListeningAddress(
      listener: "The desk", host: text(.host) ?? "127.0.0.1", port: try number(.port, in: 0...65_535))
  }

  /// The data folder, made absolute.
  func dataFolder(standard: String) -> String {
    URL(fileURLWithPath: text(.data) ?? standard).standardizedFileURL.path
  }

  private func malformed(_ setting: Setting, _ value: String, _ wanted: String) -> Ending {
    Ending(
      2, "\(setting.key) is '\(value)'; it must be \(wanted).",
      remedy: "Set it by \(setting.flag) or \(setting.variable).")
  }
}
