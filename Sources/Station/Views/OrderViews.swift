/// The list of orders. Rendered by `orders.mustache`.
struct OrderListView: Sendable {
  var shell: ShellView
  var rows: [OrderRowView]
  /// Whether those of which everything has come are left out.
  var isOpenOnly: Bool
  /// The same list as CSV.
  var csv: String
  /// Whether the one who is signed in may import orders.
  var mayImport: Bool
}

/// One order of the list.
struct OrderRowView: Sendable {
  var number: String
  var href: String
  var supplier: String?
  var orderedOn: String?
  /// Such as `12 of 40 received.`
  var progress: String
  var done: Int
  var total: Int
}

/// One order with its lines. Rendered by `order.mustache`.
struct OrderPageView: Sendable {
  var shell: ShellView
  var number: String
  var supplier: String?
  var orderedOn: String?
  var progress: String
  var done: Int
  var total: Int
  var mayReceive: Bool
  var lines: [OrderLineView]
  /// What was announced by number and has not come.
  var awaited: [AwaitedRow]
  /// How many more of them there are than are listed.
  var awaitedMore: Int
  /// What is odd about what came, by kind.
  var odd: [TallyItem]
  var followUps: String
  var csv: String
  /// What was scanned and asks for its line.
  var asking: String?
  /// What the order's label says.
  var label: String
  /// Where it is printed.
  var labelPage: String
  var problem: ProblemView?
}

/// One line of an order.
struct OrderLineView: Sendable {
  var order: String
  var number: Int
  var title: String
  var partNumber: String?
  var ordered: Int
  var received: Int
  var awaited: Int
  var over: String?
  var isDone: Bool
  /// Whether somebody has said that no more is coming.
  var isShort: Bool
  var mayReportShort: Bool
  /// Whether what comes now can be set to it.
  var mayReceive: Bool
  /// The reading that is received on it then; nil when none asks for its line.
  var reading: String?
  /// What the line's label says.
  var label: String
}

/// One announced thing that has not come.
struct AwaitedRow: Sendable {
  var name: String
  var href: String
  var title: String
  var line: String?
}
