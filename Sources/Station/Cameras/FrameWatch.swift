import AssetIdentifiers
import BarcodeVision
import Custody
import StationStore

/// Takes the frames of one camera or phone, one after the other: reads them, tells news from repeats, has the news
/// scanned, and says what is in view.
struct FrameWatch: Sendable {
  /// What one frame came to.
  struct Answer: Sendable {
    let symbols: [SightedSymbol]
    /// What came of the symbols that counted by it.
    let outcomes: [ScanOutcome]
  }

  private var filter: RepeatFilter
  private var view = MarksInView()
  private var turn = 0
  /// Marks that were refused because nobody was signed in, and the desk's operator by then: whoever signs in need not
  /// take the thing away and show it again.
  private var refused: (marks: Set<Symbol.Mark>, under: String?) = ([], nil)
  /// Stands in readings and events as the device, such as `camera:door`.
  let device: String

  init(device: String, repeatAfter: Duration) {
    self.device = device
    filter = RepeatFilter(away: repeatAfter)
  }

  /// Takes a frame; `scan` runs what counts. Throws what `scan` throws, and ``PictureError``.
  mutating func take(
    _ frame: GrayFrame, at now: ContinuousClock.Instant, core: StationCore,
    scan: (Scan) async throws -> ScanOutcome?
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
    var outcomes: [ScanOutcome] = []
    for (symbol, meaning) in try await core.meanings(of: news) where view.wants(meaning) {
      let one = Scan(
        raw: symbol.raw, source: .symbol, symbologyIdentifier: symbol.symbologyIdentifier, device: device)
      guard let outcome = try await scan(one) else { continue }
      outcomes.append(outcome)
      if outcome.code == Problem.notSignedIn.code {
        refused = (refused.marks.union([symbol.mark]), core.desk.operatorToken)
      }
      view.scanned(
        symbol.mark, .init(result: outcome.result, words: outcome.words), asset: outcome.asset?.id)
    }
    let counted = Set(news.map(\.mark))
    return Answer(
      symbols: look.certain.map { symbol in
        let mark = symbol.mark
        let state: SightedSymbol.State =
          counted.contains(mark) ? .counted : filter.hasCounted(mark) ? .held : .waiting
        return SightedSymbol(symbol, state, view.came(of: mark))
      } + look.doubtful.map { SightedSymbol($0, .doubtful) }, outcomes: outcomes)
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
    case .command, .location, .badge: return .instruction
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
