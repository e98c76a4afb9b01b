import Dispatch

/// How long the store waits for what may mend itself.
struct Patience: Sendable {
  /// For a lock that another program holds on the database.
  var busySeconds: Double
  /// After a write that failed for good, until one is tried again.
  var retryAfter: DispatchTimeInterval

  static let standard = Patience(busySeconds: 5, retryAfter: .seconds(2))
}
