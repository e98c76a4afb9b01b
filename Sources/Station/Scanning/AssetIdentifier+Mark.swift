import AssetIdentifiers
import Custody

extension AssetIdentifier {
  /// The text by which an asset is looked up.
  var mark: String {
    switch self {
    case .assetTag(let tag): tag
    case .text(let text): text
    case .command, .location, .badge: description
    }
  }

  /// What kind of thing it is, in the API's words.
  var kind: String {
    switch self {
    case .assetTag: "assetTag"
    case .command: "command"
    case .location: "location"
    case .badge: "badge"
    case .text: "text"
    }
  }
}

extension DeskCommand {
  /// The act that the command turns a session to; nil for lookup, undo, close and count.
  var verb: Verb? {
    switch self {
    case .receive: .receive
    case .deploy: .deploy
    case .transfer: .transfer
    case .return: .return
    case .triage: .triage
    case .repairOut: .repairOut
    case .repairIn: .repairIn
    case .ship: .ship
    case .arrive: .arrive
    case .retire: .retire
    case .sanitize: .sanitize
    case .dispose: .dispose
    case .declareMissing: .declareMissing
    case .found: .found
    case .bind: .bind
    case .unbind: .unbind
    case .attach: .attach
    case .detach: .detach
    case .count, .undo, .close, .lookup: nil
    }
  }
}
