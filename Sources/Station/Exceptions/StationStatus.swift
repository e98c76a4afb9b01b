import Custody
import StationStore

/// How a station stands with its centre, and what waits for people: one line at the desk, and `custody station status`.
public struct StationStatus: Sendable, Encodable {
  /// What of the station's own chain the centre's log is proved to hold.
  public struct Held: Sendable, Encodable {
    /// How many entries.
    public let entries: Int
    /// Every entry up to this one; 0 before the first.
    public let upTo: Int
  }

  public let site: String
  public let station: String
  /// Whether the station runs; what it knows of the centre's reach is known only then.
  public let running: Bool
  /// Entries of the station's own chain.
  public let entries: Int
  /// Own entries that the centre is not proved to hold.
  public let pending: Int
  public let held: Held
  /// When the centre last answered since the start.
  public let lastContact: Instant?
  public let offlineSince: Instant?
  public let offlineReason: String?
  /// Why the centre's log is not believed.
  public let alarm: String?
  /// What disagrees and is not settled.
  public let exceptions: Int
  public let readOnly: String?

  /// Of a store that no station runs on.
  public init(of store: StationStore) async throws {
    self = try await Self.read(store, sync: nil)
  }

  static func read(_ store: StationStore, sync: SyncState.Snapshot?) async throws -> StationStatus {
    let head = store.head.seq
    let (pending, first, exceptions, alarm) = try await store.read { snapshot in
      (
        try snapshot.pendingCount(), try snapshot.firstPending(), try snapshot.openDiscrepancies(),
        try snapshot.logAlarm()?.sentence
      )
    }
    return StationStatus(
      store: store, head: head, pending: pending, first: first, exceptions: exceptions, alarm: alarm, sync: sync)
  }

  private init(
    store: StationStore, head: Int, pending: Int, first: Int?, exceptions: Int, alarm: String?,
    sync: SyncState.Snapshot?
  ) {
    site = store.identity.site.text
    station = store.identity.station.text
    running = sync != nil
    entries = head
    self.pending = pending
    held = Held(entries: max(0, head - pending), upTo: first.map { $0 - 1 } ?? head)
    lastContact = sync?.lastContact
    offlineSince = sync?.offlineSince
    offlineReason = sync?.reason
    self.alarm = alarm
    self.exceptions = exceptions
    readOnly = store.readOnlyReason
  }

  /// The status in lines, for who reads it.
  public var lines: [String] {
    var lines = ["station      \(site)/\(station)\(running ? "" : ", not running")"]
    lines.append("pending      \(pending) of \(entries) entries")
    lines.append(
      "held         \(held.entries) entries by the centre (proved), up to entry \(held.upTo)")
    if let lastContact { lines.append("contact      \(lastContact)") }
    if let offlineSince { lines.append("offline      since \(offlineSince)\(offlineReason.map { ": \($0)" } ?? "")") }
    if let alarm { lines.append("alarm        \(alarm)") }
    lines.append("exceptions   \(exceptions)\(exceptions == 0 ? "" : ": custody exceptions list")")
    if let readOnly { lines.append("read-only    \(readOnly)") }
    return lines
  }
}

extension StationCore {
  /// How the station stands.
  var status: StationStatus {
    get async throws { try await StationStatus.read(store, sync: sync.snapshot) }
  }
}
