import AssetIdentifiers
import Custody
import CustodyLedger
import StationStore

/// Scanning back: after a label was printed at a desk, the next thing that is scanned there must be that label.
extension ScanFlow {
  /// What a scan is while the desk waits for a label: its proof, or a "no". Nil when the desk waits for none.
  mutating func scanBack(_ identifier: AssetIdentifier) throws -> ScanOutcome? {
    guard let desk = session.desk else { return nil }
    let awaited = try openLabels(at: desk)
    guard let newest = awaited.last?.asset else { return nil }
    let texts = Set(identifier.marks.map(\.value) + [scan.text])
    guard let (label, asset, mark) = awaited.first(where: { texts.contains($0.mark.value) }) else {
      return refused(
        Refusal(
          "scan.label.awaited",
          "The label of \(newest.tag ?? "the last asset") was printed and not scanned yet; this is "
            + "\(identifier.mark).",
          remedy: "Scan the new label; or scan SKIP: then it stays unproven."))
    }
    guard scan.source != .keyed else {
      return refused(
        Refusal(
          "scan.label.typed", "Typing \(mark.value) does not show that its label can be read.",
          remedy: "Scan it with a scanner that is set up under Devices, or show it to a camera."))
    }
    var details: CanonicalJSON = ["mark": ["kind": .string(mark.kind.rawValue), "value": .string(mark.value)]]
    if let wanted = asset.label?.epc {
      let read = tagsInField().contains(wanted) ? wanted : label.readBack
      if let read { details[path: "epc"] = .string(read) }
    }
    let outcome = try recording(.proveLabel, details, on: asset, identifier)
    if outcome.result == .accepted { try transaction.stopAwaiting(labelOf: asset.id) }
    return outcome
  }

  /// With the new label proved, the mark of the old one is taken off the asset: until then either finds it.
  func takeOffReplaced(_ verb: Verb, _ asset: Asset?) throws -> (events: [CustodyEvent], asset: Asset?) {
    guard verb == .proveLabel, let asset, let old = asset.label?.replaces, asset.identifiers.contains(old) else {
      return ([], asset)
    }
    let reason = "Replaced by \(asset.label?.mark.value ?? "a new label")."
    var intent = Intent(
      asset: asset.id, details: .unbind(BindDetails(identifier: old, reason: reason)), actor: actor)
    intent.session = session.id
    switch try transaction.record(intent, known: asset) {
    case .recorded(let events, let after): return (events, after)
    // The label is proved all the same; the old mark can be taken off by hand.
    case .refused: return ([], asset)
    }
  }

  /// Gives up waiting for every label at the desk.
  mutating func skipLabels() throws -> ScanOutcome {
    let awaited = try session.desk.map { try openLabels(at: $0) } ?? []
    for (label, _, _) in awaited { try transaction.stopAwaiting(labelOf: label.asset) }
    var outcome = blank(.context, awaited.isEmpty ? "No label awaited" : "Label not scanned back")
    if !awaited.isEmpty {
      outcome.sentence =
        awaited.count == 1
        ? "The label of \(awaited[0].asset.tag ?? "the asset") stays unproven."
        : "\(awaited.count) labels stay unproven."
    }
    return outcome
  }

  /// The labels that the desk still waits for. One that was printed again elsewhere, proved or taken off is none.
  private func openLabels(at desk: String) throws -> [(label: AwaitedLabel, asset: Asset, mark: BoundIdentifier)] {
    var open: [(AwaitedLabel, Asset, BoundIdentifier)] = []
    for label in try transaction.awaitedLabels(at: desk) {
      if let asset = try transaction.asset(label.asset), let standing = asset.label, standing.event == label.event,
        !standing.isProven, asset.state != .disposed
      {
        open.append((label, asset, standing.mark))
      } else {
        try transaction.stopAwaiting(labelOf: label.asset)
      }
    }
    return open
  }

  /// Records an act that is not the session's, with just these details.
  private mutating func recording(
    _ verb: Verb, _ details: CanonicalJSON, on asset: Asset, _ identifier: AssetIdentifier
  ) throws -> ScanOutcome {
    let held = work.details
    work.details = details
    defer { work.details = held }
    return try record(verb, on: asset, as: asset.id, identifier)
  }
}
