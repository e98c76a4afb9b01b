import ArgumentParser
import CustodyLedger
import Foundation
import TamperEvidence

/// `custody-audit verify FILE --key VKEY [--expect-head SEQ:HASH] [--json]`
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verifies a station's chain: every signature, every link, no gap.",
    discussion: """
      Names the first entry that is wrong, and which check failed. Files of any size are read piece by piece.

      A chain whose last entries were cut off is still a good chain: that shows only against a head known from
      elsewhere, given with --expect-head (the head is printed when a chain is verified, and by the station).

      Examples:
        custody-audit verify station-7.chain --key example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
        custody-audit verify station-7.chain --key @station-7.vkey --expect-head 45:9f86d081…0a08
        custody-audit verify station-7.chain --key @station-7.vkey --json
      """)

  @Argument(help: "The chain file, as written by 'custody export chain'.")
  var file: String

  @Option(
    name: .long,
    help:
      "The station's verifier key, NAME+HASH+KEY, or @PATH of a file that holds it; obtained from somebody you trust."
  )
  var key: String

  @Option(name: .long, help: "The head the chain must end at, SEQ:HASH.")
  var expectHead: String?

  @Flag(name: .long, help: "Print one line of JSON instead of sentences.")
  var json = false

  func run() throws {
    let verifierKey = try readKey()
    let expectedHead = try expectHead.map { text in
      guard let head = ChainHead(text) else {
        throw ValidationError(
          "--expect-head '\(text)' is not SEQ:HASH, a number and 64 lower-case hexadecimal digits")
      }
      return head
    }
    let report = try verify(key: verifierKey, expectedHead: expectedHead)
    print(try json ? report.json() : report.sentences())
    throw report.fault == nil ? AuditOutcome.verified : AuditOutcome.foundWanting
  }

  private func readKey() throws -> VerifierKey {
    var text = key
    if key.hasPrefix("@") {
      let path = String(key.dropFirst())
      do {
        text = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
      } catch {
        throw unreadable(path, error)
      }
    }
    do {
      return try VerifierKey(text)
    } catch {
      throw ValidationError("--key: \(error)")
    }
  }

  private func verify(key: VerifierKey, expectedHead: ChainHead?) throws -> VerifyReport {
    var verifier = ChainFileVerifier(key: key)
    var progress = VerifyProgress()
    let started = ContinuousClock.now
    let fault: ChainFault?
    do {
      fault = try scan(&verifier, &progress) ?? verifier.finish(expectedHead: expectedHead)
    } catch {
      progress.clear()
      throw unreadable(file, error)
    }
    progress.clear()
    return VerifyReport(
      file: file, key: key, fault: fault, entries: verifier.count, head: verifier.head,
      station: verifier.origin?.station, epoch: verifier.origin?.epoch, tailChecked: expectedHead != nil,
      elapsed: started.duration(to: .now))
  }

  private func scan(_ verifier: inout ChainFileVerifier, _ progress: inout VerifyProgress) throws -> ChainFault? {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
    defer {
      // Only read from: a failure to close loses nothing.
      try? handle.close()
    }
    progress.total = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
    while let chunk = try handle.read(upToCount: 1 << 18), !chunk.isEmpty {
      if let fault = verifier.consume(chunk) { return fault }
      progress.advance(bytes: chunk.count, entries: verifier.count)
    }
    return nil
  }

  private func unreadable(_ path: String, _ error: any Error) -> AuditOutcome {
    var isFolder: ObjCBool = false
    let reason =
      FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
      ? "it is a folder; name one file in it" : error.localizedDescription
    FileHandle.standardError.tell("custody-audit: cannot read \(path): \(reason)\n")
    return .unreadable
  }
}
