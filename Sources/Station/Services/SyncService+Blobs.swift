import Crypto
import Foundation
import StationStore
import StationSync
import SyncProtocol

extension SyncService {
  /// How long after everything was sent it is looked again for files.
  private static let blobPause = Duration.seconds(5)

  /// What the sending of files knows from one turn to the next.
  struct BlobState {
    var backoff = SyncBackoff(ceiling: .seconds(600))
    /// The file that was refused last: the next turn goes on behind it, so that one alone keeps no other back.
    var refused = ""
  }

  /// A file that the centre does not take now.
  struct BlobRefused: Error {
    let digest: String
    let problem: SyncProtocol.Problem
  }

  /// One turn of sending files: the next one whole, after all custody. What the centre does not take stays here and is told.
  func blobTurn(
    _ state: inout BlobState, using random: inout some RandomNumberGenerator
  ) async throws -> SyncPause {
    do {
      let sent = try await sendBlob(after: state.refused)
      state.backoff.succeeded()
      return sent ? .none : .time(Self.blobPause)
    } catch {
      guard !(error is CancellationError), !Task.isCancelled else { throw CancellationError() }
      var retryAfter: Duration?
      if case SyncError.busy(_, let wait) = error { retryAfter = wait }
      let pause = state.backoff.failed(retryAfter: retryAfter, using: &random)
      if let refusal = error as? BlobRefused {
        state.refused = refusal.digest
        if state.backoff.failures == 1 { tell(refusal.digest, refusal.problem, isFinal: false) }
      } else if !(error is SyncError), state.backoff.failures == 1 {
        core.logger.error("a file cannot be sent", metadata: ["error": "\(error)"])
      }
      return .time(pause)
    }
  }

  /// Whether the centre will never take a file: it is too large, of a type that is not taken, or was let go on purpose.
  /// Any other refusal may be over tomorrow, such as that of a centre of version 1, which knows no files (404).
  private static func isFinal(_ problem: SyncProtocol.Problem) -> Bool {
    problem.status == 413 || problem.status == 415 || problem.code == "blob.dropped"
  }

  private func tell(_ digest: String, _ problem: SyncProtocol.Problem, isFinal: Bool) {
    core.logger.warning(
      isFinal ? "the centre does not take a file" : "the centre does not take a file now; it is sent again later",
      metadata: ["file": "\(digest)", "reason": "\(problem.detail)", "remedy": "\(problem.remedy)"])
  }

  /// Sends one file from where the centre has it, the next behind a digest or else the first; false when there is none to
  /// send. Throws ``BlobRefused`` for one that is to be sent again later.
  func sendBlob(after digest: String = "") async throws -> Bool {
    let next = try await core.store.read { store in
      try store.unsentBlobs(after: digest, limit: 1).first ?? store.unsentBlobs(after: "", limit: 1).first
    }
    guard let unsent = next else { return false }
    guard let bytes = try await core.store.blob(unsent.digest).map({ Array($0.bytes) }),
      hexadecimal(SHA256.hash(data: bytes)) == unsent.digest
    else {
      // Named by an HMAC, so that it can be erased: it stays here. Or its bytes are gone.
      try await core.store.write { try $0.noteSent(unsent.digest) }
      return true
    }
    do {
      var standing = try await client.blobStanding(unsent.digest)
      while standing.map({ !$0.complete && !$0.dropped }) ?? true {
        let offset = standing?.held ?? 0
        let part = Array(bytes.dropFirst(offset).prefix(BlobLimits.part))
        let answer = try await client.sendBlob(unsent.digest, of: unsent.event, at: offset, part)
        guard answer.complete || answer.dropped || answer.held > offset else {
          throw SyncError.protocol(reason: "it took nothing of a file's part")
        }
        standing = answer
        // Somebody's scan goes before the rest of a picture; the next turn goes on at this place.
        if try await core.store.read({ try $0.pendingCount() }) > 0 { return true }
      }
    } catch SyncError.refused(let problem) {
      guard Self.isFinal(problem) else { throw BlobRefused(digest: unsent.digest, problem: problem) }
      tell(unsent.digest, problem, isFinal: true)
    }
    try await core.store.write { try $0.noteSent(unsent.digest) }
    return true
  }
}

extension StationCore {
  /// A file that an event names: from here, else from the centre, whose bytes must have the digest. Nil when neither has it, or
  /// the centre cannot be reached now.
  func blob(_ digest: String) async throws -> (bytes: Data, mediaType: String)? {
    if let kept = try await store.blob(digest) { return kept }
    do {
      let found = try await store.centralClient(
        at: options.centre, token: options.centreToken, trusting: options.centreTrust,
        timeouts: .init(request: .seconds(10)))
      guard let client = found else { return nil }
      guard let (bytes, mediaType) = try await Self.blob(digest, from: client) else { return nil }
      try await store.keepBlobOfCentre(bytes, digest: digest, mediaType: mediaType)
      return (Data(bytes), mediaType)
    } catch let error as SyncError {
      logger.notice("a file was not fetched", metadata: ["file": "\(digest)", "error": "\(error)"])
      return nil
    }
  }

  private static func blob(
    _ digest: String, from client: CentralClient
  ) async throws -> (bytes: [UInt8], mediaType: String)? {
    guard let standing = try await client.blobStanding(digest), standing.complete else { return nil }
    var bytes: [UInt8] = []
    while bytes.count < standing.length {
      let last = min(bytes.count + BlobLimits.part, standing.length) - 1
      guard let range = ByteRange(first: UInt64(bytes.count), last: UInt64(last)),
        let part = try await client.blob(digest, range, of: standing.length)
      else { return nil }
      bytes += part
    }
    guard hexadecimal(SHA256.hash(data: bytes)) == digest, BlobLimits.begins(bytes, as: standing.mediaType) else {
      throw SyncError.protocol(reason: "the file that it gave does not have its digest")
    }
    return (bytes, standing.mediaType)
  }
}
