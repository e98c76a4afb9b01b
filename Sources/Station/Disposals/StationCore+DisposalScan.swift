import AssetIdentifiers
import Custody
import CustodyLedger
import DisposalOrders
import StationStore

/// What a scan does to a disposal order.
enum DisposalScanAct: String, Sendable {
  /// Puts the asset on it.
  case add
  /// Scans it onto the vehicle.
  case load

  fileprivate var done: String { self == .add ? "Added" : "Loaded" }
  fileprivate var notDone: String { self == .add ? "Not added" : "Not loaded" }
}

/// What came of a scan on a disposal order; its reading was kept whatever that is.
struct DisposalScan: Sendable {
  let outcome: KeptReading.Outcome
  /// Few words, such as `Loaded`.
  let words: String
  let asset: Asset?
  /// Why not; nil when it was done, and for what was done already.
  let problem: Problem?
  let order: DisposalOrder
}

extension StationCore {
  /// Scans an asset onto an order, or onto its vehicle. Throws only when there is no such order, and what is broken; an
  /// expected "no" stands in what is answered.
  func scan(
    _ scan: Scan, _ act: DisposalScanAct, on number: DisposalNumber, by signedIn: SignedIn,
    keep: (@Sendable (DisposalScan, StoreTransaction) throws -> Void)? = nil
  ) async throws -> DisposalScan {
    try Self.need(act == .add ? .dispose : .ship, of: signedIn)
    let scan = scan.splittingAIMPrefix()
    let person = signedIn.person.id
    let done = try await store.write(urgent: true) { transaction in
      let before = try transaction.needDisposalOrder(number)
      let done = try transaction.scan(scan, act, on: before, by: person)
      var reading = KeptReading(
        at: transaction.now, raw: scan.shownBytes, symbologyIdentifier: scan.symbologyIdentifier, device: scan.device,
        session: nil, person: person, outcome: done.outcome, words: "\(done.words): order \(number)")
      reading.code = done.problem?.code
      reading.asset = done.asset?.id
      try transaction.keep(reading, marks: scan.marks)
      try keep?(done, transaction)
      return done
    }
    if done.outcome == .accepted { tell(of: done.order) }
    return done
  }
}

extension StoreTransaction {
  fileprivate func scan(
    _ scan: Scan, _ act: DisposalScanAct, on before: DisposalOrder, by person: PersonID
  ) throws -> DisposalScan {
    func no(_ problem: Problem, _ outcome: KeptReading.Outcome = .refused, of asset: Asset? = nil) -> DisposalScan {
      DisposalScan(outcome: outcome, words: problem.title, asset: asset, problem: problem, order: before)
    }
    let identifier: AssetIdentifier
    do {
      identifier = try scan.interpret()
    } catch {
      return no(
        Problem(
          .unprocessableContent, error.code, "Unreadable scan", detail: error.sentence, remedy: error.remedy))
    }
    switch identifier {
    case .command, .badge, .location:
      return no(
        Problem(
          .unprocessableContent, "disposal.scan.notAsset", "No asset",
          detail: "That label is no asset's: only assets are scanned here.",
          remedy: "Scan the asset's tag or serial number."))
    default: break
    }
    switch try resolve(identifier, scanned: scan.text) {
    case .unknown:
      return no(
        Problem(
          .notFound, "scan.unknown", "Unknown code",
          detail: "No asset carries \(identifier.mark). The reading is kept.",
          remedy: "Scan its tag; or receive or register it first."), .unknown)
    case .ambiguous(let candidates):
      return no(
        Problem(
          .conflict, "scan.ambiguous", "Several assets",
          detail: "\(candidates.count) assets carry the mark \(identifier.mark).",
          remedy: "Scan the asset tag, which is one asset's only."))
    case .asset(let id):
      guard let cargo = try cargo(of: id) else {
        throw StoreFault.damaged(reason: "the mark \(identifier.mark) leads to an asset that is not there")
      }
      return try apply(act, cargo, scan, on: before, by: person)
    }
  }

  private func apply(
    _ act: DisposalScanAct, _ cargo: Cargo, _ scan: Scan, on before: DisposalOrder, by person: PersonID
  ) throws -> DisposalScan {
    var order = before
    let answer: DisposalAnswer
    switch act {
    case .add:
      let elsewhere = try openDisposalOrder(of: cargo.asset.id, but: order.number)
      answer = order.add(cargo, elsewhere: elsewhere, by: person, at: now)
    case .load:
      let sighting = ReadingEvidence(
        kind: scan.source.rawValue, raw: base64(scan.raw), symbologyIdentifier: scan.symbologyIdentifier,
        device: scan.device)
      answer = order.load(cargo, seenBy: sighting, by: person, at: now)
    }
    switch answer {
    case .act:
      try save(order, before: before)
      return DisposalScan(outcome: .accepted, words: act.done, asset: cargo.asset, problem: nil, order: order)
    case .refuse(let refusal):
      let isRepeat = refusal.refusal.kind == .duplicate
      return DisposalScan(
        outcome: isRepeat ? .duplicate : .refused,
        words: isRepeat ? "\(act.done) already" : act.notDone,
        asset: cargo.asset, problem: Problem(disposal: refusal), order: before)
    }
  }
}
