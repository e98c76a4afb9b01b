import CentralStore
import Foundation

/// Where the log of a data folder's key is: in the folder, or in a database that a file beside the key names. One key must
/// never sign two logs, which is what a `--database` that was forgotten would come to.
struct LogPlace {
  private let folder: String

  /// Makes the folder (mode 0700) when it is not there.
  init(_ folder: String) throws(CentralFault) {
    self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .unreachable(path: folder, reason: error.localizedDescription)
    }
  }

  private var note: String { folder + "/database" }

  /// Throws ``CentralFault/databaseAddress(reason:)`` when the log is in a database.
  func requireFolder() throws {
    guard FileManager.default.fileExists(atPath: note) else { return }
    let database: String
    do {
      database = try String(contentsOfFile: note, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
      throw CentralFault.unreachable(path: note, reason: error.localizedDescription)
    }
    throw CentralFault.databaseAddress(reason: "none is given, and the log of \(folder) is in \(database)")
  }

  /// Throws ``CentralFault/databaseAddress(reason:)`` when the log is in the folder.
  func requireDatabase() throws(CentralFault) {
    guard FileManager.default.fileExists(atPath: folder + "/central.db") else { return }
    throw .databaseAddress(reason: "the folder \(folder) holds a log of its own, in central.db")
  }

  /// Notes the database, which holds the log from now on; nothing of it is secret.
  func note(database: String) throws(CentralFault) {
    do {
      try Data((database + "\n").utf8).write(to: URL(fileURLWithPath: note), options: .atomic)
    } catch {
      throw .unreachable(path: note, reason: error.localizedDescription)
    }
  }
}
