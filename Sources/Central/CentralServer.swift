import CentralStore
import CentralStorePostgres
import CentralStoreSQLite
import Custody
import Foundation
import HTTPServing
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
  /// What new stations begin with.
  let snapshots: SnapshotShelf
  private let logger: Logger
  let now: @Sendable () -> Instant
  private let onRunning: @Sendable (_ port: Int) async -> Void

  /// Opens the store in the configured database or folder. Throws ``CentralConfigurationError`` for a configuration that
  /// would be unsafe, and ``CentralFault`` when database or folder cannot be used.
  ///
  /// - Parameter onRunning: called once it listens, with the port that it really has.
  public init(
    _ configuration: CentralConfiguration, logger: Logger = Logger(label: "custody.central"),
    onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) async throws {
    try configuration.validate(isReadOnlyBySignIn: true)
    let store = try await Self.openStore(configuration)
    do {
      // People who sign in close it as a read token does.
      let hasPeople = try await !store.centralPeople().isEmpty
      try self.init(
        configuration, store: store, isReadOnlyBySignIn: hasPeople, logger: logger, now: Self.systemTime,
        onRunning: onRunning)
    } catch {
      try await store.close()
      throw error
    }
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
    _ configuration: CentralConfiguration, store: any CentralStore, isReadOnlyBySignIn: Bool = false, logger: Logger,
    now: @escaping @Sendable () -> Instant, onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) throws {
    try configuration.validate(isReadOnlyBySignIn: isReadOnlyBySignIn)
    self.configuration = configuration
    self.store = store
    snapshots = try SnapshotShelf(folder: configuration.dataFolder, store: store)
    self.logger = logger
    self.now = now
    self.onRunning = onRunning
  }

  /// Lets the holder of a verifier key push. The token is in the answer and nowhere else.
  public func enrol(verifierKey: VerifierKey) async throws -> Enrolment {
    try await store.enrol(verifierKey, at: now())
  }

  /// Lets in a station of this very process, by a code that nobody sees. Gives back the first epoch that its key signs. Throws
  /// ``CentralRefusal``.
  public func enrol(_ key: VerifierKey, requestKey: VerifierKey) async throws -> Int {
    let (code, _, refusal) = try await store.issueCode(for: key.name, at: now())
    if let refusal { throw CentralRefusal(refusal) }
    switch try await store.enrol(
      key, requestKey: requestKey, code: TokenDigest(of: code.presented), at: now())
    {
    case .enrolled(_, let epoch): return epoch
    case .refused(let refusal): throw CentralRefusal(refusal)
    }
  }

  /// Serves until a graceful shutdown, then closes the store.
  public func run() async throws {
    do {
      let tls = try configuration.tls.map { try ServerTLS($0, host: configuration.host, logger: logger) }
      let web = try await application(serving: HTTPServing(tls: tls))
      var services: [any Service] = [
        web,
        SnapshotService(shelf: snapshots, store: store, growth: configuration.snapshotGrowth, logger: logger),
      ]
      if let tls { services.append(tls) }
      if let days = configuration.blobsKeep {
        services.append(BlobRetention(store: store, days: days, now: now, logger: logger))
      }
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

  /// Lets stations in.
  var stationAccess: StationAccess { StationAccess(store: store, now: now) }

  /// Makes dossiers of what it holds.
  var dossiers: CentralDossier { CentralDossier(store: store, now: now) }

  /// The same as EPCIS documents.
  var epcis: CentralEPCIS { CentralEPCIS(store: store, now: now) }

  /// The HTTP application over the store.
  func application(serving: HTTPServing = HTTPServing()) async throws -> some ApplicationProtocol {
    let access = ReadAccess(
      readToken: configuration.readToken, isSecure: configuration.isSecure, store: store, now: now)
    try await access.learnWhetherPeopleSignIn()
    let metrics = CentralMetrics()
    let pages = try Pages(centre: configuration.name, showsSignOut: { access.needsSignIn })
    let signal = LogSignal(head: try await store.headIndex())
    let router = Router(context: CentralContext.self)
    router.add(
      middleware: AnswerMiddleware(
        pages: pages, stations: stationAccess, isStrictTransport: configuration.isStrictTransport))
    router.add(middleware: PlainPathMiddleware())
    router.add(
      middleware: GateMiddleware(
        configuration: configuration, store: store, access: access, metrics: metrics, now: now))
    WatchRoutes(configuration: configuration, store: store, metrics: metrics).add(to: router)
    let sync = SyncRoutes(configuration: configuration, store: store, signal: signal, now: now)
    sync.add(to: router)
    let feeds = FeedRoutes(sync: sync, snapshots: snapshots)
    feeds.add(to: router)
    BlobRoutes(feeds: feeds).add(to: router)
    APIRoutes(configuration: configuration, store: store, access: access, dossiers: dossiers).add(to: router)
    LogRoutes(store: store, access: access, stations: stationAccess).add(to: router)
    PageRoutes(configuration: configuration, store: store, access: access, pages: pages).add(to: router)
    return Application(
      router: router, server: serving.builder,
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
