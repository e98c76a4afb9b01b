import BarcodeVision
import Crypto
import Custody
import CustodyLedger
import Logging
import ServiceLifecycle

/// Reads the pictures that are put into a folder, and has what they show scanned at the desk. A picture ends in `done` or
/// `failed`, with what came of it beside it; whatever a file holds, the next one is read.
struct WatchedFolderService: Service {
  let core: StationCore
  let folder: WatchedFolder

  func run() async throws {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await cancelWhenGracefulShutdown {
          await folder.run { error in
            core.logger.warning("watched folder", metadata: ["message": "\(error)", "remedy": "\(error.remedy)"])
          }
        }
      }
      group.addTask {
        for await name in folder.names { await take(name) }
      }
      await group.waitForAll()
    }
    try await gracefulShutdown()
  }

  /// What is written beside a picture.
  struct Record: Encodable {
    let picture: String
    let at: Instant
    var digest: String?
    var symbols: [SightedSymbol] = []
    var scans: [ScanResource] = []
    var error: String?
    var remedy: String?
  }

  private func take(_ name: String) async {
    var record = Record(picture: name, at: core.clock.now())
    do {
      let bytes = try await core.pictures.run { [folder] () throws(PictureError) in try folder.bytes(of: name) }
      record.digest = hexadecimal(SHA256.hash(data: bytes))
      try await scan(bytes, &record)
    } catch PictureError.missing {
      // Taken away, or heard of twice.
      return
    } catch {
      let problem = Problem(error)
      record.error = problem.detail
      record.remedy = problem.remedy
      if problem.status.code >= 500 {
        core.logger.error("a picture could not be scanned", metadata: ["picture": "\(name)", "error": "\(error)"])
      }
    }
    do {
      let encoded = try CanonicalEncoder().encode(record, limit: .max)
      let place: WatchedFolder.Place = record.error == nil ? .done : .failed
      let newName = try await core.pictures.run { [folder] () throws(PictureError) in
        try folder.file(name, to: place, record: encoded)
      }
      core.logger.notice("picture \(place.rawValue)", metadata: ["picture": "\(newName)"])
    } catch {
      core.logger.error(
        "a picture could not be moved away", metadata: ["picture": "\(name)", "error": "\(error)"])
    }
  }

  private func scan(_ bytes: [UInt8], _ record: inout Record) async throws {
    let symbols = try await core.pictures.read(picture: bytes)
    record.symbols = symbols.map { SightedSymbol($0, .counted) }
    guard !symbols.isEmpty else {
      record.error = "No barcode was found in the picture."
      record.remedy = "Take it again: closer, sharper, with more light, the whole code in view."
      return
    }
    let evidence = try await core.keepEvidence(bytes, showing: symbols)
    var view = MarksInView()
    for (symbol, meaning) in try await core.meanings(of: symbols) where view.wants(meaning) {
      var scan = Scan(
        raw: symbol.raw, source: .symbol, symbologyIdentifier: symbol.symbologyIdentifier, device: "folder")
      scan.evidence = evidence
      guard let outcome = try await core.deskOutcome(of: scan) else { continue }
      view.scanned(
        symbol.mark, .init(result: outcome.result, words: outcome.words), asset: outcome.asset?.id)
      record.scans.append(ScanResource(outcome: outcome))
      if outcome.code == Problem.notSignedIn.code {
        record.error = outcome.sentence
        record.remedy = "Sign in at the desk, then move the picture back."
        return
      }
    }
  }
}
