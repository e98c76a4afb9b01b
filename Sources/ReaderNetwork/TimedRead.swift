import ScannerProtocols

/// A tag read, and when the tag was heard: on the stopwatch that the reader was given, not on the reader's own clock.
public struct TimedRead: Hashable, Sendable {
  /// What was read.
  public var read: TagRead
  /// When the tag was last heard.
  public var at: Duration

  /// A read at a time.
  public init(read: TagRead, at: Duration) {
    self.read = read
    self.at = at
  }
}
