import AssetIdentifiers
import BarcodeVision
import Custody
import StationStore

/// Takes the frames of one camera or phone, one after the other: reads them, tells news from repeats, has the news
/// scanned or weighed as a carton, and says what is in view.
struct FrameWatch: Sendable {
  /// What one frame came to.
  struct Answer: Sendable {
    let symbols: [SightedSymbol]
    /// What came of the symbols that counted by it.
    let outcomes: [ScanOutcome]
    /// The carton that was laid by it.
    let carton: CartonOnDesk?
  }

  private var filter: RepeatFilter
  private var view = MarksInView()
  private var cartons: CartonInView
  /// Number of the carton that was laid of the thing in view; nil when none was.
  private var laid: Int64?
  /// Whether the thing in view is a carton that waits for the one that lies on the desk.
  private(set) var isWaiting = false
  private var turn = 0
  /// Marks that were refused because nobody was signed in, and the desk's operator by then: whoever signs in need not
  /// take the thing away and show it again.
  private var refused: (marks: Set<Symbol.Mark>, under: String?) = ([], nil)
  /// Stands in readings and events as the device, such as `camera:door`.
  let device: String

  init(device: String, repeatAfter: Duration) {
    self.device = device
    filter = RepeatFilter(away: repeatAfter)
    cartons = CartonInView(away: repeatAfter)
  }

  /// Takes a frame; `scan` runs what counts by itself. While `receiving` names a receive session, the codes of an unknown
  /// thing are held back until they have all come into view, and laid there as a carton. Throws what `scan` throws, and
  /// ``PictureError``.
  mutating func take(
    _ frame: GrayFrame, at now: ContinuousClock.Instant, core: StationCore,
    receiving: () async throws -> Receiving?, scan: (Scan) async throws -> ScanOutcome?
  ) async throws -> Answer {
    turn &+= 1
    let look = try await core.pictures.look(at: frame, effort: .live(turn: turn))
    if !refused.marks.isEmpty, core.desk.operatorToken != refused.under {
      for mark in refused.marks { self.filter.forget(mark) }
      refused.marks = []
    }
    let news = self.filter.take(look.certain, at: now)
    let filter = filter
    view.keep(filter.remembers)
    refused.marks = refused.marks.filter(filter.remembers)
    // With nothing in view nobody need be asked who receives.
    let place = look.certain.isEmpty && cartons.isEmpty ? nil : try await receiving()
    var outcomes: [ScanOutcome] = []
    for (symbol, meaning) in try await core.meanings(of: news) where view.wants(meaning) {
      // What is unknown is weighed with the rest of what comes into view.
      if place != nil, meaning == .unknown { continue }
      // The box that was received just now is shown again: that is no scan.
      if case .asset(let asset) = meaning, asset == place?.done {
        view.scanned(symbol.mark, Self.done, asset: nil)
        continue
      }
      let one = Scan(
        raw: symbol.raw, source: .symbol, symbologyIdentifier: symbol.symbologyIdentifier, device: device)
      guard let outcome = try await scan(one) else { continue }
      outcomes.append(outcome)
      if outcome.code == Problem.notSignedIn.code {
        refused = (refused.marks.union([symbol.mark]), core.desk.operatorToken)
      }
      note(outcome, of: symbol)
    }
    var carton: CartonOnDesk?
    if let place {
      let came = try await weigh(look.certain.filter { !$0.isInstruction }, of: frame, at: now, for: place, core: core)
      outcomes += came.scans
      carton = came.carton
    } else {
      cartons = CartonInView(away: cartons.away)
      (laid, isWaiting) = (nil, false)
    }
    let counted = Set(news.map(\.mark))
    return Answer(
      symbols: look.certain.map { symbol in
        let mark = symbol.mark
        let state: SightedSymbol.State =
          counted.contains(mark) ? .counted : filter.hasCounted(mark) ? .held : .waiting
        return SightedSymbol(symbol, state, view.came(of: mark))
      } + look.doubtful.map { SightedSymbol($0, .doubtful) }, outcomes: outcomes, carton: carton)
  }

  // MARK: Cartons

  /// What a carton is told by where nothing was scanned.
  private static let onDesk = MarksInView.Came(result: .unknown, words: "On the carton: check at the desk")
  private static let done = MarksInView.Came(result: .lookup, words: "Of the carton that is done")
  private static let waits = MarksInView.Came(result: .unknown, words: "Waits for the carton on the desk")

  private mutating func weigh(
    _ codes: [Symbol], of frame: GrayFrame, at now: ContinuousClock.Instant, for place: Receiving, core: StationCore
  ) async throws -> PictureOutcome {
    let settled = cartons.take(codes, at: now)
    if !cartons.holdsThing { (laid, isWaiting) = (nil, false) }
    // Received or set aside, it asks for nothing any longer.
    if let laid, place.carton != laid {
      for code in codes where cartons.holds(code.mark) && view.came(of: code.mark)?.words == Self.onDesk.words {
        view.scanned(code.mark, Self.done, asset: nil)
      }
    }
    if let settled {
      if settled.added == nil { laid = nil }
      // A further code of a carton that was laid changes nothing, but for the tag that was stuck on it.
      if let laid {
        guard let added = settled.added, added.count == 1, added[0].isAssetTag, place.carton == laid else {
          return PictureOutcome()
        }
        return try await receive(by: added[0], for: place, core: core)
      }
      return try await weigh(settled.all, in: frame, for: place, core: core)
    }
    guard isWaiting, place.carton == nil else { return PictureOutcome() }
    return try await weigh(cartons.inView, in: frame, for: place, core: core)
  }

  private mutating func weigh(
    _ seen: [Symbol], in frame: GrayFrame, for place: Receiving, core: StationCore
  ) async throws -> PictureOutcome {
    // Of a known asset these are further marks.
    guard view.wants(.unknown) else { return PictureOutcome() }
    isWaiting = false
    // A careful look at this one frame, which is the picture that is kept; live looks have no time for it.
    let shown = try await core.pictures.read(frame)
    let found = shown.filter { !$0.isInstruction }
    let marks = Set(found.map(\.mark))
    let codes = found + seen.filter { !marks.contains($0.mark) }
    cartons.hold(codes)
    switch try await core.shownAgain(codes, in: place.session) {
    case .onDesk(let lying)?:
      laid = lying.carton.number
      for code in codes { view.scanned(code.mark, Self.onDesk, asset: nil) }
      // It was taken away to have its tag stuck on.
      let tags = codes.filter { code in code.isAssetTag && !lying.carton.marks.contains { $0.symbol.bytes == code.raw }
      }
      return tags.count == 1 ? try await receive(by: tags[0], for: place, core: core) : PictureOutcome()
    case .done(let number)?:
      laid = number
      for code in codes { view.scanned(code.mark, Self.done, asset: nil) }
      return PictureOutcome()
    case nil: break
    }
    do {
      let outcome = try await core.receive(codes, in: place, from: device, replacing: false, view: view) {
        let picture = try await core.pictures.run { () throws(PictureError) in try frame.jpeg(quality: 85) }
        return (try await core.keepEvidence(picture, showing: shown), frame.width, frame.height)
      }
      laid = outcome.carton?.carton.number
      if laid != nil {
        for code in codes { view.scanned(code.mark, Self.onDesk, asset: nil) }
        // Somebody works here, if only by setting boxes down.
        _ = try await core.signedIn(place.signedIn.token)
      }
      for scanned in outcome.scans {
        if let symbol = codes.first(where: { $0.raw == scanned.scan.raw }) { note(scanned, of: symbol) }
      }
      return outcome
    } catch let problem as Problem where problem.code == Problem.anotherCarton.code {
      isWaiting = true
      for code in codes { view.scanned(code.mark, Self.waits, asset: nil) }
      return PictureOutcome()
    }
  }

  /// Receives the carton on the desk by the tag that was stuck on it.
  private mutating func receive(
    by tag: Symbol, for place: Receiving, core: StationCore
  ) async throws -> PictureOutcome {
    let scan = Scan(
      raw: tag.raw, source: .symbol, symbologyIdentifier: tag.symbologyIdentifier, device: device)
    let outcome = try await core.scan(scan, in: place.session, by: place.signedIn)
    note(outcome, of: tag)
    return PictureOutcome(scans: [outcome])
  }

  private mutating func note(_ outcome: ScanOutcome, of symbol: Symbol) {
    view.scanned(symbol.mark, .init(result: outcome.result, words: outcome.words), asset: outcome.asset?.id)
  }
}

extension StationCore {
  /// What symbols mean, those of known assets first, so that a carton's other codes do not make an unknown of it.
  func meanings(of symbols: [Symbol]) async throws -> [(Symbol, MarksInView.Meaning)] {
    guard !symbols.isEmpty else { return [] }
    let found = try await store.read { snapshot in
      try symbols.map { ($0, try Self.meaning(of: $0, in: snapshot)) }
    }
    return found.filter { $0.1 != .unknown } + found.filter { $0.1 == .unknown }
  }

  /// What a symbol means: the same asset that its scan leads to.
  static func meaning(of symbol: Symbol, in snapshot: any StoreReading) throws -> MarksInView.Meaning {
    let scan = Scan(raw: symbol.raw, source: .symbol, symbologyIdentifier: symbol.symbologyIdentifier)
    let identifier: AssetIdentifier
    do throws(IdentifierError) {
      identifier = try scan.interpret()
    } catch {
      // What cannot be read as anything is no known asset; it says why when it is scanned.
      return .unknown
    }
    switch identifier {
    case .command, .location, .order, .kit, .badge: return .instruction
    default:
      guard case .asset(let id) = try snapshot.resolve(identifier, scanned: scan.text) else { return .unknown }
      return .asset(id)
    }
  }

  /// As ``deskScan(_:)``, with what the desk shows of it.
  func deskOutcome(of scan: Scan) async throws -> ScanOutcome? {
    try await deskScan(scan)
    guard let outcome = desk.lastOutcome, outcome.scan.device == scan.device, outcome.scan.raw == scan.raw else {
      return nil
    }
    return outcome
  }
}
