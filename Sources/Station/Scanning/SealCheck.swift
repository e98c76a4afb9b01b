import Custody
import CustodyLedger
import StationStore

/// The seal that a shipment left under, held against the one that it came under.
struct SealCheck: Sendable, Equatable {
  /// On record of the shipment; nil when none is.
  let left: String?
  /// As it was read at the arrival; nil when nobody said.
  var came: String?
  /// Whether somebody said that it is not intact.
  var isBroken = false

  init(left: String?, came: String? = nil, isBroken: Bool = false) {
    self.left = left
    self.came = came
    self.isBroken = isBroken
  }

  /// The seal of the shipment that an asset is on.
  init(of asset: Asset, in snapshot: any StoreReading) throws {
    var left: String?
    if asset.state == .inTransit,
      case .ship(let details)? = try snapshot.newestEntry(of: asset.id, among: [.ship])?
        .event.details
    {
      left = details.sealNumber
    }
    self.init(left: left)
  }

  /// Whether another seal came than left. Case does not count: seals are read by eye.
  var isOther: Bool { came.map { $0.uppercased() != left?.uppercased() } ?? false }

  /// Whether the seal held, as the event says it; nil when nobody looked.
  var isIntact: Bool? { isBroken || isOther ? false : came == nil ? nil : true }

  /// What it left under, a sentence; nil without a seal.
  var leftWords: String? { left.map { "It left under seal \($0)." } }

  /// What is odd, a sentence about an asset; nil while nothing is.
  func words(of asset: String) -> String? {
    if isOther, let came {
      return left.map { "\(asset) left under seal \($0) and came under seal \(came)." }
        ?? "\(asset) left without a seal on record and came under seal \(came)."
    }
    return isBroken ? "\(asset) came with its seal\(left.map { " \($0)" } ?? "") broken." : nil
  }
}

extension ScanFlow {
  /// The seal of what arrives, as the session and the scan have it; nil for any other act.
  func seal(of asset: Asset?, for verb: Verb) throws -> SealCheck? {
    guard verb == .arrive, let asset else { return nil }
    let said = work.details.overlaid(with: scan.details)
    var seal = try SealCheck(of: asset, in: transaction)
    seal.came = said[path: SealCheck.field]?.text
    seal.isBroken = said[path: "sealIntact"] == .bool(false)
    return seal
  }

  /// Says of what arrived that its seal is not the one that it left under, or is broken.
  mutating func tell(_ outcome: inout ScanOutcome, arrived asset: Asset?, under seal: SealCheck?) {
    guard let seal else { return }
    guard let words = seal.words(of: asset?.displayName ?? "It") else {
      if seal.came == nil { outcome.sentence = seal.leftWords }
      return
    }
    oddSeal = words
    outcome.result = .acceptedWithNote
    outcome.words = seal.isOther ? "Another seal" : "Seal broken"
    outcome.sentence = words
    outcome.remedy = "Look into it before it goes on; it stands under Follow-ups."
  }
}

extension SealCheck {
  /// Where the number stands among the details of an arrival at the desk. No event has it: it says whether the seal held.
  static let field = "sealNumber"
}
