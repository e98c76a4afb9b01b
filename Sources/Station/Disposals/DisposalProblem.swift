import Custody
import CustodyLedger
import DisposalOrders
import Hummingbird
import StationStore

extension Problem {
  /// A "no" of a disposal order, with everything that is in the way.
  init(disposal no: DisposalRefusal) {
    let refusal = no.refusal
    self.init(
      Self.status(ofDisposal: refusal.code), refusal.code,
      refusal.kind == .duplicate ? "Done already" : "Not done", detail: refusal.sentence, remedy: refusal.remedy)
    guard !no.hindrances.isEmpty else { return }
    extensions = ["hindrances": .array(no.hindrances.map(\.json))]
  }

  /// A custody event of an order was refused: nothing of the act was recorded.
  init(disposalEvent refusal: Refusal) {
    let forbids = ["role", "witnessMissing", "witnessSame", "witnessNotAuthenticated", "approver", "notAuthenticated"]
    let last = refusal.code.split(separator: ".").last.map(String.init) ?? ""
    self.init(
      forbids.contains(last) ? .forbidden : .conflict, refusal.code, "Not done",
      detail: refusal.sentence + " Nothing was recorded.", remedy: refusal.remedy)
  }

  /// No order has that number.
  static func noDisposalOrder(_ number: String) -> Problem {
    notFound("disposal order \(number.prefix(80))", remedy: "Look at the list of disposal orders.")
  }

  private static func status(ofDisposal code: String) -> HTTPResponse.Status {
    switch code {
    case "disposal.witnessMissing", "disposal.witnessNotAuthenticated", "disposal.witnessSame",
      "disposal.close.missing":
      .forbidden
    case "disposal.text", "disposal.vendor", "disposal.reason", "disposal.number", "disposal.seal.number",
      "disposal.depart.carrier":
      .unprocessableContent
    default: code.hasPrefix("disposal.list.") ? .unprocessableContent : .conflict
    }
  }
}

extension DisposalHindrance {
  /// As the API shows it.
  var json: CanonicalJSON {
    var json: CanonicalJSON = [
      "asset": .string(asset.description), "name": .string(name), "code": .string(refusal.code),
      "detail": .string(refusal.sentence), "remedy": .string(refusal.remedy),
    ]
    if let drive { json[path: "drive"] = .string(drive) }
    return json
  }
}
