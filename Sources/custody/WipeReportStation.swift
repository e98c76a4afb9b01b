import CustodyLedger
import Foundation
import NIOCore
import Station
import StationStore

/// Files of wipe reports as a station takes them from a command.
struct WipeReportRequest: Encodable {
  struct File: Encodable {
    let name: String
    /// In base64.
    let content: String
  }
  let files: [File]
  let drives: [String]
}

/// Which reports are to be recorded, as the API takes it.
struct WipeRecordRequest: Encodable {
  struct Line: Encodable {
    let line: Int
    let serial: String?
    let driveConfirmed: Bool?
  }
  struct Person: Encodable {
    let badge: String
    let pin: String
  }
  let files: String
  let lines: [Line]
  let validator: Person
  let place: String?
  let categorisation: String?
  let destination: String?
}

/// A station that wipe reports are brought to: the running one, else its folder.
enum WipeReportStation: Sendable {
  case running(socket: String)
  case folder(StationStore, WipeReportImport)

  init(_ settings: Settings) async throws {
    switch try StoreAccess(settings, creating: false) {
    case .running(let socket): self = .running(socket: socket)
    case .folder(let store):
      self = .folder(
        store,
        try await WipeReportImport(
          into: store, formatCryptoPurgeBasis: settings.text(.sanitizeFormatCrypto),
          logger: try Running.logger(settings, label: "custody import")))
    }
  }

  /// Gives a folder back. What was recorded is durable already.
  func close() {
    guard case .folder(let store, _) = self else { return }
    do { try store.close() } catch { FileHandle.standardError.tell("custody: the folder was not closed: \(error)\n") }
  }

  /// The reading of the files, as JSON.
  func read(_ request: WipeReportRequest) async throws -> Data {
    let body = try CanonicalEncoder().encode(request, limit: .max)
    switch self {
    case .running(let socket): return try await Self.ask(socket, "/local/wipe-reports", body)
    case .folder(_, let reports): return try Self.checked(Data(await reports.read(body)))
    }
  }

  /// What became of each report, as JSON.
  func record(_ request: WipeRecordRequest, by person: OperatorOptions) async throws -> Data {
    let body = try CanonicalEncoder().encode(request, limit: .max)
    switch self {
    case .running(let socket):
      let (token, isOurs) = try await Self.signIn(person, socket)
      let answer: Data
      do {
        answer = try await Self.ask(socket, "/local/wipe-reports/record", body, token: token)
      } catch {
        if isOurs { await Self.signOut(token, socket) }
        throw error
      }
      if isOurs { await Self.signOut(token, socket) }
      return answer
    case .folder(_, let reports):
      guard let badge = person.operator else { throw Self.nobody }
      let pin = try OperatorOptions.pin(of: badge, file: person.pinFile)
      return try Self.checked(Data(await reports.record(body, badge: badge, pin: pin)))
    }
  }

  private static var nobody: Ending {
    Ending(
      2, "Who records them? A wipe is recorded in the custody of the asset as somebody's act.",
      remedy: "Name them: --operator BADGE. The PIN is asked for; a script gives it by --pin-file FILE.")
  }

  /// A token, and whether it was taken here.
  private static func signIn(_ person: OperatorOptions, _ socket: String) async throws -> (String, Bool) {
    guard let badge = person.operator else {
      let token = ProcessInfo.processInfo.environment[OperatorOptions.variable] ?? ""
      guard !token.isEmpty else { throw nobody }
      return (token, false)
    }
    struct Answer: Decodable { let token: String }
    let pin = try OperatorOptions.pin(of: badge, file: person.pinFile)
    let body = try CanonicalEncoder().encode(WipeRecordRequest.Person(badge: badge, pin: pin))
    let answer = try await ask(socket, "/local/sign-in", body)
    return (try JSONDecoder().decode(Answer.self, from: answer).token, true)
  }

  /// Signs out; a station that has gone meanwhile has forgotten them anyway.
  private static func signOut(_ token: String, _ socket: String) async {
    do {
      _ = try await ask(socket, "/local/sign-out", [], token: token)
    } catch {
      FileHandle.standardError.tell("custody: the sign-in at the station could not be ended; it ends by itself.\n")
    }
  }

  private static func ask(
    _ socket: String, _ path: String, _ body: [UInt8], token: String? = nil
  ) async throws -> Data {
    var answer = Data()
    try await StoreAccess.request(socket: socket, path: path, body: body, token: token) { part in
      answer.append(contentsOf: part.readableBytesView)
    }
    return try checked(answer)
  }

  /// The answer, unless it is a "no": that ends the command with status 1.
  private static func checked(_ answer: Data) throws -> Data {
    struct No: Decodable {
      let code: String
      let detail: String
      let remedy: String
    }
    // Which of the two it is, is what is being asked.
    if let no = try? JSONDecoder().decode(No.self, from: answer) { throw Ending(1, no.detail, remedy: no.remedy) }
    return answer
  }
}
