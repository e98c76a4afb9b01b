import AssetIdentifiers
import Foundation
import StationStore
import StationSync
import SyncProtocol

extension SyncService {
  /// How many numbers of asset tags are asked for at once: some days' worth of a storeroom that is offline.
  static let numbersAtOnce = 1000

  /// One turn of keeping numbers of asset tags: asks the centre for some while fewer than half of a block are left, so
  /// that labels can be printed while it cannot be reached.
  func tagNumbersTurn(
    _ backoff: inout SyncBackoff, using random: inout some RandomNumberGenerator
  ) async throws -> SyncPause {
    do {
      try await askForNumbersOfTags()
      backoff.succeeded()
      return .time(.seconds(5))
    } catch {
      guard !(error is CancellationError), !Task.isCancelled else { throw CancellationError() }
      let pause = backoff.failed(using: &random)
      // That the centre cannot be reached is told by the push and the pull.
      if case SyncError.refused = error, backoff.failures == 1 {
        core.logger.warning("the centre gives no numbers for asset tags", metadata: ["error": "\(error)"])
      }
      return .time(pause)
    }
  }

  private func askForNumbersOfTags() async throws {
    let series = core.options.tagSeries
    let (left, highest) = try await core.store.read { snapshot -> (Int, Int) in
      let left = try snapshot.tagNumbersLeft(in: series)
      // Looking for the highest is dear, and only needed for a request.
      return (left, left < Self.numbersAtOnce / 2 ? try snapshot.highestTagNumber(in: series) : 0)
    }
    guard left < Self.numbersAtOnce / 2, highest < series.highest else { return }
    let request = try await core.store.write { try $0.beginTagRequest(for: series) }
    let numbers = try await client.tagNumbers(
      TagNumberRequest(request: request, letters: series.letters, count: Self.numbersAtOnce, inUse: highest))
    try await core.store.write {
      try $0.own(TagBlock(letters: numbers.letters, first: numbers.first, last: numbers.last))
    }
    // Labels may have been refused for want of them.
    try await core.retryOwedLabels()
  }
}
