/// Two antennas, one on either side of a door: which way did a tag go through?
///
/// Reads no clock. The side that hears a tag better is where it is; a passage is told when a tag that was on one side has been
/// on the other for a while, or has gone from the field there. A tag that comes into the doorway and turns round is none. One
/// that both sides heard alike until it had gone is told of too, without a direction: it may have gone either way.
public struct Doorway: Sendable {
  /// A side of the door.
  public enum Side: String, Hashable, Sendable, Codable {
    case inside, outside
  }

  /// A tag went through, or may have.
  public struct Passage: Hashable, Sendable {
    /// The tag.
    public let epc: [UInt8]
    /// The side on which it is now; nil when that could not be told.
    public let to: Side?
    /// When it was first heard better on that side; without a side, when it was last heard.
    public let at: Duration
  }

  /// Where the antennas are, and how sure a passage must be.
  public struct Configuration: Hashable, Sendable {
    /// The antennas on the inside.
    public var inside: Set<TagAntenna>
    /// The antennas on the outside.
    public var outside: Set<TagAntenna>
    /// How long a tag must be on a side before it counts as there.
    public var settle: Duration
    /// Silence after which a tag has gone from the field.
    public var departure: Duration
    /// How much better, in dB, a side must hear the tag.
    public var hysteresis: Int
    /// The most tags in the doorway at once; more are not followed.
    public var maximumTags: Int

    /// A doorway.
    public init(
      inside: Set<TagAntenna>, outside: Set<TagAntenna>, settle: Duration = .milliseconds(500),
      departure: Duration = .seconds(2), hysteresis: Int = 3, maximumTags: Int = 10_000
    ) {
      self.inside = inside
      self.outside = outside
      self.settle = settle
      self.departure = departure
      self.hysteresis = hysteresis
      self.maximumTags = maximumTags
    }
  }

  /// Where the antennas are.
  public let configuration: Configuration

  private var tags: [[UInt8]: Walk] = [:]
  private var sweepAt: Duration?

  /// What is known of one tag in the doorway.
  private struct Walk {
    /// The side where it counts as being.
    var side: Side
    /// The side that hears it better since when, while that is the other one.
    var crossing: Duration?
    var strength: [Side: (value: Int, at: Duration)] = [:]
    /// Whether one side heard it better at any time since both have heard it.
    var wasClear = false
    var lastSeen: Duration
  }

  /// An empty doorway.
  public init(configuration: Configuration) { self.configuration = configuration }

  /// When `tick(at:)` is due, or nil while the doorway is empty.
  public var deadline: Duration? { sweepAt }

  /// Takes one read; reads of other antennas are passed over.
  public mutating func take(_ read: TagRead, reader: String, at now: Duration) -> [Passage] {
    var passages = tick(at: now)
    let antenna = TagAntenna(reader: reader, number: read.antenna ?? 0)
    guard let side = side(of: antenna) else { return passages }
    guard var walk = tags[read.epc] ?? (tags.count < configuration.maximumTags ? Walk(side: side, lastSeen: now) : nil)
    else { return passages }
    walk.lastSeen = max(walk.lastSeen, now)
    walk.strength[side] = (read.strength?.value ?? 0, now)
    // Only the side that hears it now has a say: what the other one heard last is old.
    if isHeardBetter(walk, on: side, at: now) {
      if walk.strength.count == 2 { walk.wasClear = true }
      if side == walk.side {
        walk.crossing = nil
      } else {
        let since = walk.crossing ?? now
        walk.crossing = since
        if now - since >= configuration.settle {
          passages.append(Passage(epc: read.epc, to: side, at: since))
          (walk.side, walk.crossing) = (side, nil)
        }
      }
    }
    tags[read.epc] = walk
    sweepAt = sweepAt ?? now + configuration.departure
    return passages
  }

  /// Tells of the tags that have gone from the field on the other side than they came from.
  public mutating func tick(at now: Duration) -> [Passage] {
    guard let sweepAt, now >= sweepAt else { return [] }
    var passages: [Passage] = []
    var earliest: Duration?
    for (epc, walk) in tags {
      let end = walk.lastSeen + configuration.departure
      if end > now {
        earliest = min(earliest ?? end, end)
        continue
      }
      tags[epc] = nil
      if let crossing = walk.crossing {
        passages.append(Passage(epc: epc, to: walk.side == .inside ? .outside : .inside, at: crossing))
      } else if walk.strength.count == 2, !walk.wasClear {
        passages.append(Passage(epc: epc, to: nil, at: walk.lastSeen))
      }
    }
    self.sweepAt = earliest.map { max($0, now + configuration.departure / 8) }
    return passages.sorted { $0.at < $1.at }
  }

  private func side(of antenna: TagAntenna) -> Side? {
    if configuration.inside.contains(antenna) { return .inside }
    return configuration.outside.contains(antenna) ? .outside : nil
  }

  /// Whether a side hears the tag, and the other one is silent or hears it worse.
  private func isHeardBetter(_ walk: Walk, on side: Side, at now: Duration) -> Bool {
    let other: Side = side == .inside ? .outside : .inside
    guard let here = walk.strength[side], now - here.at < configuration.settle else { return false }
    guard let there = walk.strength[other], now - there.at < configuration.settle else { return true }
    return here.value >= there.value + configuration.hysteresis
  }
}
