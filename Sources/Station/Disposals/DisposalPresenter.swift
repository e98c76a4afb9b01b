import Custody
import DisposalOrders
import StationStore

/// Turns a disposal order into its page.
struct DisposalPresenter {
  let report: DisposalReport
  let snapshot: any StoreReading
  let moments: Moments
  let signedIn: SignedIn
  /// What was typed into a form that was refused, by name; a PIN is not among it.
  var typed: [String: String] = [:]
  /// The form that was refused.
  var refused: String?

  private var order: DisposalOrder { report.order }
  private var path: String { "/disposals/\(order.number)" }
  private var mayDispose: Bool { Verb.dispose.refusal(forRoles: signedIn.actor.roles) == nil }
  private var mayShip: Bool { Verb.ship.refusal(forRoles: signedIn.actor.roles) == nil }

  func view(_ shell: ShellView, result: ResultView?) throws -> DisposalView {
    let names = AssetPresenter(snapshot: snapshot, moments: moments)
    let scope = PalletManifest.Scope(order: order.number.text)
    var view = DisposalView(
      shell: shell, number: order.number.text, path: path, state: order.state.rawValue, facts: facts,
      steps: try steps(),
      result: result, progress: "", done: 0, total: report.going, tally: tally, rows: try rows(names), empty: empty,
      unlisted: unlisted, forms: try forms(), csv: "/api/v1/disposal-orders/\(order.number)/lines.csv",
      history: try DisposalHistory(order: order, snapshot: snapshot, moments: moments).happenings())
    (view.progress, view.done) = progress
    switch order.state {
    case .draft where mayDispose:
      view.scan = .init(action: path + "/add", label: "Scan what is to leave", placeholder: "Scan what is to leave")
    case .sealed where mayShip:
      view.scan = .init(action: path + "/load", label: "Scan onto the vehicle", placeholder: "Scan onto the vehicle")
    default: break
    }
    if order.state == .departed || order.state == .confirmed, mayDispose { view.upload = path + "/list" }
    if order.hasDeparted { (view.manifest, view.paper) = (scope.href, scope.paper) }
    if let refusal = Verb.dispose.refusal(forRoles: signedIn.actor.roles) { view.forbidden = refusal.remedy }
    return view
  }

  // MARK: Head

  private var facts: [FactView] {
    var facts = [
      FactView(label: "Goes to", value: order.terms.vendor, code: false),
      FactView(label: "To be", value: order.terms.route.label, code: false),
    ]
    func add(_ label: String, _ value: String?, code: Bool = false) {
      if let value { facts.append(FactView(label: label, value: value, code: code)) }
    }
    add("Collected on", order.terms.plannedOn?.description)
    add("Carrier", order.terms.carrier)
    add("Vehicle", order.terms.vehicle, code: true)
    add("Seal", order.seal, code: true)
    return facts
  }

  private func steps() throws -> [DisposalView.Step] {
    let all: [(DisposalOrder.State, DisposalStep.Act)] = [
      (.draft, .made), (.sealed, .sealed), (.departed, .departed), (.confirmed, .confirmed), (.closed, .closed),
    ]
    let now = DisposalOrder.State.allCases.firstIndex(of: order.state) ?? 0
    return try all.enumerated().map { place, one in
      let kind: DisposalView.Step.Kind = place < now ? .done : place == now ? .current : .todo
      let step = place <= now ? order.last(one.1) : nil
      return DisposalView.Step(
        kind: kind.rawValue, icon: kind == .done ? "check" : kind == .current ? "dot" : "clock", label: one.0.label,
        isCurrent: kind == .current,
        words: try step.map { "\(moments.dated($0.at)), \(try snapshot.people(of: $0))" })
    }
  }

  private var progress: (String, Int) {
    let total = report.going
    switch order.state {
    case .draft:
      let ready = report.count(.ready)
      return (total == 0 ? "Nothing on it yet" : "\(ready) of \(total) ready to leave", ready)
    case .sealed: return ("\(report.loaded) of \(total) loaded", report.loaded)
    case .departed where report.match == nil: return ("\(counted(total, "asset")) on the way", 0)
    case .departed: return ("\(report.count(.listed)) of \(total) on their list", report.count(.listed))
    case .confirmed, .closed:
      let confirmed = report.count(.confirmed)
      return (total == 0 ? "Nothing was on it" : "\(confirmed) of \(total) confirmed", confirmed)
    }
  }

  private var tally: [TallyItem] {
    var items: [TallyItem] = []
    func add(_ count: Int, _ words: String, _ state: SessionLine.State, _ icon: String) {
      if count > 0 { items.append(TallyItem(state: state, icon: icon, words: "\(count) \(words)")) }
    }
    add(report.count(.hindered), "not ready", .refused, "cross")
    add(report.count(.missing), "not on their list", .refused, "cross")
    add(report.count(.elsewhere), "no longer on the way", .unknown, "question")
    add(report.count(.leftBehind), "left behind", .unknown, "question")
    add(report.match?.unlisted.count ?? 0, "on their list only", .unknown, "question")
    if order.hasDeparted, report.match != nil { add(report.count(.inTransit, .listed), "to confirm", .note, "clock") }
    return items
  }

  // MARK: Lines

  private var empty: String {
    order.state == .draft ? "Scan the first asset: only what is retired goes on." : "Nothing was on it."
  }

  private func rows(_ names: AssetPresenter) throws -> [DisposalRow] {
    try report.lines.sorted { rank($0) < rank($1) }.map { line in
      let asset = line.cargo?.asset
      var row = DisposalRow(
        id: line.line.asset.description, name: line.name, title: asset?.title ?? "Not known here any longer",
        href: "/assets/\(line.line.asset)", serial: asset?.serial,
        drives: asset.map(CustodyDocuments.media(of:)) ?? "", standing: line.standing.rawValue,
        icon: line.standing.icon,
        words: order.state == .sealed && line.standing == .ready ? "To be loaded" : line.standing.label,
        detail: try detail(line),
        hindrances: line.hindrances.map { .init(words: $0.refusal.sentence, remedy: $0.refusal.remedy) })
      switch order.state {
      case .draft where mayDispose && line.line.left == nil:
        (row.action, row.label) = (path + "/remove", "Take off")
      case .sealed where mayShip && line.line.left == nil && line.line.loaded != nil:
        (row.action, row.label) = (path + "/unload", "Unload")
      default: break
      }
      return row
    }
  }

  /// Odd ones first; then what still needs a hand; of the same, what was touched last.
  private func rank(_ line: DisposalReport.Line) -> (Int, Int64, Int) {
    let place =
      switch line.standing {
      case .hindered, .missing: 0
      case .elsewhere: 1
      case .leftBehind: 2
      case .ready, .inTransit, .listed: line.hindrances.isEmpty ? 4 : 3
      case .loaded, .confirmed: 5
      }
    return (place, -(line.line.loaded?.at.milliseconds ?? 0), -line.line.position)
  }

  private func detail(_ line: DisposalReport.Line) throws -> String? {
    func words(_ what: String, _ mark: DisposalMark) throws -> String {
      "\(what) \(moments.dated(mark.at)), \(try snapshot.disposalPerson(mark.by))"
    }
    switch line.standing {
    case .leftBehind: return try line.line.left.map { try words("Left without it", $0) }
    case .loaded: return try line.line.loaded.map { try words("Loaded", $0) }
    case .confirmed:
      return [
        line.line.certificate.map { "Certificate \($0)" },
        try line.line.confirmed.map { try words("signed", $0) },
      ].compactMap(\.self).joined(separator: " · ")
    case .elsewhere: return line.cargo.map { "\($0.asset.state.label) by now" }
    case .listed:
      return report.match?.confirmed[line.line.asset].map { row in
        "Line \(row.line) of their list" + (row.certificate.map { ", certificate \($0)" } ?? "")
      }
    default: return nil
    }
  }

  private var unlisted: [DisposalView.Unlisted] {
    (report.match?.unlisted ?? []).map { one in
      DisposalView.Unlisted(
        line: one.row.line, number: [one.row.serial, one.row.tag].compactMap(\.self).joined(separator: ", "),
        words: one.reason.sentence + " " + one.reason.remedy)
    }
  }

  // MARK: Forms

  private func forms() throws -> [ContextForm] {
    switch order.state {
    case .draft:
      guard mayDispose else { return [] }
      let isReady = report.going > 0 && report.count(.hindered) == 0
      var forms = [sealForm(open: isReady), Self.terms(order.terms, action: path + "/terms", typed: typed)]
      if report.going == 0 { forms.append(closeForm(open: false)) }
      return forms
    case .sealed:
      return (mayShip ? [departForm()] : []) + (mayDispose ? [reasonForm("unseal", "Unseal it again")] : [])
    case .departed:
      guard mayDispose else { return [] }
      return (report.count(.listed) > 0 ? [confirmForm()] : [])
        + [reasonForm("take-back", "Take the departure back", manager: true), closeForm(open: false)]
    case .confirmed:
      guard mayDispose else { return [] }
      let isOver = report.lines.allSatisfy { !$0.standing.isOpen }
      return (report.count(.listed) > 0 ? [confirmForm()] : [])
        + [closeForm(open: isOver), reasonForm("take-back", "Take the confirmation back", manager: true)]
    case .closed: return []
    }
  }

  private func form(
    _ act: String, _ title: String, _ submit: String, open: Bool, _ fields: [FormField]
  ) -> ContextForm {
    var form = ContextForm(
      id: "disposal-\(act)", action: "\(path)/\(act)", title: title, submit: submit,
      groups: [FieldGroup(fields: fields)])
    form.open = open || refused == act
    return form
  }

  private func field(
    _ act: String, _ name: String, _ label: String, _ value: String = "", required: Bool = true, hint: String? = nil
  ) -> FormField {
    var field = FormField(
      .input, name, label, value: (refused == act ? typed[name] : nil) ?? value, prefix: "disposal-\(act)")
    field.required = required
    field.hint = hint
    return field
  }

  /// Badge and PIN of whoever stands by.
  private func secondPerson(_ act: String, _ title: String, required: Bool = true) -> [FormField] {
    var badge = field(act, "badge", "\(title): badge", required: required)
    badge.scannable = true
    badge.code = true
    var pin = FormField(.input, "pin", "\(title): PIN", prefix: "disposal-\(act)")
    pin.type = "password"
    pin.required = required
    return [badge, pin]
  }

  private func sealForm(open: Bool) -> ContextForm {
    var seal = field("seal", "seal", "Number on the seal")
    seal.code = true
    seal.scannable = true
    return form("seal", "Seal it", "Seal", open: open, [seal] + secondPerson("seal", "Second person"))
  }

  private func departForm() -> ContextForm {
    var fields = [
      field("depart", "carrier", "Carrier", order.terms.carrier ?? ""),
      field("depart", "vehicle", "Vehicle", order.terms.vehicle ?? "", required: false),
    ]
    let left = report.going - report.loaded
    if left > 0 {
      var leave = FormField(
        .checkbox, "leaveBehind", "Leave without the \(counted(left, "asset")) not scanned", prefix: "disposal-depart")
      leave.wide = true
      fields.append(leave)
    }
    return form("depart", "Let it depart", "Depart", open: report.loaded > 0, fields)
  }

  private func confirmForm() -> ContextForm {
    form(
      "confirm", "Confirm \(counted(report.count(.listed), "asset"))", "Both sign", open: true,
      [field("confirm", "certificate", "Certificate number", required: false, hint: "for lines that name none")]
        + secondPerson("confirm", "Second person"))
  }

  private func reasonForm(_ act: String, _ title: String, manager: Bool = false) -> ContextForm {
    var fields = [field(act, "reason", "Reason")]
    if manager, !signedIn.actor.roles.contains(.manager) { fields += secondPerson(act, "Manager") }
    return form(act, title, title, open: false, fields)
  }

  private func closeForm(open: Bool) -> ContextForm {
    let count = report.lines.count { $0.standing.isOpen }
    var fields = [field("close", "reason", "Reason", required: count > 0)]
    if count > 0, !signedIn.actor.roles.contains(.manager) { fields += secondPerson("close", "Manager") }
    return form(
      "close", count == 0 ? "Close it" : "Close it with \(counted(count, "asset")) not confirmed", "Close", open: open,
      fields)
  }

  /// The terms of an order, new or changed.
  static func terms(_ terms: DisposalTerms?, action: String, typed: [String: String]) -> ContextForm {
    let isNew = terms == nil
    func text(_ name: String, _ label: String, _ value: String?, required: Bool = false) -> FormField {
      var field = FormField(.input, name, label, value: typed[name] ?? value ?? "", prefix: "disposal")
      field.required = required
      return field
    }
    var route = FormField(.select, "route", "Route", prefix: "disposal")
    route.required = true
    let chosen = typed["route"] ?? terms?.route.rawValue ?? DisposeDetails.Route.recycle.rawValue
    route.options = DisposeDetails.Route.allCases.map {
      FieldOption(value: $0.rawValue, label: $0.label, selected: $0.rawValue == chosen)
    }
    var day = text("plannedOn", "To be collected on", terms?.plannedOn?.description)
    day.type = "date"
    var number = text("number", "Number", nil)
    number.hint = "empty: the next of this station"
    number.code = true
    let fields =
      (isNew ? [number] : []) + [
        route, text("vendor", "Goes to", terms?.vendor, required: true), day,
        text("carrier", "Carrier", terms?.carrier),
        text("vehicle", "Vehicle", terms?.vehicle),
      ]
    var form = ContextForm(
      id: isNew ? "disposal-new" : "disposal-terms", action: action,
      title: isNew ? "New disposal order" : "Where it goes", submit: isNew ? "Make it" : "Change",
      groups: [FieldGroup(fields: fields)])
    form.open = false
    return form
  }
}

extension DisposalStanding {
  /// Name of the icon.
  var icon: String {
    switch self {
    case .hindered, .missing: "cross"
    case .ready: "dot"
    case .loaded, .confirmed: "check"
    case .leftBehind, .elsewhere: "question"
    case .inTransit: "ship"
    case .listed: "clock"
    }
  }
}

extension DisposalStep.Act {
  /// What was done, as a list says it.
  var label: String {
    switch self {
    case .made: "Made"
    case .changed: "Terms changed"
    case .sealed: "Sealed"
    case .unsealed: "Unsealed"
    case .departed: "Departed"
    case .listed: "Recycler's list taken"
    case .confirmed: "Confirmed"
    case .tookBack: "Taken back"
    case .closed: "Closed"
    }
  }
}
