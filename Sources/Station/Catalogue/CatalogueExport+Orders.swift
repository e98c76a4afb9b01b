import Custody
import OrderReceiving
import StationStore

extension CatalogueExport {
  /// Which orders are written.
  public enum Orders: Hashable, Sendable {
    case all
    /// Those of which something has not come.
    case awaited
    case one(String)
  }

  /// Orders read at once.
  private static let ordersAtOnce = 100

  /// Writes orders by number, in CSV a row for each line, in JSON an element for each order. Gives back how many orders.
  ///
  /// In CSV its columns are those of an import of orders, which passes over the last three: what has come of each line. What is
  /// announced by number and has not come stands under the announced serials and tags, as far as one cell holds it; what has
  /// come is an asset, and stands in the export of assets.
  @discardableResult
  public func orders(as format: Format, _ which: Orders = .all, to sink: Sink) async throws -> Int {
    var (csv, json) = (CSVWriter(), JSONArrayWriter())
    if format == .csv {
      csv.append(OrderColumn.allCases.map(\.name) + ["received", "awaited", "over"])
      try await sink(csv.take())
    }
    let numbers: [String]
    if case .one(let number) = which {
      numbers = [number]
    } else {
      numbers = try await store.read { try $0.orders().map(\.number) }
    }
    var count = 0
    for start in stride(from: 0, to: numbers.count, by: Self.ordersAtOnce) {
      let portion = Array(numbers[start..<min(start + Self.ordersAtOnce, numbers.count)])
      let read = try await store.read { snapshot in
        try portion.compactMap { number in try snapshot.order(number).map { try ExportedOrder($0, in: snapshot) } }
      }
      for order in read where which != .awaited || order.isAwaited {
        switch format {
        case .csv: for line in order.lines { csv.append(Self.cells(of: line, in: order)) }
        case .json: try await sink(json.element(order))
        }
        count += 1
      }
      if format == .csv { try await sink(csv.take()) }
    }
    if format == .json { try await sink(json.end()) }
    return count
  }

  private static func cells(of line: ExportedOrder.Line, in order: ExportedOrder) -> [String?] {
    let columns = OrderColumn.allCases.map { column -> String? in
      switch column {
      case .number: order.number
      case .line: "\(line.line)"
      case .supplier: order.supplier
      case .orderedOn: order.orderedOn?.description
      case .manufacturer: line.manufacturer
      case .model: line.model
      case .category: line.category
      case .partNumber: line.partNumber
      case .quantity: "\(line.quantity)"
      case .serials: line.list(\.serial)
      case .tags: line.list(\.tag)
      }
    }
    return columns + ["\(line.received)", "\(line.awaited)", "\(line.over)"]
  }
}

/// An order as it is exported.
private struct ExportedOrder: Sendable, Encodable {
  struct Line: Sendable, Encodable {
    let line: Int
    let manufacturer: String?
    let model: String
    let category: String?
    let partNumber: String?
    let quantity: Int
    /// What is announced by number and has not come.
    let announced: [Announced]
    let received: Int
    let awaited: Int
    let over: Int

    /// One number of each that is announced, in their order, as an import reads it; nil when none has such a number.
    func list(_ number: (Announced) -> String?) -> String? {
      let numbers = announced.map { number($0) ?? "" }
      return numbers.contains { !$0.isEmpty } ? Cell.text(ofList: numbers) : nil
    }
  }

  struct Announced: Sendable, Encodable {
    let serial: String?
    let tag: String?

    /// Bytes that it takes in a list, at most: every character may need a backslash.
    var most: Int { 2 * max(serial?.utf8.count ?? 0, tag?.utf8.count ?? 0) + 1 }
  }

  let number: String
  let supplier: String?
  let orderedOn: CalendarDate?
  let lines: [Line]

  var isAwaited: Bool { lines.contains { $0.awaited > 0 } }

  init(_ order: PurchaseOrder, in snapshot: any StoreReading) throws {
    (number, supplier, orderedOn) = (order.number, order.supplier, order.orderedOn)
    let sheet = try snapshot.sheet(of: order)
    let expected = Dictionary(
      grouping: try snapshot.awaited(of: order.number, limit: .max), by: { $0.facts.orderLine?.line })
    lines = order.lines.map { line in
      let come = sheet.line(line.line)
      return Line(
        line: line.line, manufacturer: line.manufacturer, model: line.model, category: line.category,
        partNumber: line.partNumber, quantity: line.quantity,
        announced: Self.announced(expected[line.line] ?? [], on: line), received: come?.received ?? 0,
        awaited: come?.remaining ?? 0, over: come?.over ?? 0)
    }
  }

  /// What a line awaits by number: no more than it orders, and than a cell holds. What counts as another maker's by now is no
  /// announcement of this line to an import.
  private static func announced(_ assets: [Asset], on line: PurchaseOrder.Line) -> [Announced] {
    let own = assets.filter { asset in
      guard let one = asset.facts.manufacturer, let other = line.manufacturer else { return true }
      return one.lowercased() == other.lowercased()
    }
    let numbers = own.map { Announced(serial: $0.serial, tag: $0.tag) }
      .filter { $0.serial != nil || $0.tag != nil }
      .sorted { ($0.serial ?? "", $0.tag ?? "") < ($1.serial ?? "", $1.tag ?? "") }
    var left = CSVReader.longestCell
    return Array(
      numbers.prefix(line.quantity).prefix { number in
        left -= number.most
        return left >= 0
      })
  }
}
