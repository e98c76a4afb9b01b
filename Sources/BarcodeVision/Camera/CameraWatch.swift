/// What becomes of one camera, decided: when to start its child, when to give it up, how long to wait. Fed with what
/// happened and when; does nothing by itself.
struct CameraWatch {
  /// What to do now.
  enum Step: Equatable {
    /// Start the child.
    case launch
    /// Listen to the child, at most until then; then ask again.
    case listen(until: ContinuousClock.Instant)
    /// End the child: it has said nothing for too long. Tell `failed` when it is gone.
    case giveUp(CameraFault)
    /// Wait until then; then ask again.
    case rest(until: ContinuousClock.Instant)
    /// All is done: the source ended, as it should.
    case finish
  }

  private enum Phase {
    case idle
    case listening(since: ContinuousClock.Instant, patience: Duration)
    case resting(until: ContinuousClock.Instant)
    case finished
  }

  /// Longest wait for the first frame: a network camera may wait for a key frame.
  let firstPatience: Duration
  /// Longest wait between two frames.
  let patience: Duration
  /// Whether the source's end is its proper end.
  let mayEnd: Bool
  private(set) var backoff: Backoff
  private var phase = Phase.idle
  private var hasSeenFrame = false

  init(mayEnd: Bool, firstPatience: Duration, patience: Duration, backoff: Backoff = Backoff()) {
    self.mayEnd = mayEnd
    self.firstPatience = firstPatience
    self.patience = patience
    self.backoff = backoff
  }

  /// What to do at a moment.
  mutating func step(at now: ContinuousClock.Instant) -> Step {
    switch phase {
    case .idle: return .launch
    case .finished: return .finish
    case .resting(let until):
      guard now >= until else { return .rest(until: until) }
      phase = .idle
      return .launch
    case .listening(let since, let patience):
      let until = since + patience
      return now >= until ? .giveUp(.silent(patience)) : .listen(until: until)
    }
  }

  /// The child runs.
  mutating func launched(at now: ContinuousClock.Instant) {
    hasSeenFrame = false
    phase = .listening(since: now, patience: firstPatience)
  }

  /// A frame came.
  mutating func sawFrame(at now: ContinuousClock.Instant) {
    hasSeenFrame = true
    backoff.wentWell(at: now)
    phase = .listening(since: now, patience: patience)
  }

  /// The child is gone, or never came to be.
  mutating func failed(at now: ContinuousClock.Instant) { phase = .resting(until: backoff.failed(at: now)) }

  /// The child left by itself and found nothing wrong. A file is over then; a camera should not have ended.
  mutating func ended(at now: ContinuousClock.Instant) {
    if mayEnd, hasSeenFrame { phase = .finished } else { failed(at: now) }
  }
}
