/// What an order (a purchase order or ship notice) awaits, line by line, and what has come of it. The order is a claim, the
/// scan is the fact: nothing that arrives is turned away by it, and what differs is named.
public struct ReceivingSheet: Hashable, Sendable {
  /// A line: so many of one model.
  public struct Line: Hashable, Sendable {
    /// From 1.
    public let number: Int
    public let product: Product
    /// How many are ordered; at least 1.
    public let ordered: Int
    /// Of those, how many were announced by serial number or tag and have not come.
    public var announced: Int
    /// How many have come, whether they were announced or not.
    public var received: Int

    /// A line.
    public init(number: Int, product: Product, ordered: Int, announced: Int = 0, received: Int = 0) {
      self.number = number
      self.product = product
      self.ordered = ordered
      self.announced = announced
      self.received = received
    }

    /// How many are still to come.
    public var remaining: Int { max(0, ordered - received) }
    /// How many more have come than were ordered.
    public var over: Int { max(0, received - ordered) }
    /// Whether each that is still to come is announced by its own number: another number is on no list.
    public var isListed: Bool { announced > 0 && announced >= remaining }
  }

  /// The order's number.
  public let order: String
  /// By number.
  public let lines: [Line]

  /// The sheet of an order.
  public init(order: String, lines: [Line]) {
    self.order = order
    self.lines = lines.sorted { $0.number < $1.number }
  }

  /// How many are ordered in all.
  public var ordered: Int { lines.reduce(0) { $0 + $1.ordered } }
  /// How many have come in all.
  public var received: Int { lines.reduce(0) { $0 + $1.received } }
  /// How many are still to come.
  public var remaining: Int { lines.reduce(0) { $0 + $1.remaining } }
  /// How many more have come than were ordered.
  public var over: Int { lines.reduce(0) { $0 + $1.over } }

  /// A line by its number.
  public func line(_ number: Int) -> Line? { lines.first { $0.number == number } }

  /// The lines that a thing may be of which does not say what it is: each that still awaits something, and every line once none
  /// does.
  public var candidates: [Line] {
    let open = lines.filter { $0.remaining > 0 }
    return open.isEmpty ? lines : open
  }

  /// What a text names that is on the order and is no one thing: its number, a part number, a model; nil for any other text. Such
  /// codes stand on every carton beside the serial number. Case and surrounding blanks say nothing.
  public func naming(_ text: String) -> Naming? {
    let folded = Product.folded(text)
    if folded == Product.folded(order) { return .order }
    if let line = lines.first(where: { $0.product.partNumber.map(Product.folded) == folded }) {
      return .partNumber(line)
    }
    return lines.first { $0.product.model.map(Product.folded) == folded }.map(Naming.model)
  }

  /// What a code on a carton names besides the thing in it.
  public enum Naming: Hashable, Sendable {
    /// The order, by its number.
    case order
    /// What a line is of, by its part number.
    case partNumber(Line)
    /// What a line is of, by its model.
    case model(Line)
  }
}
