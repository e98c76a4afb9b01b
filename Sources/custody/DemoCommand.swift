import ArgumentParser
import Central
import Foundation
import Station
import StationStore

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Runs a station with an embedded centre and a small catalogue to try it all on.",
    discussion: """
      The first start makes 2 sites, 5 locations, 6 people, 40 assets with real histories and one purchase order; what
      you do stays in the folder. The centre listens one port above the station.

      Examples:
        custody demo
        custody demo --port 9000 --data /tmp/try

      \(Setting.help)
      """)

  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    let logger = try Running.logger(settings, label: "custody.demo")
    let folder = settings.dataFolder(standard: "demo-data")
    var options = try settings.stationOptions()
    // Without a read token the centre stays on loopback, even where the desk is opened to the network.
    let centreHost = settings.text(.readToken) == nil ? "127.0.0.1" : options.host
    if case .own(_, let names)? = options.tls { options.tls = .own(folder: folder + "/station", names: names) }
    guard options.port < 65_535 else {
      throw Ending(2, "Above port 65535 there is none for the centre.", remedy: "Choose a lower port with --port.")
    }
    try await settings.deskAddress().tried()
    let centrePort =
      options.port == 0
      ? try await ListeningAddress.freePort(for: "The centre", host: centreHost)
      : try await ListeningAddress(listener: "The centre", host: centreHost, port: options.port + 1).tried()
    let centre = try await CentralServer(
      CentralConfiguration(
        name: "Demo centre", version: CustodyVersion.text, dataFolder: folder + "/centre", host: centreHost,
        port: centrePort, readToken: settings.text(.readToken)),
      logger: logger)
    let store = try StationStore(
      folder: folder + "/station", identity: try settings.standardIdentity(), clock: DemoClock())
    _ = try await DemoCatalogue.load(into: store)
    options.centreKey = centre.store.logKey
    options.centre = "http://\(centreHost):\(centrePort)"
    options.centreToken = try await Self.enrol(store, at: centre, folder: folder + "/station", whole: folder)
    let printer = try DemoPrinter(folder: folder + "/printed", logger: logger)
    options.printer = StationOptions.Printer(
      name: DemoPrinter.name, address: try await printer.start(), profile: DemoPrinter.profile,
      labels: DemoPrinter.labels)
    let host = options.host
    let scheme = options.tls == nil ? "http" : "https"
    Running.warnOfClearText(on: host, isSecure: options.isSecure)
    let application = try await StationApplication(
      store: store, options: options, demo: DemoCatalogue.logins, logger: logger,
      onListening: { port in
        Running.say(
          Self.welcome(
            scheme: scheme, host: host, port: port, centrePort: centrePort, key: "\(store.verifierKey)",
            printed: printer.folder))
      })
    try await Running.run([centre] + application.services, logger: logger)
    try await printer.stop()
    try store.close()
  }

  /// Enrols the station at the first start, as the centre's owner and the station's would. A folder of an older program has a
  /// token instead, which is given back.
  /// `whole` is the folder of the whole demo.
  static func enrol(
    _ store: StationStore, at centre: CentralServer, folder: String, whole: String
  ) async throws -> String? {
    let file = folder + "/centre.token"
    if FileManager.default.fileExists(atPath: file) {
      return try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    }
    if try await store.read({ try $0.enrolment() }) != nil { return nil }
    do {
      try await centre.enrol(store)
      return nil
    } catch let refusal as CentralRefusal {
      throw Ending(1, refusal.detail, remedy: "Remove the folder \(whole) and start the demo anew.")
    }
  }

  private static func welcome(
    scheme: String, host: String, port: Int, centrePort: Int, key: String, printed: String
  ) -> String {
    let accounts = DemoCatalogue.logins.map { login in
      "  \(login.title.padding(toLength: 22, withPad: " ", startingAt: 0))"
        + "\(login.badge.padding(toLength: 14, withPad: " ", startingAt: 0)) \(login.pin)"
    }
    return """
      Desk    \(scheme)://\(host):\(port)/
      Centre  http://\(host):\(centrePort)/
      Key     \(key)
      Printer \(DemoPrinter.name): what it prints lies in \(printed)/, as ZPL and as a picture

      Sign in at the desk with badge and PIN:
      \(accounts.joined(separator: "\n"))

      Then choose Receive, set the location, and drop demo/serial-CNK8181G2C.webp or demo/label-AT-00042.png on the page.
      Stop with Ctrl-C.
      """
  }
}
