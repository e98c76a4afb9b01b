import Custody
import StationStore

/// What was asked for with a job, as the store keeps it beside the bytes.
struct LabelJobDocument: Hashable, Sendable, Codable {
  var template: String
  /// What it says.
  var fields: [String: String]
  /// Of an asset, the mark that stands on it.
  var mark: BoundIdentifier?
  var purpose = LabelDetails.Purpose.first
  var reason: String?
  var replaces: BoundIdentifier?
  var copies = 1
  var desk: String?
  /// Of an asset, how whoever asked for it was recognised, and with which roles: it is recorded as theirs when it is printed.
  var authStrength: AuthStrength?
  var roles: [Role]?
}

/// A label job as pages and machines see it.
struct LabelJobResource: Sendable, Encodable {
  let id: LabelJobID
  /// Counts up: the order in which labels were asked for.
  let position: Int64
  let batch: LabelBatchID
  let printer: String
  let state: LabelJob.State
  /// Whether it is held back though its printer prints.
  let isHeld: Bool
  let name: String
  let template: String?
  let fields: [String: String]?
  let asset: AssetID?
  let mark: BoundIdentifier?
  let purpose: LabelDetails.Purpose?
  let reason: String?
  let desk: String?
  let labels: Int
  let bytes: Int
  let bytesSent: Int
  let attempts: Int
  let confirmation: LabelJob.Confirmation?
  /// Capital hexadecimal.
  let epc: String?
  let tagRead: String?
  let words: String?
  let remedy: String?
  let person: PersonID
  let askedAt: Instant
  let changedAt: Instant
}

/// How far labels that were asked for together are.
struct LabelBatchResource: Sendable, Encodable {
  let id: LabelBatchID
  let total: Int
  let queued: Int
  let sending: Int
  let printed: Int
  let unknown: Int
  let failed: Int
  let cancelled: Int
  /// Of the queued ones, how many are held back.
  let held: Int
  /// Labels a minute of late; nil before there are two.
  let perMinute: Int?
  /// Nil when that is not known, or it does not go on by itself.
  let secondsLeft: Int?
}
