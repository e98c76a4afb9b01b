/// What is in the view of all readers together: the tags that arrive, stay, move and go, and the ways that they take through
/// doors.
///
/// Reads no clock; all times are of one clock that only goes forward. Nothing that comes of it moves custody.
public struct TagField: Sendable {
  /// What counts as being there, and where the doors are.
  public struct Configuration: Hashable, Sendable {
    /// What counts as arriving and as going, and which antennas make which zone.
    public var smoothing: TagSmoother.Configuration
    /// The doorways, by the names that people give them.
    public var doorways: [String: Doorway.Configuration]

    /// A field; no zones and no doors unless given.
    public init(smoothing: TagSmoother.Configuration = .init(), doorways: [String: Doorway.Configuration] = [:]) {
      self.smoothing = smoothing
      self.doorways = doorways
    }
  }

  /// Something to tell of.
  public enum News: Hashable, Sendable {
    /// What a tag did in the field.
    case tag(TagEvent)
    /// A tag went through the doorway of that name: a sighting, no change of custody.
    case passage(doorway: String, Doorway.Passage)
  }

  /// What counts as being there, and where the doors are.
  public let configuration: Configuration

  private var smoother: TagSmoother
  private var doorways: [(name: String, doorway: Doorway)]

  /// An empty field.
  public init(configuration: Configuration = Configuration()) {
    self.configuration = configuration
    smoother = TagSmoother(configuration: configuration.smoothing)
    doorways = configuration.doorways.sorted { $0.key < $1.key }.map { ($0.key, Doorway(configuration: $0.value)) }
  }

  /// The tags that have arrived and not gone, in no order.
  public var present: [TagSighting] { smoother.present }
  /// How many tags are there.
  public var presentCount: Int { statistics.arrivals - statistics.departures }
  /// What was seen so far.
  public var statistics: TagStatistics { smoother.statistics }
  /// When `tick(at:)` is due, or nil while the field is empty.
  public var deadline: Duration? { ([smoother.deadline] + doorways.map(\.doorway.deadline)).compactMap(\.self).min() }

  /// Takes one read of a reader, by the name that the station has for it; `time` is when the tag was heard.
  public mutating func take(_ read: TagRead, reader: String, at time: Duration) -> [News] {
    var news = smoother.take(read, reader: reader, at: time).map(News.tag)
    guard !doorways.isEmpty, configuration.smoothing.filter.passes(read) else { return news }
    for index in doorways.indices {
      for passage in doorways[index].doorway.take(read, reader: reader, at: time) {
        news.append(.passage(doorway: doorways[index].name, passage))
      }
    }
    return news
  }

  /// Tells of what time alone has brought by now.
  public mutating func tick(at now: Duration) -> [News] {
    var news = smoother.tick(at: now).map(News.tag)
    for index in doorways.indices {
      for passage in doorways[index].doorway.tick(at: now) {
        news.append(.passage(doorway: doorways[index].name, passage))
      }
    }
    return news
  }

  /// The reader was lost: nobody knows whether its tags have gone. Their silence begins anew.
  public mutating func interrupt(reader: String, at now: Duration) { smoother.interrupt(reader: reader, at: now) }
}
