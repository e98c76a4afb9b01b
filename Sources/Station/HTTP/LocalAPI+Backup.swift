import Backup
import Foundation
import HTTPTypes
import Hummingbird
import StationStore

extension LocalAPI {
  /// The station's data as a backup, while scans go on. What keeps it from being made is answered before the first byte;
  /// an answer that breaks off is no backup.
  @Sendable func backup(_ request: Request, _ context: StationContext) async throws -> Response {
    let source: BackupSource
    do {
      source = try await core.store.backup()
    } catch let fault as BackupFault {
      throw Problem(
        .serviceUnavailable, "backup.impossible", "No backup", detail: fault.description, remedy: fault.remedy)
    }
    let writer: BackupWriter
    do {
      writer = try BackupWriter(source)
    } catch {
      try source.discard()
      throw error
    }
    let (version, logger) = (request.text("version") ?? "0", core.logger)
    return Response(
      status: .ok,
      headers: [
        .contentType: "application/x-tar", BackupHeader.total: "\(writer.total)", BackupHeader.name: source.name,
      ],
      body: ResponseBody { output in
        var output = output
        do {
          try await writer.write(version: version) { try await output.write(ByteBuffer(bytes: $0)) }
          try await output.finish(nil)
        } catch {
          try source.discard()
          logger.error("a backup broke off", metadata: ["error": "\(error)"])
          throw error
        }
        try source.discard()
      })
  }
}

/// Header fields of the answer with a backup.
enum BackupHeader {
  /// Bytes of its files together.
  static let total = HTTPField.Name("X-Custody-Backup-Bytes") ?? .contentLength
  /// Whose it is.
  static let name = HTTPField.Name("X-Custody-Backup-Name") ?? .server
}
