import Custody
import CustodyLedger
import StationStore

/// Puts the desk's forms together from the one table of what verbs capture.
struct DeskForms {
  let snapshot: any StoreReading

  /// What holds for the next scans of a workflow; nil when it needs nothing.
  func context(_ work: WorkSession, asset: Asset?, fault: String?) throws -> ContextForm? {
    guard let verb = work.workflow else { return nil }
    let table = DetailField.fields(for: verb)
    guard !table.isEmpty else { return nil }
    var fields = try table.map { try formField($0, in: work.details, asset: asset) }
    if verb == .arrive, let destination = try asset.flatMap({ try Destination(of: $0, in: snapshot) }),
      let place = table.firstIndex(where: { $0.path == "location" })
    {
      fields[place].hint = "bound for \(destination.words)"
    }
    let missing = table.contains { $0.required && work.details[path: $0.path] == nil }
    var form = ContextForm(
      id: "details-\(verb.rawValue)", action: "/desk/details", title: "\(verb.words.imperative): details",
      submit: "Set",
      groups: groups(table, fields))
    form.summary = try summary(work)
    form.held = try held(work)
    form.open = missing || fault != nil || verb == .sanitize
    form.error = fault
    form.sendsBeforeScan = true
    return form
  }

  /// For an unknown code in a receive session: what it takes to receive it as new.
  func receiveAsNew(text: String, work: WorkSession) throws -> ContextForm {
    let table = DetailField.fields(for: .receive).filter { field in
      field.path.hasPrefix("facts.") || field.path == "blindReason"
    }.map { field in
      var field = field
      field.isExtra = false
      if field.path == "facts.model" {
        field.required = true
        field.label = "Model"
        field.hint = nil
      }
      return field
    }
    var fields = try table.map { try formField($0, in: work.details, asset: nil, prefix: "new") }
    fields.insert(FormField(.hidden, "text", "Code", value: text, prefix: "new"), at: 0)
    var form = ContextForm(
      id: "receive-new", action: "/desk/scans", title: "Receive as new", submit: "Receive as new",
      groups: [FieldGroup(fields: fields)])
    form.open = true
    return form
  }

  /// Badge and PIN of a second person.
  func secondPerson(_ role: SecondPersonRole, work: WorkSession, moments: Moments) throws -> SecondPersonView {
    let title = role.title(in: work.workflow)
    let second = role == .witness ? work.witness : work.approver
    var badge = FormField(.input, "badge", "Badge", prefix: role.rawValue)
    badge.scannable = true
    badge.code = true
    badge.required = true
    var pin = FormField(.input, "pin", "PIN", prefix: role.rawValue)
    pin.type = "password"
    pin.required = true
    let hidden = FormField(.hidden, "role", "Role", value: role.rawValue, prefix: role.rawValue)
    var form = ContextForm(
      id: "second-\(role.rawValue)", action: "/desk/operators", title: "\(title): badge and PIN", submit: "Confirm",
      groups: [FieldGroup(fields: [hidden, badge, pin])])
    guard let second else { return SecondPersonView(role: title, form: form) }
    // It may have been the wrong one: another can still be named.
    form.title = "Another \(title.lowercased())"
    form.open = false
    return SecondPersonView(
      role: title, name: try snapshot.person(second.person)?.name ?? "a person no longer named",
      recognised: "badge and PIN, \(moments.time(second.at))", form: form)
  }

  /// What is set, in few words.
  func summary(_ work: WorkSession) throws -> String? {
    let words = try context(of: work)
    return words.isEmpty ? nil : words.joined(separator: " · ")
  }

  /// Order, recipient, location: what holds for every scan of this session.
  func context(of work: WorkSession) throws -> [String] {
    var words: [String] = []
    if let order = work.orderNumber {
      words.append(work.orderLine.map { "\(order), line \($0)" } ?? order)
    } else if let order = work.details[path: "facts.orderLine.order"]?.text {
      words.append(order)
    }
    if let order = work.details[path: "order"]?.text { words.append(order) }
    for path in ["recipient.person", "custodian.person"] {
      if let id = work.details[path: path]?.text.flatMap(PersonID.init), let person = try snapshot.person(id) {
        words.append(person.name)
      }
    }
    if let team = work.details[path: "recipient.team"]?.text { words.append(team) }
    for path in ["location", "toLocation"] {
      if let code = work.details[path: path]?.text { words.append(code) }
    }
    return words
  }

  private func groups(_ table: [DetailField], _ fields: [FormField]) -> [FieldGroup] {
    let pairs = zip(table, fields)
    var groups = [FieldGroup(fields: pairs.filter { !$0.0.isExtra }.map(\.1))]
    let extra = pairs.filter(\.0.isExtra).map(\.1)
    if !extra.isEmpty { groups.append(FieldGroup(legend: "More", folded: true, fields: extra)) }
    return groups
  }

  func formField(
    _ field: DetailField, in details: CanonicalJSON, asset: Asset?, prefix: String = "field"
  ) throws -> FormField {
    let value = field.text(in: details)
    var view: FormField
    switch field.kind {
    case .text, .list, .media:
      view = FormField(.input, field.path, field.label, value: value, prefix: prefix)
    case .longText:
      view = FormField(.textarea, field.path, field.label, value: value, prefix: prefix)
      view.wide = true
    case .date:
      view = FormField(.input, field.path, field.label, value: value, prefix: prefix)
      view.type = "date"
    case .yesNo:
      view = select(field, value, [("yes", "Yes"), ("no", "No")], prefix)
    case .choice(let choices):
      view = select(field, value, choices.map { ($0.value, $0.label) }, prefix)
    case .location:
      let all = try snapshot.locations().map { ($0.code.text, "\($0.code) · \($0.name)") }
      view = select(field, value, all, prefix)
    case .person:
      let all = try snapshot.people().filter(\.active).map { ($0.id.description, $0.name) }
      view = select(field, value, all, prefix)
    case .orderLine:
      let all = try snapshot.orders().flatMap { order in
        order.lines.map { line in
          ("\(order.number)/\(line.line)", "\(order.number)/\(line.line) · \(line.quantity) × \(line.model)")
        }
      }
      view = select(field, value, all, prefix)
    case .medium:
      let list = asset?.mediaList ?? []
      if list.isEmpty {
        view = FormField(.input, field.path, field.label, value: value, prefix: prefix)
        view.scannable = true
      } else {
        view = select(field, value, list.map { ($0.serial, $0.serial) }, prefix)
      }
      view.code = true
    }
    view.required = field.required
    view.hint = field.hint
    return view
  }

  private func select(_ field: DetailField, _ value: String, _ choices: [(String, String)], _ prefix: String)
    -> FormField
  {
    var view = FormField(.select, field.path, field.label, value: value, prefix: prefix)
    view.options = [FieldOption(value: "", label: "—", selected: value.isEmpty)]
    view.options += choices.map { FieldOption(value: $0.0, label: $0.1, selected: $0.0 == value) }
    if !value.isEmpty, !choices.contains(where: { $0.0 == value }) {
      view.options.append(FieldOption(value: value, label: value, selected: true))
    }
    return view
  }
}

extension DetailField {
  /// The text of a form for what stands in the details: the inverse of `value(of:)`.
  func text(in details: CanonicalJSON) -> String {
    guard let value = details[path: path] else { return "" }
    switch value {
    case .string(let text): return text
    case .bool(let flag): return flag ? "yes" : "no"
    case .integer(let number): return String(number)
    case .array(let values):
      if values.isEmpty, case .media = kind { return "none" }
      return values.compactMap { $0.text ?? $0[path: "serial"]?.text }.joined(separator: ", ")
    case .object:
      guard case .orderLine = kind, let order = value[path: "order"]?.text,
        case .integer(let line)? = value[path: "line"]
      else { return "" }
      return "\(order)/\(line)"
    case .null: return ""
    }
  }

  /// Lays a form's fields over details. Gives back what cannot be taken, the first of it.
  static func lay(_ form: [String: String], for verb: Verb, over details: inout CanonicalJSON) -> FieldFault? {
    var fault: FieldFault?
    for field in fields(for: verb) {
      guard let text = form[field.path] else { continue }
      switch field.value(of: text) {
      case .success(let value):
        details[path: field.path] = value
        // What is empty now leaves no empty shell behind: an object without its names would not be what the schema wants.
        if value == nil { details.dropEmptyObjects(along: field.path) }
      case .failure(let failure): fault = fault ?? failure
      }
    }
    return fault
  }
}

extension CanonicalJSON {
  /// Takes out objects along a path that have nothing in them.
  mutating func dropEmptyObjects(along path: String) {
    var names = path.split(separator: ".").map(String.init)
    names.removeLast()
    while !names.isEmpty {
      let path = names.joined(separator: ".")
      guard self[path: path] == .object(Object()) else { return }
      self[path: path] = nil
      names.removeLast()
    }
  }
}
