/// Turns the many reads of tags into tags that arrive, stay and go.
///
/// Reads no clock, like `KeyboardWedge`. A read costs the same whatever is in the field; the most tags that are kept is
/// bounded. What comes of it never moves custody by itself.
public struct TagSmoother: Sendable {
  /// What counts as arriving and as going.
  public struct Configuration: Hashable, Sendable {
    /// Which tags count.
    public var filter: TagFilter
    /// Reads within `departure` before a tag counts as arrived: more than one keeps out a tag that passes by outside.
    public var arrivalReads: Int
    /// Silence after which a tag counts as gone; told at most an eighth of it later.
    public var departure: Duration
    /// How often a tag that stays is told of; nil for never.
    public var reminder: Duration?
    /// Which antennas make which zone.
    public var zones: [TagAntenna: String]
    /// How much better, in dB, another antenna must hear a tag before the tag is where that antenna is.
    public var hysteresis: Int
    /// The most tags in the field at once; more are not kept, and counted.
    public var maximumTags: Int

    /// Defaults for a desk: one read arrives, two seconds of silence go.
    public init(
      filter: TagFilter = TagFilter(), arrivalReads: Int = 1, departure: Duration = .seconds(2),
      reminder: Duration? = .seconds(1), zones: [TagAntenna: String] = [:], hysteresis: Int = 3,
      maximumTags: Int = 50_000
    ) {
      self.filter = filter
      self.arrivalReads = arrivalReads
      self.departure = departure
      self.reminder = reminder
      self.zones = zones
      self.hysteresis = hysteresis
      self.maximumTags = maximumTags
    }
  }

  /// What counts as arriving and as going.
  public let configuration: Configuration
  /// What was seen so far.
  public private(set) var statistics = TagStatistics()

  private var tags: [[UInt8]: TrackedTag] = [:]
  private var sweepAt: Duration?

  /// A smoother with an empty field.
  public init(configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The tags that have arrived and not gone, in no order.
  public var present: [TagSighting] { tags.values.filter(\.hasArrived).map(\.sighting) }

  /// When `tick(at:)` is due, or nil while the field is empty.
  public var deadline: Duration? { sweepAt }

  /// Takes one read.
  public mutating func take(_ read: TagRead, reader: String, at now: Duration) -> [TagEvent] {
    var events = tick(at: now)
    statistics.reads += read.count
    guard configuration.filter.passes(read) else {
      statistics.filteredReads += read.count
      return events
    }
    let antenna = TagAntenna(reader: reader, number: read.antenna ?? 0)
    var slot = tags.index(forKey: read.epc)
    if slot == nil {
      guard tags.count < configuration.maximumTags else {
        statistics.overflowedReads += read.count
        return events
      }
      let sighting = TagSighting(
        epc: read.epc, control: read.control, antenna: antenna, zone: configuration.zones[antenna], count: 0,
        firstSeen: now, lastSeen: now, heard: [:])
      tags[read.epc] = TrackedTag(sighting: sighting, toldAt: now)
      slot = tags.index(forKey: read.epc)
    }
    if let slot, let event = tags.values[slot].take(read, antenna, now, configuration) {
      events.append(event)
      if case .arrived = event { statistics.arrivals += 1 }
    }
    sweepAt = sweepAt ?? now + configuration.departure
    return events
  }

  /// Tells of the tags that have gone by now.
  public mutating func tick(at now: Duration) -> [TagEvent] {
    guard let sweepAt, now >= sweepAt else { return [] }
    var gone: [TagSighting] = []
    var earliest: Duration?
    for (epc, tracked) in tags {
      let end = tracked.sighting.lastSeen + configuration.departure
      if end > now {
        earliest = min(earliest ?? end, end)
        continue
      }
      tags[epc] = nil
      if tracked.hasArrived { gone.append(tracked.sighting) }
    }
    statistics.departures += gone.count
    // Not sooner than an eighth of the silence: tags that go one by one must not cost a look at all of them each.
    self.sweepAt = earliest.map { max($0, now + configuration.departure / 8) }
    return gone.sorted { $0.lastSeen < $1.lastSeen }.map(TagEvent.gone)
  }

  /// The reader was lost: nobody knows whether its tags have gone. Their silence begins anew.
  public mutating func interrupt(reader: String, at now: Duration) {
    for epc in tags.keys where tags[epc]?.sighting.antenna.reader == reader {
      tags[epc]?.sighting.lastSeen = now
    }
  }
}
