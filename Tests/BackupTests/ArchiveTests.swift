import Crypto
import Foundation
import GRDB
import SyncTestSupport
import Synchronization
import Testing

@testable import Backup

/// A data folder with a small database, a picture and a label template, and its backup.
private struct Sample {
  let folder: TemporaryFolder
  var data: String { folder.path + "/data" }
  var archive: String { folder.path + "/backup.tar" }
  var manifest: BackupManifest

  init() async throws {
    folder = try TemporaryFolder()
    for name in ["data/blobs/ab", "data/labels/mine"] {
      try FileManager.default.createDirectory(atPath: folder.path + "/" + name, withIntermediateDirectories: true)
    }
    for (name, text) in [
      ("blobs/ab/abc", String(repeating: "picture", count: 200)), ("labels/mine/label.svg", "<svg/>"),
      ("station.key", "SECRET"), ("pepper.key", "SECRET"), ("log.key", "SECRET"), ("centre.token", "SECRET"),
      ("tls-ca.key", "SECRET"), ("blobs/ab/begun.partial", "half"), ("blobs/.hidden", "x"),
    ] {
      try Data(text.utf8).write(to: URL(filePath: folder.path + "/data/" + name))
    }
    let pool = try DatabasePool(path: folder.path + "/data/station.db")
    try await pool.write { try $0.execute(sql: "CREATE TABLE t(x); INSERT INTO t VALUES (7)") }
    let snapshot = try DatabaseSnapshot.make(of: pool)
    try pool.close()
    let source = BackupSource(
      kind: .station, name: "HQ/DESK-1", head: "1:0", verifierKey: "k", missing: ["blobs/cd/cde"], snapshot: snapshot,
      folder: folder.path + "/data", taken: Date(timeIntervalSince1970: 1_772_442_000))
    let file = try BackupFile(folder.path + "/backup.tar", of: source.name, at: source.taken)
    try await BackupWriter(source).write(version: "9", to: { try file.write($0) })
    manifest = try file.finish()
    try source.discard()
  }

  func restored(from archive: String? = nil) throws -> BackupManifest {
    try BackupReader.read(archive ?? self.archive)
  }
}

struct ArchiveTests {
  @Test func aBackupHoldsDatabaseAndFilesAndNoKeys() async throws {
    let sample = try await Sample()
    #expect(sample.manifest.files.map(\.path) == ["station.db", "blobs/ab/abc", "labels/mine/label.svg"])
    #expect(sample.manifest.taken == "2026-03-02T09:00:00.000Z")
    #expect(sample.manifest.missing == ["blobs/cd/cde"])
    let bytes = try Data(contentsOf: URL(filePath: sample.archive))
    #expect(bytes.range(of: Data("SECRET".utf8)) == nil)
    #expect(try sample.restored() == sample.manifest)
    // The copy is gone.
    #expect(try FileManager.default.contentsOfDirectory(atPath: sample.data).allSatisfy { !$0.hasPrefix("snapshot-") })
    #expect(try FileManager.default.attributesOfItem(atPath: sample.archive)[.posixPermissions] as? Int == 0o600)
  }

  @Test func tarReadsIt() async throws {
    let sample = try await Sample()
    let tar = Process()
    tar.executableURL = URL(filePath: "/usr/bin/env")
    tar.arguments = ["tar", "--extract", "--file", sample.archive, "--directory", sample.folder.path]
    try tar.run()
    tar.waitUntilExit()
    #expect(tar.terminationStatus == 0)
    let picture = try String(contentsOfFile: sample.folder.path + "/blobs/ab/abc", encoding: .utf8)
    #expect(picture == String(repeating: "picture", count: 200))
    let queue = try DatabaseQueue(path: sample.folder.path + "/station.db")
    #expect(try await queue.read { try Int.fetchOne($0, sql: "SELECT x FROM t") } == 7)
    try queue.close()
  }

  @Test func aFlippedBitAnywhereIsFoundAndNamed() async throws {
    let sample = try await Sample()
    let bytes = try Data(contentsOf: URL(filePath: sample.archive))
    let damaged = sample.folder.path + "/damaged.tar"
    var random = SystemRandomNumberGenerator()
    // Every byte of headers, manifest and ends; a share of what the files hold.
    for place in bytes.indices where place % 512 < 8 || place > bytes.count - 3_000 || place % 97 == 0 {
      var copy = bytes
      copy[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      try copy.write(to: URL(filePath: damaged))
      let fault = #expect(throws: BackupFault.self, "byte \(place)") { try BackupReader.read(damaged) }
      guard case .damaged(damaged, _)? = fault else {
        Issue.record("byte \(place): \(String(describing: fault))")
        continue
      }
    }
    var copy = bytes
    let place = try #require(bytes.range(of: Data("picturepicture".utf8))).lowerBound
    copy[place] ^= 1
    try copy.write(to: URL(filePath: damaged))
    let fault = #expect(throws: BackupFault.self) { try BackupReader.read(damaged) }
    #expect(fault?.description.contains("blobs/ab/abc does not have") == true)
  }

  /// An archive as somebody else could make it, right in itself: a manifest is signed by nobody.
  private func archive(of kind: BackupManifest.Kind, _ names: [String], at path: String) throws {
    var bytes: [UInt8] = []
    func add(_ name: String, _ content: [UInt8]) throws {
      let header = try #require(TarHeader(name: name, size: Int64(content.count)))
      bytes += header.bytes + content + [UInt8](repeating: 0, count: TarHeader.padding(after: header.size))
    }
    let content = Array("KNOWN TO OTHERS".utf8)
    let hash = hex(SHA256.hash(data: content))
    for name in names { try add(name, content) }
    let manifest = Array(
      try BackupManifest(
        format: BackupManifest.format, kind: kind, name: "HQ/DESK-1", taken: "2026-03-02T09:00:00.000Z", version: "9",
        head: "1:0", verifierKey: "k", missing: [],
        files: names.map { BackupManifest.File(path: $0, length: Int64(content.count), sha256: hash) }
      ).encoded())
    try add(BackupWriter.manifestName, manifest)
    try add(BackupWriter.hashName, Array((hex(SHA256.hash(data: manifest)) + "\n").utf8))
    try Data(bytes + [UInt8](repeating: 0, count: 1024)).write(to: URL(filePath: path))
  }

  @Test(
    "a file that no backup has is refused by its name, and not written",
    arguments: [
      "station.key", "request.key", "pepper.key", "log.key", "tls-ca.pem", "tls-server.pem", "reference-pepper.key",
      "centre.token", "station.db-wal", "station.db/x", "labels", "Blobs/ab/abc", "blobs2/ab", "x/blobs/ab",
      "central.db",
    ])
  func stranger(_ name: String) throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/hostile.tar"
    for names in [["station.db", "blobs/ab/abc", name], [name, "station.db"]] {
      try archive(of: .station, names, at: file)
      #expect(throws: BackupFault.stranger(file: file, name: name)) { try BackupReader.read(file) }
      let place = try RestorePlace(folder.path + "/new")
      let fault = #expect(throws: BackupFault.self) { try BackupReader.read(file, into: place.staging) }
      #expect(fault == .stranger(file: file, name: name) && fault?.description.contains(name) == true)
      // The database of another kind is known for one only at the end; a restore that fails takes all away.
      let isWritten = FileManager.default.fileExists(atPath: place.staging + "/" + name)
      #expect(!isWritten || name == "central.db")
      try place.abandon()
    }
  }

  @Test func whatABackupHasIsTakenAndItsDatabaseIsNotMissing() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/backup.tar"
    try archive(of: .centre, ["central.db", "blobs/ab/abc", "labels/mine/label.svg"], at: file)
    #expect(try BackupReader.read(file).files.count == 3)
    for names in [[], ["blobs/ab/abc"]] {
      try archive(of: .station, names, at: file)
      let fault = #expect(throws: BackupFault.self) { try BackupReader.read(file) }
      #expect(fault?.description.contains("holds no station.db") == true)
    }
  }

  @Test func aBackupThatIsCutOffOrGoesOnIsFound() async throws {
    let sample = try await Sample()
    let bytes = try Data(contentsOf: URL(filePath: sample.archive))
    let damaged = sample.folder.path + "/damaged.tar"
    for length in [0, 1, 511, 512, 513, bytes.count / 2, bytes.count - 1024, bytes.count - 1] {
      try bytes.prefix(length).write(to: URL(filePath: damaged))
      let fault = #expect(throws: BackupFault.self) { try BackupReader.read(damaged) }
      #expect(fault?.description.contains("ends early") == true, "\(length)")
    }
    try (bytes + [0]).write(to: URL(filePath: damaged))
    #expect(throws: BackupFault.self) { try BackupReader.read(damaged) }
    try Data("no archive at all, but long enough".utf8 + [UInt8](repeating: 65, count: 600))
      .write(to: URL(filePath: damaged))
    let fault = #expect(throws: BackupFault.self) { try BackupReader.read(damaged) }
    #expect(fault?.description.contains("does not begin as one") == true)
  }

  @Test func aRestoreTakesAnEmptyFolderAndNoOther() async throws {
    let sample = try await Sample()
    let target = sample.folder.path + "/new/data"
    do {
      let place = try RestorePlace(target)
      _ = try BackupReader.read(sample.archive, into: place.staging)
      #expect(throws: BackupFault.busy(folder: target)) { _ = try RestorePlace(target).staging }
      try place.finish()
    }
    #expect(FileManager.default.fileExists(atPath: target + "/station.db"))
    #expect(!FileManager.default.fileExists(atPath: target + ".restoring"))
    #expect(throws: BackupFault.occupied(folder: target)) { _ = try RestorePlace(target).staging }

    let empty = sample.folder.path + "/empty"
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    // What an interrupted restore left beside is cleared away.
    try FileManager.default.createDirectory(atPath: empty + ".restoring/blobs", withIntermediateDirectories: true)
    try Data("half".utf8).write(to: URL(filePath: empty + ".restoring/station.db"))
    do {
      let place = try RestorePlace(empty)
      _ = try BackupReader.read(sample.archive, into: place.staging)
      try place.finish()
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: empty).sorted() == ["blobs", "labels", "station.db"])
  }

  @Test func noFileIsWrittenOver() async throws {
    let sample = try await Sample()
    #expect(throws: BackupFault.self) { _ = try BackupFile(sample.archive, of: "x", at: Date()) }
    let file = try BackupFile(sample.folder.path, of: "HQ/DESK-1", at: Date(timeIntervalSince1970: 1_772_442_000))
    #expect(file.path == sample.folder.path + "/custody-HQ-DESK-1-20260302T090000Z.tar")
    try file.abandon()
  }

  @Test func aCopyTakenWhileOthersWriteIsOneMoment() async throws {
    let folder = try TemporaryFolder()
    let pool = try DatabasePool(path: folder.path + "/station.db")
    try await pool.write { db in
      // Large enough for several steps of the copy.
      try db.execute(
        sql: """
          CREATE TABLE a(x INTEGER PRIMARY KEY, filler BLOB); CREATE TABLE b(x INTEGER PRIMARY KEY);
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)
          INSERT INTO a SELECT i, randomblob(4000) FROM n; INSERT INTO b SELECT x FROM a;
          """)
    }
    let written = Mutex(8000)
    let stop = Mutex(false)
    let writing = Task {
      while !stop.withLock({ $0 }) {
        let next = written.withLock { $0 } + 1
        try await pool.write { db in
          try db.execute(sql: "INSERT INTO a VALUES (?, randomblob(4000))", arguments: [next])
          try db.execute(sql: "INSERT INTO b VALUES (?)", arguments: [next])
        }
        written.withLock { $0 = next }
      }
    }
    for _ in 0..<3 {
      let before = written.withLock { $0 }
      let steps = Mutex(0)
      let copy = try await Task.detached {
        try DatabaseSnapshot.make(of: pool) { _, _ in steps.withLock { $0 += 1 } }
      }.value
      #expect(steps.withLock { $0 } > 1)
      let queue = try DatabaseQueue(path: copy)
      let (a, b) = try await queue.read {
        (try Int.fetchOne($0, sql: "SELECT max(x) FROM a"), try Int.fetchOne($0, sql: "SELECT max(x) FROM b"))
      }
      #expect(a == b && (a ?? 0) >= before)
      try queue.close()
      try DatabaseSnapshot.remove(copy)
    }
    stop.withLock { $0 = true }
    try await writing.value
    try pool.close()
  }
}
