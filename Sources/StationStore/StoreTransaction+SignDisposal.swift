import Custody
import CustodyLedger
import DisposalOrders
import TamperEvidence

extension StoreTransaction {
  /// Signs an act on a disposal order: a statement in the station's chain, durable with the transaction that keeps the order.
  /// Nothing can be signed while the centre has not said where a restored station's chain goes on: throws ``KeyInWaiting``.
  ///
  /// Gives back the hash of the entry.
  public func sign(_ declaration: DisposalDeclaration, by actor: Actor) throws -> EntryHash {
    if let refusal = try refusalOfRestored() { throw KeyInWaiting(refusal) }
    try openRestoredEpoch()
    let entry = try sealing.state(
      .disposalOrder(try DisposalStatement(declaration)), by: actor, moving: &head, random: randomWords())
    try keep(own: entry, at: ChainPlace(epoch: head.epoch, seq: head.seq))
    return entry.entry.hash
  }
}

extension DisposalStatement {
  /// A declaration as it is signed. Throws `StoreFault.damaged` where the digest of the recycler's list is none.
  init(_ declaration: DisposalDeclaration) throws {
    let act: Act =
      switch declaration.act {
      case .sealed: .sealed
      case .unsealed: .unsealed
      case .listTaken: .listTaken
      case .closed: .closed
      }
    self.init(
      act: act, order: declaration.order.text, route: declaration.terms.route, vendor: declaration.terms.vendor,
      assets: declaration.assets.count, lines: Self.hash(of: declaration.assets))
    seal = declaration.seal
    witness = declaration.witness.map { Second(person: $0.person, authStrength: $0.authStrength) }
    approver = declaration.approver.map { Second(person: $0.person, authStrength: $0.authStrength) }
    if let given = declaration.list {
      guard let digest = EntryHash(hex: given.file.digest) else {
        throw StoreFault.damaged(reason: "the recycler's list of \(declaration.order) has no digest")
      }
      list = RecyclerFile(digest: digest, rows: given.rows.count)
    }
    open = declaration.open.isEmpty ? nil : declaration.open.sorted()
    reason = declaration.reason
  }
}
