import Custody
import DisposalOrders
import Foundation
import StationStore

/// Turns an asset and its events into what pages show of them.
struct AssetPresenter {
  let snapshot: any StoreReading
  let moments: Moments

  func card(_ asset: Asset, entries: [EntryRow], isWhole: Bool = false) throws -> AssetCardView {
    let facts = asset.facts
    var rows: [FactView] = []
    func add(_ label: String, _ value: String?, code: Bool = false, href: String? = nil) {
      if let value, !value.isEmpty { rows.append(FactView(label: label, value: value, code: code, href: href)) }
    }
    add("Serial", asset.serial, code: true)
    add("Category", facts.category)
    add("Custodian", try name(asset.custodian))
    add("Location", try place(asset.location))
    add("Bound for", try Destination(of: asset, in: snapshot)?.words)
    add("Condition", asset.condition)
    add("Due back", asset.expectedReturn?.description)
    if let parent = asset.parent, let fitted = try snapshot.asset(parent) {
      add("Fitted in", fitted.displayName + (asset.slot.map { ", \($0)" } ?? ""), code: true, href: fitted.href)
    }
    if let order = try asset.disposalOrder ?? snapshot.openDisposalOrder(of: asset.id)?.text {
      let isOurs = try DisposalNumber(order).map { try snapshot.disposalOrder($0) != nil } ?? false
      add("Disposal order", order, href: isOurs ? "/disposals/\(order)" : PalletManifest.Scope(order: order).href)
    }
    add("Label", asset.label.flatMap { $0.provedAt.map { "scanned back \(moments.dated($0))" } })
    let first = rows
    rows = []
    add("Order", facts.orderLine.map { "\($0.order) line \($0.line)" }, code: true)
    add("Supplier", facts.supplier)
    add("Owner", facts.owner)
    add("Department", facts.department)
    add("Cost centre", facts.costCentre)
    add("Price", facts.price.map { "\($0.amount) \($0.currency)" })
    add("Bought", facts.purchaseDate?.description)
    add("Warranty until", facts.warrantyEnd?.description)
    add("Refresh", facts.refreshDate?.description)
    add("Classification", facts.classification)
    add("Licences", facts.licences?.joined(separator: ", "))
    for (name, value) in (facts.custom ?? [:]).sorted(by: { $0.key < $1.key }) { add(name, value) }
    var flags: [FlagView] = []
    if facts.legalHold == true {
      flags.append(FlagView(icon: "lock", words: "Legal hold: not to be wiped or disposed of"))
    }
    if let label = asset.label, !label.isProven {
      flags.append(
        FlagView(icon: "warning", words: "Label unproven: \(label.mark.value) was printed and not scanned back"))
    }
    if let owed = try snapshot.owedLabel(of: asset.id), let words = owed.words {
      flags.append(FlagView(icon: "warning", words: "\(words) \(owed.refusal?.remedy ?? "")"))
    }
    if let due = asset.expectedReturn, asset.state == .deployed,
      due.daysSince1970 < moments.now.milliseconds / 86_400_000
    {
      flags.append(FlagView(icon: "warning", words: "Overdue since \(due)"))
    }
    for discrepancy in asset.discrepancies ?? [] {
      flags.append(FlagView(icon: "warning", words: "To be settled: \(discrepancy.kind.sentence)"))
    }
    if asset.discrepancies == nil, let odd = entries.last(where: { $0.misfit != nil }), let misfit = odd.misfit {
      flags.append(FlagView(icon: "warning", words: misfit))
    }
    if let words = Self.wordsOfTwoLabels(asset) { flags.append(FlagView(icon: "warning", words: words)) }
    return AssetCardView(
      href: asset.href, tag: asset.tag ?? asset.serial ?? "No tag", title: asset.title, state: asset.state.view,
      flags: flags, facts: isWhole ? first + rows : first, furtherFacts: isWhole ? [] : rows,
      media: try media(asset, entries))
  }

  /// What is said of two labels that stations gave a thing before they had heard of one another. While one replaces the other
  /// both are meant to be there.
  private static func wordsOfTwoLabels(_ asset: Asset) -> String? {
    let tags = asset.identifiers.filter { $0.kind == .tag }.map(\.value)
    guard tags.count > 1, asset.label?.replaces == nil else { return nil }
    return "Two labels: it carries \(tags.joined(separator: " and ")). All lead here. Take the others off."
  }

  /// How the data on an asset's media stands; nil for a thing that bears none.
  private func media(_ asset: Asset, _ entries: [EntryRow]) throws -> MediaView? {
    guard asset.isDataBearing else { return nil }
    guard let list = asset.mediaList else {
      return MediaView(words: "Drives unknown: say which drives are in it before disposal", media: [])
    }
    let media = try list.map { medium -> MediumView in
      let size = medium.capacity.map { "\($0 / 1_000_000_000) GB" }
      let description = [medium.type?.uppercased(), size, medium.manufacturer, medium.model].compactMap { $0 }
      let outcome = asset.sanitized[medium.serial]
      var view = MediumView(
        serial: medium.serial, description: description.isEmpty ? nil : description.joined(separator: " "),
        state: outcome.map { $0.passes ? .wiped : .failed } ?? .notWiped,
        icon: outcome.map { $0.passes ? "check" : "cross" } ?? "warning",
        words: outcome.map { ($0.method.label) + ($0.passes ? ", verified" : ": does not pass") } ?? "No record")
      if let outcome, let row = entries.first(where: { $0.event.eventID == outcome.event }),
        case .sanitize(let details) = row.event.details
      {
        let record = details.record
        view.detail = [
          [record.tool, record.toolVersion].compactMap { $0 }.joined(separator: " "), record.verificationMethod,
          try person(record.performedBy).map { "by \($0)" }, record.modelWords,
        ].compactMap { $0 }.joined(separator: " · ")
        view.at = moments.view(row.event.wallClock)
        view.href = "\(asset.href)#event-\(outcome.event)"
      }
      return view
    }
    let wiped = media.filter { $0.state == .wiped }.count
    return MediaView(words: list.isEmpty ? "No drives" : "\(wiped) of \(list.count) wiped", media: media)
  }

  func timeline(_ entries: [EntryRow], limit: Int? = nil) throws -> TimelineView {
    var correctedBy: [EventID: EntryRow] = [:]
    for row in entries { if let corrected = row.event.corrects { correctedBy[corrected] = row } }
    let newest = entries.reversed()
    let shown = limit.map { Array(newest.prefix(max($0, 1))) } ?? Array(newest)
    let views = try shown.map { row in
      try timelineEntry(row, correctedBy: correctedBy[row.event.eventID], among: entries)
    }
    var more: TimelineMore?
    if shown.count < entries.count, let asset = entries.first?.event.asset {
      more = TimelineMore(href: "/assets/\(asset)", words: counted(entries.count - shown.count, "older event"))
    }
    return TimelineView(entries: views, more: more)
  }

  private func timelineEntry(_ row: EntryRow, correctedBy: EntryRow?, among entries: [EntryRow]) throws -> TimelineEntry
  {
    let event = row.event
    let from = try standing(event.from, against: event.to)
    let to = try standing(event.to, against: event.from)
    var entry = TimelineEntry(
      anchor: "event-\(event.eventID)", icon: event.verb.icon, verb: event.verb.words.done, from: from, to: to,
      who: try who(event), place: try place(event.to?.location), note: try event.note(names: person),
      at: moments.view(event.wallClock), proof: row.proof,
      proofWords: row.misfit ?? row.proof.words, proofIcon: row.proof.icon)
    if row.isProved { entry.proofHref = "/api/v1/assets/\(event.asset)/events/\(event.eventID)/proof" }
    if let correctedBy {
      entry.correctedBy = EventLink(
        href: "#event-\(correctedBy.event.eventID)", words: "Taken back \(moments.time(correctedBy.event.wallClock))")
    }
    if correctedBy == nil, row.misfit == nil, let words = event.verb.document {
      entry.document = EventLink(href: "/assets/\(event.asset)/documents/\(event.eventID)", words: words + " (PDF)")
    }
    if let id = event.corrects, let wrong = entries.first(where: { $0.event.eventID == id }) {
      entry.corrects = EventLink(href: "#event-\(id)", words: wrong.event.verb.words.done)
    }
    return entry
  }

  /// Operator, with the witness where there was one; `with` stands between the two.
  func who(_ event: CustodyEvent, with: String = " · together with ") throws -> String {
    let name = try event.operator.map { try person($0) ?? "a person no longer named" } ?? "Import"
    guard let witness = event.witness else { return name }
    return name + with + (try person(witness) ?? "a person no longer named")
  }

  /// The half of a move that is worth saying: the custodian where that changed, else the state where that did.
  private func standing(_ one: Standing?, against other: Standing?) throws -> String? {
    guard let one else { return nil }
    if one.custodian != other?.custodian, one.custodian != nil || other?.custodian != nil {
      return try name(one.custodian) ?? one.state.label
    }
    if one.state != other?.state { return one.state.label }
    if one.location != other?.location { return try place(one.location) }
    return nil
  }

  func person(_ id: PersonID) throws -> String? { try snapshot.person(id)?.name }

  func name(_ custodian: Custodian?) throws -> String? {
    switch custodian {
    case .person(let id): try person(id) ?? "a person no longer named"
    case .team(let team): team
    case .place(let code): try place(code)
    case nil: nil
    }
  }

  func place(_ code: LocationCode?) throws -> String? {
    try code.map { try snapshot.placeWords($0) }
  }
}

extension Asset {
  /// Manufacturer and model.
  var title: String {
    let words = [facts.manufacturer, facts.model].compactMap { $0 }
    return words.isEmpty ? facts.category ?? "Asset" : words.joined(separator: " ")
  }

  /// Tag, else serial, else the id's end.
  var displayName: String { tag ?? serial ?? String(id.description.suffix(12)) }

  /// Its page.
  var href: String { "/assets/\(id)" }
}

extension SanitizationMethod {
  /// The method in words; clear is never shown as purge.
  var label: String {
    switch self {
    case .clear: "Clear"
    case .purge: "Purge"
    case .destroy: "Destroyed"
    }
  }
}

extension AssetPresenter {
  /// Every mark that ever led to the asset, with when and by whom.
  func identifiers(_ asset: Asset, _ entries: [EntryRow]) throws -> [IdentifierRow] {
    var rows: [BoundIdentifier: IdentifierRow] = [:]
    var order: [BoundIdentifier] = []
    for row in entries {
      let event = row.event
      if row.misfit != nil {
        // It leads here all the same.
        if case .bind(let details) = event.details, rows[details.identifier] == nil {
          order.append(details.identifier)
          rows[details.identifier] = IdentifierRow(
            kind: details.identifier.kind.label + ", kept aside", value: details.identifier.value,
            bound: moments.view(event.wallClock), by: "\(event.site)/\(event.station)")
        }
        continue
      }
      for identifier in event.boundIdentifiers where rows[identifier] == nil || rows[identifier]?.unbound != nil {
        if rows[identifier] == nil { order.append(identifier) }
        rows[identifier] = IdentifierRow(
          kind: identifier.kind.label, value: identifier.value, bound: moments.view(event.wallClock), by: try who(event)
        )
      }
      if case .unbind(let details) = event.details {
        rows[details.identifier]?.unbound = moments.view(event.wallClock)
      }
    }
    return order.compactMap { rows[$0] }
  }

  /// One row for each sanitization record, newest first.
  func sanitizations(_ entries: [EntryRow]) throws -> [SanitizationRow] {
    try entries.reversed().compactMap { row in
      guard case .sanitize(let details) = row.event.details else { return nil }
      let record = details.record
      let verified =
        record.verificationMethod.map { "\($0), \(record.verification?.rawValue ?? "no result")" } ?? "Not verified"
      let verification = [verified, record.modelWords].compactMap(\.self).joined(separator: " · ")
      return SanitizationRow(
        serial: record.medium.serial, state: record.passes ? .wiped : .failed, icon: record.passes ? "check" : "cross",
        method: "\(record.achieved.label) (asked for \(record.requested.label.lowercased()))",
        how: [record.technique, record.tool, record.toolVersion].compactMap { $0 }.joined(separator: ", "),
        verification: verification, people: try who(row.event), at: moments.view(row.event.wallClock),
        href: "#event-\(row.event.eventID)",
        certificate: "/assets/\(row.event.asset)/documents/\(row.event.eventID)")
    }
  }

  /// Files that belong to the events.
  func evidence(_ entries: [EntryRow]) -> [EvidenceRow] {
    entries.reversed().flatMap { row in
      row.event.evidence.map { file in
        EvidenceRow(
          name: file.role, href: "/api/v1/media/\(file.digest)",
          size: "\(file.mediaType), \(max(1, file.length / 1000)) kB", digest: file.digest,
          event: row.event.verb.words.done)
      }
    }
  }
}

extension CustodyEvent {
  /// Marks that the event brings.
  fileprivate var boundIdentifiers: [BoundIdentifier] {
    switch details {
    case .expect(let details): details.identifiers
    case .register(let details): details.identifiers
    case .receive(let details): details.identifiers
    case .bind(let details): [details.identifier]
    default: []
    }
  }
}

extension BoundIdentifier.Kind {
  /// The kind in words.
  var label: String {
    switch self {
    case .tag: "Asset tag"
    case .serial: "Serial number"
    case .epc: "EPC"
    case .mac: "MAC address"
    case .imei: "IMEI"
    case .gtinSerial: "GTIN and serial"
    case .giai: "GIAI"
    case .grai: "GRAI"
    case .serviceTag: "Service tag"
    case .thirdParty: "Third-party mark"
    }
  }
}
