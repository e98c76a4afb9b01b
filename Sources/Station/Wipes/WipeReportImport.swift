import Custody
import CustodyLedger
import Foundation
import Hummingbird
import Logging
import SanitizationReports
import StationStore

/// Wipe reports as a command brings them to the folder of a station that does not run: read, held against the lists of drives and
/// recorded as the station's page does it.
public struct WipeReportImport: Sendable {
  private let core: StationCore

  /// An import into a store that nobody else has open. Throws what keeps a station from starting.
  ///
  /// - Parameter formatCryptoPurgeBasis: the site's clause by which NVMe Format with SES=2 counts as a purge; nil for none.
  public init(into store: StationStore, formatCryptoPurgeBasis: String?, logger: Logger) async throws {
    var options = StationOptions(usb: false)
    options.formatCryptoPurgeBasis = formatCryptoPurgeBasis
    core = try await StationCore(store: store, options: options, demo: nil, logger: logger)
  }

  /// Keeps reports and reads them. Request and answer are the JSON of `POST /local/wipe-reports`; what cannot be done is
  /// answered as `{code, detail, remedy}`.
  public func read(_ request: [UInt8]) async -> [UInt8] {
    await answer { try await core.readWipes(asked: try CanonicalJSON(bytes: request, limit: LocalAPI.largestReports)) }
  }

  /// Records reports that were read, as who signs in by badge and PIN. Request and answer are the JSON of
  /// `POST /local/wipe-reports/record`.
  public func record(_ request: [UInt8], badge: String, pin: String) async -> [UInt8] {
    await answer {
      let signedIn = try await core.signIn(badge: badge, pin: pin)
      return try await core.recordWipes(asked: try CanonicalJSON(bytes: request), by: signedIn)
    }
  }

  private func answer(_ body: () async throws -> some Encodable) async -> [UInt8] {
    do {
      return try CanonicalEncoder().encode(try await body(), limit: .max)
    } catch {
      let problem = Problem(error)
      let no: CanonicalJSON = [
        "code": .string(problem.code), "detail": .string(problem.detail), "remedy": .string(problem.remedy),
      ]
      // Three texts can always be written.
      do { return try no.bytes(limit: .max) } catch { return Array("{}".utf8) }
    }
  }
}

extension StationCore {
  /// Keeps and reads the reports in a command's request: `files`, each with `name` and `content` (base64), and `drives`, the
  /// serials that were read off drives: `SERIAL` for the only report that names none, else `LINE=SERIAL`.
  func readWipes(asked body: CanonicalJSON) async throws -> WipeReadingResource {
    guard case .array(let given)? = body[path: "files"] else {
      throw Problem.malformed("files is a list of names and contents.", pointer: "/files")
    }
    let files = try given.enumerated().map { index, file -> (name: String, bytes: [UInt8]) in
      guard let name = file[path: "name"]?.text,
        let content = file[path: "content"]?.text.flatMap({ Data(base64Encoded: $0) })
      else { throw Problem.malformed("A file has a name, and its content in base64.", pointer: "/files/\(index)") }
      return (name: name, bytes: Array(content))
    }
    let kept = try await keepReports(files)
    var reading = try await readReports(kept)
    if case .array(let drives)? = body[path: "drives"], !drives.isEmpty {
      let typed = try reading.typed(drives.compactMap(\.text))
      reading = try await readReports(kept, typed: typed)
    }
    return WipeReadingResource(reading, kept)
  }

  /// Records what a command's request asks for, in the form of `POST /api/v1/sanitizations`.
  func recordWipes(asked body: CanonicalJSON, by signedIn: SignedIn) async throws -> WipeRecordingsResource {
    let (files, confirmation) = try WipeConfirmation.asked(in: body)
    return WipeRecordingsResource(try await recordWipes(files, confirmation, by: signedIn))
  }
}

extension WipeReading {
  /// Which serials belong to which reports. Throws the problem where that is not clear.
  fileprivate func typed(_ drives: [String]) throws -> [Int: String] {
    let unnamed = lines.filter { $0.report.serial == nil }.map(\.number)
    var typed: [Int: String] = [:]
    for drive in drives {
      let parts = drive.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, let number = Int(parts[0]), unnamed.contains(number) {
        typed[number] = String(parts[1])
      } else if unnamed.count == 1, typed.isEmpty {
        typed[unnamed[0]] = drive
      } else {
        throw Problem(
          .unprocessableContent, "wipeReport.drive", "Which report?",
          detail: unnamed.isEmpty
            ? "Every report names its drive, so '\(drive.prefix(80))' belongs to none."
            : "It is not clear which report '\(drive.prefix(80))' belongs to: \(unnamed.count) name no drive.",
          remedy: unnamed.isEmpty
            ? "Leave it away." : "Say which, by the number that the list gives it: \(unnamed[0])=SERIAL.")
      }
    }
    return typed
  }
}
