import AsyncHTTPClient
import Backup
import CentralStore
import CentralStoreSQLite
import Foundation
import Hummingbird
import SyncProtocol
import TamperEvidence

extension CentralServer {
  /// What there is to back up. Throws a ``CentralRefusal`` for a centre on PostgreSQL, whose database has tools of its own.
  func backup() async throws -> BackupSource {
    guard let store = store as? SQLiteCentralStore else { throw CentralRefusal(.backupByDatabase) }
    return try await store.backup(at: Date(timeIntervalSince1970: Double(now().milliseconds) / 1000))
  }

  /// The centre's data as a backup, while pushes go on.
  func backupResponse() async throws -> Response {
    let source: BackupSource
    do {
      source = try await backup()
    } catch let fault as BackupFault {
      throw Problem(
        status: 503, code: "backup.impossible", title: "No backup", detail: fault.description, remedy: fault.remedy)
    }
    let writer: BackupWriter
    do {
      writer = try BackupWriter(source)
    } catch {
      try source.discard()
      throw error
    }
    let version = configuration.version
    var response = Response(
      status: .ok, headers: [.contentType: "application/x-tar"],
      body: ResponseBody { output in
        var output = output
        do {
          try await writer.write(version: version) { try await output.write(ByteBuffer(bytes: $0)) }
          try await output.finish(nil)
        } catch {
          try source.discard()
          throw error
        }
        try source.discard()
      })
    response.headers[named: "X-Custody-Backup-Bytes"] = "\(writer.total)"
    response.headers[named: "X-Custody-Backup-Name"] = source.name
    return response
  }
}

extension Problem {
  fileprivate static let backupByDatabase = Problem(
    status: 409, code: "backup.postgres", title: "Back up the database",
    detail: "This centre keeps its log in PostgreSQL.",
    remedy:
      "Use the database's own tools: pg_dump --format=custom --file=custody.dump DATABASE, or continuous archiving; "
      + "restore with pg_restore into an empty database. Keep a copy of log.key apart from it.")
}

extension CentralControl {
  /// Opens the centre of a folder and gives its backup's source to `body`; `running` gets the socket where it runs already.
  /// Throws ``BackupFault``, ``CentralFault``, or a ``CentralRefusal`` for a centre on PostgreSQL.
  public static func backup(
    dataFolder: String, _ body: (BackupSource) async throws -> Void, running: (_ socket: String) async throws -> Void
  ) async throws {
    if FileManager.default.fileExists(atPath: dataFolder + "/database") {
      throw CentralRefusal(.backupByDatabase)
    }
    try await withCentre(dataFolder, nil) { server in
      try await server.noteExport("/backup", query: nil, from: "folder")
      let source = try await server.backup()
      do {
        try await body(source)
      } catch {
        try source.discard()
        throw error
      }
      try source.discard()
    } running: { socket, _, _ in
      try await running(socket)
    }
  }

  /// Checks the database of a backup that was unpacked into a folder. With a key file it must be the key of that very log,
  /// and is copied beside the database. Throws ``BackupFault`` and ``CentralFault``.
  public static func prepareRestored(_ place: RestorePlace, logKey: String?) throws {
    let note = try SQLiteCentralStore.checkRestored(place.staging + "/" + BackupManifest.Kind.centre.database)
    guard let logKey else { return }
    guard let author = try LogKeyFile.read(URL(fileURLWithPath: logKey).standardizedFileURL.path) else {
      throw BackupFault.unreachable(path: logKey, reason: "there is no such file")
    }
    if let note {
      do {
        _ = try LogHead(note: note, by: author)
      } catch {
        throw BackupFault.foreignKey(file: logKey, reason: error.description)
      }
    }
    try place.add(key: logKey, as: "log.key")
  }
}
