import Foundation
import Glibc
import Synchronization
import Testing

/// A program that a test runs: what it prints is kept, and it never outlives the test.
final class Program: Sendable {
  /// What is known of it; shared with the handlers that Foundation calls.
  private final class Record: Sendable {
    struct State {
      var text = ""
      var status: Int32?
      /// Whether all that it printed has been read.
      var isRead = false
    }
    let state = Mutex(State())
  }

  /// Products of the package that this test belongs to.
  static let products = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
  /// The package's root.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  let name: String
  private let identifier: pid_t
  private let record = Record()

  private init(_ path: String, _ arguments: [String], _ environment: [String: String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("CUSTODY_") }
      .merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    // A thread of its own: a readability handler that is taken off while its pipe is closed can crash libdispatch.
    let reading = pipe.fileHandleForReading
    Thread.detachNewThread { [record] in
      while true {
        let data = reading.availableData
        record.state.withLock { state in
          state.text += String(decoding: data, as: UTF8.self)
          state.isRead = data.isEmpty
        }
        if data.isEmpty { return }
      }
    }
    process.terminationHandler = { [record] process in
      record.state.withLock { $0.status = process.terminationStatus }
    }
    // A worker thread has SIGTERM blocked, and what it starts would inherit that: nothing milder than SIGKILL would end it.
    var (every, before) = (sigset_t(), sigset_t())
    sigfillset(&every)
    pthread_sigmask(SIG_UNBLOCK, &every, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
    identifier = process.processIdentifier
    name = process.executableURL?.lastPathComponent ?? path
  }

  /// Runs a program while `body` runs; then ends it with a signal. One that does not end by it within a minute is a fault,
  /// and is killed.
  static func running<Answer>(
    _ path: String, _ arguments: [String], environment: [String: String] = [:], endedBy signal: Int32 = SIGTERM,
    _ body: (Program) async throws -> Answer
  ) async throws -> Answer {
    let program = try Program(path, arguments, environment)
    let answer: Answer
    do {
      answer = try await body(program)
    } catch {
      await program.end(SIGTERM)
      throw Failure("\(error)\n--- \(program.name) printed:\n\(program.printed.suffix(4000))")
    }
    await program.end(signal)
    return answer
  }

  /// Runs a product of this package while `body` runs.
  static func custody<Answer>(
    _ arguments: [String], environment: [String: String] = [:], _ body: (Program) async throws -> Answer
  ) async throws -> Answer {
    try await running(products.appending(path: "custody").path, arguments, environment: environment, body)
  }

  /// Runs a product to its end; gives its exit status and what it printed.
  static func finished(
    _ product: String, _ arguments: [String], environment: [String: String] = [:],
    within limit: Duration = .seconds(120)
  ) async throws -> (status: Int32, printed: String) {
    try await finishing(products.appending(path: product).path, arguments, environment: environment, within: limit)
  }

  /// Runs any program to its end; gives its exit status and what it printed.
  static func finishing(
    _ path: String, _ arguments: [String], environment: [String: String] = [:], within limit: Duration = .seconds(120)
  ) async throws -> (status: Int32, printed: String) {
    try await running(path, arguments, environment: environment) { program in
      let status = try await eventually("\(program.name) ends", within: limit) { program.status }
      // It can have ended before the last of what it printed has been read.
      _ = try await eventually("what \(program.name) printed is read", within: limit) {
        program.record.state.withLock { $0.isRead } ? true : nil
      }
      return (status, program.printed)
    }
  }

  /// Everything it printed so far, on standard output and error.
  var printed: String { record.state.withLock { $0.text } }
  /// Its exit status, or the signal that ended it; nil while it runs.
  var status: Int32? { record.state.withLock { $0.status } }

  /// Its exit status, once it has ended and all that it printed has been read.
  var statusOnceRead: Int32? { record.state.withLock { $0.isRead ? $0.status : nil } }

  /// The first match of a pattern in what it prints.
  func prints(_ pattern: Regex<(Substring, Substring)>, within limit: Duration = .seconds(600)) async throws -> String {
    try await eventually("\(name) prints what is waited for", within: limit) {
      if let match = printed.firstMatch(of: pattern) { return String(match.1) }
      if let status, record.state.withLock({ $0.isRead }) { throw Failure("\(name) ended with \(status)") }
      return nil
    }
  }

  /// Sends a signal.
  func signal(_ number: Int32) { kill(identifier, number) }

  /// Sends a signal and waits until it has ended.
  func end(_ signal: Int32) async {
    guard status == nil else { return }
    kill(identifier, signal)
    // In a task of its own: that a test was broken off is no reason not to wait.
    let ends = Task { try await eventually("\(name) ends", within: .seconds(60)) { status } }
    do {
      _ = try await ends.value
    } catch {
      Issue.record("\(name) \(identifier) does not end; it printed:\n\(printed.suffix(2000))")
      kill(identifier, SIGKILL)
    }
  }
}

/// A folder that is gone after `body`.
func withTemporaryFolder<Answer>(_ body: (URL) async throws -> Answer) async throws -> Answer {
  let folder = FileManager.default.temporaryDirectory.appending(path: "custody-e2e-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  let result: Result<Answer, any Error>
  do { result = .success(try await body(folder)) } catch { result = .failure(error) }
  try FileManager.default.removeItem(at: folder)
  return try result.get()
}
