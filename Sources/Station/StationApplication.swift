import BarcodeVision
import Custody
import Foundation
import HTTPServing
import Hummingbird
import Logging
import ServiceLifecycle
import StationStore
import StationSync
import USBScanning

/// A station, put together: the store and the services around it. Run it in a `ServiceGroup`.
public struct StationApplication: Sendable {
  /// The services, in the order in which they start.
  public let services: [any Service]
  let core: StationCore

  /// Puts a station together around a store that is open. Throws when what ships with it is not there, or the centre's
  /// address is none.
  public init(
    store: StationStore, options: StationOptions, demo: [DemoCatalogue.Login]? = nil, logger: Logger,
    onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) async throws {
    let accounts = demo.map { accounts in
      DemoAccounts(
        people: accounts.map { DemoPerson(name: $0.name, role: $0.title, badge: $0.badge, pin: $0.pin) })
    }
    var placed = options
    placed.centre = try await store.centreAddress(set: options.centre)
    let options = placed
    core = try await StationCore(store: store, options: options, demo: accounts, logger: logger)
    if let printer = options.printer {
      _ = try await core.setPrinter(
        printer.name, PrinterSetting(address: printer.address, profile: printer.profile, labels: printer.labels),
        by: .folderOwner)
    }
    let router = try await Self.router(core)
    let live = core.live
    let tls = try options.tls.map { try ServerTLS($0, host: options.host, logger: logger) }
    if let pem = try tls?.authority?.pem {
      // For a phone or a browser that is to trust the desk.
      router.get("/ca.crt") { _, _ in
        Response(
          status: .ok, headers: [.contentType: "application/x-x509-ca-cert"],
          body: ResponseBody(byteBuffer: ByteBuffer(string: pem)))
      }
    }
    var services: [any Service] = [
      Application(
        router: router, server: HTTPServing(tls: tls).builder,
        configuration: .init(
          address: .hostname(options.host, port: options.port), serverName: nil, reuseAddress: true),
        onServerRunning: { channel in await onListening(channel.localAddress?.port ?? options.port) }, logger: logger),
      Application(
        router: Self.localRouter(core),
        configuration: .init(address: .unixDomainSocket(path: store.folder.socket)),
        // Who may open it may import and export: the owner of the folder, and nobody else.
        onServerRunning: { _ in Self.own(store.folder.socket, logger) }, logger: logger),
      EndingStreams(live: [live, core.tagsLive, core.signInLive], cameras: core.cameras), TagService(core: core),
      PrintService(core: core), WebhookService(core: core), SearchIndexService(core: core),
    ]
    if let tls { services.append(tls) }
    if let scanners = core.devices.scanners { services.append(ScannerService(core: core, scanners: scanners)) }
    let core = core
    services += core.cameras.map { CameraService(core: core, camera: $0) }
    services += core.readers.map { ReaderService(core: core, reader: $0) }
    if let folder = options.watchFolder {
      services.append(WatchedFolderService(core: core, folder: try WatchedFolder(folder)))
    }
    if let client = try await store.centralClient(
      at: options.centre, token: options.centreToken, trusting: options.centreTrust)
    {
      services.append(SyncService(core: core, client: client))
    }
    self.services = services
  }

  /// Leaves a file to its owner alone. The folder, which is the owner's alone too, guards it until then.
  private static func own(_ path: String, _ logger: Logger) {
    // A station that stops as it starts has taken its socket away again.
    guard chmod(path, 0o600) != 0, errno != ENOENT else { return }
    logger.error("the socket cannot be kept to its owner", metadata: ["path": "\(path)", "errno": "\(errno)"])
  }

  /// The routes of the API and the pages, as they are served.
  static func router(_ core: StationCore) async throws -> Router<StationContext> {
    let router = Router(context: StationContext.self)
    let languages = try PageLanguages(dataFolder: core.store.folder.path, standard: core.options.language)
    let pages = DeskPages(core: core, renderer: try await PageRenderer(), languages: languages)
    var isStrict = false
    if case .given? = core.options.tls { isStrict = true }
    router.add(middleware: SecurityHeadersMiddleware(isStrictTransport: isStrict))
    router.add(middleware: LanguageMiddleware(languages: languages))
    router.add(middleware: SignInMiddleware(core: core))
    router.add(middleware: ProblemMiddleware(pages: pages, logger: core.logger))
    router.add(middleware: PlainPathMiddleware())
    router.add(middleware: CrossSiteMiddleware())
    router.add(middleware: OperatorMiddleware())
    router.add(middleware: RateLimitMiddleware(core: core))
    router.add(middleware: ReadRecordMiddleware(core: core))
    API(core: core).add(to: router)
    pages.add(to: router)
    return router
  }
}

/// Ends the live streams at shutdown, so that no open page holds the station back.
private struct EndingStreams: Service {
  let live: [LiveStream]
  let cameras: [StationCamera]

  func run() async throws {
    try await gracefulShutdown()
    for stream in live { stream.finish() }
    for camera in cameras { camera.finish() }
  }
}
