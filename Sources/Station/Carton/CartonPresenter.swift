import BarcodeVision
import CartonReading
import Custody
import CustodyLedger
import StationStore

/// Makes the view of the carton on the desk.
struct CartonPresenter {
  let snapshot: any StoreReading

  func view(_ shown: CartonOnDesk, work: WorkSession) throws -> CartonView {
    let (carton, reading) = (shown.carton, shown.reading)
    let codes = codes(shown)
    let byMark = Dictionary(grouping: codes, by: \.mark)
    let type = max(12, max(carton.width, carton.height) / 32)
    let outlines = carton.marks.indices.compactMap { mark -> CartonOutline? in
      guard !carton.marks[mark].corners.isEmpty else { return nil }
      let first = carton.mark(of: carton.marks[mark].symbol) ?? mark
      let own = byMark[first] ?? []
      guard let code = own.first else { return nil }
      let named = own.filter { $0.kind != "left" }
      let labels = (named.isEmpty ? [code] : named).map(\.label)
      let corners = carton.marks[mark].corners
      let top = corners.map { $0[1] }.min() ?? 0
      return CartonOutline(
        href: "#\(code.id)", points: corners.map { "\($0[0]),\($0[1])" }.joined(separator: " "),
        kind: (named.first ?? code).kind,
        label: labels.count > 2 ? "\(labels[0]) and \(labels.count - 1) more" : labels.joined(separator: ", "),
        x: corners.map { $0[0] }.min() ?? 0, y: max(top - type / 3, type),
        words: own.map { "\($0.label) \($0.value)" }.joined(separator: ", "))
    }
    return CartonView(
      picture: carton.picture.map(Self.source), source: Self.words(for: carton.source),
      width: carton.width, height: carton.height,
      type: type,
      outlines: outlines, conflicts: conflicts(shown), codes: codes, form: try form(shown, work: work),
      settled: reading.isSettled)
  }

  private static func words(for source: String?) -> String? {
    switch source {
    case nil: nil
    case "phone"?: "From a phone"
    case "folder"?: "From the watched folder"
    case let camera? where camera.hasPrefix("camera:"): "From the camera \(camera.dropFirst(7))"
    case let other?: "From \(other)"
    }
  }

  // MARK: Codes

  private func codes(_ shown: CartonOnDesk) -> [CartonCode] {
    let (carton, reading) = (shown.carton, shown.reading)
    func code(_ part: CartonPart, _ kind: String, _ label: String, _ value: String, _ reason: String, _ surely: String?)
      -> CartonCode?
    {
      guard let mark = carton.mark(of: part.symbol) else { return nil }
      return CartonCode(
        id: "code-\(mark)-\(part.number)", kind: kind, label: label, value: visible(value),
        text: part.text == value ? nil : visible(part.text), reason: reason, confidence: surely, mark: mark,
        part: part.number,
        fields: CartonField.allCases.map {
          CartonChoiceButton(field: $0.rawValue, label: $0.label, current: $0.rawValue == kind)
        })
    }
    var all: [CartonCode?] = []
    for conflict in reading.conflicts {
      for part in Set(conflict.candidates.flatMap(\.sources)).sorted(by: { $0.text < $1.text }) {
        let fields = conflict.candidates.filter { $0.sources.contains(part) }
        all.append(
          code(part, "conflict", Self.either(fields.map(\.field.label)), part.text, fields[0].reason.words, "guess"))
      }
    }
    for finding in reading.findings {
      for part in finding.sources {
        all.append(
          code(
            part, finding.field.rawValue, finding.field.label, finding.value, finding.reason.words,
            shownName(of: finding.confidence)))
      }
    }
    for leftover in reading.leftovers {
      all.append(code(leftover.part, "left", "Not used", leftover.part.text, leftover.words, nil))
    }
    // A code that gives two fields stands once, under the first.
    var seen: Set<String> = []
    return all.compactMap { $0 }.filter { seen.insert($0.id).inserted }
  }

  private static func either(_ labels: [String]) -> String {
    var seen: [String] = []
    for label in labels where !seen.contains(label) { seen.append(label) }
    return seen.joined(separator: " or ") + "?"
  }

  private func conflicts(_ shown: CartonOnDesk) -> [CartonConflict] {
    shown.reading.conflicts.map { conflict in
      CartonConflict(
        words: conflict.words.prefix(1).uppercased() + conflict.words.dropFirst(),
        candidates: conflict.candidates.compactMap { candidate in
          guard let part = candidate.sources.first, let mark = shown.carton.mark(of: part.symbol) else { return nil }
          return CartonCandidate(
            kind: candidate.field.rawValue, label: candidate.field.label, value: candidate.value,
            field: candidate.field.rawValue, mark: mark, part: part.number)
        })
    }
  }

  /// Where a browser finds a picture that it can show.
  private static func source(of picture: EvidenceReference) -> String {
    let isShown = PictureFormat.allCases.contains { $0.isShownByBrowsers && $0.mediaType == picture.mediaType }
    return "/api/v1/media/\(picture.digest)" + (isShown ? "" : "?as=jpeg")
  }

  /// Control characters as their pictures: what differs has to look different.
  private func visible(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.value < 0x20 ? Unicode.Scalar(0x2400 + $0.value) ?? $0 : $0 }))
  }

  // MARK: The form

  private func form(_ shown: CartonOnDesk, work: WorkSession) throws -> ContextForm {
    let forms = DeskForms(snapshot: snapshot)
    let reading = shown.reading
    let said = try reading.details(category: snapshot.category)
    let details = work.details.overlaid(with: said)
    var fields: [FormField] = []
    for field in DetailField.carton {
      var view = try forms.formField(field, in: details, asset: nil, prefix: "carton")
      if view.name.hasPrefix("facts.custom.") {
        // Most cartons name no pallet and no date: only what was read is asked about.
        if view.value.isEmpty, !DetailField.ofEveryCarton.contains(field.path) { continue }
        view.code = true
      }
      if said[path: field.path] != nil, let why = reason(for: field.path, of: reading) { view.hint = why }
      fields.append(view)
    }
    let marks: [(CartonField, String)] = [
      (.serial, "Serial number"), (.assetTag, "Asset tag"), (.mac, "MAC addresses"), (.imei, "IMEI"),
    ]
    let names = marks.compactMap { field, label -> FormField? in
      var view = FormField(
        .input, "carton.\(field.rawValue)", label, value: value(field, of: reading), prefix: "carton")
      if view.value.isEmpty, field.mayRepeat { return nil }
      view.code = true
      view.hint = reason(for: field, of: reading)
      if field == .assetTag, view.value.isEmpty { view.hint = "or scan the label that you stick on it" }
      return view
    }
    let hidden = FormField(.hidden, "carton.number", "Carton", value: String(shown.carton.number), prefix: "carton")
    var form = ContextForm(
      id: "carton-\(shown.carton.number)", action: "/desk/carton", title: "Receive",
      submit: "Receive",
      groups: [FieldGroup(fields: [hidden] + names + fields)])
    form.open = true
    return form
  }

  /// Why a field has its value, and how surely; of several values the least sure.
  private func reason(for field: CartonField, of reading: Carton) -> String? {
    guard let finding = reading.findings(field).min(by: { $0.confidence < $1.confidence }) else { return nil }
    return ([finding.reason.words] + [shownName(of: finding.confidence)].compactMap { $0 }).joined(separator: " · ")
  }

  /// How sure it is, where the reason does not say it: a person did.
  private func shownName(of confidence: Confidence) -> String? { confidence >= .corrected ? nil : confidence.name }

  /// Why a fact is what the carton says.
  private func reason(for path: String, of reading: Carton) -> String? {
    if let field = CartonField.recorded.first(where: { "facts.custom.\($0.rawValue)" == path }) {
      return reason(for: field, of: reading)
    }
    // Said once, where the model and its order line stand.
    guard path == "facts.model" || path == "facts.orderLine" else { return nil }
    if reading.products.isEmpty { return reading.suggestion == nil ? reason(for: .model, of: reading) : "as learned" }
    let names = [CartonField.partNumber, .model].flatMap(reading.findings)
    guard let name = names.first(where: { reading.products.named(by: $0) }) else { return nil }
    return "by \(name.field.words) \(name.value)"
  }

  private func value(_ field: CartonField, of reading: Carton) -> String {
    reading.findings(field).map(\.value).joined(separator: ", ")
  }
}

extension CartonField {
  /// What it is called on a button.
  var label: String {
    switch self {
    case .serial: "Serial number"
    case .assetTag: "Asset tag"
    case .partNumber: "Part number"
    case .model: "Model"
    case .gtin: "GTIN"
    case .mac: "MAC address"
    case .imei: "IMEI"
    case .purchaseOrder: "Purchase order"
    case .sscc: "SSCC"
    case .quantity: "Quantity"
    case .date: "Date"
    case .other: "None of these"
    }
  }
}

extension DetailField {
  /// What the form of a carton asks for: all that receiving captures, with what is read from its codes beside it.
  static let carton: [DetailField] =
    fields(for: .receive).map { field in
      var field = field
      field.isExtra = false
      if field.path == "facts.model" {
        field.label = "Model"
        field.hint = nil
      }
      return field
    } + CartonField.recorded.map { DetailField(path: "facts.custom.\($0.rawValue)", label: $0.label) }

  /// Those of them that are asked for whatever the codes say.
  static let ofEveryCarton: Set = ["facts.custom.partNumber", "facts.custom.gtin"]

  /// Those of them that hold for the next cartons too.
  static let ofSession: Set = ["location", "facts.orderLine", "blindReason", "condition"]
}
