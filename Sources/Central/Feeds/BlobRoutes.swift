import CentralStore
import Crypto
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import SyncProtocol

/// Files that events name: pictures, reports. A file is taken only once the event that names it is in the log, and only as the
/// event says that it is: so it comes after custody, with a length, a type and a digest that somebody signed.
struct BlobRoutes: Sendable {
  /// So many parts are taken at once.
  private static let places = 8
  /// A part must come within this time.
  static let patience = Duration.seconds(30)

  let feeds: FeedRoutes
  let gate = PushGate(places: places)

  private var sync: SyncRoutes { feeds.sync }
  private var store: any CentralStore { feeds.sync.store }

  func add(to router: Router<CentralContext>) {
    router.get(RouterPath(SyncRoute.blobs + "/:digest")) { request, context in try await give(request, context) }
    router.post(RouterPath(SyncRoute.blobs + "/:digest")) { request, context in try await take(request, context) }
    router.get(RouterPath(SyncRoute.blobs + "/:digest/standing")) { request, context in
      _ = try await sync.station(of: request)
      try sync.requireVersion(request)
      guard let blob = try await store.blob(try digest(context)) else { throw Problem.notHere("file of that digest") }
      return try sync.answer(BlobStanding(blob))
    }
  }

  private func digest(_ context: CentralContext) throws -> String {
    try context.value("digest", wanted: "64 lowercase hexadecimal digits") {
      SnapshotManifest.isDigest($0) ? $0 : nil
    }
  }

  private func give(_ request: Request, _ context: CentralContext) async throws -> Response {
    _ = try await sync.station(of: request)
    try sync.requireVersion(request)
    let digest = try digest(context)
    guard let blob = try await store.blob(digest) else { throw Problem.notHere("file of that digest") }
    if let moment = blob.droppedAt { throw Problem.dropped(moment) }
    guard blob.completedAt != nil else { throw Problem.notHere("whole file of that digest yet") }
    return try await feeds.part(request, digest: digest, length: UInt64(blob.length), mediaType: blob.mediaType) {
      range in
      let bytes = try await store.blobBytes(digest, from: Int(range.first), limit: Int(range.count))
      guard UInt64(bytes.count) == range.count else {
        throw CentralFault.damaged(reason: "the file \(digest) lacks bytes")
      }
      return ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
    }
  }

  private func take(_ request: Request, _ context: CentralContext) async throws -> Response {
    let entrant = try await sync.access.entrant(of: request)
    try sync.requireVersion(request)
    let digest = try digest(context)
    guard let event = try request.value("event", wanted: "the id of the event that names it", EventID.init) else {
      throw Problem.badParameter("event", "", wanted: "the id of the event that names it")
    }
    let offset = try request.number("offset", in: 0...BlobLimits.bytes, otherwise: 0)
    let bytes = try await gate.enter { try await request.wholeBody(upTo: BlobLimits.part, within: Self.patience) }
    guard let bytes else { throw Problem.busy }
    try await entrant.take(body: bytes)
    if let held = try await store.blob(digest), held.completedAt != nil || held.droppedAt != nil {
      return try sync.answer(BlobStanding(held))
    }
    let blob = try await announced(digest, by: event, from: entrant.station)
    guard offset > 0 || BlobLimits.begins(bytes, as: blob.mediaType) else { throw Problem.otherType(blob.mediaType) }
    var held = try await store.addToBlob(blob, at: offset, bytes)
    if held.held == held.length, held.completedAt == nil {
      try await finish(held)
      held.completedAt = sync.now()
    }
    return try sync.answer(BlobStanding(held))
  }

  /// What the event says of the file, within what is taken here.
  private func announced(_ digest: String, by id: EventID, from station: EnrolledStation) async throws -> HeldBlob {
    guard let event = try await store.entry(ofEvent: id)?.content.event,
      let reference = event.evidence.first(where: { $0.digest == digest })
    else { throw Problem.beforeItsEvent }
    guard reference.length > 0, reference.length <= BlobLimits.bytes else {
      throw Problem.tooLargeFile(reference.length)
    }
    guard BlobLimits.takes(mediaType: reference.mediaType) else { throw Problem.otherType(reference.mediaType) }
    if try await store.blob(digest) == nil {
      let total = try await store.blobTotal()
      guard total + Int64(reference.length) <= sync.configuration.blobsLimit else { throw Problem.full }
    }
    return HeldBlob(
      digest: digest, length: reference.length, mediaType: reference.mediaType, event: id, asset: event.asset,
      station: station.name, beganAt: sync.now())
  }

  /// A file that does not have its digest is taken away again.
  private func finish(_ blob: HeldBlob) async throws {
    var hash = SHA256()
    var offset = 0
    while offset < blob.length {
      let bytes = try await store.blobBytes(blob.digest, from: offset, limit: BlobLimits.part)
      guard !bytes.isEmpty else { throw CentralFault.damaged(reason: "the file \(blob.digest) lacks bytes") }
      hash.update(data: Data(bytes))
      offset += bytes.count
    }
    let isGood = hash.finalize().map { String(format: "%02x", $0) }.joined() == blob.digest
    try await store.endBlob(blob.digest, completedAt: isGood ? sync.now() : nil)
    guard isGood else { throw Problem.otherDigest }
  }
}

extension BlobStanding {
  fileprivate init(_ blob: HeldBlob) {
    self.init(
      digest: blob.digest, length: blob.length, held: blob.held, mediaType: blob.mediaType,
      complete: blob.completedAt != nil && blob.droppedAt == nil, dropped: blob.droppedAt != nil)
  }
}

extension Problem {
  fileprivate static let beforeItsEvent = Problem(
    status: 409, code: "blob.beforeEvent", title: "Custody before pictures",
    detail: "No event of that id in the log names this file.", remedy: "Send the event first, then the file.")

  fileprivate static func tooLargeFile(_ length: Int) -> Problem {
    Problem(
      status: 413, code: "blob.tooLarge", title: "Too large",
      detail: "The file has \(length) bytes; at most \(BlobLimits.bytes) are taken.",
      remedy: "It stays at the station that has it.")
  }

  fileprivate static func otherType(_ mediaType: String) -> Problem {
    Problem(
      status: 415, code: "blob.mediaType", title: "Not of a type that is taken",
      detail:
        "The file is not taken as '\(mediaType.prefix(80))': the type is none that is taken, or its first bytes are of "
        + "another.", remedy: "It stays at the station that has it.")
  }

  fileprivate static let otherDigest = Problem(
    status: 422, code: "blob.digest", title: "Other bytes", detail: "The file's bytes do not have its digest.",
    remedy: "Nothing of it was kept; send it again from its first byte.")

  fileprivate static let full = Problem(
    status: 507, code: "blob.full", title: "No room for files",
    detail: "The centre's files have as many bytes as they may.",
    remedy: "Raise blobs.limit at the centre, or set blobs.keep; the station tries again by itself.")

  fileprivate static func dropped(_ moment: Instant) -> Problem {
    Problem(
      status: 410, code: "blob.dropped", title: "Let go",
      detail: "The centre had this file and let it go at \(moment.milliseconds) ms since 1970, when its time was over.",
      remedy: "The station that made it may have it still; the event that names it stays.")
  }
}
