import Custody
import DisposalOrders
import StationStore

/// What was done with a disposal order, the newest first, as its page and its manifest's page tell it.
struct DisposalHistory {
  let order: DisposalOrder
  let snapshot: any StoreReading
  let moments: Moments

  func happenings() throws -> [DisposalView.Happening] {
    try order.steps.reversed().map { step in
      DisposalView.Happening(
        words: step.act.label + (step.words.map { ": \($0)" } ?? ""), who: try snapshot.people(of: step),
        at: moments.view(step.at), entry: step.entry, proof: step.proof)
    }
  }
}

extension StoreReading {
  /// Who took a step, and with whom.
  func people(of step: DisposalStep) throws -> String {
    let one = try disposalPerson(step.by)
    return try step.with.map { "\(one) · together with \(try disposalPerson($0))" } ?? one
  }

  /// A person's name as the pages of an order say it.
  func disposalPerson(_ person: PersonID) throws -> String {
    try self.person(person)?.name ?? "a person no longer named"
  }
}

extension DisposalStep {
  /// What signs it where no entry of its own does; nil for what nobody signs, and for what one does.
  fileprivate var proof: String? {
    switch act {
    case .made, .changed: nil
    case .departed, .confirmed, .tookBack: "Signed by the events of its assets"
    case .sealed, .unsealed, .listed, .closed: entry == nil ? "Not signed: an earlier program did this" : nil
    }
  }
}

extension DisposalOrder {
  /// The entry that signs the seal which is on it; nil where none is, or an earlier program put it on.
  var sealingEntry: String? { seal == nil ? nil : last(.sealed)?.entry }

  /// The entries that sign the seal, the recycler's list and the closing, as far as there are such.
  var signingEntries: [String?] {
    [sealingEntry, list == nil ? nil : last(.listed)?.entry, last(.closed)?.entry]
  }
}
