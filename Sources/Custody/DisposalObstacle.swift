/// What keeps a thing from leaving for good, as `ship` on a disposal order and `dispose` judge it.
public enum DisposalObstacle: Hashable, Sendable {
  /// It, or a part in it, is on legal hold.
  case legalHold(Asset)
  /// It, or a part in it, can hold data, and nobody has listed its drives.
  case mediaUnknown(Asset)
  /// A drive of it, or of a part in it, has no record that passes.
  case notSanitized(Medium, in: Asset)
}

extension Asset {
  /// Everything that keeps it from leaving for good, with `parts`, all that is fitted in it at any depth: holds first,
  /// then unknown lists, then drives. Empty when it may leave.
  public func disposalObstacles(parts: [Asset]) -> [DisposalObstacle] {
    let all = [self] + parts
    return all.filter { $0.facts.legalHold == true }.map(DisposalObstacle.legalHold)
      + all.filter { $0.mediaList == nil && $0.isDataBearing }.map(DisposalObstacle.mediaUnknown)
      + unsanitizedMediaOfAll(parts: parts)
  }

  /// Drives without a record that passes, of it and of all that is fitted in it. A drive on the list of what it is fitted
  /// in, at any level, is judged by the records there: what the drive's own say may be older than its last use in there.
  private func unsanitizedMediaOfAll(parts: [Asset]) -> [DisposalObstacle] {
    let all = [self] + parts
    let byID = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
    return all.flatMap { thing in
      thing.unsanitizedMedia.filter { !isListedAbove($0, thing, byID) }.map { .notSanitized($0, in: thing) }
    }
  }

  /// Whether a part's medium stands on the list of what it is fitted in, up to this asset. Ends also where parts were
  /// recorded as fitted in one another.
  private func isListedAbove(_ medium: Medium, _ part: Asset, _ all: [AssetID: Asset]) -> Bool {
    var below = part
    var seen: Set<AssetID> = []
    while below.id != id, let above = below.parent, seen.insert(above).inserted, let holder = all[above] {
      if holder.mediaList?.contains(where: { $0.serial == medium.serial }) == true { return true }
      below = holder
    }
    return false
  }
}
