import Foundation
import Synchronization

/// Counts by a label, for the life of the process. The labels are of a closed set: a label that comes from outside would
/// let anybody fill the memory.
public final class Counters: Sendable {
  private static let most = 500
  private let counts = Mutex<[String: Int]>([:])

  public init() {}

  /// Counts one more.
  public func count(_ label: String) {
    counts.withLock { counts in
      if counts.count < Self.most || counts[label] != nil { counts[label, default: 0] += 1 }
    }
  }

  /// What was counted, by label.
  public var all: [(label: String, count: Int)] {
    counts.withLock { $0.map { ($0.key, $0.value) } }.sorted { $0.label < $1.label }
  }
}

/// How long something took, in buckets.
public final class LatencyHistogram: Sendable {
  /// Upper bounds in seconds.
  static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

  /// What was seen.
  public struct Snapshot: Sendable {
    /// By bound, each duration counted once.
    var counts = [Int](repeating: 0, count: LatencyHistogram.bounds.count)
    var count = 0
    var sum = 0.0
  }

  private let state = Mutex(Snapshot())

  public init() {}

  /// Notes a duration.
  public func note(_ duration: Duration) {
    let seconds = duration / .seconds(1)
    state.withLock { state in
      if let place = Self.bounds.firstIndex(where: { seconds <= $0 }) { state.counts[place] += 1 }
      state.count += 1
      state.sum += seconds
    }
  }

  public var snapshot: Snapshot { state.withLock { $0 } }
}

/// What the system knows of this process.
public enum ProcessFacts {
  /// Resident memory in bytes (proc(5), /proc/self/statm); nil where it cannot be read.
  public static var residentBytes: Double? {
    do {
      let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      return text.split(separator: " ").dropFirst().first.flatMap { Double($0) }.map { $0 * Double(getpagesize()) }
    } catch {
      return nil
    }
  }
}
