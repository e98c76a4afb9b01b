import CLinux
import Foundation

/// A PostgreSQL server of this test process's own, of Debian's package `postgresql`: in a temporary folder, reached by a
/// socket in it, with fsync on. It never outlives the process.
public final class PostgresServer: Sendable {
  /// What keeps a test from having a server.
  public struct Fault: Error, CustomStringConvertible {
    public let description: String
  }

  /// The one that tests share; started by the first that asks.
  public static var shared: PostgresServer {
    get async throws { try await sharedStart.value }
  }

  private static let sharedStart = Task { try await PostgresServer() }

  /// Where its socket is.
  public let folder: String
  private let orders: FileHandle
  private let answers: FileHandle
  private let queue = DispatchQueue(label: "custody.tests.postgres")

  /// A server of the test's own, which it may stop and start.
  public init() async throws {
    let queue = queue
    (orders, answers, folder) = try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try Self.launch() }) }
    }
  }

  deinit {
    // A server that is gone by itself cannot be told to end.
    try? orders.close()
  }

  /// The address of a database that is a schema of its own, made if it is not there.
  public func address(schema: String, user: String = "custody") async throws -> String {
    _ = try await sql("CREATE SCHEMA IF NOT EXISTS \(schema)")
    let host = folder.replacing("/", with: "%2F")
    return "postgresql://\(user)@\(host)/postgres?options=-csearch_path%3D\(schema)"
  }

  /// Runs SQL as the owner; gives what psql prints.
  @discardableResult public func sql(_ text: String) async throws -> String {
    try await order("sql \(text.replacing("\n", with: " "))")
  }

  /// Starts it again, at the same place.
  public func start() async throws { try await expect("start", "ready \(folder)") }
  /// Stops it as an operator does: connections are ended.
  public func stop() async throws { try await expect("stop", "stopped") }
  /// Stops it as a failure of power does: it has to recover.
  public func crash() async throws { try await expect("crash", "stopped") }
  /// Lets it stand still, connections open: nothing is answered.
  public func freeze() async throws { try await expect("freeze", "frozen") }
  public func thaw() async throws { try await expect("thaw", "thawed") }

  private func expect(_ order: String, _ wanted: String) async throws {
    let answer = try await self.order(order)
    guard answer == wanted else { throw Fault(description: "PostgreSQL, told to \(order), answered: \(answer)") }
  }

  private func order(_ text: String) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { [orders, answers] in
        continuation.resume(
          with: Result {
            try orders.write(contentsOf: Data((text + "\n").utf8))
            return try Self.line(answers)
          })
      }
    }
  }

  private static func launch() throws -> (FileHandle, FileHandle, folder: String) {
    guard let bin = try programs() else {
      throw Fault(description: "PostgreSQL's server is not installed: packages.txt names the package `postgresql`.")
    }
    // As text, for the user that it runs as may not be let into this folder.
    let script = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "server.sh"), encoding: .utf8)
    // The end that is written to is this process's alone: were it inherited, the server would not hear of our end.
    var ends: (reading: Int32, writing: Int32) = (-1, -1)
    guard custody_pipe(&ends.reading, &ends.writing) == 0 else { throw Fault(description: "No pipe can be made.") }
    let process = Process()
    var arguments = ["/bin/sh", "-c", script, "server.sh", bin]
    // initdb and postgres refuse to run as root.
    if getuid() == 0 {
      arguments = ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] + arguments
    }
    process.executableURL = URL(filePath: arguments[0])
    process.arguments = Array(arguments.dropFirst())
    process.currentDirectoryURL = URL(filePath: "/tmp")
    process.environment = ["PATH": "/usr/bin:/bin"]
    process.standardInput = FileHandle(fileDescriptor: ends.reading, closeOnDealloc: true)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let orders = FileHandle(fileDescriptor: ends.writing, closeOnDealloc: true)
    let ready = try line(output.fileHandleForReading)
    guard ready.hasPrefix("ready ") else { throw Fault(description: "PostgreSQL does not start: \(ready)") }
    return (orders, output.fileHandleForReading, String(ready.dropFirst(6)))
  }

  /// The newest of Debian's folders.
  private static func programs() throws -> String? {
    let place = "/usr/lib/postgresql"
    guard FileManager.default.fileExists(atPath: place) else { return nil }
    let versions = try FileManager.default.contentsOfDirectory(atPath: place).compactMap { Int($0) }
    return versions.max().map { "\(place)/\($0)/bin" }
  }

  /// The next line; what comes before the end when there is no more.
  private static func line(_ handle: FileHandle) throws -> String {
    var bytes = Data()
    while let byte = try handle.read(upToCount: 1), byte.first != UInt8(ascii: "\n") { bytes += byte }
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespaces)
  }
}
