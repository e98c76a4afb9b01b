import CentralStore
import CentralStorePostgres
import CentralStoreSQLite
import Custody
import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import TamperEvidence

/// The centre: takes what stations push, gives out what they pull, and shows managers and auditors what it holds.
///
/// A service: `run()` ends after a graceful shutdown, once everything acknowledged is on disk and the folder is let go.
public struct CentralServer: Service {
  public let configuration: CentralConfiguration
  /// What it holds.
  public let store: any CentralStore
  private let logger: Logger
  private let now: @Sendable () -> Instant
  private let onRunning: @Sendable (_ port: Int) async -> Void

  /// Opens the store in the configured database or folder. Throws ``CentralConfigurationError`` for a configuration that
  /// would be unsafe, and ``CentralFault`` when database or folder cannot be used.
  ///
  /// - Parameter onRunning: called once it listens, with the port that it really has.
  public init(
    _ configuration: CentralConfiguration, logger: Logger = Logger(label: "custody.central"),
    onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) async throws {
    try configuration.validate()
    try self.init(
      configuration, store: try await Self.openStore(configuration), logger: logger, now: Self.systemTime,
      onRunning: onRunning)
  }

  private static func openStore(_ configuration: CentralConfiguration) async throws -> any CentralStore {
    let author: @Sendable (Bool) throws -> LogAuthor = { isNeeded in
      try LogKeyFile.author(in: configuration.dataFolder, origin: configuration.logOrigin, isNeeded: isNeeded)
    }
    let place = try LogPlace(configuration.dataFolder)
    guard let database = configuration.database else {
      try place.requireFolder()
      return try SQLiteCentralStore(folder: configuration.dataFolder, author: author)
    }
    try place.requireDatabase()
    let address = try PostgresAddress(database.address, password: database.password)
    let store = try await PostgresCentralStore(address, author: author)
    try place.note(database: "\(address)")
    return store
  }

  init(
    _ configuration: CentralConfiguration, store: any CentralStore, logger: Logger,
    now: @escaping @Sendable () -> Instant, onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) throws {
    try configuration.validate()
    self.configuration = configuration
    self.store = store
    self.logger = logger
    self.now = now
    self.onRunning = onRunning
  }

  /// Lets the holder of a verifier key push. The token is in the answer and nowhere else.
  public func enrol(verifierKey: VerifierKey) async throws -> Enrolment {
    try await store.enrol(verifierKey, at: now())
  }

  /// Serves until a graceful shutdown, then closes the store.
  public func run() async throws {
    do {
      let web = try await application()
      var services: [any Service] = [web]
      if configuration.database == nil {
        services.append(
          try ControlSocket(folder: configuration.dataFolder, server: self).application(logger: logger))
      }
      try await ServiceGroup(services: services, logger: logger).run()
    } catch {
      try await store.close()
      throw error
    }
    try await store.close()
  }

  /// Makes dossiers of what it holds.
  var dossiers: CentralDossier { CentralDossier(store: store, now: now) }

  /// The HTTP application over the store.
  func application() async throws -> some ApplicationProtocol {
    let access = ReadAccess(readToken: configuration.readToken, now: now)
    let pages = try Pages(centre: configuration.name, showsSignOut: access.needsSignIn)
    let signal = LogSignal(head: try await store.headIndex())
    let router = Router(context: BasicRequestContext.self)
    router.add(middleware: AnswerMiddleware(pages: pages))
    SyncRoutes(configuration: configuration, store: store, signal: signal, now: now).add(to: router)
    APIRoutes(configuration: configuration, store: store, access: access, dossiers: dossiers).add(to: router)
    LogRoutes(store: store, access: access).add(to: router)
    PageRoutes(configuration: configuration, store: store, access: access, pages: pages).add(to: router)
    return Application(
      router: router,
      configuration: ApplicationConfiguration(address: .hostname(configuration.host, port: configuration.port)),
      services: store.heads().map { [HeadFollower(heads: $0, signal: signal)] } ?? [],
      onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? configuration.port) },
      logger: logger)
  }

  private static let systemTime: @Sendable () -> Instant = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
