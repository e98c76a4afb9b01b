import AssetIdentifiers
import BarcodeVision
import CartonReading
import Custody
import CustodyLedger
import StationStore

/// What became of a picture.
struct PictureOutcome: Sendable {
  var scans: [ScanOutcome] = []
  /// What the desk shows of the carton, when the picture is of one.
  var asked: ScanOutcome?
  var carton: CartonOnDesk?
}

extension StationCore {
  /// What a session makes of a picture's symbols.
  enum Look: Sendable {
    /// Each is scanned, as a hand would.
    case marks
    /// One code means a known asset, though not as its text stands.
    case asset(Symbol, AssetIdentifier)
    /// They are shown, to be confirmed.
    case carton
  }

  /// Looks at a picture's symbols before any is acted on.
  func look(at symbols: [Symbol], in id: SessionID) async throws -> Look {
    try await store.read { snapshot in
      guard let session = try snapshot.session(id) else { return .marks }
      let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
      guard work.workflow == .receive else { return .marks }
      for symbol in symbols {
        // What cannot be read as anything is looked at as part of the carton.
        guard let identifier = try? AssetIdentifier.interpret(Scan(raw: symbol.raw, source: .symbol).text) else {
          continue
        }
        switch identifier {
        case .command, .location, .order, .kit, .badge: return .marks
        default: if case .asset = try snapshot.resolve(identifier.mark) { return .marks }
        }
      }
      let seen = symbols.map { CartonSymbol($0.raw, symbologyIdentifier: $0.symbologyIdentifier) }
      let reading = Carton(reading: seen, knowing: try snapshot.cartonKnowledge(for: work))
      for finding in reading.findings(.assetTag) + reading.findings(.serial) where reading.isSettled {
        guard case .asset = try snapshot.resolve(finding.value),
          let symbol = symbols.first(where: { $0.raw == finding.sources[0].symbol.bytes })
        else { continue }
        return .asset(symbol, finding.field == .assetTag ? .assetTag(finding.value) : .text(finding.value))
      }
      return symbols.count == 1 && reading.isPlainMark ? .marks : .carton
    }
  }
}

extension Carton {
  /// Whether it is a single code that is a tag or serial number as it stands, or has no meaning at all: nothing to show.
  fileprivate var isPlainMark: Bool {
    guard isSettled else { return false }
    guard let finding = findings.first else { return true }
    return findings.count == 1 && (finding.field == .serial || finding.field == .assetTag)
      && (finding.value == finding.sources[0].text || finding.reason == .ownTag)
  }
}
