import AssetIdentifiers
import CartonReading
import Custody
import CustodyLedger

extension Scan {
  /// The scan with what the carton's codes say: facts, marks, and the codes themselves as evidence. What the scan brings
  /// along itself, such as a form that was filled in, goes before.
  func joined(with shown: CartonOnDesk, category: (KnownProduct) throws -> String?) rethrows -> Scan {
    var scan = self
    let (carton, reading) = (shown.carton, shown.reading)
    var said = try reading.details(category: category)
    let own = meaning ?? (try? AssetIdentifier.interpret(text, symbologyIdentifier: symbologyIdentifier))
    var marks = reading.marks
    if case .assetTag(let tag)? = own, !marks.contains(BoundIdentifier(.tag, tag)) {
      marks.insert(BoundIdentifier(.tag, tag), at: 0)
    }
    said[path: "identifiers"] = .array(marks.map { ["kind": .string($0.kind.rawValue), "value": .string($0.value)] })
    // What the form emptied stays empty, whatever the session says.
    scan.details = said.followed(by: details)
    if let picture = carton.picture { scan.evidence.append(picture) }
    scan.alsoRead += reading.findings.flatMap(\.sources).map(\.symbol).unique.filter { $0.bytes != raw }.map { symbol in
      ReadingEvidence(
        kind: Source.symbol.rawValue, raw: base64(symbol.bytes), symbologyIdentifier: symbol.symbologyIdentifier,
        device: carton.device)
    }
    return scan
  }

  /// The operator's confirmation of the carton on the desk. Which asset it names is found when it is run.
  static func confirmation(of shown: CartonOnDesk, details: CanonicalJSON) -> Scan {
    let symbol = shown.reading.name?.sources.first?.symbol
    var scan = Scan(
      raw: symbol?.bytes ?? [], source: .symbol, symbologyIdentifier: symbol?.symbologyIdentifier,
      device: shown.carton.device,
      details: details)
    scan.meaning = .text(shown.reading.name?.value ?? "")
    scan.receivesCarton = true
    return scan
  }
}

extension Array where Element: Hashable {
  /// Each element once, where it stands first.
  fileprivate var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
