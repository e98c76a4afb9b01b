import Foundation
import ScannerProtocols

/// The tags in the field of readers that a command reads itself, told as they come and go.
actor TagLines {
  private let json: Bool
  private let raw: Bool
  private var smoother: TagSmoother
  private let clock = ContinuousClock()
  private let start = ContinuousClock.now

  /// - Parameters:
  ///   - raw: whether every read is told, instead of what comes and goes.
  ///   - silence: without a read for so long, a tag is gone.
  init(json: Bool, raw: Bool, silence: Duration) {
    self.json = json
    self.raw = raw
    smoother = TagSmoother(configuration: .init(departure: silence, reminder: nil))
  }

  /// Tells of what goes, too, while `body` runs.
  nonisolated func telling(_ body: @Sendable @escaping () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        // What has gone is told by time alone.
        while !Task.isCancelled {
          try await self.sweep()
          try await Task.sleep(for: .milliseconds(100))
        }
      }
      group.addTask { try await body() }
      do {
        // The sweeping ends with a fault alone.
        try await group.next()
      } catch {
        group.cancelAll()
        throw error
      }
      group.cancelAll()
    }
  }

  func take(_ tags: [TagRead], of reader: String) throws {
    for tag in tags {
      if raw {
        try tell("read", .init(tag.epc, reader: reader, antenna: tag.antenna, tag.strength, count: tag.count))
      } else {
        try tell(smoother.take(tag, reader: reader, at: start.duration(to: clock.now)))
      }
    }
  }

  func lose(_ reader: String) { smoother.interrupt(reader: reader, at: start.duration(to: clock.now)) }

  private func sweep() throws { try tell(smoother.tick(at: start.duration(to: clock.now))) }

  private func tell(_ events: [TagEvent]) throws {
    for event in events {
      switch event {
      case .arrived(let tag): try tell("arrived", tag)
      case .moved(let tag, _): try tell("moved", tag)
      case .gone(let tag): try tell("gone", tag)
      case .present: break
      }
    }
  }

  private func tell(_ event: String, _ tag: TagSighting) throws {
    let antenna = tag.antenna.number == 0 ? nil : tag.antenna.number
    try tell(
      event, TagLine.Tag(tag.epc, reader: tag.antenna.reader, antenna: antenna, tag.strength, count: tag.count))
  }

  private func tell(_ event: String, _ tag: TagLine.Tag) throws {
    try Running.answer(
      json ? try TagLine(event: event, tag: tag).jsonLine() : "\(event)  \(tag.line(withAsset: false))")
  }
}
