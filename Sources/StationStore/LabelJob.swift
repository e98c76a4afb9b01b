import Custody
import Foundation
import GRDB

/// Names a label that is to be printed.
public enum LabelJobKind {}
public typealias LabelJobID = EntityID<LabelJobKind>
/// Names labels that were asked for together.
public enum LabelBatchKind {}
public typealias LabelBatchID = EntityID<LabelBatchKind>

/// A label that somebody has asked a printer for, and what has come of it.
///
///     queued ──▶ sending ──▶ printed
///       ▲ │         │ └────▶ failed      the printer says that it has not printed it
///       │ │         ├──────▶ queued      not one byte went out: it is tried again
///       │ │         └──────▶ unknown     some of it went out, or the station stopped: somebody must look
///       │ └▶ cancelled                   unknown ──▶ printed (it is there), queued (print again), cancelled
///       └── failed (print again)
public struct LabelJob: Sendable {
  public enum State: String, Hashable, Sendable, CaseIterable {
    case queued, sending, printed, unknown, failed, cancelled

    /// Whether something is still to happen.
    public var isOpen: Bool { [.queued, .sending, .unknown].contains(self) }
  }

  public let id: LabelJobID
  /// Counts up: the order in which labels were asked for.
  public let position: Int64
  public let batch: LabelBatchID
  public let printer: String
  public let state: State
  public let request: LabelRequest
  /// Bytes of it that the printer is sent.
  public let length: Int
  /// How often it was begun to be sent.
  public let attempts: Int
  /// At most so many bytes went out the last time.
  public let bytesSent: Int
  /// Of a printed one, whether the printer says so; or a person, who has looked.
  public let confirmation: Confirmation?
  /// What the printer read back of the label's RFID tag.
  public let tagRead: [UInt8]?
  /// What is to be said of it, and what to do about it.
  public let words: String?
  public let remedy: String?
  public let person: PersonID
  public let askedAt: Instant
  public let changedAt: Instant
  /// The job that this one prints once more.
  public let reprintOf: LabelJobID?

  /// Who says that a label was printed.
  public enum Confirmation: String, Hashable, Sendable {
    case printer, person, nobody
  }

  init(_ row: Row) throws {
    let text: String = row["state"]
    guard let state = State(rawValue: text) else { throw StoreFault.damaged(reason: "a label job is '\(text)'") }
    let (document, tag, epc): (Data, Data?, Data?) = (row["doc"], row["tag_read"], row["epc"])
    self.state = state
    id = row["id"]
    position = row["position"]
    batch = row["batch"]
    printer = row["printer"]
    request = LabelRequest(
      name: row["name"], document: Array(document), payload: [], labels: row["labels"], asset: row["asset"],
      epc: epc.map(Array.init))
    length = row["length"]
    attempts = row["attempts"]
    bytesSent = row["bytes_sent"]
    confirmation = (row["confirmation"] as String?).flatMap(Confirmation.init)
    tagRead = tag.map(Array.init)
    words = row["words"]
    remedy = row["remedy"]
    person = row["person"]
    askedAt = Instant(milliseconds: row["asked_at"])
    changedAt = Instant(milliseconds: row["changed_at"])
    reprintOf = row["reprint_of"]
  }
}

/// What somebody asks a printer for.
public struct LabelRequest: Hashable, Sendable {
  /// For people: `asset-tag AT-00042`.
  public var name: String
  /// Canonical JSON of what was asked for, such as template and fields; it belongs to the shell.
  public var document: [UInt8]
  /// The bytes that the printer is sent: kept, so that a station that was stopped prints the very same label. Empty in what
  /// ``LabelJob/request`` gives; see ``StoreReading/payload(of:)``.
  public var payload: [UInt8]
  /// Labels that come of it.
  public var labels: Int
  /// The asset that it is the label of.
  public var asset: AssetID?
  /// What its RFID tag is to say.
  public var epc: [UInt8]?

  public init(
    name: String, document: [UInt8], payload: [UInt8], labels: Int = 1, asset: AssetID? = nil, epc: [UInt8]? = nil
  ) {
    self.name = name
    self.document = document
    self.payload = payload
    self.labels = labels
    self.asset = asset
    self.epc = epc
  }
}
