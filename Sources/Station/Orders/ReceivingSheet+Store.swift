import AssetIdentifiers
import Custody
import OrderReceiving
import StationStore

extension StoreReading {
  /// The sheet of an order: what its lines await, and what has come.
  func sheet(of order: PurchaseOrder) throws -> ReceivingSheet {
    let arrivals = try arrivals(of: order.number)
    return ReceivingSheet(
      order: order.number,
      lines: order.lines.map { line in
        let arrived = arrivals[line.line] ?? LineArrivals()
        return ReceivingSheet.Line(
          number: line.line,
          product: Product(manufacturer: line.manufacturer, model: line.model, partNumber: line.partNumber),
          ordered: line.quantity, announced: arrived.announced, received: arrived.received)
      })
  }

  /// The order that a label names, and its line where it names one: `PO-2031`, `PO-2031/2`. A number that ends in a slash and
  /// digits goes before a line.
  func order(named text: String) throws -> (order: PurchaseOrder, line: PurchaseOrder.Line?)? {
    if let order = try order(text) { return (order, nil) }
    guard let slash = text.lastIndex(of: "/"), let number = Int(text[text.index(after: slash)...]),
      let order = try order(String(text[..<slash])), let line = order.lines.first(where: { $0.line == number })
    else { return nil }
    return (order, line)
  }
}

extension ReceivingSheet {
  /// Such as `12 of 40 received, 1 over.`
  var progress: String {
    "\(received - over) of \(ordered) received" + (over > 0 ? ", \(over) over." : ".")
  }
}
