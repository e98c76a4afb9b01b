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
  /// Assets of one paper at most.
  static let mostAssets = 1000

  private var names: AssetPresenter { AssetPresenter(snapshot: snapshot, moments: moments) }

  /// The paper of an event; nil when it gives none, or was taken back.
  func document(of row: EntryRow, _ asset: Asset) throws -> CustodyDocument? {
    switch row.event.details {
    case .deploy(let details): try receipt(row, details)
    case .sanitize(let details): try certificate(row, details.record, asset)
    case .ship(let details):
      try manifest(
        row, order: details.order ?? details.trackingNumber,
        fields: [
          "vendor": details.destination ?? names.place(details.toLocation) ?? details.carrier,
          "route": details.order == nil ? "transport" : "disposal", "vehicle": details.carrier,
          "seal": details.sealNumber,
        ])
    case .dispose(let details):
      try manifest(
        row, order: details.order,
        fields: [
          "vendor": details.vendor, "route": details.route.label, "vehicle": details.vehicle,
          "remarks": details.certificate.map { "The vendor's certificate: \($0)" },
        ])
    default: nil
    }
  }

  // MARK: Hand-over

  private func receipt(_ row: EntryRow, _ details: DeployDetails) throws -> CustodyDocument {
    let event = row.event
    let giver = try event.operator.flatMap { try snapshot.person($0) }
    let taker: Person? = if case .person(let id) = details.recipient { try snapshot.person(id) } else { nil }
    let items = try together(with: event).filter { other, _ in
      if case .deploy(let one) = other.event.details { one.recipient == details.recipient } else { false }
    }
    var fields = try common(row, prefix: "HR")
    fields["at"] = moments.stamped(event.wallClock)
    fields["fromName"] = giver?.name ?? "The station"
    fields["fromDetail"] = giver?.team
    fields["toName"] = try names.name(details.recipient)
    fields["toDetail"] = taker?.team
    fields["place"] = try names.place(details.location ?? event.to?.location)
    fields["dueBack"] = details.expectedReturn?.description
    let text = details.acknowledgement?.text ?? ""
    fields["statement"] =
      text.isEmpty
      ? "I have received the assets listed above in the condition stated. I will keep them safe, report loss, theft or damage at "
        + "once, and return them on request or when I leave." : text
    let word = details.acknowledgement.map {
      " Acknowledged with \($0.method.rawValue == "pin" ? "PIN" : $0.method.rawValue)."
    }
    fields["proof"] = "\(Self.words(of: row)) Sealed \(moments.stamped(event.wallClock)).\(word ?? "")"
    return CustodyDocument(
      template: "hand-over-receipt-a4",
      values: LabelValues(
        fields,
        lists: [
          "items": items.map { _, asset in
            var item = Self.item(asset)
            item["condition"] = asset.condition
            return item
          }
        ]))
  }

  // MARK: Sanitization

  private func certificate(
    _ row: EntryRow, _ record: SanitizationRecord, _ asset: Asset
  ) throws -> CustodyDocument {
    let event = row.event
    var fields = try common(row, prefix: "WC")
    fields["verdict"] = Self.verdict(record)
    let medium = record.medium
    fields["mediumManufacturer"] = medium.manufacturer
    fields["mediumModel"] = medium.model
    fields["mediumSerial"] = medium.serial
    fields["mediumType"] = medium.type?.uppercased()
    fields["capacity"] = medium.capacity.map { "\($0 / 1_000_000_000) GB (\(Self.grouped($0)) bytes)" }
    fields["propertyNumber"] = record.propertyNumber
    fields["asset"] = [asset.tag, asset.title].compactMap(\.self).joined(separator: ", ")
    fields["assetSerial"] = asset.serial
    fields["sourceUser"] = try record.sourceUser.flatMap { try names.person($0) }
    fields["categorisation"] = record.categorisation
    fields["requested"] = record.requested.rawValue
    fields["achieved"] = record.achieved.rawValue
    fields["technique"] = record.technique
    fields["tool"] = record.tool
    fields["toolVersion"] = record.toolVersion
    fields["startedAt"] = record.startedAt.map(moments.stamped)
    fields["endedAt"] = moments.stamped(record.endedAt)
    fields["result"] = record.result.rawValue
    fields["place"] = try record.place ?? names.place(event.to?.location)
    fields["verificationMethod"] = record.verificationMethod ?? "not verified"
    fields["verification"] = record.verification?.rawValue ?? "none"
    fields["destination"] = record.destination
    fields["residualRisks"] = record.residualRisks?.joined(separator: "; ") ?? "none stated"
    fields["reportDigest"] = record.reportDigest
    let performer = try snapshot.person(record.performedBy)
    fields["operatorName"] = performer?.name ?? "a person no longer named"
    fields["operatorTitle"] = performer?.title
    fields["operatorContact"] = performer?.email
    fields["operatorDate"] = String(moments.stamped(event.wallClock).prefix(10))
    if let witness = event.witness {
      let validator = try snapshot.person(witness)
      fields["validatorName"] = validator?.name ?? "a person no longer named"
      fields["validatorTitle"] = validator?.title
      fields["validatorContact"] = validator?.email
      fields["validatorDate"] = String(moments.stamped(event.wallClock).prefix(10))
    }
    fields["event"] = event.eventID.description
    fields["entry"] = "\(event.seq) of \(event.site)/\(event.station), SHA-256 \(row.hash)"
    fields["log"] =
      row.logIndex.map { "held by the centre as entry \($0) of its log" }
      ?? "sealed on the station; the centre does not hold it yet"
    // The path through the log grows with it: the centre gives the newest, with the checkpoint that it leads to.
    fields["proof"] =
      row.logIndex == nil
      ? "none yet" : "The centre's dossier of the asset holds checkpoint, root and path of this entry."
    // A field that says nothing would look forgotten.
    for name in [
      "mediumManufacturer", "mediumModel", "mediumType", "capacity", "propertyNumber", "assetSerial", "sourceUser",
      "categorisation", "startedAt", "place", "destination", "reportDigest", "operatorTitle", "operatorContact",
      "validatorName",
    ] where fields[name] ?? "" == "" {
      fields[name] = "not stated"
    }
    fields["statement"] =
      "This certificate states what is sealed in the ledger under the event named above. custody-audit checks it offline."
    return CustodyDocument(template: "wipe-certificate-a4", values: LabelValues(fields))
  }

  /// The outcome in words; clear is never called purge.
  static func verdict(_ record: SanitizationRecord) -> String {
    let done =
      switch record.achieved {
      case .clear: "cleared"
      case .purge: "purged"
      case .destroy: "destroyed"
      }
    if record.passes {
      return record.verification == .passed ? "PASSED: \(done), and the verification passed" : "PASSED: \(done)"
    }
    if record.result != .passed {
      return "DOES NOT PASS: the run \(record.result == .failed ? "failed" : "was aborted")"
    }
    if record.achieved < record.requested {
      return "DOES NOT PASS: \(done), where \(record.requested.rawValue) was asked for"
    }
    return record.verification == nil
      ? "DOES NOT PASS: \(done), and not verified" : "DOES NOT PASS: \(done), and the verification failed"
  }

  // MARK: What leaves

  private func manifest(
    _ row: EntryRow, order: String?, fields known: [String: String?]
  ) throws -> CustodyDocument {
    let event = row.event
    let items = try together(with: event).filter { other, _ in
      switch (other.event.details, event.details) {
      case (.ship(let one), .ship(let this)): one.order == this.order && one.destination == this.destination
      case (.dispose(let one), .dispose(let this)): one.order == this.order && one.route == this.route
      default: false
      }
    }
    var fields = try common(row, prefix: "PM")
    fields["order"] = order ?? fields["number"]
    fields["number"] = nil
    fields["sealedAt"] = moments.stamped(event.wallClock)
    fields["sealedBy"] = try event.operator.flatMap { try names.person($0) } ?? "the station"
    fields["handedOverBy"] = fields["sealedBy"]
    fields["witness"] = try event.witness.flatMap { try names.person($0) }
    fields["from"] = try names.place(event.from?.location)
    for (name, value) in known { fields[name] = value }
    if fields["vendor"] == nil { fields["vendor"] = "not named" }
    return CustodyDocument(
      template: "pallet-manifest-a4",
      values: LabelValues(
        fields,
        lists: [
          "items": items.map { _, asset in
            var item = Self.item(asset)
            item["media"] = Self.media(of: asset)
            return item
          }
        ]))
  }

  /// An asset's media and how their data stand, such as `2 SSD: purged, verified`.
  static func media(of asset: Asset) -> String {
    guard asset.isDataBearing else { return "no media" }
    guard let list = asset.mediaList else { return "media unknown" }
    guard !list.isEmpty else { return "no media" }
    var kinds: [(words: String, state: String, count: Int)] = []
    for medium in list {
      let state =
        asset.sanitized[medium.serial].map { outcome in
          outcome.passes
            ? "\(outcome.method.label.lowercased()), verified" : "\(outcome.method.label.lowercased()), DOES NOT PASS"
        } ?? "NOT WIPED"
      let words = medium.type?.uppercased() ?? "medium"
      if let index = kinds.firstIndex(where: { $0.words == words && $0.state == state }) {
        kinds[index].count += 1
      } else {
        kinds.append((words, state, 1))
      }
    }
    return kinds.map { "\($0.count) \($0.words): \($0.state)" }.joined(separator: "; ")
  }

  // MARK: Shared

  /// The event, and what was recorded in its session in the same way, each with its asset; the event's own first.
  private func together(with event: CustodyEvent) throws -> [(row: EntryRow, asset: Asset)] {
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

  private func common(_ row: EntryRow, prefix: String) throws -> [String: String] {
    let event = row.event
    let site = try snapshot.sites().first { $0.code == event.site }?.name ?? event.site.text
    let number =
      "\(prefix)-\(moments.stamped(event.wallClock).prefix(10))-\(event.eventID.description.suffix(12).uppercased())"
    return [
      "organisation": site, "number": number,
      "link": base.map { "\($0)/assets/\(event.asset)#event-\(event.eventID)" } ?? "urn:uuid:\(event.eventID)",
    ]
  }

  private static func words(of row: EntryRow) -> String {
    let event = row.event
    let held = row.logIndex.map { ", entry \($0) of the centre's log" } ?? ""
    return "Custody event \(event.eventID), entry \(event.seq) of station \(event.site)/\(event.station)\(held)."
  }

  private static func item(_ asset: Asset) -> [String: String] {
    var item = ["tag": asset.tag ?? asset.serial ?? "NO TAG", "asset": String(asset.title)]
    item["serial"] = asset.serial
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
