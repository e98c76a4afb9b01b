import CentralStore
import Custody
import Foundation
import SyncProtocol
import TamperEvidence

/// The first page. Rendered by `overview.mustache`, which sees stored properties only.
struct OverviewView: Sendable {
  struct Figure: Sendable {
    var label: String
    var value: String
    var href: String
    /// `is-bad`, `is-odd` or nothing.
    var tone = ""
  }

  var name: String
  var figures: [Figure]
  var states: [StateView]
  var events: [EventView]
  var hasStates: Bool
  var hasEvents: Bool

  init(name: String, _ figures: CentralFigures, _ newest: [LogEntry], tags: [AssetID: String]) {
    self.name = name
    self.figures = [
      Figure(label: "Assets", value: "\(figures.assets.values.reduce(0, +))", href: "/assets"),
      Figure(label: "Events in the log", value: "\(figures.entries)", href: "/api/v1/events"),
      Figure(
        label: "To settle", value: "\(figures.discrepancies)", href: "/exceptions",
        tone: figures.discrepancies > 0 ? "is-bad" : ""),
      Figure(
        label: "Not applied", value: "\(figures.quarantined + figures.unsupported)", href: "/exceptions",
        tone: figures.quarantined + figures.unsupported > 0 ? "is-odd" : ""),
      Figure(
        label: "Not admitted", value: "\(figures.rejected)", href: "/exceptions",
        tone: figures.rejected > 0 ? "is-bad" : ""),
      Figure(
        label: "Stations", value: "\(figures.stations)", href: "/stations", tone: figures.forks > 0 ? "is-bad" : ""),
    ]
    states = StateView.all(figures)
    events = newest.map { EventView($0, tags: tags) }
    hasStates = !states.isEmpty
    hasEvents = !newest.isEmpty
  }
}

/// What does not fit. Rendered by `exceptions.mustache`.
struct ExceptionsView: Sendable {
  struct Rejected: Sendable {
    var id: Int64
    var sentence: String
    var code: String
    var station: String
    var claim: String?
    var times: String
    var received: MomentView
    var replacedBy: String?
    var length: Int
    /// The bytes in hexadecimal, 32 to a line.
    var hex: String

    init(_ entry: RejectedEntry) {
      id = entry.id
      sentence = entry.reason.sentence
      code = entry.reason.code
      station = entry.station
      claim = entry.claimed.map { "epoch \($0.epoch), entry \($0.seq)" }
      times = entry.times == 1 ? "sent once" : "sent \(entry.times) times"
      received = MomentView(entry.receivedAt)
      replacedBy = entry.replacedBy.map { "\($0)" }
      length = entry.bytes.count
      hex = Self.hex(entry.bytes)
    }

    private static func hex(_ bytes: [UInt8]) -> String {
      stride(from: 0, to: bytes.count, by: 32).map { start in
        bytes[start..<min(start + 32, bytes.count)].map { String(format: "%02x", $0) }.joined(separator: " ")
      }.joined(separator: "\n")
    }
  }

  var discrepancies: [DiscrepancyView]
  var hasDiscrepancies: Bool
  var showsSettled: Bool
  var nextDiscrepancies: String?
  var quarantined: [EventView]
  var nextQuarantined: String?
  var rejected: [Rejected]
  var nextRejected: String?
  var hasQuarantined: Bool
  var hasRejected: Bool

  init(
    _ discrepancies: [DiscrepancyView], showsSettled: Bool, _ entries: [LogEntry], tags: [AssetID: String],
    _ rejected: [RejectedEntry], limit: Int, before: Int64,
    rejectedBefore: Int64
  ) {
    self.discrepancies = discrepancies
    hasDiscrepancies = !discrepancies.isEmpty
    self.showsSettled = showsSettled
    if discrepancies.count == limit, let last = discrepancies.last {
      nextDiscrepancies = "/exceptions?discrepanciesBefore=\(last.id)\(showsSettled ? "&settled=true" : "")"
    }
    quarantined = entries.map { EventView($0, tags: tags) }
    self.rejected = rejected.map(Rejected.init)
    hasQuarantined = !entries.isEmpty
    hasRejected = !rejected.isEmpty
    if entries.count == limit, let last = entries.last {
      nextQuarantined = "/exceptions?before=\(last.index)&rejectedBefore=\(rejectedBefore)"
    }
    if rejected.count == limit, let last = rejected.last {
      nextRejected = "/exceptions?before=\(before)&rejectedBefore=\(last.id)"
    }
  }
}

/// All stations. Rendered by `stations.mustache`.
struct StationsView: Sendable {
  struct Row: Sendable {
    var name: String
    var held: String
    var entries: Int
    var quarantined: Int
    var rejected: Int
    var last: MomentView?
    var key: String
    /// Set when two stations sign with its key.
    var fork: String?
    /// Set when its pushes are refused: since when, why, and what to do.
    var frozen: String?
    /// Set when it has a long-lived token.
    var token: String?
    /// Of both its keys, as the station showed it when it was enrolled.
    var fingerprint: String?
  }

  var rows: [Row]
  var hasRows: Bool

  init(_ records: [StationRecord]) {
    hasRows = !records.isEmpty
    rows = records.map { record in
      Row(
        name: record.station.name,
        held: record.held.map { "epoch \($0.epoch), entry \($0.seq)" } ?? "nothing yet", entries: record.entries,
        quarantined: record.quarantined, rejected: record.rejected, last: record.lastReceivedAt.map { MomentView($0) },
        key: record.station.key.description,
        fork: record.forks > 0 || record.station.frozen != nil
          ? "Fork: \(record.forks) of its entries have a double" : nil,
        frozen: record.station.frozen.map { freeze in
          "Frozen since \(MomentView(freeze.at).words): \(freeze.reason.sentence) \(StationFreeze.remedy)"
        }, token: record.station.requestKey == nil ? "Pushes with a long-lived token" : nil,
        fingerprint: record.station.fingerprint?.description)
    }
  }
}

/// The log's tree head, and how it is checked. Rendered by `log.mustache`.
struct LogView: Sendable {
  var origin: String
  var size: String
  var root: String
  var key: String
  var note: String

  init(_ head: LogHead, key: VerifierKey) {
    origin = head.checkpoint.origin
    size = String(head.checkpoint.size)
    root = head.checkpoint.root.description
    self.key = key.description
    note = String(decoding: head.note, as: UTF8.self)
  }
}

/// An error, for a browser. Rendered by `problem.mustache`.
struct ProblemView: Sendable {
  var title: String
  var detail: String
  var remedy: String
  var code: String

  init(_ problem: Problem) {
    title = problem.title
    detail = problem.detail
    remedy = problem.remedy
    code = problem.code
  }
}

/// Rendered by `sign-in.mustache`.
struct SignInView: Sendable {
  var fault: String?
  /// Whether people sign in by name, and whether there is a token to sign in with.
  var people: Bool
  var token: Bool
}
