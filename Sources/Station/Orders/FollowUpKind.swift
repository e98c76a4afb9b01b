import OrderReceiving

/// What somebody has to look into.
enum FollowUpKind: String, CaseIterable, Sendable {
  case unknown, over, short, unlisted, wrongModel, otherOrder, damaged, duplicate
  /// Of a shipment.
  case seal
  /// Of a return.
  case licence
  /// Of a passage through a door.
  case door

  /// At most three words.
  var label: String {
    switch self {
    case .seal: "Seal not intact"
    case .licence: "Licences to reclaim"
    case .door: "Door: not expected"
    default: ReceivingFinding(rawValue: rawValue)?.words ?? "Unknown code"
    }
  }

  /// Name of the icon.
  var icon: String { self == .unknown ? "question" : "warning" }
}

extension ReceivingFinding {
  /// At most five words that can be read from a metre away.
  var words: String {
    switch self {
    case .over: "One too many"
    case .short: "Too few came"
    case .unlisted: "Not on the list"
    case .wrongModel: "Wrong model"
    case .otherOrder: "Of another order"
    case .damaged: "Damaged"
    case .duplicate: "Serial number twice"
    }
  }

  /// One sentence: of which asset, and what was ordered.
  func sentence(of asset: String, order: String?) -> String {
    let order = order ?? "its order"
    return switch self {
    case .over: "\(asset) came after everything of its line of \(order) had come."
    case .short: "Fewer came than \(order) says."
    case .unlisted: "\(asset) is not on the list of numbers of \(order)."
    case .wrongModel: "\(asset) came with \(order), which has no line of its model."
    case .otherOrder: "\(asset) came with \(order); it was announced on another order."
    case .damaged: "\(asset) came damaged."
    case .duplicate: "A second thing came with the number of \(asset)."
    }
  }
}
