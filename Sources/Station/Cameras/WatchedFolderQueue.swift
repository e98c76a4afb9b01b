import BarcodeVision
import Crypto
import Custody
import CustodyLedger
import Logging

/// The pictures of a watched folder, in the order in which they came. Each is read, and what it shows is scanned at the
/// desk; while the desk receives, an unknown carton is laid there. None overtakes another: a picture of another carton than
/// the one on the desk stays in the folder until that is received or set aside, and while nobody is signed in at the desk
/// all of them stay. A picture ends in `done` or `failed`, with what came of it beside it; whatever a file holds, the next
/// one is read.
struct WatchedFolderQueue {
  /// Stands in readings and events.
  static let lens = "folder"

  let core: StationCore
  let folder: WatchedFolder
  /// Names of the pictures that were not taken yet.
  private(set) var waiting: [String] = []
  /// Whether the first of them shows a carton for which the desk was not free.
  private var isHeld = false

  init(core: StationCore, folder: WatchedFolder) {
    self.core = core
    self.folder = folder
  }

  /// A picture has come. One that is alone is taken at once; what comes behind others waits its turn.
  mutating func come(_ name: String) async {
    guard !waiting.contains(name) else { return }
    waiting.append(name)
    if waiting.count == 1 { await look() } else { tell(await desk()) }
  }

  /// Takes the pictures for which the desk is ready.
  mutating func look() async {
    var desk = await desk()
    while let name = waiting.first, desk.takes(isCarton: isHeld) {
      switch await take(name) {
      case .filed:
        waiting.removeFirst()
        isHeld = false
      case .waits(let isCarton):
        isHeld = isCarton
        return tell(await self.desk())
      }
      // It may be another's by now, or hold a carton.
      desk = await self.desk()
    }
    tell(desk)
  }

  // MARK: The desk

  /// For what the desk is ready.
  private enum Readiness {
    case signedOut
    /// Somebody else's session is open there.
    case another
    /// It is at something, without a carton that lies there: whether it receives.
    case free(receives: Bool)
    /// A carton lies there.
    case occupied
    case unknown

    func takes(isCarton: Bool) -> Bool {
      switch self {
      case .signedOut, .another, .unknown: false
      // What shows no carton is scanned all the same.
      case .occupied: !isCarton
      case .free(let receives): receives || !isCarton
      }
    }
  }

  private func desk() async -> Readiness {
    do {
      guard let token = core.desk.operatorToken,
        let signedIn = try await core.signedIn(token, isSignOfLife: false)
      else { return .signedOut }
      guard let (session, work) = try await core.deskSession() else { return .free(receives: false) }
      guard session.operator == signedIn.person.id else { return .another }
      guard work.workflow == .receive else { return .free(receives: false) }
      return work.carton == nil ? .free(receives: true) : .occupied
    } catch {
      core.logger.error("the desk could not be looked at", metadata: ["error": "\(error)"])
      return .unknown
    }
  }

  /// Says on every page how many pictures wait, and for what.
  private func tell(_ desk: Readiness) {
    let count = waiting.count
    let words = count == 1 ? "1 picture is in the watched folder." : "\(count) pictures are in the watched folder."
    let note: LensNote? =
      switch desk {
      case _ where count == 0: nil
      case .signedOut:
        LensNote(
          kind: .waits, words: words,
          remedy: "\(count == 1 ? "It is" : "They are") taken once somebody signs in at the desk.")
      case .another:
        LensNote(
          kind: .waits, words: words,
          remedy: "\(count == 1 ? "It is" : "They are") taken once the open session is closed or taken over.")
      case .free, .occupied, .unknown: .waits(words)
      }
    if core.desk.note(note, for: Self.lens) { core.publishDesk() }
  }

  // MARK: A picture

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

  private enum Turn {
    case filed
    /// Whether for a desk that receives and holds no carton.
    case waits(isCarton: Bool)
  }

  /// Takes a picture and files it away, unless it has to wait.
  private func take(_ name: String) async -> Turn {
    var record = Record(picture: name, at: core.clock.now())
    do {
      let bytes = try await core.pictures.run { [folder] () throws(PictureError) in try folder.bytes(of: name) }
      record.digest = hexadecimal(SHA256.hash(data: bytes))
      try await scan(bytes, &record)
    } catch PictureError.missing {
      // Taken away, or heard of twice.
      return .filed
    } catch let problem as Problem where problem.code == Problem.anotherCarton.code {
      return .waits(isCarton: true)
    } catch let problem as Problem where problem.code == Problem.notSignedIn.code {
      return .waits(isCarton: false)
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
    return .filed
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
    } else if outcomes.contains(where: { $0.code == Problem.notSignedIn.code }) {
      // Signed out at this very moment.
      throw Problem.notSignedIn
    }
  }
}
