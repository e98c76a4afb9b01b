import Custody
import CustodyLedger
import DisposalOrders
import StationStore

/// A disposal order as the API shows it: with its lines, or in a list without.
struct DisposalResource: Encodable {
  /// A line, its asset and where it stands.
  struct Line: Encodable {
    struct Drive: Encodable {
      let serial: String
      let sanitized: Bool
    }
    struct Mark: Encodable {
      let at: Instant
      let by: PersonID

      init?(_ mark: DisposalMark?) {
        guard let mark else { return nil }
        (at, by) = (mark.at, mark.by)
      }
    }

    let asset: AssetID
    let name: String
    let tag: String?
    let serial: String?
    let title: String?
    let standing: DisposalStanding
    let drives: [Drive]
    let hindrances: [CanonicalJSON]
    let added: Mark?
    let loaded: Mark?
    let left: Mark?
    let confirmed: Mark?
    let certificate: String?

    init(_ line: DisposalReport.Line) {
      let asset = line.cargo?.asset
      self.asset = line.line.asset
      name = line.name
      tag = asset?.tag
      serial = asset?.serial
      title = asset?.title
      standing = line.standing
      drives = (asset?.mediaList ?? []).map { medium in
        Drive(serial: medium.serial, sanitized: asset?.sanitized[medium.serial]?.passes == true)
      }
      hindrances = line.hindrances.map(\.json)
      added = Mark(line.line.added)
      loaded = Mark(line.line.loaded)
      left = Mark(line.line.left)
      confirmed = Mark(line.line.confirmed)
      certificate = line.line.certificate
    }
  }

  struct Unlisted: Encodable {
    let line: Int
    let serial: String?
    let tag: String?
    let certificate: String?
    let reason: String
    let detail: String
    let remedy: String

    init(_ unlisted: RecyclerMatch.Unlisted) {
      (line, serial, tag) = (unlisted.row.line, unlisted.row.serial, unlisted.row.tag)
      certificate = unlisted.row.certificate
      (reason, detail, remedy) = (unlisted.reason.code, unlisted.reason.sentence, unlisted.reason.remedy)
    }
  }

  let number: DisposalNumber
  let state: DisposalOrder.State
  let route: DisposeDetails.Route
  let vendor: String
  let plannedOn: CalendarDate?
  let carrier: String?
  let vehicle: String?
  let seal: String?
  /// How many assets go, or went, with it.
  let assets: Int
  let steps: [DisposalStep]
  let recyclerList: EvidenceReference?
  let counts: [String: Int]?
  let lines: [Line]?
  let unlisted: [Unlisted]?

  init(_ order: DisposalOrder, assets: Int) {
    self.init(order, assets: assets, report: nil)
  }

  init(_ report: DisposalReport) { self.init(report.order, assets: report.going, report: report) }

  private init(_ order: DisposalOrder, assets: Int, report: DisposalReport?) {
    number = order.number
    state = order.state
    route = order.terms.route
    vendor = order.terms.vendor
    plannedOn = order.terms.plannedOn
    carrier = order.terms.carrier
    vehicle = order.terms.vehicle
    seal = order.seal
    self.assets = assets
    steps = order.steps
    recyclerList = order.list?.file
    counts = report.map { report in
      Dictionary(grouping: report.lines, by: \.standing.rawValue).mapValues(\.count)
    }
    lines = report?.lines.map(Line.init)
    unlisted = report?.match?.unlisted.map(Unlisted.init)
  }
}

/// What came of a scan on an order.
struct DisposalScanResource: Encodable {
  let result: KeptReading.Outcome
  let words: String
  let asset: AssetID?
  let name: String?
  /// How many assets are on the order, and how many of them on the vehicle.
  let assets: Int
  let loaded: Int
  let code: String?
  let sentence: String?

  init(_ scan: DisposalScan) {
    result = scan.outcome
    words = scan.words
    asset = scan.asset?.id
    name = scan.asset?.displayName
    assets = scan.order.going.count
    loaded = scan.order.going.count { $0.loaded != nil }
    code = scan.problem?.code
    sentence = scan.problem?.detail
  }
}

extension DisposalReport {
  /// The lines as CSV: for the recycler, and for the file.
  var csv: [UInt8] {
    var writer = CSVWriter()
    writer.append([
      "order", "tag", "serial", "manufacturer", "model", "category", "standing", "drives", "loaded at",
      "left behind at",
      "confirmed at", "certificate", "to do", "seal", "sealing entry", "list entry", "closing entry",
    ])
    for line in lines {
      let asset = line.cargo?.asset
      let cells: [String?] = [
        order.number.text, asset?.tag, asset?.serial, asset?.facts.manufacturer, asset?.facts.model,
        asset?.facts.category, line.standing.label, asset.map(CustodyDocuments.media(of:)),
        line.line.loaded?.at.description, line.line.left?.at.description, line.line.confirmed?.at.description,
        line.line.certificate, line.hindrances.map(\.refusal.sentence).joined(separator: " "), order.seal,
      ]
      writer.append(cells + order.signingEntries)
    }
    return writer.bytes
  }
}
