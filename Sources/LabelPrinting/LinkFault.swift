import LabelDesign

/// Why a connection to a printer could not be made, or is gone.
struct LinkFault: Error, Hashable {
  let condition: PrinterCondition
  /// Without a full stop.
  let reason: String

  init(_ condition: PrinterCondition = .unreachable, _ reason: String) {
    self.condition = condition
    self.reason = reason
  }

  /// The printer takes nothing any more.
  static let stalled = LinkFault(.noAnswer, "it takes no more of what it is sent")
  static let closed = LinkFault(.unreachable, "it closed the connection")

  /// What is known now: what the printer said last, if that explains it, and otherwise this.
  func status(_ last: PrinterStatus?) -> PrinterStatus {
    if let last, !last.isReady { return last }
    return PrinterStatus(conditions: [condition], note: reason)
  }
}
