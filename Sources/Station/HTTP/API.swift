import Custody
import CustodyLedger
import Hummingbird
import StationStore

/// The JSON API under `/api/v1`. Its description for machines is `/openapi.json`; a test holds the two together.
struct API: Sendable {
  let core: StationCore

  /// Adds every route of the API.
  func add(to router: Router<StationContext>) {
    router.get("/health", use: health)
    router.get("/ready", use: ready)
    router.get("/metrics", use: metrics)
    router.get("/openapi.json", use: description)
    let v1 = router.group("/api/v1")
    v1.get("/health", use: health)
    addPeople(to: v1)
    addSessions(to: v1)
    addCartons(to: v1)
    addAssets(to: v1)
    addLists(to: v1)
    addExceptions(to: v1)
    addFollowUps(to: v1)
    addKits(to: v1)
    addImports(to: v1)
    addExports(to: v1)
    addWebhooks(to: v1)
    addHandOver(to: v1)
    addWipeReports(to: v1)
    addDisposals(to: v1)
    addCounts(to: v1)
    addPhone(to: v1)
    addCameras(to: v1)
    addTags(to: v1)
    addDevices(to: v1)
    addPrinters(to: v1)
    addLabels(to: v1)
    addLabelTemplates(to: v1)
    v1.get("/stream", use: stream)
  }

  /// Whether the station can record, and how it stands with the centre. Open to all: it names no asset and no person.
  @Sendable func health(_ request: Request, _ context: StationContext) async throws -> Response {
    struct Health: Encodable {
      let status: String
      let readOnly: String?
      let station: String
      let site: String
      let pending: Int
      let leftWithCentre: Int
      let ledgerBegins: Int64?
      let centre: String?
      let lastContact: Instant?
      let offlineSince: Instant?
      let offlineReason: String?
      let log: LogHealth?
      let logAlarm: AlarmHealth?
      let stationAlarm: AlarmHealth?
      let displaced: Int
      let epoch: Int
      let verifierKey: String
      let head: String
      let readers: [ReaderHealth]
    }
    struct LogHealth: Encodable {
      let verifierKey: String
      let size: Int?
      let root: String?
    }
    struct AlarmHealth: Encodable {
      let since: Instant
      let code: String
      let sentence: String
      let remedy: String
    }
    let (pending, left, begins) = try await core.store.read {
      (try $0.pendingCount(), try $0.leftWithCentre().count, try $0.ledgerBegins())
    }
    let log = try await core.store.read { snapshot in
      try snapshot.logKey().map { key in
        let head = try snapshot.treeHead()?.checkpoint
        return LogHealth(
          verifierKey: key.description, size: head.map { Int(clamping: $0.size) }, root: head?.root.description)
      }
    }
    let sync = core.sync.snapshot
    let readOnly = core.store.readOnlyReason
    let head = core.store.head
    let health = Health(
      status: readOnly == nil ? "ok" : "readOnly", readOnly: readOnly, station: core.store.identity.station.text,
      site: core.store.identity.site.text, pending: pending, leftWithCentre: left, ledgerBegins: begins,
      centre: core.options.centre,
      lastContact: sync.lastContact, offlineSince: sync.offlineSince, offlineReason: sync.reason,
      log: log,
      logAlarm: sync.alarm.map {
        AlarmHealth(since: $0.at, code: $0.code, sentence: $0.sentence, remedy: $0.remedy)
      },
      stationAlarm: sync.refused.map {
        AlarmHealth(since: $0.at, code: $0.code, sentence: $0.sentence, remedy: $0.remedy)
      }, displaced: try await core.store.read { try $0.displacedCount() }, epoch: core.store.headPlace.epoch,
      verifierKey: core.store.verifierKey.description,
      head: "\(head.seq):\(head.hash)", readers: core.readers.map { ReaderHealth($0) })
    return try .json(health, status: readOnly == nil ? .ok : .serviceUnavailable)
  }

  @Sendable func description(_ request: Request, _ context: StationContext) async throws -> Response {
    .json(bytes: try WebFile.openAPI.bytes())
  }
}

extension UUIDPath {
  /// The id in a path parameter; throws the problem that says what it should be.
  static func id<Kind>(_ name: String, in context: StationContext) throws -> EntityID<Kind> {
    let text = context.parameters.get(name) ?? ""
    guard let id = EntityID<Kind>(text) else {
      throw Problem.malformed("'\(text)' is not an id; ids are UUIDs of 36 characters.", pointer: "/\(name)")
    }
    return id
  }
}

/// Reads ids out of paths.
enum UUIDPath {}
