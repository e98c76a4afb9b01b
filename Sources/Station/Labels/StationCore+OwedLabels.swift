import Custody
import CustodyLedger
import LabelDesign
import LabelRendering
import StationStore

extension StationCore {
  /// The note of whether labels were printed on receipt when the station ran last.
  private static let note = "labelsOnReceive"

  /// Owed labels from now on, where they were not before: what was received until now keeps going without. For the start, before
  /// anything can be received.
  func beginOwingLabels() async throws {
    let wanted = options.labelOnReceive == nil ? "off" : "on"
    let before = try await store.read { try $0.note(Self.note) }
    guard before != wanted else { return }
    let (desk, station) = (desk.name, store.identity)
    try await store.write { transaction in
      if wanted == "on" { try transaction.oweLabels(of: nil, desk: desk, station: station) }
      try transaction.setNote(Self.note, wanted)
    }
  }

  /// Orders the labels of what was received at the desk without a tag, each once. One that is refused stays owed with the reason,
  /// until somebody has it tried again.
  func orderOwedLabels() async throws {
    let (desk, station, template) = (desk.name, store.identity, options.labelOnReceive)
    if try await store.read({ try $0.hasUnseenReceipts() }) {
      try await store.write { try $0.oweLabels(of: template, desk: desk, station: station) }
    }
    while let owed = try await store.read({ try $0.owedLabels(refused: false, limit: 1).first }) {
      try Task.checkCancellation()
      try await order(owed)
    }
  }

  /// Has what was refused tried again: an asset's, or all.
  func retryOwedLabels(of asset: AssetID? = nil) async throws {
    if try await store.write({ try $0.retryOwedLabels(of: asset) }) > 0 { received.signal() }
  }

  private func order(_ owed: OwedLabel) async throws {
    /// It was ordered in the meantime.
    struct Settled: Error {}
    let site = store.identity.site
    let (asset, roles) = try await store.read { snapshot in
      (try snapshot.asset(owed.asset), try snapshot.roles(of: owed.person, at: site))
    }
    // The receipt was taken back, or somebody has stuck on a label that is numbered already.
    guard let asset, asset.tag == nil, asset.label == nil else {
      _ = try await store.write { try $0.settleOwedLabel(owed.event) }
      return
    }
    var order = LabelOrder(owed.template, .asset(owed.asset))
    (order.newTag, order.desk) = (true, owed.desk)
    let orderer = LabelOrderer(
      person: owed.person, actor: Actor(person: owed.person, roles: roles, authStrength: owed.authStrength))
    let refusal: Refusal
    do {
      let result = try await self.order([order], by: orderer) { _, transaction in
        guard try transaction.settleOwedLabel(owed.event) else { throw Settled() }
      }
      guard case .failure(let said) = result else { return }
      refusal = said
    } catch is Settled {
      return
    } catch let fault as LabelRenderingFault {
      refusal = Refusal("label.notDrawn", "\(fault)", remedy: fault.remedy)
    } catch let problem as Problem {
      refusal = Refusal(problem.code, problem.detail, remedy: problem.remedy)
    }
    try await store.write { transaction in
      if refusal.kind == .duplicate {
        _ = try transaction.settleOwedLabel(owed.event)
      } else {
        try transaction.refuseOwedLabel(owed.event, refusal)
      }
    }
    logger.warning(
      "what was received got no label",
      metadata: ["code": "\(refusal.code)", "reason": "\(refusal.sentence)", "remedy": "\(refusal.remedy)"])
    try publishOwed(owed.asset)
  }

  /// Pages that show the asset, or what was not printed, ask anew.
  private func publishOwed(_ asset: AssetID) throws {
    struct Notice: Encodable { let asset: AssetID }
    live.publish("labels", try CanonicalEncoder().encode(Notice(asset: asset), limit: .max))
  }
}

extension OwedLabel {
  /// Why it is not printed, as one sentence; nil while nothing was refused.
  var words: String? { refusal.map { "Label not printed: \($0.sentence)" } }
}
