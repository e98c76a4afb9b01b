import Custody

extension CustodyEvent {
  /// One line of what was recorded besides the move; nil when there is nothing to add.
  func note(names: (PersonID) throws -> String?) rethrows -> String? {
    let parts: [String?]
    switch details {
    case .expect(let details):
      parts = [details.facts.orderLine.map { "\($0.order) line \($0.line)" }]
    case .register(let details):
      switch details.source {
      case .file(_, let row): parts = ["import, line \(row)"]
      case .declared(let reason): parts = [reason]
      }
    case .amend(let details): parts = [details.reason]
    case .bind(let details), .unbind(let details):
      parts = ["\(details.identifier.kind.rawValue) \(details.identifier.value)", details.reason]
    case .attach(let details), .detach(let details): parts = [details.slot, details.reason]
    case .receive(let details):
      parts = [details.condition.map { "condition \($0)" }, details.blindReason]
    case .deploy(let details):
      parts = [
        details.acknowledgement?.method.acknowledged,
        details.expectedReturn.map { "loan until \($0)" }, details.kit.map { "kit \($0)" },
      ]
    case .transfer(let details): parts = [details.reason]
    case .return(let details):
      parts = [
        details.condition.map { "condition \($0)" },
        details.missingAccessories.isEmpty ? nil : "missing: " + details.missingAccessories.joined(separator: ", "),
        details.licencesToReclaim.isEmpty ? nil : "reclaim: " + details.licencesToReclaim.joined(separator: ", "),
      ]
    case .triage(let details): parts = ["grade \(details.grade)", details.vendor, details.reason]
    case .repairOut(let details):
      parts = [
        details.vendor, details.rma.map { "RMA \($0)" }, details.mediaPresent ? "with drives" : "without drives",
      ]
    case .repairIn(let details): parts = [details.outcome]
    case .ship(let details):
      parts = [
        details.carrier, details.trackingNumber, details.sealNumber.map { "seal \($0)" }, details.destination,
        details.order.map { "disposal order \($0)" },
      ]
    case .arrive(let details): parts = [details.sealIntact.map { $0 ? "seal intact" : "seal broken" }]
    case .retire(let details): parts = [details.reason, try names(details.approver).map { "approved by \($0)" }]
    case .sanitize(let details):
      let record = details.record
      parts = [
        "drive \(record.medium.serial)", record.achieved.label, record.technique, record.tool,
        record.passes ? "passed" : "does not pass (\(record.result.rawValue))", record.modelWords,
      ]
    case .dispose(let details):
      parts = [
        details.order, details.route.label, details.vendor, details.vehicle.map { "vehicle \($0)" },
        details.certificate.map { "certificate \($0)" }, details.fittedIn.map { _ in "with what it was fitted in" },
      ]
    case .declareMissing(let details): parts = [details.reason, details.incident]
    case .found(let details): parts = [details.condition, details.incident]
    case .correct(let details): parts = [details.reason]
    case .settle(let details):
      parts = [details.reason, details.identity.map { $0 == .same ? "one thing" : "two things" }]
    case .label(let details):
      parts = [
        details.mark.value, details.replaces.map { "in place of \($0.value)" },
        details.purpose == .reprint ? "printed again" : nil, details.reason,
        details.outcome == .unknown ? "the printer did not say whether it came out" : nil, details.printer,
      ]
    case .proveLabel(let details): parts = [details.mark.value, details.epc.map { "tag \($0)" }]
    }
    let words = parts.compactMap { $0 }.filter { !$0.isEmpty }
    return words.isEmpty ? nil : words.joined(separator: " · ")
  }
}

extension DisposeDetails.Route {
  /// The route in words.
  var label: String {
    switch self {
    case .recycle: "recycled"
    case .resale: "resold"
    case .donate: "donated"
    case .returnToLessor: "returned to lessor"
    case .destroy: "destroyed"
    }
  }
}
