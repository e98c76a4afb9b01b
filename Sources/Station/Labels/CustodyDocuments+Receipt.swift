import Custody
import LabelDesign
import StationStore

extension CustodyDocuments {
  /// The receipt of a hand-over: everything that the same person got in the session.
  func receipt(_ row: EntryRow, _ details: DeployDetails) throws -> CustodyDocument {
    let event = row.event
    let giver = try event.operator.flatMap { try snapshot.person($0) }
    let taker: Person? = if case .person(let id) = details.recipient { try snapshot.person(id) } else { nil }
    let items = try together(with: event).filter { other, _ in
      if case .deploy(let one) = other.event.details { one.recipient == details.recipient } else { false }
    }
    var fields = try common(row, prefix: "HR")
    fields["summary"] = counted(items.count, "asset") + " handed over"
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
      ? "I have received the \(items.count == 1 ? "asset" : "assets") listed above in the condition stated. I will keep "
        + "\(items.count == 1 ? "it" : "them") safe, report loss, theft or damage at once, and return "
        + "\(items.count == 1 ? "it" : "them") on request or when I leave." : text
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
            item["code"] = nil
            item["condition"] = asset.condition
            return item
          }
        ]))
  }
}
