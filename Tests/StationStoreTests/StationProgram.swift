import AsyncHTTPClient
import Foundation
import Glibc
import NIOCore
import Synchronization
import Testing

/// Why a test cannot go on.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Asks again until there is an answer: what other programs do cannot be awaited but by asking. The deadline bounds it.
func eventually<Answer>(
  _ what: String, within limit: Duration = .seconds(120), _ ask: () async throws -> Answer?
) async throws -> Answer {
  let end = ContinuousClock.now + limit
  while true {
    if let answer = try await ask() { return answer }
    guard ContinuousClock.now < end else { throw Failure("In \(limit) it did not happen: \(what).") }
    try await Task.sleep(for: .milliseconds(20))
  }
}

/// `custody`, run as a process of its own. It is killed after a quarter of an hour: then it has hung.
final class StationProgram: Sendable {
  let processIdentifier: Int32
  private let output: URL
  private let errors: URL
  private let ending: Ending

  /// How the process ended; nil while it runs.
  private final class Ending: Sendable {
    let status = Mutex<Int32?>(nil)
  }

  /// Starts `custody` with arguments; `wrapper` is a command that runs it, such as strace with its options, or
  /// options of env(1).
  init(_ arguments: [String], in folder: String, wrapper: [String] = []) throws {
    let products = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    let command = wrapper + [products.appending(path: "custody").path] + arguments
    output = URL(filePath: folder).appending(path: "out-\(UUID().uuidString)")
    errors = URL(filePath: folder).appending(path: "err-\(UUID().uuidString)")
    for file in [output, errors] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    let ending = Ending()
    self.ending = ending
    process.terminationHandler = { process in
      let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
      ending.status.withLock { $0 = status }
    }
    try process.run()
    processIdentifier = process.processIdentifier
    DispatchQueue.global().asyncAfter(deadline: .now() + 900) { [weak self] in self?.killUnlessEnded() }
  }

  /// A test that fails leaves nothing running.
  deinit { killUnlessEnded() }

  private func killUnlessEnded() {
    ending.status.withLock { if $0 == nil { Glibc.kill(processIdentifier, SIGKILL) } }
  }

  /// A station on a free port, in `folder/data`.
  static func station(in folder: String, wrapper: [String] = []) throws -> StationProgram {
    try StationProgram(
      ["station", "--data", folder + "/data", "--port", "0", "--usb", "false"], in: folder, wrapper: wrapper)
  }

  func signal(_ number: Int32) { Glibc.kill(processIdentifier, number) }

  var printed: String { get throws { try String(contentsOf: output, encoding: .utf8) } }
  var complaints: String { get throws { try String(contentsOf: errors, encoding: .utf8) } }

  /// Exit status, or the signal that ended it, negative.
  func ends() async throws -> Int32 { try await eventually("the program ends") { ending.status.withLock { $0 } } }

  /// Where the station listens, once it says so.
  func address() async throws -> String {
    try await eventually("the station listens") {
      if let ended = ending.status.withLock({ $0 }) {
        throw Failure("The station ended with \(ended): \(try complaints)")
      }
      return try printed.firstMatch(of: /listens on (http:\S+)\/\n/).map { String($0.1) }
    }
  }
}

/// Somebody who is signed in at a station, over HTTP.
struct StationClient: Sendable {
  struct Answer: Sendable {
    let status: Int
    let body: Data
    var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// What the answer to a scan says of the record.
  struct ScanAnswer: Decodable, Sendable {
    struct Decision: Decodable, Sendable {
      struct Recorded: Decodable, Sendable {
        let eventID: String
        let seq: Int
      }
      let recorded: [Recorded]
      let entryHash: String
    }
    struct Reading: Decodable, Sendable { let id: Int64 }
    let result: String
    let decision: Decision
    let reading: Reading
  }

  struct ProblemAnswer: Decodable {
    let code: String
    let detail: String
    let remedy: String
  }

  let base: String
  let token: String
  let session: String

  static func request(_ method: String, _ url: String, token: String? = nil, json: String? = nil, accept: String? = nil)
    async throws -> Answer
  {
    var request = HTTPClientRequest(url: url)
    request.method = .RAW(value: method)
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    if let accept { request.headers.add(name: "Accept", value: accept) }
    if let json { request.body = .bytes(ByteBuffer(string: json)) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
    let body = try await response.body.collect(upTo: 16 << 20)
    return Answer(status: Int(response.status.code), body: Data(body.readableBytesView))
  }

  /// Signs in and opens a session that deploys to a team.
  init(_ base: String, badge: String = Prepared.badge, pin: String = Prepared.pin) async throws {
    struct Token: Decodable { let token: String }
    struct Session: Decodable { let id: String }
    self.base = base
    let signIn = try await Self.request(
      "POST", base + "/api/v1/sign-in", json: #"{"badge":"\#(badge)","pin":"\#(pin)"}"#)
    guard signIn.status == 200 else { throw Failure("Sign-in was answered \(signIn.status): \(signIn.text)") }
    token = try JSONDecoder().decode(Token.self, from: signIn.body).token
    let opened = try await Self.request(
      "POST", base + "/api/v1/sessions", token: token,
      json: #"{"workflow":"deploy","details":{"recipient":{"team":"Finance"}}}"#)
    guard opened.status == 201 else { throw Failure("The session was answered \(opened.status): \(opened.text)") }
    session = try JSONDecoder().decode(Session.self, from: opened.body).id
  }

  func scan(_ text: String) async throws -> Answer {
    try await Self.request(
      "POST", "\(base)/api/v1/sessions/\(session)/scans", token: token, json: #"{"text":"\#(text)"}"#)
  }

  /// A scan that must be accepted.
  func accepted(_ text: String) async throws -> ScanAnswer {
    let answer = try await scan(text)
    guard answer.status == 200 else { throw Failure("\(text) was answered \(answer.status): \(answer.text)") }
    return try JSONDecoder().decode(ScanAnswer.self, from: answer.body)
  }
}
