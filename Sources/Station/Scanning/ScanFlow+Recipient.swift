import Custody
import CustodyLedger
import StationStore

/// A transfer goes to one recipient: whose badge, or which place's label, was scanned last.
extension ScanFlow {
  /// Turns a transfer to a place. A person or team named before gets it no longer; who has it, keeps it.
  mutating func transfer(to location: Location) throws -> String {
    let before = try recipient()
    work.details[path: "location"] = .string(location.code.text)
    work.forgetCustodian()
    guard let before, before != location.name else { return location.name }
    return "Goes to \(location.name) instead of \(before). Who has it now keeps it."
  }

  /// Turns a transfer to a person, who has acknowledged it by the badge. A place named before gets it no longer: it stays where
  /// it lies. Nil where nobody and nothing was named before.
  mutating func transfer(to person: Person) throws -> String? {
    let before = try recipient()
    work.forgetCustodian()
    work.details[path: "location"] = nil
    work.details[path: "custodian"] = ["person": .string(person.id.description)]
    work.details[path: "acknowledgements"] = [acknowledgement(by: person)]
    guard let before, before != person.name else { return nil }
    return "Goes to \(person.name) instead of \(before)."
  }

  /// Who or what the transfer goes to as it stands; nil for nobody and nothing. A form can name a person and a place.
  private func recipient() throws -> String? {
    var names: [String] = []
    if let id = work.details[path: "custodian.person"]?.text.flatMap(PersonID.init) {
      names.append(try transaction.person(id)?.name ?? "a person no longer named")
    }
    if let team = work.details[path: "custodian.team"]?.text { names.append(team) }
    if let code = work.details[path: "location"]?.text.flatMap(LocationCode.init) {
      names.append(try transaction.location(code)?.name ?? code.text)
    }
    return names.isEmpty ? nil : names.joined(separator: ", ")
  }
}

extension WorkSession {
  /// Nobody is named as new custodian any longer: what a badge or a signature acknowledged falls with it.
  fileprivate mutating func forgetCustodian() {
    details[path: "custodian"] = nil
    details[path: "acknowledgements"] = nil
    commitments[Self.recipientBadge] = nil
    signature = nil
  }
}
