import ArgumentParser
import Central
import Foundation

struct CentralCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "central",
    abstract: "Runs the centre that stations sync to, and enrols stations.",
    discussion: """
      Examples:
        custody central --data /var/lib/custody-centre
        CUSTODY_READ_TOKEN=… custody central --data /var/lib/custody-centre --host 0.0.0.0 --port 8470
        CUSTODY_DATABASE_PASSWORD=… custody central --data /var/lib/custody-centre --database postgresql://custody@db/custody
        custody central enrol 'HQ/DESK-1+6a2a1cca+Adi2…' --data /var/lib/custody-centre
        custody central --data /var/lib/custody-centre --host 0.0.0.0 --tls --read-token …
        custody central ca --data /var/lib/custody-centre > centre-ca.pem
        custody central code --station HQ/DESK-1 --data /var/lib/custody-centre
        custody central revoke HQ/DESK-1 --last-good 1204 --data /var/lib/custody-centre
        custody central key --data /var/lib/custody-centre > centre.vkey
        custody central export-log exported-log --data /var/lib/custody-centre
        custody central check --data /var/lib/custody-centre

      Without a read token the centre listens on loopback only, and its pages are open there.

      \(Setting.help)
      """,
    subcommands: [
      CentralRunCommand.self, CentralCodeCommand.self, CentralEnrolCommand.self, CentralRevokeCommand.self,
      CentralKeyCommand.self, CentralExportLogCommand.self, CentralRebuildCommand.self, CentralSnapshotCommand.self,
      CentralImportCommand.self,
      CentralRemoveCommand.self, CentralCheckCommand.self, CentralCACommand.self, CentralPeopleCommand.self,
    ], defaultSubcommand: CentralRunCommand.self)
}

struct CentralRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs the centre (what `custody central` does).",
    discussion: """
      Without a read token the centre listens on loopback only, and its pages are open there.

      With --database everything but the log's key (log.key in the data folder) stands in PostgreSQL, and several centres may
      run on it: give each the same log.key. The password comes from CUSTODY_DATABASE_PASSWORD, the settings file or libpq's
      own password file, never from the address.

      Examples:
        custody central --data /var/lib/custody-centre
        CUSTODY_READ_TOKEN=… custody central --data /var/lib/custody-centre --host 0.0.0.0 --port 8470
        CUSTODY_DATABASE_PASSWORD=… custody central --data /var/lib/custody-centre --database postgresql://custody@db/custody

      \(Setting.help)
      """)

  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    let logger = try Running.logger(settings, label: "custody.central")
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say where the centre keeps its log: --data FOLDER.")
    }
    let host = settings.text(.host) ?? "127.0.0.1"
    let port = settings.given(.port) == nil ? 8470 : try settings.number(.port, in: 0...65_535)
    try await ListeningAddress(listener: "The centre", host: host, port: port).tried()
    let folder = settings.dataFolder(standard: "")
    let isNew = !CentralControl.isBegun(dataFolder: folder, database: settings.centralDatabase())
    var configuration = CentralConfiguration(
      name: settings.text(.name) ?? "custody centre", version: CustodyVersion.text,
      dataFolder: folder, host: host, port: port, readToken: settings.text(.readToken),
      logOrigin: settings.text(.logOrigin), database: settings.centralDatabase())
    if settings.given(.blobsKeep) != nil { configuration.blobsKeep = try settings.number(.blobsKeep, in: 1...36_500) }
    configuration.blobsLimit = Int64(try settings.number(.blobsLimit, in: 1...100_000)) << 30
    configuration.tls = try settings.tlsSource(dataFolder: folder)
    configuration.isBehindProxy = try settings.flag(.proxy)
    let scheme = configuration.tls == nil ? "http" : "https"
    Running.warnOfClearText(on: host, isSecure: configuration.tls != nil || configuration.isBehindProxy)
    let centre = try await CentralServer(
      configuration, logger: logger,
      onRunning: { port in Running.say("Centre listens on \(scheme)://\(host):\(port)/") })
    if isNew { FileHandle.standardError.tell("New centre made in \(folder).\n") }
    try await Running.run([centre], logger: logger)
  }
}

struct CentralEnrolCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enrol",
    abstract: "Lets a station push by a long-lived token, which this prints. Better: custody central code.",
    discussion: """
      For stations of older programs. A station that is enrolled by a code signs each request instead.
      The station prints its verifier key when it starts. The token is shown once.

      Examples:
        custody central enrol 'HQ/DESK-1+6a2a1cca+Adi2…' --data /var/lib/custody-centre
        CUSTODY_CENTRE_URL=http://centre:8470 CUSTODY_CENTRE_TOKEN=TOKEN custody station --data /var/lib/custody
      """)

  @Argument(help: "The station's verifier key.") var verifierKey: String
  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say where the centre keeps its log: --data FOLDER.")
    }
    let folder = settings.dataFolder(standard: "")
    let isNew = !CentralControl.isBegun(dataFolder: folder, database: settings.centralDatabase())
    let answer = try await CentralControl.enrol(
      verifierKey: verifierKey, dataFolder: folder, database: settings.centralDatabase())
    // A folder that is mistyped must not pass for the one that was meant.
    if isNew, CentralControl.isBegun(dataFolder: folder, database: settings.centralDatabase()) {
      FileHandle.standardError.tell("New centre made in \(folder).\n")
    }
    switch answer {
    case .enrolled(let station, let token):
      FileHandle.standardError.tell(
        """
        \(station) may push. Give it the key of this centre's log as CUSTODY_CENTRE_KEY:
        \(try CentralControl.logKey(dataFolder: folder))
        Its token, shown once:

        """)
      try Running.answer(token)
    case .refused(let refusal):
      throw Ending(1, refusal.sentence, remedy: refusal.remedy)
    }
  }
}

struct CentralKeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: "Prints the key that the centre's log is verified by.",
    discussion: """
      Whoever verifies a dossier or the log needs this key, from somebody they trust.

      Examples:
        custody central key --data /var/lib/custody-centre > centre.vkey
        custody-audit verify http://127.0.0.1:8470/log --key @centre.vkey
      """)

  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say where the centre keeps its log: --data FOLDER.")
    }
    try Running.answer(try CentralControl.logKey(dataFolder: settings.dataFolder(standard: "")))
  }
}

struct CentralExportLogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export-log",
    abstract: "Writes the centre's log as plain files (C2SP tlog-tiles), for auditors and any web server.",
    discussion: """
      Works while the centre runs. Into the same folder again it writes only what is new.

      Examples:
        custody central export-log exported-log --data /var/lib/custody-centre
        custody-audit verify exported-log --key @centre.vkey
      """)

  @Argument(help: "The folder to write into; made when it is not there.") var folder: String
  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say where the centre keeps its log: --data FOLDER.")
    }
    let head = try await CentralControl.exportLog(
      dataFolder: settings.dataFolder(standard: ""), database: settings.centralDatabase(), to: folder)
    FileHandle.standardError.tell("\(head.size) entries, root \(head.root), in \(folder).\n")
  }
}

extension Settings {
  /// The database that the centre is to use; nil for one in its folder.
  func centralDatabase() -> CentralDatabase? {
    text(.database).map { CentralDatabase(address: $0, password: text(.databasePassword)) }
  }
}
