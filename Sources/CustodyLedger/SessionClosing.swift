import Custody
import TamperEvidence

/// A session at a desk was closed: what was done in it, so that nobody can take an event of it away, or add one, unseen. It
/// moves nothing.
public struct SessionClosing: Hashable, Sendable, Codable {
  /// How many of its readings came to what.
  public struct Tally: Hashable, Sendable, Codable {
    /// Everything that was read, typed or photographed in it.
    public var readings: Int
    /// Events that were recorded by its readings, those that undo others among them.
    public var events: Int
    public var duplicate: Int
    public var unknown: Int
    public var refused: Int

    public init(readings: Int, events: Int, duplicate: Int, unknown: Int, refused: Int) {
      (self.readings, self.events) = (readings, events)
      (self.duplicate, self.unknown, self.refused) = (duplicate, unknown, refused)
    }
  }

  /// The session.
  public var session: SessionID
  /// The order that was received in it last; nil for none.
  public var order: String?
  /// When it was opened.
  public var openedAt: Instant
  public var tally: Tally
  /// SHA-256 over the ids of its events, sixteen bytes each, in the order of the readings.
  public var events: EntryHash

  /// A closing.
  public init(session: SessionID, order: String? = nil, openedAt: Instant, tally: Tally, events: EntryHash) {
    self.session = session
    self.order = order
    self.openedAt = openedAt
    self.tally = tally
    self.events = events
  }
}
