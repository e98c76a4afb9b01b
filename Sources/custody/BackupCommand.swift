import ArgumentParser
import AsyncHTTPClient
import Backup
import Central
import Foundation
import NIOCore
import StationStore

struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Makes a consistent copy of a station's or centre's data, while it runs.",
    discussion: """
      One tar archive: the database, the pictures and papers, templates of labels, and a manifest with the SHA-256 of each.
      Every scan that was answered before is in it. In a folder it gets a name with whose it is and when. It is checked
      before it gets its name, and never writes over a file.

      Keys stay out (station.key, pepper.key, log.key, tokens, certificates): a backup that is stolen signs nothing. A station
      that is restored makes a new key and is enrolled again. Of a centre keep copies of log.key, reference-pepper.key and
      tls-ca.pem, apart from the backups: without log.key nobody can go on with the log.

      A centre on PostgreSQL is backed up with the database's own tools: pg_dump, or continuous archiving.

      Examples:
        custody backup /mnt/backups --data /var/lib/custody
        custody backup centre.tar --data /var/lib/custody-centre
        custody restore centre.tar --data /srv/centre --log-key /media/safe/log.key
      """)

  @Argument(help: "The file to write, or a folder that is there.") var target: String
  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say whose data: --data FOLDER.")
    }
    let folder = settings.dataFolder(standard: "")
    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }
    if has("station/station.db"), has("centre/central.db") {
      throw Ending(
        2, "\(folder) holds a station and a centre.",
        remedy: "Back up each: --data \(folder)/station, and --data \(folder)/centre.")
    }
    if has("central.db") || has("database") {
      do {
        try await CentralControl.backup(dataFolder: folder, write) { try await fetch($0, "/backup") }
      } catch let refusal as CentralRefusal {
        throw Ending(1, refusal.detail, remedy: refusal.remedy)
      }
      return
    }
    switch try StoreAccess(settings, creating: false) {
    case .folder(let store):
      try await store.noteExport("/local/backup")
      let source = try await store.backup { ProgressBar().show("pages copied", $0, of: $1) }
      do {
        try await write(source)
      } catch {
        try source.discard()
        try store.close()
        throw error
      }
      try source.discard()
      try store.close()
    case .running(let socket):
      try await fetch(socket, "/local/backup?version=\(CustodyVersion.text)")
    }
  }

  private func write(_ source: BackupSource) async throws {
    let writer = try BackupWriter(source)
    try await fill(of: source.name, total: writer.total) { add in
      try await writer.write(version: CustodyVersion.text) { try add($0) }
    }
  }

  /// Has the running process make the copy: the database is its own.
  private func fetch(_ socket: String, _ path: String) async throws {
    guard let url = URL(httpURLWithSocketPath: socket, uri: path) else {
      throw Ending(4, "The socket \(socket) cannot be addressed.")
    }
    let response: HTTPClientResponse
    do {
      response = try await StoreAccess.http.execute(HTTPClientRequest(url: url.absoluteString), timeout: .hours(24))
    } catch {
      throw Ending(
        3, "Who holds the folder does not answer: \(error).", remedy: "Is it starting or stopping? Try again.")
    }
    guard response.status == .ok else {
      struct Told: Decodable { let detail, remedy: String }
      let body = Data(try await response.body.collect(upTo: 1 << 20).readableBytesView)
      let told: Told
      do {
        told = try JSONDecoder().decode(Told.self, from: body)
      } catch {
        throw Ending(
          4, "Who holds the folder answered \(response.status.code): \(String(decoding: body, as: UTF8.self))")
      }
      throw Ending(response.status.code == 409 ? 1 : 3, told.detail, remedy: told.remedy)
    }
    let name = response.headers.first(name: "X-Custody-Backup-Name") ?? "backup"
    let total = response.headers.first(name: "X-Custody-Backup-Bytes").flatMap(Int64.init) ?? 0
    try await fill(of: name, total: total) { add in
      do {
        for try await part in response.body { try add(Array(part.readableBytesView)) }
      } catch let fault as BackupFault {
        throw fault
      } catch {
        throw Ending(
          3, "The backup broke off: \(error).", remedy: "Look in the log of who holds the folder, and try again.")
      }
    }
  }

  private func fill(
    of name: String, total: Int64, _ body: (_ add: @escaping ([UInt8]) throws -> Void) async throws -> Void
  ) async throws {
    let file = try BackupFile(target, of: name, at: Date())
    let bar = ProgressBar()
    defer { bar.end() }
    let manifest: BackupManifest
    do {
      var done = 0
      try await body { bytes in
        try file.write(bytes)
        done += bytes.count
        bar.show("MB written", done >> 20, of: max(done, Int(total)) >> 20)
      }
      manifest = try file.finish { bar.show("MB checked", Int($0 >> 20), of: Int($1 >> 20)) }
    } catch {
      try file.abandon()
      throw error
    }
    bar.end()
    FileHandle.standardError.tell(
      """
      \(manifest.kind.rawValue.capitalized) \(manifest.name) as of \(manifest.taken): \(manifest.files.count) files, \
      \(manifest.bytes) bytes, head \(manifest.head).

      """)
    for path in manifest.missing.prefix(20) {
      FileHandle.standardError.tell("Not in it, for it is not in the data folder: \(path)\n")
    }
    if manifest.missing.count > 20 {
      FileHandle.standardError.tell("… and \(manifest.missing.count - 20) more, see manifest.json in it.\n")
    }
    try Running.answer(file.path)
  }
}
