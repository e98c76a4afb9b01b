import CentralStore
import Custody
import SyncProtocol
import TamperEvidence

/// `GET /api/v1/assets`.
struct AssetsJSON: Encodable {
  var assets: [Asset]
  /// What `after` takes for the next page; absent on the last.
  var next: AssetID?
}

/// `GET /api/v1/assets/{id}`: the asset, and every event about it in order of the log.
struct AssetJSON: Encodable {
  var asset: Asset?
  var events: [EventJSON]
}

/// `GET /api/v1/events`: newest first.
struct EventsJSON: Encodable {
  var events: [EventJSON]
  /// What `before` takes for the next page; absent on the last.
  var next: Int64?
}

/// `GET /api/v1/exceptions`.
struct ExceptionsJSON: Encodable {
  /// What disagrees, newest first: what is open, or with `settled=true` also what has ended.
  var discrepancies: [DiscrepancyJSON]
  var quarantined: [EventJSON]
  var rejected: [RejectedJSON]
}

/// An entry of the log.
struct EventJSON: Encodable {
  var logIndex: Int64
  var receivedAt: Instant
  var station: String
  var epoch: Int?
  var seq: Int?
  var hash: String
  var status: String
  var code: String?
  var message: String?
  /// The event itself, where it can be read. What is signed are the bytes of the entry, not this.
  var event: CustodyEvent?

  init(_ entry: LogEntry) {
    logIndex = entry.index
    receivedAt = entry.receivedAt
    station = entry.station
    epoch = entry.place?.epoch
    seq = entry.place?.seq
    hash = entry.hash.description
    status = entry.status.rawValue
    code = entry.reason?.code
    message = entry.reason?.sentence
    event = entry.content.event
  }
}

/// What was not admitted.
struct RejectedJSON: Encodable {
  var id: Int64
  var receivedAt: Instant
  var times: Int
  var station: String
  var claimedEpoch: Int?
  var claimedSeq: Int?
  var code: String
  var message: String
  var length: Int
  var replacedBy: Int64?

  init(_ entry: RejectedEntry) {
    id = entry.id
    receivedAt = entry.receivedAt
    times = entry.times
    station = entry.station
    claimedEpoch = entry.claimed?.epoch
    claimedSeq = entry.claimed?.seq
    code = entry.reason.code
    message = entry.reason.sentence
    length = entry.bytes.count
    replacedBy = entry.replacedBy
  }
}

/// The log's tree head, and what it is verified by.
struct LogJSON: Encodable {
  var origin: String
  var verifierKey: String
  var size: String
  /// 64 lower-case hexadecimal digits, as events carry it.
  var root: String
  /// The signed note.
  var checkpoint: String

  init(_ head: LogHead, key: VerifierKey) {
    origin = head.checkpoint.origin
    verifierKey = key.description
    size = String(head.checkpoint.size)
    root = head.checkpoint.root.description
    checkpoint = String(decoding: head.note, as: UTF8.self)
  }
}

/// A station with what is held of it.
struct StationJSON: Encodable {
  var name: String
  var verifierKey: String
  var enrolledAt: Instant
  var held: HeldChain?
  var entries: Int
  var quarantined: Int
  var rejected: Int
  var forks: Int
  var lastReceivedAt: Instant?
  /// Of both its keys; nil for a station that has a long-lived token instead of a request key.
  var fingerprint: String?
  /// Why its pushes are refused.
  var frozen: Frozen?

  struct Frozen: Encodable {
    var since: Instant
    var code: String
    var sentence: String
    var remedy: String
  }

  init(_ record: StationRecord) {
    name = record.station.name
    verifierKey = record.station.key.description
    enrolledAt = record.station.enrolledAt
    held = record.held
    entries = record.entries
    quarantined = record.quarantined
    rejected = record.rejected
    forks = record.forks
    lastReceivedAt = record.lastReceivedAt
    fingerprint = record.station.fingerprint?.description
    frozen = record.station.frozen.map {
      Frozen(since: $0.at, code: $0.reason.code, sentence: $0.reason.sentence, remedy: StationFreeze.remedy)
    }
  }
}
