import ArgumentParser
import CustodyLedger
import Foundation
import TamperEvidence

/// `custody-audit verify FILE|FOLDER|URL --key VKEY [--expect-head SEQ:HASH] [--json]`
struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verifies a station's chain, a dossier, or a whole log.",
    discussion: """
      What it is shows by itself: a folder or a URL is a log, a zip file is a dossier, any other file a chain. One sentence
      for each failed check names the event and the check. Nothing but a URL needs a network.

      A chain is verified with its station's key: every signature, every link, no gap. One whose last entries were cut off
      is still a good chain: that shows only against a head known from elsewhere, given with --expect-head (the head is
      printed when a chain is verified, and by the station).

      A dossier or a log is verified with the key of the centre's log, whose name is the log's origin. A dossier proves
      what is in it, and says up to which event that is complete. A log's audit reads every entry; for one that is not
      open to everybody, set CUSTODY_READ_TOKEN.

      Examples:
        custody-audit verify station-7.chain --key example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
        custody-audit verify station-7.chain --key @station-7.vkey --expect-head 45:9f86d081…0a08
        custody-audit verify AT-00042.zip --key @centre.vkey
        custody-audit verify exported-log/ --key @centre.vkey --json
        custody-audit verify https://centre.example.com/log --key @centre.vkey
      """)

  @Argument(help: "A chain file, a dossier, a folder with an exported log, or the URL of a log.")
  var file: String

  @Option(
    name: .long,
    help:
      "The verifier key, NAME+HASH+KEY, or @PATH of a file that holds it; obtained from somebody you trust."
  )
  var key: String

  @Option(name: .long, help: "For a chain: the head it must end at, SEQ:HASH.")
  var expectHead: String?

  @Flag(name: .long, help: "Print one line of JSON instead of sentences.")
  var json = false

  func run() async throws {
    let verifierKey = try Input.key(key)
    let expectedHead = try expectHead.map { text in
      guard let head = ChainHead(text) else {
        throw ValidationError(
          "--expect-head '\(text)' is not SEQ:HASH, a number and 64 lower-case hexadecimal digits")
      }
      return head
    }
    var isFolder: ObjCBool = false
    if let url = LogDownload.url(file) {
      try refuse(expectedHead, of: "log")
      // From the environment, as secrets on a command line are everybody's to read.
      let token = ProcessInfo.processInfo.environment["CUSTODY_READ_TOKEN"]
      try await LogDownload(prefix: url, key: verifierKey, token: token).run { folder in
        try report(try LogFolder(path: folder).audit(named: file, key: verifierKey))
      }
    } else if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), isFolder.boolValue {
      try refuse(expectedHead, of: "log")
      try report(try LogFolder(path: file).audit(named: file, key: verifierKey))
    } else if try isZip() {
      try refuse(expectedHead, of: "dossier")
      let started = ContinuousClock.now
      let bytes = try Input.bytes(file, limit: StoredZip.maximumLength)
      let found = Dossier.verify(bytes: bytes, key: verifierKey)
      try report(EvidenceReport(file: file, key: verifierKey, dossier: found, elapsed: started.duration(to: .now)))
    } else {
      let found = try ChainAudit(file: file, key: verifierKey, expectedHead: expectedHead).run()
      print(try json ? found.json() : found.sentences())
      throw AuditOutcome(isVerified: found.fault == nil)
    }
  }

  private func report(_ report: EvidenceReport) throws {
    print(try json ? report.json() : report.sentences())
    throw AuditOutcome(isVerified: report.isVerified)
  }

  private func refuse(_ head: ChainHead?, of what: String) throws {
    guard head == nil else { throw ValidationError("--expect-head is for a chain, and this is a \(what)") }
  }

  /// Whether the file begins as a zip file does. A chain file cannot: its first entry would be longer than an entry is.
  private func isZip() throws -> Bool {
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
      defer {
        // Only read from: a failure to close loses nothing.
        try? handle.close()
      }
      return try handle.read(upToCount: 2).map(Array.init) == Array("PK".utf8)
    } catch {
      throw Unreadable(file, error)
    }
  }
}
