/// Whether an intent may be recorded, and as which events: pure and total, it never traps and never throws. The caller
/// reads the circumstances and records the answer in one transaction.
///
/// Judged in this order: who acts, whether it was done already (a duplicate), whether the asset's state allows it, what
/// was captured, the rules of the verb. Every code that a refusal can carry stands in `docs/refusals.md`.
///
/// `circumstances.claims` may leave out a serial number that belongs to another maker's asset: serial numbers are only
/// unique within one maker, so the caller compares makers before it claims one.
public func decide(_ intent: Intent, in circumstances: Circumstances) -> Decision {
  do throws(Refusal) { return .record(try Deliberation(intent: intent, circumstances: circumstances).drafts()) } catch {
    return .refuse(error)
  }
}

/// One intent being judged. Each verb's rules stand in a file of their own.
struct Deliberation {
  let intent: Intent
  let circumstances: Circumstances

  var asset: Asset? { circumstances.asset }
  var verb: Verb { intent.details.verb }
  var rule: LifecycleRule { LifecycleTable.rule(for: verb) }

  func drafts() throws(Refusal) -> [EventDraft] {
    try checkActor()
    if let asset, asset.id != intent.asset {
      throw Refusal(
        "custody.asset.mismatch", "The scan means asset \(intent.asset), but asset \(asset.name) was looked up.",
        remedy: "Scan it again.")
    }
    try checkSightingsOnly()
    switch intent.details {
    case .expect(let details): return [try expect(details)]
    case .register(let details): return [try register(details)]
    case .amend(let details): return [try amend(details)]
    case .bind(let details): return [try bind(details)]
    case .unbind(let details): return [try unbind(details)]
    case .attach(let details): return try attach(details)
    case .detach(let details): return try detach(details)
    case .receive(let details): return [try receive(details)]
    case .deploy(let details): return [try deploy(details)]
    case .transfer(let details): return [try transfer(details)]
    case .return(let details): return [try takeBack(details)]
    case .triage(let details): return [try triage(details)]
    case .repairOut(let details): return [try repairOut(details)]
    case .repairIn(let details): return [try repairIn(details)]
    case .ship(let details): return [try ship(details)]
    case .arrive(let details): return [try arrive(details)]
    case .retire(let details): return [try retire(details)]
    case .sanitize(let details): return [try sanitize(details)]
    case .dispose(let details): return try dispose(details)
    case .declareMissing(let details): return [try declareMissing(details)]
    case .found(let details): return [try found(details)]
    case .correct(let details): return [try correct(details)]
    case .label(let details): return [try label(details)]
    case .proveLabel(let details): return [try proveLabel(details)]
    case .settle(let details): return [try settle(details)]
    }
  }

  /// The asset, when there is one.
  func known() throws(Refusal) -> Asset {
    guard let asset else {
      throw Refusal(
        code("unknownAsset"), "No such asset is known here, so it cannot be \(verb.participle).",
        remedy: "Receive it first, or scan another of its marks.")
    }
    return asset
  }

  /// The asset, when the table lets the verb start from where it stands.
  func startable() throws(Refusal) -> Asset {
    let asset = try known()
    guard rule.starts(from: asset) else {
      throw Refusal(
        code("state"), "\(asset.name) is \(asset.state.words), so it cannot be \(verb.participle).",
        remedy: asset.state.firstStep)
    }
    return asset
  }

  /// Refuses an act as a duplicate when `holds` says that the asset already stands where it leads and this verb brought
  /// it there. Steps that only note something (a mark, a fact, a part) do not hide that.
  func refuseRepeat(_ asset: Asset, if holds: Bool) throws(Refusal) {
    guard holds else { return }
    switch asset.lastVerb {
    case verb, .amend, .bind, .unbind, .attach, .detach, .label, .proveLabel: throw duplicate(asset)
    default: return
    }
  }

  /// The refusal for what was done already; `what` tells it when the asset's state does not.
  func duplicate(_ asset: Asset, _ what: String? = nil) -> Refusal {
    Refusal(
      code("already"), "\(asset.name) \(what ?? "is \(asset.state.words) already"): nothing was recorded again.",
      remedy: "Nothing to do: go on with the next one.", kind: .duplicate, previousAt: asset.changedAt,
      previousBy: asset.lastOperator)
  }

  func code(_ what: String) -> String { "custody.\(verb.rawValue).\(what)" }

  /// A draft that brings `asset` to `standing`.
  func draft(_ asset: Asset?, _ details: EventDetails, to standing: Standing?) -> EventDraft {
    EventDraft(
      intent, asset: asset?.id ?? intent.asset, details: details, from: asset?.standing, to: standing,
      prior: asset.map { Prior(head: $0.head, version: $0.version) })
  }
}
