import Custody
import CustodyLedger

extension WorkSession {
  /// The order that what comes is held against: the one that somebody opened. A line that a carton's codes or a form name is
  /// taken as it is.
  var orderNumber: String? { workflow == .receive ? order : nil }

  /// The line that was set for what comes now, from 1; nil when what comes says so itself.
  var orderLine: Int? {
    guard let orderNumber, details[path: "facts.orderLine.order"]?.text == orderNumber,
      case .integer(let line)? = details[path: "facts.orderLine.line"]
    else { return nil }
    return Int(exactly: line)
  }

  /// Receives an order from now on, or one line of it.
  mutating func receive(_ order: String, line: Int?) {
    self.order = order
    details[path: "facts.orderLine"] = line.map { ["order": .string(order), "line": .integer(Int64($0))] }
    // A model that was typed in belonged to what came before.
    for path in ["facts.model", "facts.manufacturer", "facts.category", "blindReason"] { details[path: path] = nil }
  }
}
