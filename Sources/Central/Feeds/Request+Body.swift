import Foundation
import Hummingbird
import NIOCore
import SyncProtocol

extension Request {
  /// The whole body, at most so many bytes, which must come within a time: whoever sends it byte by byte holds a place no longer
  /// than that. A length that is announced and too large is refused before any of it is read.
  func wholeBody(upTo limit: Int, within time: Duration = .seconds(30)) async throws -> [UInt8] {
    if let length = headers[.contentLength].flatMap(Int.init), length > limit {
      throw NIOTooManyBytesError(maxBytes: limit)
    }
    let body = body
    return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
      group.addTask { Array(try await body.collect(upTo: limit).readableBytesView) }
      group.addTask {
        try await Task.sleep(for: time)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let bytes = first else { throw Problem.tooSlow(time) }
      return bytes
    }
  }
}

extension Problem {
  fileprivate static func tooSlow(_ time: Duration) -> Problem {
    Problem(
      status: 408, code: "http.tooSlow", title: "Too slow",
      detail: "The request's body did not come within \(time.components.seconds) seconds.",
      remedy: "Nothing was taken; send it again, in smaller parts.")
  }
}
