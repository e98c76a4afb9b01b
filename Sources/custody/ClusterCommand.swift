import ArgumentParser
import Central
import Custody
import Foundation
import Logging
import ServiceLifecycle
import Station
import StationStore
import TamperEvidence

struct ClusterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Runs two stations and a centre on PostgreSQL to try out, and cuts a station off from the centre.",
    discussion: """
      Examples:
        custody cluster --data cluster-data
        custody cluster cut DESK-2 --data cluster-data
        custody cluster join DESK-2 --data cluster-data
      """,
    subcommands: [ClusterRunCommand.self, ClusterCutCommand.self, ClusterJoinCommand.self],
    defaultSubcommand: ClusterRunCommand.self)
}

/// The two stations of a cluster.
enum ClusterStation: String, ExpressibleByArgument, CaseIterable {
  case one = "DESK-1"
  case two = "DESK-2"

  /// Its data folder.
  func folder(in data: String) -> String { data + "/" + rawValue.lowercased() }

  /// The file that is there while it is cut off.
  func cutFile(in data: String) -> String { data + "/" + rawValue.lowercased() + ".cut" }
}

struct ClusterRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs two stations and a centre on PostgreSQL (what `custody cluster` does).",
    discussion: """
      The first start makes a PostgreSQL server of its own in the folder, a centre on it, and two stations that are enrolled
      and know the same people and the same 40 assets. What you do stays in the folder. It listens on four ports from --port on:
      the two stations and the centre (a fourth, and a fifth, are the lines between them, which `cut` interrupts). PostgreSQL
      listens on a socket of its own alone. Started by root, it runs as the user postgres, who must be let into the folder.

      Examples:
        custody cluster
        custody cluster --port 9000 --data /var/tmp/cluster
      """)

  @Option(help: "Data folder.") var data = "cluster-data"
  @Option(help: "Address to listen on.") var host = "127.0.0.1"
  @Option(help: "Port of the first station; 0 for any free ones.") var port = 8080
  @Option(name: .customLong("log-level"), help: "trace, debug, info, notice, warning or error.") var logLevel = "error"

  func validate() throws {
    guard (0...65_530).contains(port) else { throw ValidationError("--port is 0 to 65530.") }
  }

  func run() async throws {
    let logger = try Running.logger(
      try await SettingFlags.parse(["--log-level", logLevel]).settings(), label: "custody.cluster")
    let folder = URL(fileURLWithPath: data).standardizedFileURL.path
    let ports = try await Ports(first: port, host: host)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let database = try await PrivatePostgres.start(in: folder)
    do {
      try await serve(folder, ports, database, logger)
    } catch {
      await database.stop()
      throw error
    }
    await database.stop()
  }

  private func serve(
    _ folder: String, _ ports: Ports, _ database: PrivatePostgres, _ logger: Logger
  ) async throws {
    let centre = try await CentralServer(
      CentralConfiguration(
        name: "Cluster demo", version: CustodyVersion.text, dataFolder: folder + "/centre", host: "127.0.0.1",
        port: ports.centre, database: CentralDatabase(address: database.address, password: nil)),
      logger: logger)
    var stores: [StationStore] = []
    do {
      for station in ClusterStation.allCases {
        guard let site = SiteCode("HQ"), let code = StationCode(station.rawValue) else {
          throw Ending(4, "\(station.rawValue) names no station.")
        }
        stores.append(
          try StationStore(
            folder: station.folder(in: folder), identity: StationIdentity(site: site, station: code),
            clock: DemoClock()))
      }
      _ = try await DemoCatalogue.load(into: stores[0])
      try await DemoCatalogue.share(from: stores[0], with: stores[1])
      var services: [any Service] = [centre]
      for (index, station) in ClusterStation.allCases.enumerated() {
        let line = ClusterLine(
          port: ports.lines[index], to: ports.centre, cutFile: station.cutFile(in: folder), logger: logger)
        var options = StationOptions(host: host, port: ports.stations[index], usb: false)
        options.centre = "http://127.0.0.1:\(line.port)"
        options.centreKey = centre.store.logKey
        options.centreToken = try await DemoCommand.enrol(
          stores[index], at: centre, folder: station.folder(in: folder), whole: folder)
        let application = try await StationApplication(
          store: stores[index], options: options, demo: DemoCatalogue.logins, logger: logger)
        services += [line] + application.services
      }
      let laptop = try await stores[0].read { try DemoCatalogue.laptopInStock($0) }
      Running.say(
        welcome(folder, ports, database, "\(centre.store.logKey)", laptop: laptop ?? "the tag of a laptop in stock"))
      try await Running.run(services, logger: logger)
    } catch {
      for store in stores { try store.close() }
      throw error
    }
    for store in stores { try store.close() }
  }

  /// Free ports, or those that follow one another.
  private struct Ports {
    let stations: [Int]
    let centre: Int
    let lines: [Int]

    init(first: Int, host: String) async throws {
      var all: [Int] = []
      for number in 0..<5 {
        let (listener, host) = number < 2 ? ("Station \(number + 1)", host) : ("The centre", "127.0.0.1")
        if first == 0 {
          all.append(try await ListeningAddress.freePort(for: listener, host: host, besides: all))
        } else {
          all.append(try await ListeningAddress(listener: listener, host: host, port: first + number).tried())
        }
      }
      (stations, centre, lines) = (Array(all[0..<2]), all[2], Array(all[3...]))
    }
  }

  private func welcome(
    _ folder: String, _ ports: Ports, _ database: PrivatePostgres, _ key: String, laptop: String
  ) -> String {
    let accounts = DemoCatalogue.logins.map { login in
      "  \(login.title.padding(toLength: 22, withPad: " ", startingAt: 0))"
        + "\(login.badge.padding(toLength: 14, withPad: " ", startingAt: 0)) \(login.pin)"
    }
    return """
      Desk 1    http://\(host):\(ports.stations[0])/   station HQ/DESK-1, data in \(folder)/desk-1
      Desk 2    http://\(host):\(ports.stations[1])/   station HQ/DESK-2, data in \(folder)/desk-2
      Centre    http://127.0.0.1:\(ports.centre)/   log under /log, data in \(folder)/centre
      Key       \(key)
      Database  \(database.address)

      Sign in at both desks with badge and PIN (a browser keeps one sign-in for both: use a private window for the second):
      \(accounts.joined(separator: "\n"))

      Try, in another terminal:
        custody cluster cut DESK-2 --data \(folder)
        deploy \(laptop) at desk 1 to one person, and at desk 2 to another: choose Deploy, type
          CUSTODY:BADGE:DEMO-LIAM (at the other CUSTODY:BADGE:DEMO-GRACE), then \(laptop)
        custody cluster join DESK-2 --data \(folder)
        look at Exceptions at both desks and at the centre, and settle it as DEMO-FATIMA, or:
        custody exceptions list --data \(folder)/desk-1
        custody exceptions settle 1 --keep HQ/DESK-2 --reason 'I saw it' --operator DEMO-FATIMA --data \(folder)/desk-1
        custody export dossier --asset \(laptop) --out dossier.zip --data \(folder)/desk-1
        custody-audit verify dossier.zip --key '\(key)'
        custody central check --data \(folder)/centre --database '\(database.address)'
      Stop with Ctrl-C.
      """
  }
}

struct ClusterCutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cut", abstract: "Cuts a station of the cluster off from the centre, until `join`.",
    discussion: """
      The station goes on; what it records is pending. It stays cut off when the cluster is started again.

      Example:
        custody cluster cut DESK-2 --data cluster-data
      """)

  @Argument(help: "DESK-1 or DESK-2.") var station: ClusterStation
  @Option(help: "Data folder of the cluster.") var data = "cluster-data"

  func run() async throws {
    try Self.requireCluster(data)
    guard FileManager.default.createFile(atPath: station.cutFile(in: data), contents: Data()) else {
      throw Ending(
        3, "\(station.cutFile(in: data)) cannot be written.", remedy: "Check the folder and its permissions.")
    }
    try Running.answer("\(station.rawValue) is cut off from the centre.")
  }

  static func requireCluster(_ data: String) throws {
    guard FileManager.default.fileExists(atPath: data + "/centre") else {
      throw Ending(3, "\(data) is no folder of a cluster.", remedy: "Start one: custody cluster --data \(data).")
    }
  }
}

struct ClusterJoinCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join", abstract: "Lets a station that was cut off reach the centre again.",
    discussion: """
      The station tries again by itself, and sends what is pending: at once, or after some seconds.

      Example:
        custody cluster join DESK-2 --data cluster-data
      """)

  @Argument(help: "DESK-1 or DESK-2.") var station: ClusterStation
  @Option(help: "Data folder of the cluster.") var data = "cluster-data"

  func run() async throws {
    try ClusterCutCommand.requireCluster(data)
    let file = station.cutFile(in: data)
    if FileManager.default.fileExists(atPath: file) { try FileManager.default.removeItem(atPath: file) }
    try Running.answer("\(station.rawValue) can reach the centre.")
  }
}
