import Custody

/// A thing that has come in while an order is being received.
public enum Arrival: Hashable, Sendable {
  /// One that is on record as expected, on the line that announced it; nil when it was announced without one.
  case announced(OrderLineReference?)
  /// One that nobody has announced by a number of its own, with what is said of its kind.
  case stranger(Product)
}

/// Where a thing that has come in belongs.
public enum Placement: Hashable, Sendable {
  /// On a line of the order, with what is odd about it.
  case line(Int, [ReceivingFinding])
  /// On no line of this order, with why.
  case outside(ReceivingFinding)
  /// Several lines await something: a person says which.
  case ask([Int])
}

/// How what came differs from what was ordered. Each is kept for somebody to settle; none stops the next box.
public enum ReceivingFinding: String, Hashable, Sendable, Codable, CaseIterable {
  /// More than were ordered.
  case over
  /// Fewer than were ordered, and no more are awaited.
  case short
  /// A number that an order's list of numbers does not have.
  case unlisted
  /// No line of the order is of this model.
  case wrongModel
  /// It was announced on another order.
  case otherOrder
  /// It came in damaged.
  case damaged
  /// A second thing with the number of one that has come already.
  case duplicate
}

extension ReceivingSheet {
  /// Where an arrival belongs. `chosen` is the line that a person has set for what comes now; what the thing itself says goes
  /// before it.
  public func place(_ arrival: Arrival, chosen: Int?) -> Placement {
    switch arrival {
    case .announced(let reference?):
      guard reference.order == order else { return .outside(.otherOrder) }
      guard let line = line(reference.line) else { return .outside(.unlisted) }
      return .line(line.number, line.remaining == 0 ? [.over] : [])
    case .announced(nil):
      return .outside(.unlisted)
    case .stranger(let product):
      if product.isUnnamed {
        if let line = chosen.flatMap(line) { return placed(on: line) }
        return placedByWhatIsOpen()
      }
      let fitting = lines.filter { product.fits($0.product) }
      if let line = fitting.first(where: { $0.number == chosen }) ?? fitting.first(where: { $0.remaining > 0 })
        ?? fitting.first
      {
        return placed(on: line)
      }
      return .outside(.wrongModel)
    }
  }

  /// Of a thing that does not say what it is: the only line, or the only one that awaits something.
  private func placedByWhatIsOpen() -> Placement {
    let candidates = candidates
    if candidates.count == 1 { return placed(on: candidates[0]) }
    return .ask(candidates.map(\.number))
  }

  private func placed(on line: Line) -> Placement {
    if line.remaining == 0 { return .line(line.number, [.over]) }
    return .line(line.number, line.isListed ? [.unlisted] : [])
  }
}
