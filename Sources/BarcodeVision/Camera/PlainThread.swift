import Glibc

/// A thread of the system, for work that blocks for as long as a device lives.
enum PlainThread {
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Runs the work on a new thread, which ends with it.
  static func start(_ body: @escaping @Sendable () -> Void) {
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    // Without memory for a thread the work is done here: late, and done.
    guard code == 0 else { return work.takeRetainedValue().body() }
    pthread_detach(thread)
  }
}
