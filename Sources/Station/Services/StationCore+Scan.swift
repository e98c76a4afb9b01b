import AssetIdentifiers
import BarcodeVision
import Crypto
import Custody
import CustodyLedger
import Foundation
import ScannerProtocols
import StationStore

extension StationCore {
  /// Runs a scan in a session and tells every page. The answer comes after the durable commit; what `keep` writes is in
  /// the same commit.
  func scan(
    _ scan: Scan, in id: SessionID, by signedIn: SignedIn,
    keep: (@Sendable (ScanOutcome, StoreTransaction) throws -> Void)? = nil
  ) async throws -> ScanOutcome {
    let scan = scan.splittingAIMPrefix()
    let badge = try await badgeHolder(scan)
    let site = store.identity.site
    let (outcome, desk) = try await store.write(urgent: true) { [tags] transaction -> (ScanOutcome, String?) in
      var session = try transaction.openSession(id, of: signedIn)
      var flow = try ScanFlow(
        transaction: transaction, site: site, actor: signedIn.actor, session: session,
        scan: try transaction.joining(scan, to: session), badge: badge)
      flow.tagsInField = { Set(tags.present.map { hexadecimal($0.epc).uppercased() }) }
      var outcome = try flow.run()
      switch outcome.command {
      case .undo:
        outcome = try ScanFlow.undo(
          in: transaction, session: flow.session, actor: signedIn.actor, site: site, asked: outcome)
      case .close:
        session = flow.session
        try transaction.endKit(of: session.id)
        try transaction.setAside(of: &session)
        session = try transaction.closeSigned(session, by: signedIn)
        try SessionEnd(of: session, in: transaction).tell(&outcome)
      default: break
      }
      try keep?(outcome, transaction)
      return (outcome, session.desk)
    }
    // Shown before it is told: a page that hears of it asks at once.
    if desk == self.desk.name {
      if outcome.command == .close { self.desk.clear() }
      self.desk.lastOutcome = outcome
    }
    try announce(outcome, desk: desk)
    return outcome
  }

  /// Takes back the newest event of a session. What `keep` writes is in the same commit.
  func undo(
    in id: SessionID, by signedIn: SignedIn,
    keep: (@Sendable (ScanOutcome, StoreTransaction) throws -> Void)? = nil
  ) async throws -> ScanOutcome {
    let site = store.identity.site
    let outcome = try await store.write { transaction in
      let outcome = try ScanFlow.undo(
        in: transaction, session: try transaction.openSession(id, of: signedIn), actor: signedIn.actor, site: site)
      try keep?(outcome, transaction)
      return outcome
    }
    try announce(outcome, desk: desk.name)
    return outcome
  }

  /// Reads a picture and scans every symbol in it that a session can use; in a receive session, what names no known asset
  /// is shown as a carton instead, to be confirmed. The picture is kept as evidence of what came of it, unless it shows a
  /// badge. Throws ``PictureError`` for a picture that cannot be read.
  func scanPicture(
    _ bytes: [UInt8], in id: SessionID, by signedIn: SignedIn, details: CanonicalJSON = [:]
  ) async throws -> PictureOutcome {
    let frame = try await pictures.frame(of: bytes)
    let symbols = try await pictures.read(frame)
    guard !symbols.isEmpty else { return PictureOutcome() }
    let evidence = try await keepEvidence(bytes, showing: symbols)
    switch (try await look(at: symbols, in: id), evidence.first) {
    case (.carton, let picture?):
      let (outcome, shown) = try await lay(
        symbols, of: picture, width: frame.width, height: frame.height, in: id, by: signedIn)
      return PictureOutcome(scans: [], asked: outcome, carton: shown)
    case (.asset(let symbol, let meaning), _):
      var scan = Scan(
        raw: symbol.raw, source: .symbol, symbologyIdentifier: symbol.symbologyIdentifier, device: "picture",
        details: details)
      scan.evidence = evidence
      scan.meaning = meaning
      return PictureOutcome(scans: [try await self.scan(scan, in: id, by: signedIn)])
    case (.marks, _), (.carton, nil): break
    }
    var outcomes: [ScanOutcome] = []
    for symbol in try await ordered(symbols) {
      var scan = Scan(
        raw: symbol.raw, source: .symbol, symbologyIdentifier: symbol.symbologyIdentifier, device: "picture",
        details: details)
      scan.evidence = evidence
      outcomes.append(try await self.scan(scan, in: id, by: signedIn))
      // One picture shows one asset: once it is acted on, its other marks must not be taken for other assets.
      if let last = outcomes.last, last.asset != nil, last.result != .lookup { break }
    }
    return PictureOutcome(scans: outcomes)
  }

  /// What a scanner on the desk read: it runs the desk's open session for the desk's operator, whose it must be.
  func deskScan(_ scan: Scan) async throws {
    guard let token = desk.operatorToken, let signedIn = try await signedIn(token) else {
      return try await keepUnassigned(
        scan, "access.notSignedIn", "Sign in first", "Nobody is signed in at the desk.",
        remedy: "Sign in with badge and PIN.")
    }
    try await deskScan(scan, by: signedIn)
  }

  /// A scan at the desk by somebody: into their open session, as a lookup without one. While another's session is open it
  /// is kept, and acted on by nobody.
  func deskScan(_ scan: Scan, by signedIn: SignedIn) async throws {
    do {
      let session = try await deskSession()?.0.id
      if session == nil, scan.closes {
        let problem = Problem.nothingToClose
        return try await keepUnassigned(
          scan, problem.code, problem.title, problem.detail, remedy: problem.remedy, by: signedIn.person.id)
      }
      // A scan without a session is a lookup.
      let id: SessionID
      if let session {
        id = session
      } else {
        id = try await openSession(WorkSession(), by: signedIn, desk: desk.name, isTold: false).0.id
      }
      try await deskScan(scan, in: id, by: signedIn)
    } catch let problem as Problem where problem.isOtherOperator {
      try await keepUnassigned(
        scan, problem.code, problem.title, problem.detail, remedy: problem.remedy, by: signedIn.person.id)
    }
  }

  /// A scan into the session that was open at the desk a moment ago. Where another page has closed it meanwhile, it is kept, and
  /// acted on by nobody: what it was meant for is over.
  func deskScan(_ scan: Scan, in id: SessionID, by signedIn: SignedIn) async throws {
    do {
      desk.lastOutcome = try await self.scan(scan, in: id, by: signedIn)
    } catch let problem as Problem where problem.isClosedSession {
      try await keepUnassigned(
        scan, problem.code, problem.title, "The session was closed as this was scanned: nothing was recorded.",
        remedy: "Choose what to do, then scan it again.", by: signedIn.person.id)
    }
  }

  /// A scan whose beginning may be missing: half a tag can be another asset's tag, so it is kept and not acted on.
  func refuseDoubtful(_ scan: Scan) async throws {
    try await keepUnassigned(
      scan, "scan.doubtful", "Scan again", "The scanner had a fault just before: part of the code may be missing.",
      remedy: "Scan the label again.")
  }

  /// A scan that its scanner did not bring whole. Its keys are not kept: they may be half a badge.
  func refuse(_ rejected: RejectedScan) async throws {
    try await keepUnassigned(
      Scan(raw: [], source: .symbol, device: rejected.deviceID), "scan.rejected", "Scan again", rejected.message + ".",
      remedy: rejected.remedy, inSession: true)
  }

  /// A scan whose scanner was unplugged before it had sent all of it. What it had sent is not kept: it may be half a badge.
  func cutOff(after characters: Int, _ device: String, named name: String) async throws {
    let sent = characters == 1 ? "1 character" : "\(characters) characters"
    try await keepUnassigned(
      Scan(raw: [], source: .symbol, device: device), "scan.cutOff", "Scan cut off",
      "\(name) was unplugged after \(sent).", remedy: "Plug it in and scan it again.", inSession: true)
  }

  /// Keeps a scan that is acted on by nobody, and shows why. `inSession` puts it among the lines of the desk's open session,
  /// whoever's it is.
  private func keepUnassigned(
    _ scan: Scan, _ code: String, _ words: String, _ sentence: String, remedy: String, by person: PersonID? = nil,
    inSession: Bool = false
  ) async throws {
    var reading = KeptReading(
      at: clock.now(), raw: scan.shownBytes,
      symbologyIdentifier: scan.symbologyIdentifier, device: scan.device, session: nil, person: person,
      outcome: .unassigned, words: words)
    reading.code = code
    let (kept, deskName) = (reading, desk.name)
    let id = try await store.write { transaction in
      var kept = kept
      if inSession, let session = try transaction.openSession(desk: deskName) {
        (kept.session, kept.outcome) = (session.id, .refused)
      }
      return try transaction.keep(kept)
    }
    var outcome = ScanOutcome(result: .refused, words: words, at: kept.at, scan: scan)
    outcome.sentence = sentence
    outcome.remedy = remedy
    outcome.code = code
    outcome.reading = id
    desk.lastOutcome = outcome
    try announce(outcome, desk: desk.name)
    try tellPage(words, sentence, remedy: remedy)
  }

  /// Assets that are known come first, so that a carton's other codes do not make an unknown of it.
  private func ordered(_ symbols: [Symbol]) async throws -> [Symbol] {
    try await store.read { snapshot in
      let isKnown = try symbols.map { if case .asset = try Self.meaning(of: $0, in: snapshot) { true } else { false } }
      return zip(symbols, isKnown).filter(\.1).map(\.0) + zip(symbols, isKnown).filter { !$0.1 }.map(\.0)
    }
  }

  private func badgeHolder(_ scan: Scan) async throws -> Badge? {
    guard scan.holdsBadge else { return nil }
    return try await store.badge(badgeToken(scan.text))
  }

  func announce(_ outcome: ScanOutcome, desk: String?) throws {
    metrics.note(outcome)
    let notice = ScanNotice(
      id: String(outcome.reading), result: outcome.result.rawValue, desk: desk, words: outcome.words,
      tag: outcome.asset?.tag ?? outcome.identifier.map(\.kind), device: outcome.scan.device)
    // A page is answered with what came of its own scan; of a device's the desk's pages hear by this alone.
    let isDevices = desk == self.desk.name && ![nil, "page", "picture"].contains(outcome.scan.device)
    live.publish(
      "scan", try CanonicalEncoder().encode(notice, limit: .max), reading: isDevices ? outcome.reading : nil)
    if !outcome.events.isEmpty {
      recorded.signal()
      told.signal()
    }
    if outcome.events.contains(where: { $0.verb == .receive }) { received.signal() }
  }

  static func mediaType(of bytes: [UInt8]) -> String {
    PictureFormat(of: bytes)?.mediaType ?? "application/octet-stream"
  }
}

/// What pages are told of a scan.
struct ScanNotice: Encodable {
  let id: String
  let result: String
  let desk: String?
  let words: String
  let tag: String?
  let device: String?
}

extension Scan {
  /// A scanner that is set to send AIM prefixes types them before the text: `]C1…`.
  func splittingAIMPrefix() -> Scan {
    guard symbologyIdentifier == nil, raw.count > 3, raw[0] == UInt8(ascii: "]"),
      (0x41...0x5A).contains(raw[1] & 0xDF), (0x30...0x39).contains(raw[2]) || (0x41...0x5A).contains(raw[2] & 0xDF)
    else { return self }
    var scan = self
    scan.symbologyIdentifier = String(decoding: raw[..<3], as: UTF8.self)
    scan.raw = Array(raw[3...])
    return scan
  }
}
