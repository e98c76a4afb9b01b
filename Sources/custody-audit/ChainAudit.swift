import CustodyLedger
import Foundation
import TamperEvidence

/// Verifies a chain file of any size, piece by piece.
struct ChainAudit {
  let file: String
  let key: VerifierKey
  let expectedHead: ChainHead?

  func run() throws -> VerifyReport {
    var verifier = ChainFileVerifier(key: key)
    var progress = VerifyProgress()
    let started = ContinuousClock.now
    let fault: ChainFault?
    do {
      fault = try scan(&verifier, &progress) ?? verifier.finish(expectedHead: expectedHead)
    } catch {
      progress.clear()
      throw Unreadable(file, error)
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
    let total = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
    var bytes = 0
    while let chunk = try handle.read(upToCount: 1 << 18), !chunk.isEmpty {
      if let fault = verifier.consume(chunk) { return fault }
      bytes += chunk.count
      progress.show("\(verifier.count) entries verified", done: bytes, of: total)
    }
    return nil
  }
}
