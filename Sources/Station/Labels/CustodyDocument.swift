import Custody
import LabelDesign
import StationStore

/// A paper that an event gives: the receipt of a hand-over, the certificate of a sanitization, the manifest of what leaves. Every
/// value of it stands in the ledger or the catalogue.
struct CustodyDocument {
  /// The template that it is made with.
  let template: String
  let values: LabelValues
}

extension Verb {
  /// What the paper is called that such an event gives; nil for one that gives none.
  var document: String? {
    switch self {
    case .deploy: "Hand-over receipt"
    case .sanitize: "Certificate"
    case .ship, .dispose: "Pallet manifest"
    default: nil
    }
  }
}

/// Makes the papers of events.
struct CustodyDocuments {
  let snapshot: any StoreReading
  let moments: Moments
  /// Where codes lead to, without a slash at its end; nil lets them say the event.
  let base: String?
  let organisation: Organisation
  /// Who has the paper made, and where.
  let maker: Maker
  /// What proves an entry in the centre's log, as far as the station has it.
  var proof: (EntryRow) throws -> HeldProof? = { _ in nil }
  /// Assets of one paper at most.
  static let mostAssets = 1000

  /// Who has a paper made.
  struct Maker: Sendable {
    let name: String
    let station: StationIdentity
  }

  var names: AssetPresenter { AssetPresenter(snapshot: snapshot, moments: moments) }

  /// The paper of an event; nil when it gives none, or was taken back.
  func document(of row: EntryRow, _ asset: Asset) throws -> CustodyDocument? {
    switch row.event.details {
    case .deploy(let details): try receipt(row, details)
    case .sanitize(let details): try certificate(row, details.record, asset)
    case .ship, .dispose: try manifest(PalletManifest(PalletManifest.Scope(ofSessionOf: row.event), in: snapshot))
    default: nil
    }
  }

  // MARK: Shared

  /// The event, and what was recorded in its session in the same way, each with its asset; the event's own first.
  func together(with event: CustodyEvent) throws -> [(row: EntryRow, asset: Asset)] {
    var assets = [event.asset]
    if let session = event.session {
      for reading in try snapshot.readings(session: session, limit: Self.mostAssets * 4).reversed() {
        if let asset = reading.asset, !assets.contains(asset), assets.count < Self.mostAssets { assets.append(asset) }
      }
    }
    return try assets.compactMap { id in
      guard let asset = try snapshot.asset(id) else { return nil }
      let entries = try snapshot.entries(of: id)
      let corrected = Set(entries.compactMap(\.event.corrects))
      let row = entries.last { row in
        let one = row.event
        return one.eventID == event.eventID
          || one.verb == event.verb && one.session == event.session && event.session != nil && row.misfit == nil
            && !corrected.contains(one.eventID) && (id != event.asset)
      }
      return row.map { ($0, asset) }
    }
  }

  func common(_ row: EntryRow, prefix: String) throws -> [String: String] {
    let event = row.event
    let number =
      "\(prefix)-\(moments.stamped(event.wallClock).prefix(10))-\(event.eventID.description.suffix(12).uppercased())"
    var fields = try organisation.fields(site: event.site, snapshot)
    fields["number"] = number
    fields["link"] = base.map { "\($0)/assets/\(event.asset)#event-\(event.eventID)" } ?? "urn:uuid:\(event.eventID)"
    fields["made"] = Self.short(
      "Made \(moments.stamped(moments.now)) by \(maker.name) at station \(maker.station.site)/\(maker.station.station).",
      160)
    return fields
  }

  static func words(of row: EntryRow) -> String {
    let event = row.event
    let held = row.logIndex.map { ", entry \($0) of the centre's log" } ?? ""
    return "Custody event \(event.eventID), entry \(event.seq) of station \(event.site)/\(event.station)\(held)."
  }

  static func item(_ asset: Asset) -> [String: String] {
    var item = ["tag": short(asset.tag ?? "NO TAG", 40), "asset": short(asset.title, 110)]
    // What is no tag of a label is not said by a code.
    if let tag = asset.tag, tag.count <= 20, tag.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { item["code"] = tag }
    item["serial"] = asset.serial.map { short($0, 64) }
    return item
  }

  /// Digits in groups of three, as ISO 80000-1 has it.
  static func grouped(_ number: Int64) -> String {
    var text = String(number)
    var groups: [String] = []
    while text.count > 3 {
      groups.append(String(text.suffix(3)))
      text = String(text.dropLast(3))
    }
    return ([text] + groups.reversed()).joined(separator: " ")
  }
}
