import AssetIdentifiers
import BarcodeVision
import Custody
import StationStore

extension StationCore {
  /// Reads a picture that a phone or a folder brought into a receive session: what names no known asset is laid there as a
  /// carton, everything else is scanned. Unless it is `replacing` what lies there, a picture of a carton waits while
  /// another does: ``Problem/anotherCarton`` is thrown, and nothing has been done.
  func receive(
    picture bytes: [UInt8], in place: Receiving, from device: String, replacing: Bool
  ) async throws -> (symbols: [Symbol], outcome: PictureOutcome) {
    let frame = try await pictures.frame(of: bytes)
    let symbols = try await pictures.read(frame)
    let outcome = try await receive(symbols, in: place, from: device, replacing: replacing) {
      (try await keepEvidence(bytes, showing: symbols), frame.width, frame.height)
    }
    return (symbols, outcome)
  }

  /// Takes the symbols of a picture or a frame into a receive session; `keep` keeps it, once it is known to be needed, and
  /// tells its size.
  func receive(
    _ symbols: [Symbol], in place: Receiving, from device: String, replacing: Bool, view: MarksInView = MarksInView(),
    keep: () async throws -> (evidence: [EvidenceReference], width: Int, height: Int)
  ) async throws -> PictureOutcome {
    // The label of the place stands beside the carton, and is none of its codes.
    let labels = symbols.filter(\.isLocation)
    let symbols = symbols.filter { !$0.isLocation }
    let located = try await scanMarks(labels, evidence: [], from: device) { scan in
      try await self.scan(scan, in: place.session, by: place.signedIn)
    }
    guard !symbols.isEmpty else { return PictureOutcome(scans: located) }
    switch try await look(at: symbols, in: place.session) {
    case .carton:
      if !replacing, case .onDesk(let lying)? = try await shownAgain(symbols, in: place.session) {
        return PictureOutcome(scans: located, carton: lying)
      }
      // Looked at before the picture is kept, and once more when it is laid.
      if !replacing, try await carton(in: place.session) != nil { throw Problem.anotherCarton }
      let (evidence, width, height) = try await keep()
      let (outcome, shown) = try await lay(
        symbols, of: evidence.first, width: width, height: height, from: device, replacing: replacing,
        in: place.session, by: place.signedIn)
      return PictureOutcome(scans: located, asked: outcome, carton: shown)
    case .asset(let symbol, let meaning):
      var scan = Scan(
        raw: symbol.raw, source: .symbol, symbologyIdentifier: symbol.symbologyIdentifier, device: device)
      scan.evidence = try await keep().evidence
      scan.meaning = meaning
      return PictureOutcome(scans: located + [try await self.scan(scan, in: place.session, by: place.signedIn)])
    case .marks:
      let evidence = try await keep().evidence
      return PictureOutcome(
        scans: located
          + (try await scanMarks(symbols, evidence: evidence, from: device, view: view) { scan in
            try await self.scan(scan, in: place.session, by: place.signedIn)
          }))
    }
  }

  /// Scans the codes of a picture one by one: a known asset's first, of which further codes are no scans.
  func scanMarks(
    _ symbols: [Symbol], evidence: [EvidenceReference], from device: String, view: MarksInView = MarksInView(),
    scan: (Scan) async throws -> ScanOutcome?
  ) async throws -> [ScanOutcome] {
    var view = view
    var outcomes: [ScanOutcome] = []
    for (symbol, meaning) in try await meanings(of: symbols) where view.wants(meaning) {
      var one = Scan(
        raw: symbol.raw, source: .symbol, symbologyIdentifier: symbol.symbologyIdentifier, device: device)
      one.evidence = evidence
      guard let outcome = try await scan(one) else { continue }
      outcomes.append(outcome)
      view.scanned(symbol.mark, .init(result: outcome.result, words: outcome.words), asset: outcome.asset?.id)
      if outcome.code == Problem.notSignedIn.code { break }
    }
    return outcomes
  }
}

extension Symbol {
  private var meaning: AssetIdentifier? {
    try? Scan(raw: raw, source: .symbol, symbologyIdentifier: symbologyIdentifier).interpret()
  }

  /// Whether it is the label of a place.
  var isLocation: Bool { if case .location? = meaning { true } else { false } }

  /// Whether it tells the station something, and is no code of a thing: a command, a location, a badge.
  var isInstruction: Bool {
    switch meaning {
    case .command?, .location?, .badge?: true
    // A badge that is not well formed is one all the same.
    default: Scan(raw: raw, source: .symbol).holdsBadge
    }
  }

  /// Whether it is an asset tag of our own grammar.
  var isAssetTag: Bool { if case .assetTag? = meaning { true } else { false } }
}
