import Custody
import CustodyLedger
import StationStore

extension DeskForms {
  /// What the summary of a session says already: see ``context(of:)``.
  private static let summarised: Set = [
    "order", "recipient.person", "custodian.person", "recipient.team", "location", "toLocation",
  ]

  /// Every further value that is set in a session and that the next scan takes along, in the order of the form.
  func held(_ work: WorkSession) throws -> [HeldValue] {
    try DetailField.fields(for: work.workflow).compactMap { field in
      guard !Self.summarised.contains(field.path), field.path != "facts.orderLine" || work.orderNumber == nil else {
        return nil
      }
      let text = field.text(in: work.details)
      guard !text.isEmpty else { return nil }
      var (value, isTyped) = (text, true)
      switch field.kind {
      case .choice(let choices):
        if let choice = choices.first(where: { $0.value == text }) { (value, isTyped) = (choice.label, false) }
      case .yesNo: (value, isTyped) = (text == "yes" ? "Yes" : "No", false)
      case .person: value = try PersonID(text).flatMap { try snapshot.person($0)?.name } ?? text
      case .text, .longText, .date, .list, .media, .location, .orderLine, .medium: break
      }
      return HeldValue(
        label: field.nameAlone, value: value.count > 40 ? value.prefix(40) + "…" : value, isTyped: isTyped)
    }
  }
}

extension DetailField {
  /// The label where it stands by itself: `or team` follows the field before it in a form.
  fileprivate var nameAlone: String {
    guard label.hasPrefix("or ") else { return label }
    return label.dropFirst(3).prefix(1).uppercased() + label.dropFirst(4)
  }
}
