import Foundation
import Synchronization
import Testing

/// `custody backup` and `custody restore`, on stations and centres that run.
@Suite(.timeLimit(.minutes(25))) struct BackupCommandTests {
  private func centre<Answer>(
    in folder: URL, _ further: String..., body: (String, URL) async throws -> Answer
  ) async throws -> Answer {
    let data = folder.appending(path: "centre")
    return try await Program.custody(["central", "--data", data.path, "--port", "0"] + further) { program in
      try await body(try await program.prints(/listens on (http:\S+)\//), data)
    }
  }

  @Test func whatWasAcknowledgedBeforeABackupIsInItWhileScansGoOn() async throws {
    try await withTemporaryFolder { folder in
      try await centre(in: folder) { centre, data in
        let count = 300
        let assets =
          "asset tag,serial number,manufacturer,model,state\n"
          + (0..<count).map { "AT-\(20_000 + $0),SN-\($0),Lenovo,T14,in stock\n" }.joined()
        let station = try await StationUnderTest.enrolled("DESK-1", in: folder, centre: data, assets: assets)
        let backup = folder.appending(path: "backup.tar")
        let acknowledged: [String] = try await station.run(centre: centre) { running in
          let session = try await HTTP.json(
            .POST, running.base + "/api/v1/sessions", token: running.token,
            ["workflow": "deploy", "details": ["recipient": ["team": "Sales"]]])
          let id = try #require(session.body["id"].text, "\(session)")
          let done = Mutex<[String]>([])
          let scanning = Task {
            for number in 0..<count {
              let tag = "AT-\(20_000 + number)"
              let answer = try await HTTP.json(
                .POST, running.base + "/api/v1/sessions/\(id)/scans", token: running.token, ["text": .string(tag)])
              guard answer.body["result"].text == "accepted" else { throw Failure("\(tag): \(answer)") }
              done.withLock { $0.append(tag) }
            }
          }
          _ = try await eventually("some scans") { done.withLock { $0.count > 20 ? true : nil } }
          let before = done.withLock { $0 }
          let (status, printed) = try await Program.finished(
            "custody", ["backup", backup.path, "--data", station.folder.path])
          #expect(status == 0, "\(printed)")
          #expect(printed.contains("Station HQ/DESK-1 as of"))
          try await scanning.value
          return before
        }
        let restored = folder.appending(path: "restored")
        let (status, printed) = try await Program.finished(
          "custody", ["restore", backup.path, "--data", restored.path])
        #expect(status == 0 && printed.contains("1 people have no badge"), "\(printed)")
        let export = folder.appending(path: "assets.csv")
        let exported = try await Program.finished(
          "custody", ["export", "assets", "--data", restored.path, "--out", export.path])
        #expect(exported.status == 0, "\(exported)")
        let rows = try String(contentsOf: export, encoding: .utf8).split(separator: "\n")
        for tag in acknowledged {
          let row = try #require(rows.first { $0.contains(tag) })
          #expect(row.contains("deployed"), "\(row)")
        }
        // No key came along, and the one it made is new.
        let keys = try String(contentsOf: station.folder.appending(path: "station.key"), encoding: .utf8)
        #expect(try String(contentsOf: restored.appending(path: "station.key"), encoding: .utf8) != keys)
        #expect(try posixMode(restored.path) == 0o700 && posixMode(restored.path + "/station.db") == 0o600)
      }
    }
  }

  @Test func aRestoreRefusesDamageAndFoldersThatHoldData() async throws {
    try await withTemporaryFolder { folder in
      let data = folder.appending(path: "data")
      let people = folder.appending(path: "people.csv")
      try Data("name,badge,pin,roles\nKim,B-1,730194,admin\n".utf8).write(to: people)
      let made = try await Program.finished(
        "custody", ["import", people.path, "--data", data.path, "--site", "HQ", "--station", "DESK-1"])
      #expect(made.status == 0, "\(made)")
      let backups = folder.appending(path: "backups")
      try FileManager.default.createDirectory(at: backups, withIntermediateDirectories: true)
      let backup = try await Program.finished("custody", ["backup", backups.path, "--data", data.path])
      let file = try #require(backup.printed.firstMatch(of: /\/\S+\.tar/).map { String($0.0) }, "\(backup)")
      #expect(backup.status == 0 && file.contains("custody-HQ-DESK-1-"))
      let again = try await Program.finished("custody", ["backup", file, "--data", data.path])
      #expect(again.status == 3 && again.printed.contains("not written over"), "\(again)")

      let checked = try await Program.finished("custody", ["restore", file, "--check"])
      #expect(checked.status == 0 && checked.printed.contains("whole"), "\(checked)")
      let over = try await Program.finished("custody", ["restore", file, "--data", data.path])
      #expect(over.status == 1 && over.printed.contains("never restored over data"), "\(over)")

      var bytes = try Data(contentsOf: URL(filePath: file))
      bytes[6_000] ^= 1
      let damaged = folder.appending(path: "damaged.tar")
      try bytes.write(to: damaged)
      let new = folder.appending(path: "new")
      let refused = try await Program.finished("custody", ["restore", damaged.path, "--data", new.path])
      #expect(refused.status == 1 && refused.printed.contains("station.db does not have the length and SHA-256"))
      #expect(refused.printed.contains("Take another backup"))
      #expect(
        !FileManager.default.fileExists(atPath: new.path)
          && !FileManager.default.fileExists(atPath: new.path + ".restoring"))

      // With the pepper's copy, badge and PIN are kept.
      let kept = try await Program.finished(
        "custody", ["restore", file, "--data", new.path, "--pepper", data.path + "/pepper.key"])
      #expect(kept.status == 0 && kept.printed.contains("Badges and PINs are kept"), "\(kept)")
      try await Program.custody(["station", "--data", new.path, "--port", "0", "--usb", "false"]) { program in
        let base = try await program.prints(/listens on (http:\S+)\//)
        let answer = try await HTTP.json(.POST, base + "/api/v1/sign-in", ["badge": "B-1", "pin": "730194"])
        #expect(answer.status == 200 || answer.status == 201, "\(answer)")
      }
    }
  }

  @Test func whatIsTakenFromAStoppedStationIsWrittenDown() async throws {
    try await withTemporaryFolder { folder in
      let data = folder.appending(path: "data")
      let csv = folder.appending(path: "assets.csv")
      try Data("asset tag,state\nAT-10001,in stock\n".utf8).write(to: csv)
      for command in [
        ["import", csv.path, "--site", "HQ", "--station", "DESK-1"], ["export", "assets"], ["export", "chain"],
        ["export", "epcis", "--asset", "AT-10001"], ["backup", folder.path + "/backup.tar"],
      ] {
        let done = try await Program.finished("custody", command + ["--data", data.path])
        #expect(done.status == 0, "\(done)")
      }
      let log = try await Program.finished("custody", ["audit-log", "--data", data.path])
      #expect(log.status == 0)
      let lines = log.printed.split(separator: "\n")
      #expect(lines.count == 4, "\(log)")
      for (line, subject) in zip(
        lines,
        [
          "/local/export/assets?format=csv", "/local/export/chain?format=csv", "/local/epcis?asset=AT%2D10001",
          "/local/backup",
        ])
      {
        #expect(line.contains("\"subject\":\"\(subject)\""), "\(line)")
        #expect(line.contains("\"what\":\"data.export\",\"who\":\"folder owner\""), "\(line)")
      }
    }
  }

  @Test func aRestoreThatIsKilledLeavesNothingUnderTheName() async throws {
    try await withTemporaryFolder { folder in
      let data = folder.appending(path: "data")
      let csv = folder.appending(path: "assets.csv")
      try Data("asset tag,state\nAT-10001,in stock\n".utf8).write(to: csv)
      let made = try await Program.finished(
        "custody", ["import", csv.path, "--data", data.path, "--site", "HQ", "--station", "DESK-1"])
      #expect(made.status == 0, "\(made)")
      // Pictures enough that a restore takes a while.
      for index in 0..<48 {
        let name = String(format: "%02x", index)
        let blobs = data.appending(path: "blobs/\(name)")
        try FileManager.default.createDirectory(at: blobs, withIntermediateDirectories: true)
        try Data(repeating: UInt8(index), count: 2 << 20).write(to: blobs.appending(path: name))
      }
      let backup = folder.appending(path: "backup.tar")
      let saved = try await Program.finished("custody", ["backup", backup.path, "--data", data.path])
      #expect(saved.status == 0, "\(saved)")
      let new = folder.appending(path: "new")
      // Killed as it asks for the third and for the thirtieth file to be on disk: the kernel does it, so that no machine is too fast.
      for call in [3, 30] {
        let killed = try await Program.finishing(
          "/usr/bin/strace",
          [
            "-f", "-qq", "-o", folder.path + "/trace", "-e", "trace=fsync",
            "-e", "inject=fsync:signal=SIGKILL:when=\(call)", Program.products.appending(path: "custody").path,
            "restore", backup.path, "--data", new.path,
          ])
        #expect(killed.status != 0, "\(killed)")
        #expect(FileManager.default.fileExists(atPath: new.path + ".restoring"))
        #expect(!FileManager.default.fileExists(atPath: new.path))
      }
      let restored = try await Program.finished("custody", ["restore", backup.path, "--data", new.path])
      #expect(restored.status == 0, "\(restored)")
      #expect(!FileManager.default.fileExists(atPath: new.path + ".restoring"))
      #expect(try FileManager.default.subpathsOfDirectory(atPath: new.path + "/blobs").count == 96)
    }
  }

  @Test func aBackupThatFindsNoRoomSaysSoAndLeavesNothing() async throws {
    try await withTemporaryFolder { folder in
      let data = folder.appending(path: "data")
      let csv = folder.appending(path: "assets.csv")
      try Data("asset tag,state\nAT-10001,in stock\n".utf8).write(to: csv)
      _ = try await Program.finished("custody", ["import", csv.path, "--data", data.path])
      let target = folder.appending(path: "target")
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      try await Program.custody(["station", "--data", data.path, "--port", "0", "--usb", "false"]) { program in
        _ = try await program.prints(/listens on (http:\S+)\//)
        // A file may have 64 KiB: the disk is full for the command, not for the station.
        let (status, printed) = try await Program.finishing(
          "/bin/bash",
          [
            "-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "bash", Program.products.appending(path: "custody").path,
            "backup", target.path, "--data", data.path,
          ])
        #expect(status == 3 && printed.contains("cannot be used"), "\(printed)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: target.path).isEmpty)
        _ = try await eventually("the station's own copy is gone") {
          try FileManager.default.contentsOfDirectory(atPath: data.path).contains { $0.hasPrefix("snapshot-") }
            ? nil : true
        }
      }
    }
  }

  @Test func aCentreIsBackedUpWhileItRunsAndGoesOnWithItsLogsKey() async throws {
    try await withTemporaryFolder { folder in
      let backup = folder.appending(path: "centre.tar")
      let (data, verifierKey) = try await centre(in: folder) { centre, data in
        let station = try await StationUnderTest.enrolled("DESK-1", in: folder, centre: data)
        let (status, printed) = try await Program.finished("custody", ["backup", backup.path, "--data", data.path])
        #expect(status == 0 && printed.contains("Centre centre-"), "\(printed)")
        return (data, station.verifierKey)
      }
      let key = try await Program.finished("custody", ["central", "key", "--data", data.path])
      let new = folder.appending(path: "new")
      let other = folder.appending(path: "other.key")
      try await Program.custody(["central", "--data", folder.appending(path: "other").path, "--port", "0"]) {
        _ = try await $0.prints(/listens on (http:\S+)\//)
      }
      try FileManager.default.copyItem(at: folder.appending(path: "other/log.key"), to: other)
      let foreign = try await Program.finished(
        "custody", ["restore", backup.path, "--data", new.path, "--log-key", other.path])
      #expect(foreign.status == 1 && foreign.printed.contains("does not belong to this backup"), "\(foreign)")
      #expect(!FileManager.default.fileExists(atPath: new.path))

      let restored = try await Program.finished(
        "custody", ["restore", backup.path, "--data", new.path, "--log-key", data.path + "/log.key"])
      #expect(restored.status == 0, "\(restored)")
      let same = try await Program.finished("custody", ["central", "key", "--data", new.path])
      #expect(same == key)
      // The station is enrolled there: its key is refused a second enrolment, or gets a new token.
      let enrolled = try await Program.finished("custody", ["central", "enrol", verifierKey, "--data", new.path])
      #expect(enrolled.printed.contains("HQ/DESK-1"), "\(enrolled)")
      #expect(restored.printed.contains("reference-pepper.key: ") && restored.printed.contains("tls-ca.pem: "))
      #expect(!restored.printed.contains("log.key: "), "it was given: \(restored)")

      // The other two files come back where they are given, and nothing is missing then.
      let pepper = data.appending(path: "reference-pepper.key")
      try Data(repeating: 7, count: 32).write(to: pepper)
      let authority = try await Program.finished("custody", ["central", "ca", "--data", data.path])
      let all = folder.appending(path: "all")
      let keys = ["--log-key", data.path + "/log.key", "--reference-pepper", pepper.path]
      let command = ["restore", backup.path, "--data", all.path] + keys
      let wrong = try await Program.finished("custody", command + ["--tls-ca", other.path])
      #expect(wrong.status == 1 && wrong.printed.contains("no key and certificate of a CA"), "\(wrong)")
      #expect(!FileManager.default.fileExists(atPath: all.path))
      let whole = try await Program.finished("custody", command + ["--tls-ca", data.path + "/tls-ca.pem"])
      #expect(whole.status == 0 && !whole.printed.contains("Not in a backup"), "\(whole)")
      for name in ["log.key", "reference-pepper.key", "tls-ca.pem"] {
        #expect(
          try Data(contentsOf: all.appending(path: name)) == Data(contentsOf: data.appending(path: name)), "\(name)")
        #expect(try posixMode(all.appending(path: name).path) == 0o600, "\(name)")
      }
      #expect(try await Program.finished("custody", ["central", "ca", "--data", all.path]) == authority)

      let none = try await Program.finished(
        "custody", ["restore", backup.path, "--data", folder.appending(path: "none").path])
      for name in ["log.key", "reference-pepper.key", "tls-ca.pem"] {
        #expect(none.status == 0 && none.printed.contains("its \(name): "), "\(none)")
      }
      try Data(repeating: 7, count: 31).write(to: pepper)
      let short = try await Program.finished(
        "custody", ["restore", backup.path, "--data", folder.appending(path: "short").path] + keys)
      #expect(short.status == 1 && short.printed.contains("a pepper has 32 bytes"), "\(short)")
    }
  }

  private func posixMode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }
}
