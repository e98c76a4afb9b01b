/// How it stands with a camera.
public struct CameraStatus: Sendable, Equatable {
  /// What a camera can be at.
  public enum Phase: String, Sendable {
    /// Not yet, or not any longer, run.
    case off
    /// Started; no frame has come yet.
    case starting
    /// Frames come.
    case running
    /// It does not work, for the reason given, and is tried again.
    case failed
    /// Its source is at its end, as it should be.
    case ended
  }

  public internal(set) var phase = Phase.off
  /// Why it does not work, while it does not, and what to do about it.
  public internal(set) var reason: String?
  public internal(set) var remedy: String?
  /// Pixels of the newest frame.
  public internal(set) var width: Int?
  public internal(set) var height: Int?
  /// Frames that came.
  public internal(set) var frames = 0
  /// Of those, frames that a newer one replaced before anybody looked at them.
  public internal(set) var dropped = 0
  /// How often the source was started anew.
  public internal(set) var restarts = 0
  /// Frames a second, as they come; 0 while none do.
  public internal(set) var framesPerSecond = 0.0
}

/// Counts how many come a second. Fed with time.
struct FrameRate {
  private var windowStart: ContinuousClock.Instant?
  private var count = 0
  private(set) var perSecond = 0.0

  /// One more came. The rate is renewed about once a second.
  mutating func count(at now: ContinuousClock.Instant) {
    guard let start = windowStart, now >= start else {
      windowStart = now
      count = 0
      return
    }
    count += 1
    let elapsed = now - start
    guard elapsed >= .seconds(1) else { return }
    perSecond = Double(count) / (elapsed / .seconds(1))
    windowStart = now
    count = 0
  }
}
