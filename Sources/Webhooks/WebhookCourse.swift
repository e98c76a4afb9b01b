import Custody

/// Where the sending to one receiver stands, and what comes next: fed with what a try came to and with the time, waits for
/// nothing itself. Messages go out one by one in the ledger's order. A receiver that cannot be reached is tried again after growing
/// pauses; a message that it does not take is set aside as a dead letter, so that the next ones go on.
public struct WebhookCourse: Hashable, Sendable, Codable {
  /// What a try came to.
  public enum Outcome: Hashable, Sendable {
    /// Any 2xx.
    case taken
    /// The receiver answered otherwise, with a status.
    case answered(Int)
    /// No answer came: why.
    case unreachable(String)
  }

  /// What to do after a try.
  public enum Step: Hashable, Sendable {
    /// The next message may go.
    case next
    /// The same message again, not before ``WebhookCourse/notBefore``.
    case again
    /// The message is set aside, with why; the next one may go.
    case setAside(String)
    /// The receiver wants no more messages (410): nothing is sent until somebody resumes.
    case stop(String)
  }

  /// Tries of a message that the receiver refuses.
  public static let mostRefusals = 3
  /// For how long a message is tried, milliseconds: three days.
  public static let patience: Int64 = 3 * 86_400_000
  /// The longest pause between two tries, milliseconds: an hour.
  public static let longestPause: Int64 = 3_600_000

  /// Tries of the present message that failed.
  public private(set) var failures = 0
  /// Those of them that the receiver answered with a refusal.
  public private(set) var refusals = 0
  /// When the first of them was.
  public private(set) var failingSince: Instant?
  /// When the next try may be; nil when at once.
  public private(set) var notBefore: Instant?
  /// What the last failed try came to, in words; nil while all is well.
  public private(set) var trouble: String?

  /// Nothing sent yet.
  public init() {}

  /// Notes what a try at a moment came to; says what comes next.
  public mutating func note(_ outcome: Outcome, at now: Instant) -> Step {
    let words: String
    var isRefused = false
    switch outcome {
    case .taken, .answered(200...299):
      self = WebhookCourse()
      return .next
    case .answered(410):
      self = WebhookCourse()
      trouble = "The receiver answered 410: it wants no more."
      return .stop("The receiver answered 410: it wants no more.")
    case .answered(let status):
      words = "The receiver answered \(status)."
      // 408 and 429 ask for another time; anything else below 500 will not be taken as it is (RFC 9110 §15.5).
      isRefused = (300..<500).contains(status) && status != 408 && status != 429
    case .unreachable(let reason): words = "The receiver cannot be reached: \(reason)"
    }
    failures += 1
    if isRefused { refusals += 1 }
    let since = failingSince ?? now
    failingSince = since
    trouble = words
    if refusals >= Self.mostRefusals || now.milliseconds - since.milliseconds >= Self.patience {
      self = WebhookCourse()
      trouble = words
      return .setAside(words)
    }
    notBefore = now.advanced(byMilliseconds: Self.pause(after: failures))
    return .again
  }

  /// How long to wait after so many failures, milliseconds: five seconds, twice as long each time, an hour at most.
  static func pause(after failures: Int) -> Int64 { min(5000 << Int64(min(failures - 1, 20)), longestPause) }
}
