import AsyncAlgorithms
import BarcodeVision
import Crypto
import Custody
import CustodyLedger
import Logging
import ServiceLifecycle

/// Reads the pictures that are put into a folder, and has what they show scanned at the desk; while the desk receives, an
/// unknown carton is laid there. A picture of another carton than the one on the desk stays in the folder until that is
/// received or set aside. A picture ends in `done` or `failed`, with what came of it beside it; whatever a file holds, the
/// next one is read.
struct WatchedFolderService: Service {
  let core: StationCore
  let folder: WatchedFolder

  /// What there is to do.
  private enum Turn {
    case picture(String)
    /// See whether the desk is free for a picture that waits.
    case look
  }

  /// How often the desk is looked at while a picture waits: long enough that what came of the one before is seen.
  private static let lookInterval = Duration.seconds(2)
  private static let lens = "folder"

  func run() async throws {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await cancelWhenGracefulShutdown {
          await folder.run { error in tell(error) }
        }
      }
      let (turns, mailbox) = AsyncStream.makeStream(of: Turn.self)
      group.addTask {
        for await name in folder.names { mailbox.yield(.picture(name)) }
        mailbox.finish()
      }
      group.addTask {
        let beats = AsyncTimerSequence(interval: Self.lookInterval, clock: .continuous)
        for await _ in beats.cancelOnGracefulShutdown() { mailbox.yield(.look) }
      }
      group.addTask {
        var waiting: [String] = []
        for await turn in turns {
          if let first = waiting.first, await isFree() {
            waiting.removeFirst()
            if await take(first) == false { waiting.insert(first, at: 0) }
          }
          if case .picture(let name) = turn, !waiting.contains(name), await take(name) == false {
            waiting.append(name)
          }
          tell(waiting.count)
        }
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
    /// The carton as it was laid on the desk.
    var carton: CartonResource?
    var error: String?
    var remedy: String?
  }

  /// Says in the log and on every page that the folder is gone, or that it is back.
  private func tell(_ error: WatchedFolderError?) {
    let note = error.map { error in
      LensNote(kind: .fault, words: "The watched folder is gone: \(error)", remedy: error.remedy)
    }
    if let error {
      core.logger.warning("watched folder", metadata: ["message": "\(error)", "remedy": "\(error.remedy)"])
    }
    guard core.desk.note(note, for: Self.lens + ".fault") else { return }
    if error == nil { core.logger.notice("watched folder is back", metadata: ["folder": "\(folder.path)"]) }
    core.publishDesk()
  }

  /// Whether a picture that waits can be laid.
  private func isFree() async -> Bool {
    do {
      guard let place = try await core.receiving() else { return false }
      return place.carton == nil
    } catch {
      core.logger.error("the desk could not be looked at", metadata: ["error": "\(error)"])
      return false
    }
  }

  /// Says at the desk how many pictures wait.
  private func tell(_ count: Int) {
    let note: LensNote? =
      switch count {
      case 0: nil
      case 1: .waits("1 picture is in the watched folder.")
      default: .waits("\(count) pictures are in the watched folder.")
      }
    if core.desk.note(note, for: Self.lens) { core.publishDesk() }
  }

  /// Takes a picture and files it away; false when it has to wait.
  private func take(_ name: String) async -> Bool {
    var record = Record(picture: name, at: core.clock.now())
    do {
      let bytes = try await core.pictures.run { [folder] () throws(PictureError) in try folder.bytes(of: name) }
      record.digest = hexadecimal(SHA256.hash(data: bytes))
      try await scan(bytes, &record)
    } catch PictureError.missing {
      // Taken away, or heard of twice.
      return true
    } catch let problem as Problem where problem.code == Problem.anotherCarton.code {
      return false
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
    return true
  }

  private func scan(_ bytes: [UInt8], _ record: inout Record) async throws {
    let symbols: [Symbol]
    let outcomes: [ScanOutcome]
    if let place = try await core.receiving() {
      let (found, outcome) = try await core.receive(picture: bytes, in: place, from: Self.lens, replacing: false)
      (symbols, outcomes) = (found, outcome.scans)
      record.carton = outcome.carton.map(CartonResource.init)
    } else {
      symbols = try await core.pictures.read(picture: bytes)
      let evidence = try await core.keepEvidence(bytes, showing: symbols)
      outcomes = try await core.scanMarks(symbols, evidence: evidence, from: Self.lens) { scan in
        try await core.deskOutcome(of: scan)
      }
    }
    record.symbols = symbols.map { SightedSymbol($0, .counted) }
    record.scans = outcomes.map(ScanResource.init)
    if symbols.isEmpty {
      record.error = "No barcode was found in the picture."
      record.remedy = "Take it again: closer, sharper, with more light, the whole code in view."
    } else if let refused = outcomes.first(where: { $0.code == Problem.notSignedIn.code }) {
      record.error = refused.sentence
      record.remedy = "Sign in at the desk, then move the picture back."
    }
  }
}
