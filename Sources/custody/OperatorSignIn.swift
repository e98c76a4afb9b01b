import ArgumentParser
import Foundation

/// Who answers for what a command asks of a running station, as flags say it.
struct OperatorOptions: ParsableArguments {
  @Option(help: "Badge of whoever answers for it; the PIN is asked for on the terminal.") var `operator`: String?
  @Option(help: "File whose first line is the PIN, readable by its owner alone; - is standard input.")
  var pinFile: String?

  /// The variable whose token counts when no operator is named.
  static let variable = "CUSTODY_SESSION"

  func validate() throws {
    guard pinFile == nil || `operator` != nil else {
      throw ValidationError("--pin-file wants --operator BADGE beside it.")
    }
  }

  /// Signs in at the station; nil when nobody is named.
  func signIn(at station: StationSocket) async throws -> OperatorSignIn? {
    guard let badge = `operator` else {
      let token = ProcessInfo.processInfo.environment[Self.variable] ?? ""
      return token.isEmpty ? nil : OperatorSignIn(token: token, name: nil, isOurs: false)
    }
    struct Answer: Decodable {
      let token: String
      let name: String
    }
    // Whether a station runs there is found out before somebody types a PIN.
    _ = try station.path()
    let pin = try Self.pin(of: badge, file: pinFile)
    let body = try StationSocket.body(["badge": badge, "pin": pin])
    let (answer, _) = try await station.value(Answer.self, "/local/sign-in", body: body)
    return OperatorSignIn(token: answer.token, name: answer.name, isOurs: true)
  }

  /// The PIN that belongs to a badge: from a file, else from the terminal.
  static func pin(of badge: String, file: String?) throws -> String {
    try file.map(pin(inFile:)) ?? SecretPrompt.ask("PIN of \(badge): ")
  }

  /// The first line of a file.
  private static func pin(inFile path: String) throws -> String {
    let handle: FileHandle
    if path == "-" {
      handle = .standardInput
    } else {
      guard let opened = FileHandle(forReadingAtPath: path) else {
        throw Ending(3, "\(path) cannot be read.", remedy: "Check its path and its permissions.")
      }
      handle = opened
      var status = stat()
      // A pipe is nobody else's.
      if fstat(opened.fileDescriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 {
        throw Ending(1, "The PIN in \(path) can be read by others.", remedy: "Keep it to yourself: chmod 600 \(path).")
      }
    }
    var line: [UInt8] = []
    while line.count < 64, let byte = try handle.read(upToCount: 1)?.first, byte != 0x0A {
      if byte != 0x0D { line.append(byte) }
    }
    guard !line.isEmpty else {
      throw Ending(1, path == "-" ? "Standard input has no PIN." : "\(path) has no PIN in its first line.")
    }
    return String(decoding: line, as: UTF8.self)
  }
}

/// Somebody who is signed in at a running station.
struct OperatorSignIn {
  let token: String
  /// Nil when a token was given.
  let name: String?
  /// Whether this command has signed in, and so signs out.
  let isOurs: Bool

  /// Signs out; a station that has gone meanwhile has forgotten them anyway.
  func end(at station: StationSocket) async {
    guard isOurs else { return }
    do {
      try await station.ask("/local/sign-out", body: [], token: token) { _ in }
    } catch {
      FileHandle.standardError.tell("custody: the sign-in at the station could not be ended; it ends by itself.\n")
    }
  }
}
