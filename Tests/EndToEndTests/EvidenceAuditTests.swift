import Custody
import CustodyLedger
import Foundation
import SyncTestSupport
import TamperEvidence
import Testing

/// `custody-audit` on dossiers, logs, notes and proofs, as an auditor runs it.
struct EvidenceAuditTests {
  /// A log of two stations; its first asset has a history on both.
  private struct Sample {
    var log: SampleLog
    let asset: AssetID
    let events: [Int]
    let ids: [String]

    init(more: Int = 0) throws {
      log = try SampleLog()
      var (first, second) = (try ChainWriter(7), try ChainWriter(8))
      try log.enrol(first)
      try log.enrol(second)
      let registered = try first.register("AT-1")
      asset = registered.event.asset
      var events = [log.append(registered)]
      try second.learn(registered)
      let deployed = try second.deploy(asset)
      events.append(log.append(deployed))
      for number in 0..<more { log.append(try first.register("AT-1\(number)")) }
      let returned = try second.takeBack(asset)
      events.append(log.append(returned))
      self.events = events
      ids = [registered, deployed, returned].map(\.event.eventID.description)
    }

    /// Everything that a log serves, as plain files.
    func export(to folder: URL) throws {
      func write(_ bytes: [UInt8], _ path: LogPath) throws {
        let file = folder.appending(path: path.description)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
      }
      try write(try log.checkpoint.signed(with: [log.centre.key]).bytes, .checkpoint)
      for (path, hashes) in log.tiles {
        guard case .tile(let wide) = path,
          let tile = Tile(level: wide.level, index: wide.index, width: hashes.count)
        else { continue }
        try write(Tile.bytes(of: hashes), .tile(tile))
      }
      for start in stride(from: 0, to: log.entries.count, by: Tile.fullWidth) {
        let entries = log.entries[start..<min(start + Tile.fullWidth, log.entries.count)].map(\.entry.bytes)
        try write(
          try TileEntries(entries).bytes, .entries(index: UInt64(start / Tile.fullWidth), width: entries.count))
      }
    }
  }

  private func audit(_ arguments: String...) async throws -> (status: Int32, printed: String) {
    try await Program.finished("custody-audit", arguments)
  }

  @Test func `a dossier is verified, and says how far it goes`() async throws {
    let sample = try Sample()
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "dossier.zip")
      try Data(sample.log.dossier(of: sample.asset)).write(to: file)
      let found = try await audit("verify", file.path, "--key", sample.log.key.description)
      #expect(found.status == 0 && found.printed.hasPrefix("VERIFIED"), "\(found)")
      #expect(
        found.printed.contains(
          "complete up to event \(sample.ids[2]); newer or concurrent events need a full-log audit"), "\(found)")
      let json = try await audit("verify", file.path, "--key", sample.log.key.description, "--json")
      #expect(json.status == 0 && json.printed.contains(#""verified":true"#), "\(json)")
      let other = try await audit("verify", file.path, "--key", SampleLog(201).key.description)
      #expect(other.status == 1 && other.printed.contains("checkpoint: "), "\(other)")
      let usage = try await audit(
        "verify", file.path, "--key", sample.log.key.description, "--expect-head", ChainHead.empty.description)
      #expect(usage.status == 2, "\(usage)")
    }
  }

  @Test func `what is wrong with a dossier is said in one sentence with its event and check`() async throws {
    let sample = try Sample()
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "dossier.zip")
      try Data(sample.log.dossier(of: sample.asset, without: [sample.events[1]])).write(to: file)
      let found = try await audit("verify", file.path, "--key", sample.log.key.description)
      #expect(found.status == 1 && found.printed.hasPrefix("FOUND WANTING"), "\(found)")
      #expect(
        found.printed.contains("wrong     log entry \(sample.events[2]), event \(sample.ids[2]): prior: "), "\(found)")
      var bytes = try sample.log.dossier(of: sample.asset)
      bytes[200] ^= 1
      try Data(bytes).write(to: file)
      let damaged = try await audit("verify", file.path, "--key", sample.log.key.description)
      #expect(damaged.status == 1 && damaged.printed.contains("zip: "), "\(damaged)")
    }
  }

  @Test func `an exported log is audited as a folder and over HTTP; a flipped bit is named`() async throws {
    let sample = try Sample(more: 300)
    try await withTemporaryFolder { folder in
      try sample.export(to: folder)
      let key = sample.log.key.description
      let found = try await audit("verify", folder.path, "--key", key)
      #expect(found.status == 0 && found.printed.contains("305 entries, root \(sample.log.edge.root)"), "\(found)")

      let server = """
        import functools, http.server, sys
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        print(f"port {server.server_port}.", flush=True)
        server.serve_forever()
        """
      try await Program.running("/usr/bin/python3", ["-c", server, folder.path], endedBy: SIGKILL) { program in
        let port = try await program.prints(/port ([0-9]+)\./)
        let fetched = try await audit("verify", "http://127.0.0.1:\(port)/", "--key", key)
        #expect(fetched.status == 0 && fetched.printed.contains("305 entries"), "\(fetched)")
        let nothing = try await audit("verify", "http://127.0.0.1:\(port)/elsewhere", "--key", key)
        #expect(nothing.status == 3 && nothing.printed.contains("there is nothing there"), "\(nothing)")
      }

      let bundle = folder.appending(path: LogPath.entries(index: 0, width: 256).description)
      let whole = try Data(contentsOf: bundle)
      var changed = whole
      // Somewhere in the signature of the third entry, the first event.
      let third = sample.log.entries.prefix(2).reduce(2) { $0 + 2 + $1.entry.bytes.count }
      changed[third + 9] ^= 4
      try changed.write(to: bundle)
      let flipped = try await audit("verify", folder.path, "--key", key)
      #expect(flipped.status == 1, "\(flipped)")
      #expect(flipped.printed.contains("log entry 2, event \(sample.ids[0]): signature: "), "\(flipped)")
      #expect(flipped.printed.contains("root: "), "\(flipped)")
      try whole.write(to: bundle)

      let tile = folder.appending(path: LogPath.tile(try #require(Tile(level: 0, index: 0))).description)
      var hashes = try Data(contentsOf: tile)
      hashes[77] ^= 1
      try hashes.write(to: tile)
      let wrongTile = try await audit("verify", folder.path, "--key", key)
      #expect(wrongTile.status == 1 && wrongTile.printed.contains("tile: tile/0/000 "), "\(wrongTile)")

      try FileManager.default.removeItem(at: bundle)
      let missing = try await audit("verify", folder.path, "--key", key)
      #expect(missing.status == 3 && missing.printed.contains("there is no tile/entries/000"), "\(missing)")
      let empty = try await audit("verify", folder.appending(path: "tile").path, "--key", key)
      #expect(empty.status == 3 && empty.printed.contains("no file 'checkpoint'"), "\(empty)")
    }
  }

  @Test func `signed notes are verified with the keys that are given`() async throws {
    // C2SP's example, signed-note.md.
    let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    let text = """
      This is an example message.

      — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

      """
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "note").path
      try text.write(toFile: file, atomically: false, encoding: .utf8)
      let found = try await audit("note", file, "--key", key)
      #expect(found.status == 0 && found.printed.contains("signed by example.com/foo+530d903a"), "\(found)")
      #expect(found.printed.contains("This is an example message."), "\(found)")
      let peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
      #expect(try await audit("note", file, "--key", peter).status == 1)
      #expect(try await audit("note", file, "--key", peter, "--key", key).status == 0)
      #expect(try await audit("note", file, "--key", "nonsense").status == 2)
      #expect(try await audit("note", file).status == 2)
      #expect(try await audit("note", file + ".none", "--key", key).status == 3)
      try text.replacing("example message", with: "example massage").write(
        toFile: file, atomically: false, encoding: .utf8)
      let changed = try await audit("note", file, "--key", key)
      #expect(changed.status == 1 && changed.printed.contains("does not verify"), "\(changed)")
    }
  }

  @Test func `proofs are verified from JSON`() async throws {
    // transparency-dev/merkle, testdata/inclusion/3/happy-path.json.
    let text = """
      {"leafIdx":2,"treeSize":3,"root":"rra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=",
      "leafHash":"ApjRIpBtz8EIkstTpzmS/FufST6kybrbJ7eRtBJ6f+c=",
      "proof":["+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU="],"desc":"happy path","wantErr":false}
      """
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "proof.json").path
      func status(_ text: String) async throws -> (Int32, String) {
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        let found = try await audit("proof", file)
        return (found.status, found.printed)
      }
      let good = try await status(text)
      #expect(good.0 == 0 && good.1.contains("leaf 2 is in the tree of 3 leaves"), "\(good)")
      for (from, to) in [
        (#""leafIdx":2"#, #""leafIdx":1"#), (#""leafIdx":2"#, #""leafIdx":-1"#), (#""leafIdx":2"#, #""leafIdx":2.5"#),
        (#""leafIdx":2,"#, ""), ("rra8", "rrb8"), ("+sVC", "-sVC"), ("{", "["), (#""treeSize":3"#, #""treeSize":4"#),
      ] {
        let bad = try await status(text.replacing(from, with: to))
        #expect(bad.0 == 1 && bad.1.hasPrefix("FOUND WANTING"), "\(from) → \(to): \(bad)")
      }
    }
  }
}
