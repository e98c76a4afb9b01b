import Custody
import Foundation
import StationStore

/// A workflow's list: the assets that wait for its act.
enum WorkList: String, CaseIterable, Sendable {
  case triage, repairs, shipments

  /// The state that they wait in.
  var state: WaitingState {
    switch self {
    case .triage: .quarantined
    case .repairs: .inRepair
    case .shipments: .inTransit
    }
  }

  /// What the page is called.
  var title: String {
    switch self {
    case .triage: "Triage"
    case .repairs: "Repairs"
    case .shipments: "Shipments"
    }
  }

  var words: String {
    switch self {
    case .triage: "What came back and nobody has graded yet."
    case .repairs: "What is with a repairer, or on the bench."
    case .shipments: "What is under way in a carrier’s hands."
    }
  }

  /// The act that ends the waiting, and what its button says.
  var act: (verb: Verb, label: String) {
    switch self {
    case .triage: (.triage, "Triage it")
    case .repairs: (.repairIn, "Take it back")
    case .shipments: (.arrive, "It has arrived")
    }
  }

  /// The act by which something comes onto the list, and what its button says; nil where several do.
  var start: (verb: Verb, label: String)? {
    switch self {
    case .triage: nil
    case .repairs: (.repairOut, "Send one to repair")
    case .shipments: (.ship, "Ship something")
    }
  }

  /// Acts whose newest entry says how it came onto the list.
  var sources: Set<Verb> {
    switch self {
    case .triage: [.return, .repairIn, .arrive, .register, .found]
    case .repairs: [.repairOut, .triage, .register, .arrive]
    case .shipments: [.ship, .register]
    }
  }

  var head: [String] {
    switch self {
    case .triage: ["Asset", "Since", "From", "Drives", "Next step", ""]
    case .repairs: ["Asset", "Since", "Repairer", "Drives", "Loaned meanwhile", ""]
    case .shipments: ["Asset", "Since", "Carrier", "Seal", "From", "To", ""]
    }
  }

  /// Names of the columns of the file.
  var columns: [String] {
    let asset = ["tag", "serial", "asset", "since"]
    return switch self {
    case .triage: asset + ["from", "drives", "next"]
    case .repairs: asset + ["vendor", "rma", "drivesGoAlong", "replacement"]
    case .shipments: asset + ["carrier", "trackingNumber", "sealNumber", "from", "to", "order", "contents"]
    }
  }

  /// Said when nothing waits.
  var nothing: ProblemView {
    switch self {
    case .triage: ProblemView(title: "Nothing waits for triage.", remedy: "What is returned comes here.")
    case .repairs:
      ProblemView(title: "Nothing is in repair.", remedy: "What is sent to repair stands here until it is back.")
    case .shipments:
      ProblemView(title: "Nothing is under way.", remedy: "What is shipped stands here until it arrives.")
    }
  }
}

/// One asset of a work list, with the entry that brought it there.
struct WorkListRow {
  let asset: Asset
  /// Nil when this station has no entry that says so: it began with a snapshot.
  let entry: EntryRow?
  let names: AssetPresenter

  init(_ asset: Asset, on list: WorkList, in snapshot: any StoreReading, _ moments: Moments) throws {
    self.asset = asset
    entry = try snapshot.newestEntry(of: asset.id, among: list.sources)
    names = AssetPresenter(snapshot: snapshot, moments: moments)
  }

  /// Since when it waits.
  private var since: Instant { entry?.event.wallClock ?? asset.changedAt }

  /// The cells of the page; the last holds what can be done.
  func cells(of list: WorkList, _ ways: [WayView]) throws -> [ListCell] {
    let first = [ListCell(asset), ListCell(at: names.moments.view(since), before: "since")]
    return try first + middle(of: list) + [ListCell(ways: ways)]
  }

  private func middle(of list: WorkList) throws -> [ListCell] {
    switch list {
    case .triage: return [ListCell(try from, before: "from"), ListCell(drives), ListCell(next)]
    case .repairs:
      let (vendor, rma) = (repair?.vendor ?? triage?.vendor, repair?.rma)
      let loaned = try repair?.loanedReplacement.flatMap { try names.snapshot.asset($0) }
      return [
        ListCell(vendor ?? "not stated", small: [rma.map { "RMA \($0)" }]),
        ListCell(repair.map { $0.mediaPresent ? "went along" : "stay here" } ?? "not stated", before: "drives"),
        loaned.map { ListCell($0) } ?? ListCell(),
      ]
    case .shipments:
      return [
        ListCell(
          shipment?.carrier ?? "not stated",
          small: [shipment?.trackingNumber, shipment?.order ?? asset.disposalOrder.map { $0 }]),
        ListCell(shipment?.sealNumber, isCode: true, before: "seal"),
        ListCell(try names.place(origin), before: "from"),
        ListCell(try destination, small: [contents], before: "to"),
      ]
    }
  }

  /// The cells of the file.
  func fields(of list: WorkList) throws -> [String?] {
    let first = [asset.tag, asset.serial, asset.title, since.description]
    switch list {
    case .triage: return first + [try from, drives, next]
    case .repairs:
      let loaned = try repair?.loanedReplacement.flatMap { try names.snapshot.asset($0)?.displayName }
      return first + [
        repair?.vendor ?? triage?.vendor, repair?.rma, repair.map { $0.mediaPresent ? "yes" : "no" }, loaned,
      ]
    case .shipments:
      return first + [
        shipment?.carrier, shipment?.trackingNumber, shipment?.sealNumber, origin?.text, try destination,
        shipment?.order ?? asset.disposalOrder, contents,
      ]
    }
  }

  // MARK: What the entry says

  private var repair: RepairOutDetails? {
    if case .repairOut(let details)? = entry?.event.details { details } else { nil }
  }

  private var triage: TriageDetails? {
    if case .triage(let details)? = entry?.event.details { details } else { nil }
  }

  private var shipment: ShipDetails? {
    if case .ship(let details)? = entry?.event.details { details } else { nil }
  }

  private var origin: LocationCode? { entry?.event.from?.location ?? asset.before?.location }

  private var destination: String? {
    get throws { try names.place(shipment?.toLocation) ?? shipment?.destination }
  }

  /// What travels with it.
  private var contents: String? {
    let others = Set(shipment?.contents ?? []).subtracting([asset.id]).count
    return others == 0 ? nil : "with \(counted(others, "more"))"
  }

  /// From whom it came back.
  private var from: String? {
    get throws {
      switch entry?.event.details {
      case .return(let details)?: try names.name(details.from ?? entry?.event.from?.custodian)
      case .repairIn?: "Repair"
      case .arrive?: "Shipment"
      case .found?: "Found"
      case .register?: "Registered"
      default: nil
      }
    }
  }

  // MARK: Drives

  private var drives: String {
    guard asset.isDataBearing else { return "No data" }
    guard let list = asset.mediaList else { return "Drives unknown" }
    guard !list.isEmpty else { return "No drives" }
    return "\(list.count - asset.unsanitizedMedia.count) of \(list.count) wiped"
  }

  private var next: String {
    if asset.isFreeOfData || !asset.isDataBearing { return "Grade it" }
    return asset.mediaList == nil ? "Say which drives are in it" : "Wipe it"
  }
}
