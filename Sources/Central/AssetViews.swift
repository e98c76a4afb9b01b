import CentralStore
import Custody

/// A page of assets. Rendered by `assets.mustache`.
struct AssetsView: Sendable {
  var query: String
  var state: String?
  var states: [StateView]
  var rows: [AssetRowView]
  var next: String?
  var hasRows: Bool

  init(_ query: AssetQuery, _ assets: [Asset], _ figures: CentralFigures) {
    self.query = query.text ?? ""
    state = query.state?.rawValue
    let text = query.text.map { "q=\($0.queryEncoded)" }
    states =
      [
        StateView(
          code: "any", label: "All", count: figures.assets.values.reduce(0, +), current: query.state == nil,
          href: "/assets" + (text.map { "?\($0)" } ?? ""))
      ]
      + StateView.all(figures).map { view in
        var view = view
        view.current = view.code == query.state?.rawValue
        view.href = "/assets?" + [text, "state=\(view.code)"].compactMap { $0 }.joined(separator: "&")
        return view
      }
    rows = assets.map(AssetRowView.init)
    hasRows = !assets.isEmpty
    if assets.count == query.limit, let last = assets.last {
      next =
        "/assets?"
        + [text, query.state.map { "state=\($0.rawValue)" }, "after=\(last.id)"].compactMap { $0 }.joined(
          separator: "&")
    }
  }
}

/// How many assets are in a state.
struct StateView: Sendable {
  var code: String
  var label: String
  var count: Int
  var current = false
  var href = ""

  /// States that some asset is in, in the order of an asset's life.
  static func all(_ figures: CentralFigures) -> [StateView] {
    LifecycleState.allCases.compactMap { state in
      figures.assets[state].map { StateView(code: state.rawValue, label: state.label, count: $0) }
    }
  }
}

/// One line of a table of assets.
struct AssetRowView: Sendable {
  var href: String
  var tag: String?
  var title: String
  var category: String?
  var serial: String?
  var stateCode: String
  var stateLabel: String
  var custodian: String?
  var location: String?
  var changed: MomentView

  init(_ asset: Asset) {
    href = "/assets/\(asset.id)"
    tag = asset.tag
    title = asset.title
    category = asset.facts.category
    serial = asset.serial
    stateCode = asset.state.rawValue
    stateLabel = asset.state.label
    custodian = asset.custodian?.words
    location = asset.location?.text
    changed = MomentView(asset.changedAt)
  }
}

/// One asset with its history. Rendered by `asset.mustache`.
struct AssetView: Sendable {
  /// Where its dossier is made.
  var dossier: String
  /// Its events in GS1's form.
  var epcis: String
  struct Fact: Sendable {
    var label: String
    var value: String
  }

  var title: String
  var tag: String?
  var stateCode: String?
  var stateLabel: String?
  /// Says that something about it is not applied.
  var waiting: String?
  var facts: [Fact]
  var events: [EventView]

  init(_ id: AssetID, _ asset: Asset?, _ entries: [LogEntry]) {
    dossier = "/api/v1/assets/\(id)/dossier"
    epcis = "/api/v1/assets/\(id)/epcis"
    title = asset?.title ?? "Asset \(id.short)"
    tag = asset?.tag
    stateCode = asset?.state.rawValue
    stateLabel = asset?.state.label
    let open = entries.filter { $0.status == .quarantined || $0.status == .unsupported }.count
    if let kind = asset?.discrepancies?.first?.kind {
      waiting = "\(kind.label): \(kind.sentence)"
    } else if open > 0, asset != nil {
      waiting =
        open == 1
        ? "One event about this asset did not fit and is not applied: see below."
        : "\(open) events about this asset did not fit and are not applied: see below."
    }
    facts = Self.facts(id, asset)
    // Stations' events come late: the asset's own time orders them, not the log.
    events = entries.sorted { Self.order($0) > Self.order($1) }.map { EventView($0) }
  }

  private static func order(_ entry: LogEntry) -> (HybridTime, Int64) {
    (entry.content.event?.hlc ?? HybridTime(milliseconds: entry.receivedAt.milliseconds, counter: 0), entry.index)
  }

  private static func facts(_ id: AssetID, _ asset: Asset?) -> [Fact] {
    var facts = [Fact(label: "Asset id", value: id.description)]
    guard let asset else { return facts }
    func add(_ label: String, _ value: String?) {
      if let value { facts.append(Fact(label: label, value: value)) }
    }
    for identifier in asset.identifiers { add("Mark: \(identifier.kind.rawValue)", identifier.value) }
    add("Custodian", asset.custodian?.words)
    add("Location", asset.location?.text)
    add("Condition", asset.condition)
    add("Category", asset.facts.category)
    add("Manufacturer", asset.facts.manufacturer)
    add("Model", asset.facts.model)
    add("Owner", asset.facts.owner)
    add("Department", asset.facts.department)
    add("Cost centre", asset.facts.costCentre)
    add("Order line", asset.facts.orderLine.map { "\($0.order), line \($0.line)" })
    add("Supplier", asset.facts.supplier)
    add("Warranty until", asset.facts.warrantyEnd?.description)
    add("Expected back", asset.expectedReturn?.description)
    add("Legal hold", asset.facts.legalHold.map { $0 ? "yes" : "no" })
    add("Data classification", asset.facts.classification)
    for medium in asset.facts.media ?? [] {
      let outcome = asset.sanitized[medium.serial]
      add(
        "Medium",
        "\(medium.serial): "
          + (outcome.map { "\($0.method.rawValue), \($0.passes ? "passed" : "not passed")" } ?? "not sanitized"))
    }
    add(
      "Label", asset.label.map { $0.mark.value + ($0.isProven ? ", scanned back" : ", printed but not scanned back") })
    for alias in asset.aliases ?? [] { add("Received also as", alias.description) }
    add("Fitted in", asset.parent?.description)
    add("Events applied", "\(asset.version)")
    return facts
  }
}

extension Asset {
  /// Manufacturer and model, as far as they are known.
  fileprivate var title: String {
    let words = [facts.manufacturer, facts.model].compactMap { $0 }.joined(separator: " ")
    return words.isEmpty ? "Asset" : words
  }
}

extension String {
  /// As a value in a query: everything but RFC 3986's unreserved characters is percent-encoded.
  fileprivate var queryEncoded: String {
    var result = ""
    for byte in utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }
}
