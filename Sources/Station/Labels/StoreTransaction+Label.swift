import Custody
import CustodyLedger
import StationStore

extension StoreTransaction {
  /// Records in the custody of a job's asset that its label went out, and has the desk wait for it. Nil when it is no asset's, or
  /// nothing can be recorded of it any more; then `refusal` tells why.
  @discardableResult
  func recordLabel(
    _ job: LabelJob, _ outcome: LabelDetails.Outcome, readBack: [UInt8]? = nil
  ) throws -> (event: CustodyEvent?, refusal: Refusal?) {
    guard let id = job.request.asset else { return (nil, nil) }
    let document = try job.document()
    guard let mark = document.mark else { return (nil, nil) }
    let actor = Actor(
      person: job.person, roles: Set(document.roles ?? []), authStrength: document.authStrength ?? .system)
    let details = document.details(of: job.request, on: job.printer, mark: mark, outcome: outcome)
    switch try record(Intent(asset: id, details: .label(details), actor: actor)) {
    case .refused(let refusal): return (nil, refusal)
    case .recorded(let events, _):
      guard let event = events.first else { return (nil, nil) }
      // One that may not have come out is waited for once somebody has seen it.
      if let desk = document.desk, outcome == .printed {
        try self.await(
          labelOf: id, printed: event.eventID, readBack: readBack.map { hexadecimal($0).uppercased() }, at: desk)
      }
      return (event, nil)
    }
  }
}

extension LabelJob {
  /// What was asked for.
  func document() throws -> LabelJobDocument {
    try CanonicalDecoder().decode(LabelJobDocument.self, from: request.document, limit: .max)
  }
}
