import Custody
import DisposalOrders
import LabelDesign
import StationStore

extension CustodyDocuments {
  /// What leaves together; nil when nothing does.
  func manifest(_ manifest: PalletManifest) throws -> CustodyDocument? {
    let items = manifest.items.prefix(Self.mostAssets)
    guard let first = items.first, let last = items.last else { return nil }
    var fields = try common(first.row, prefix: "PM")
    if let order = manifest.scope.order ?? Self.order(first.row.event) {
      fields["order"] = String(order.prefix(60))
    } else {
      fields["order"] = fields["number"]
    }
    if let base, let order = manifest.scope.order {
      fields["link"] = base + "/manifest" + DeskPages.query([("order", order)])
      // A longer one has no room in the code: it says the event then.
      if fields["link"]?.utf8.count ?? 0 > 160 { fields["link"] = "urn:uuid:\(first.row.event.eventID)" }
    }
    let (from, to) = (moments.stamped(first.row.event.wallClock), moments.stamped(last.row.event.wallClock))
    fields["sealedAt"] = from == to ? from : "\(from) to \(to)"
    fields["sealedBy"] =
      try joined(items.map { try $0.row.event.operator.flatMap { try names.person($0) } }) ?? "the station"
    fields["handedOverBy"] = fields["sealedBy"]
    fields["witness"] = try joined(
      items.map { try ($0.confirmation ?? $0.row).event.witness.flatMap { try names.person($0) } })
    fields["from"] = try joined(items.map { try names.place($0.row.event.from?.location) })
    try fill(&fields, items)
    if let order = manifest.disposal { try fill(&fields, order) }
    fields["absent"] = Self.words(of: manifest.absent, limit: 600)
    fields["proof"] = Self.proof(of: Array(items), sealing: manifest.disposal?.sealingEntry)
    let confirmed = items.filter { $0.confirmation != nil }.count
    fields["summary"] =
      "\(counted(items.count, "asset")) on this manifest"
      + (manifest.items.count > items.count ? ", of \(manifest.items.count): the rest has no room" : "")
      + (manifest.sessions.count > 1 ? ", scanned in \(manifest.sessions.count) sessions" : "") + ". "
      + (confirmed == 0
        ? "" : confirmed == items.count ? "All confirmed as gone. " : "\(confirmed) confirmed as gone. ")
      + "Without a passing record of its media nothing leaves on a disposal order."
    return CustodyDocument(
      template: "pallet-manifest-a4",
      values: LabelValues(
        fields,
        lists: [
          "items": try items.map { one in
            var item = Self.item(one.asset)
            item["media"] = Self.media(of: one.asset)
            if case .dispose(let details) = one.row.event.details, let parent = details.fittedIn {
              item["asset"] = Self.short(
                "\(item["asset"] ?? ""), fitted in \(try snapshot.asset(parent)?.displayName ?? "\(parent)")", 110)
            }
            return item
          }
        ]))
  }

  /// What the order says that no event does before the confirmation: its seal and the two people who closed it, the vehicle,
  /// and who handed it over.
  private func fill(_ fields: inout [String: String], _ order: DisposalOrder) throws {
    fields["seal"] = order.seal.map { Self.short($0, 40) } ?? fields["seal"]
    fields["vehicle"] = order.terms.vehicle.map { Self.short($0, 40) } ?? fields["vehicle"]
    if fields["route"] == "disposal" { fields["route"] = order.terms.route.label }
    if let sealed = order.last(.sealed) {
      fields["sealedAt"] = moments.stamped(sealed.at)
      fields["sealedBy"] = try names.person(sealed.by).map { Self.short($0, 60) } ?? fields["sealedBy"]
      fields["witness"] = try sealed.with.flatMap { try names.person($0) }.map { Self.short($0, 60) }
    }
    if let departed = order.last(.departed) {
      fields["handedOverBy"] = try names.person(departed.by).map { Self.short($0, 60) } ?? fields["handedOverBy"]
    }
  }

  /// What the events say of where it goes, and with whom.
  private func fill(_ fields: inout [String: String], _ items: ArraySlice<PalletManifest.Item>) throws {
    var (vendors, routes, vehicles, seals, carriers, destinations, remarks):
      (
        [String?], [String?], [String?], [String?], [String?], [String?], [String?]
      ) = ([], [], [], [], [], [], [])
    for event in items.flatMap({ [$0.row.event, $0.confirmation?.event] }) {
      switch event?.details {
      case .ship(let details):
        vendors.append(try details.destination ?? names.place(details.toLocation) ?? details.carrier)
        routes.append(details.order == nil ? "transport" : "disposal")
        carriers.append([details.carrier, details.trackingNumber].compactMap(\.self).joined(separator: ", "))
        seals.append(details.sealNumber)
        destinations.append(try names.place(details.toLocation))
      case .dispose(let details):
        vendors.append(details.vendor)
        routes.append(details.route.label)
        vehicles.append(details.vehicle)
        remarks.append(details.certificate.map { "the vendor's certificate \($0)" })
      default: break
      }
    }
    // Where something was confirmed, that is the route.
    let confirmed = routes.filter { $0 != "disposal" && $0 != "transport" }
    fields["vendor"] = joined(vendors) ?? "not named"
    fields["route"] = joined(confirmed.isEmpty ? routes : confirmed)
    fields["vehicle"] = joined(vehicles, limit: 40)
    fields["seal"] = joined(seals, limit: 40)
    fields["carrier"] = joined(carriers, limit: 80)
    fields["destination"] = joined(destinations, limit: 90)
    fields["remarks"] = joined(remarks, limit: 200).map { "Confirmed with \($0)." }
  }

  /// What differs, side by side; nil without any. More than has room is counted.
  private func joined(_ texts: [String?], limit: Int = 60) -> String? {
    var seen: [String] = []
    for case let text? in texts where !text.isEmpty && !seen.contains(text) { seen.append(text) }
    guard let first = seen.first else { return nil }
    let all = seen.joined(separator: ", ")
    if all.count <= limit { return all }
    let more = seen.count > 1 ? " and \(seen.count - 1) more" : ""
    return Self.short(first, limit - more.count) + more
  }

  /// What is not on it, with why; as many as have room, and how many there are besides.
  static func words(of absent: [PalletManifest.Absent], limit: Int) -> String {
    guard !absent.isEmpty else { return "Nothing that was scanned for it was left out." }
    var text = ""
    for (index, one) in absent.enumerated() {
      let next = (text.isEmpty ? "" : "; ") + "\(one.name): \(one.reason)"
      let left = absent.count - index
      guard text.count + next.count + 40 <= limit else {
        return text + "; and \(left) more, which the station's page of it lists."
      }
      text += next
    }
    return text + "."
  }

  /// Where its events stand in the ledger, and which entry signs the sealing.
  private static func proof(of items: [PalletManifest.Item], sealing entry: String?) -> String? {
    guard let events = Self.proof(of: items.map(\.row)) else { return nil }
    guard let entry else { return events }
    // The hash is whole or not there: what is cut off proves nothing.
    let sealed = " The sealing is signed as entry \(entry)."
    return short(events, 300 - sealed.count) + sealed
  }

  private static func proof(of rows: [EntryRow]) -> String? {
    guard let first = rows.first else { return nil }
    guard rows.count > 1 else { return words(of: first) }
    let stations = Dictionary(grouping: rows) { "\($0.event.site)/\($0.event.station)" }
    let ranges = stations.sorted { $0.key < $1.key }.map { station, rows in
      let numbers = rows.map(\.event.seq)
      return "\(numbers.min() ?? 0) to \(numbers.max() ?? 0) of station \(station)"
    }
    let held = rows.filter { $0.logIndex != nil }.count
    return short(
      "\(rows.count) custody events, the first \(first.event.eventID), among entries \(ranges.joined(separator: ", ")); "
        + (held == rows.count
          ? "all held by the centre." : held == 0 ? "not yet held by the centre." : "\(held) held by the centre."),
      300)
  }

  private static func order(_ event: CustodyEvent) -> String? {
    switch event.details {
    case .ship(let details): details.order ?? details.trackingNumber
    case .dispose(let details): details.order
    default: nil
    }
  }

  /// A text with an ellipsis where it has more characters than have room.
  static func short(_ text: String, _ limit: Int) -> String {
    text.count <= limit ? text : text.prefix(max(limit - 1, 0)) + "…"
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
          outcome.passes ? "\(outcome.method.done), verified" : "\(outcome.method.done), DOES NOT PASS"
        } ?? "NOT WIPED"
      let words = medium.type?.uppercased() ?? "medium"
      if let index = kinds.firstIndex(where: { $0.words == words && $0.state == state }) {
        kinds[index].count += 1
      } else {
        kinds.append((words, state, 1))
      }
    }
    let words = kinds.map { "\($0.count) \($0.words): \($0.state)" }.joined(separator: "; ")
    guard words.count > 90 else { return words }
    let open = list.filter { asset.sanitized[$0.serial]?.passes != true }.count
    return "\(list.count) media: " + (open == 0 ? "all wiped and verified" : "\(open) NOT WIPED OR DO NOT PASS")
  }
}
