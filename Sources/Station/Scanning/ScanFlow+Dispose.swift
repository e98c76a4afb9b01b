import Custody
import DisposalOrders
import StationStore

extension ScanFlow {
  /// Why nothing is disposed of here under the number that an act gives; nil for any other act or number. What is on an order of
  /// this station is disposed of by the order alone: past it there would be no seal, no departure and no list.
  func orderUnderWay(_ details: EventDetails, of asset: Asset?) throws -> Refusal? {
    guard case .dispose(let details) = details, asset?.state != .disposed, let number = DisposalNumber(details.order),
      let order = try transaction.disposalOrder(number)
    else { return nil }
    switch order.state {
    case .draft, .sealed, .departed:
      return Refusal(
        "scan.dispose.underWay", "Disposal order \(number) is \(order.state.words): nothing is disposed of past it.",
        remedy: "Confirm it on the order's page, under Disposals; what is not on it goes under another number.")
    case .confirmed, .closed: return nil
    }
  }
}
