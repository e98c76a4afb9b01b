import Foundation
import Synchronization
import TamperEvidence

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Fetches a log's files into a folder of its own, which is gone afterwards.
struct LogDownload {
  /// Without a slash at its end.
  let prefix: String
  let key: VerifierKey
  /// Sent as bearer token, where the log is not for everybody.
  let token: String?

  /// The log's prefix, if the argument is a URL of a kind that can be fetched.
  static func url(_ argument: String) -> String? {
    guard argument.hasPrefix("https://") || argument.hasPrefix("http://"), URL(string: argument) != nil else {
      return nil
    }
    return argument.hasSuffix("/") ? String(argument.dropLast()) : argument
  }

  init(prefix: String, key: VerifierKey, token: String?) {
    self.prefix = prefix
    self.key = key
    self.token = token
  }

  /// Fetches everything that a log of the size of its tree head has, then runs `body` with the folder's path.
  func run(_ body: (String) throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("custody-audit-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Unreadable(folder.path, error)
    }
    defer {
      // The system clears its temporary files; that this one could not be removed changes no verdict.
      try? FileManager.default.removeItem(at: folder)
    }
    try await fetchAll(into: folder)
    try body(folder.path)
  }

  private func fetchAll(into folder: URL) async throws {
    guard let note = try await fetch(.checkpoint) else {
      throw Unreadable(prefix + "/checkpoint", "there is nothing there")
    }
    try write(note, .checkpoint, folder)
    // Nothing more is asked for under a tree head that is not signed; the audit says what is wrong with it.
    guard let head = try? VerifiedCheckpoint(note: note, keys: [key], origin: key.name).checkpoint else { return }
    var progress = VerifyProgress()
    defer { progress.clear() }
    let tiles = Tile.all(inTreeOf: head.size)
    var paths = tiles.map(LogPath.tile)
    paths += tiles.filter { $0.level == 0 }.map { .entries(index: $0.index, width: $0.width) }
    let count = paths.count
    var waiting = paths.makeIterator()
    var fetched = 0
    try await withThrowingTaskGroup(of: Void.self) { group in
      func fetchNext() {
        guard let path = waiting.next() else { return }
        group.addTask { try await self.fetch(path, into: folder) }
      }
      for _ in 0..<8 { fetchNext() }
      while try await group.next() != nil {
        fetched += 1
        progress.show("\(fetched) files fetched", done: fetched, of: count)
        fetchNext()
      }
    }
  }

  /// Fetches a file; in place of a partial one that is gone, the full one that followed.
  private func fetch(_ path: LogPath, into folder: URL) async throws {
    if let bytes = try await fetch(path) { return try write(bytes, path, folder) }
    let full: LogPath? =
      switch path {
      case .checkpoint: nil
      case .tile(let tile): Tile(level: tile.level, index: tile.index).map(LogPath.tile)
      case .entries(let index, _): .entries(index: index, width: Tile.fullWidth)
      }
    if let full, full != path, let bytes = try await fetch(full) { try write(bytes, full, folder) }
  }

  private func write(_ bytes: [UInt8], _ path: LogPath, _ folder: URL) throws {
    let file = folder.appendingPathComponent(path.description)
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
    } catch {
      throw Unreadable(file.path, error)
    }
  }

  /// What is served at a path; nil where there is nothing (404, 410).
  private func fetch(_ path: LogPath) async throws -> [UInt8]? {
    let place = "\(prefix)/\(path)"
    guard let url = URL(string: place) else { throw Unreadable(place, "this is no URL") }
    let (status, bytes) = try await BoundedRequest(
      limit: path.maximumLength, place: place, token: token
    ).run(url)
    switch status {
    case 200: return bytes
    case 404, 410: return nil
    case 401, 403:
      throw Unreadable(place, "it is not for everybody; set CUSTODY_READ_TOKEN to a token that may read it")
    default: throw Unreadable(place, "it was answered with status \(status)")
    }
  }
}

/// One GET whose answer has at most so many bytes and comes within a minute.
private final class BoundedRequest: NSObject, URLSessionDataDelegate {
  private struct State {
    var bytes: [UInt8] = []
    var isTooLong = false
    var continuation: CheckedContinuation<(Int, [UInt8]), any Error>?
  }

  private let limit: Int
  private let place: String
  private let token: String?
  private let state = Mutex(State())

  init(limit: Int, place: String, token: String?) {
    self.limit = limit
    self.place = place
    self.token = token
  }

  func run(_ url: URL) async throws -> (Int, [UInt8]) {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = 30
    configuration.timeoutIntervalForResource = 60
    let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
    defer { session.finishTasksAndInvalidate() }
    return try await withCheckedThrowingContinuation { continuation in
      state.withLock { $0.continuation = continuation }
      var request = URLRequest(url: url)
      if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
      session.dataTask(with: request).resume()
    }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let isTooLong = state.withLock { state in
      guard state.bytes.count + data.count <= limit else {
        state.isTooLong = true
        return true
      }
      state.bytes += data
      return false
    }
    if isTooLong { dataTask.cancel() }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    let status = (task.response as? HTTPURLResponse)?.statusCode ?? 0
    let (continuation, bytes, isTooLong) = state.withLock { state in
      defer { state.continuation = nil }
      return (state.continuation, state.bytes, state.isTooLong)
    }
    if isTooLong {
      continuation?.resume(throwing: Unreadable(place, "the answer has more than \(limit) bytes"))
    } else if let error {
      continuation?.resume(throwing: Unreadable(place, error.localizedDescription))
    } else {
      continuation?.resume(returning: (status, bytes))
    }
  }
}
