import Custody
import StationStore

/// The label of an asset that came without one, to be ordered as soon as its receipt is durable.
struct ReceivedForLabel: Sendable {
  let order: LabelOrder
  let orderer: LabelOrderer
}

/// What was received at the desk and wants a label, for the ``PrintService``.
struct ReceivedForLabels: Sendable {
  let stream: AsyncStream<ReceivedForLabel>
  private let continuation: AsyncStream<ReceivedForLabel>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func add(_ received: ReceivedForLabel) { continuation.yield(received) }
  func finish() { continuation.finish() }
}

extension StationCore {
  /// Has the label of what a scan has received printed, when the station is set to and the asset came without a tag.
  func labelWhatWasReceived(_ outcome: ScanOutcome, desk name: String?, by signedIn: SignedIn) {
    guard let template = options.labelOnReceive, name == desk.name, let asset = outcome.asset, asset.tag == nil,
      asset.label == nil, outcome.events.contains(where: { $0.verb == .receive })
    else { return }
    var order = LabelOrder(template, .asset(asset.id))
    (order.newTag, order.desk) = (true, name)
    receivedForLabels.add(ReceivedForLabel(order: order, orderer: LabelOrderer(signedIn)))
  }
}
