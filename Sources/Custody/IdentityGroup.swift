/// A maker and its serial number: two assets with the same are one thing, unless their tags say otherwise.
struct IdentityKey: Hashable {
  /// In small letters: stations do not write a maker's name alike.
  let maker: String
  let serial: String
}

/// Which ids are one thing.
enum IdentityGroup {
  /// Above so many receipts of one number it is no number (`Default string`): nothing is merged, each is asked about.
  static let largest = 16

  /// Ids that are one thing, and what is asked about it.
  struct Unit {
    /// In order; the first is the canonical one.
    var members: [AssetID]
    var canonical: AssetID { members[0] }
    var question: Discrepancy?
    /// Whether the question is listed with this unit: with one only of those that it is about.
    var keepsQuestion = false
    var rulings: [SettledDiscrepancy] = []
  }

  /// Sorts assets, each folded by itself, into units. Of `crowded` keys more assets are known than are given.
  static func units(_ folded: [AssetID: AssetHistory.Folded], crowded: Set<IdentityKey>) -> [Unit] {
    var units: [Unit] = []
    var groups: [IdentityKey: [AssetID]] = [:]
    for (id, fold) in folded {
      if let key = fold.asset?.identityKey {
        groups[key, default: []].append(id)
      } else {
        units.append(Unit(members: [id]))
      }
    }
    for (key, ids) in groups { units += group(ids.sorted(), folded, isCrowded: crowded.contains(key)) }
    return units.sorted { $0.canonical < $1.canonical }
  }

  private static func group(
    _ ids: [AssetID], _ folded: [AssetID: AssetHistory.Folded], isCrowded: Bool
  ) -> [Unit] {
    let roots = ids.map { folded[$0]?.root }
    if isCrowded || ids.count > largest {
      return zip(ids, roots).map { id, root in
        Unit(
          members: [id], question: Discrepancy(.identityQuestion, claims: [root].compactMap { $0 }), keepsQuestion: true
        )
      }
    }
    let rulings = ids.flatMap { folded[$0]?.rulings ?? [] }.sorted { ($0.at, $0.event) < ($1.at, $1.event) }
    func ruling(_ one: Int, _ other: Int) -> IdentityRuling? {
      guard let first = roots[one], let second = roots[other] else { return nil }
      return rulings.last { $0.claims.contains(first) && $0.claims.contains(second) }
    }
    let areAlike = Set(ids.compactMap { folded[$0]?.asset?.tag }).count <= 1
    var unitOf = Array(ids.indices)
    func join(_ one: Int, _ other: Int) {
      let (kept, gone) = (min(unitOf[one], unitOf[other]), max(unitOf[one], unitOf[other]))
      for index in unitOf.indices where unitOf[index] == gone { unitOf[index] = kept }
    }
    var asked: [(Int, Int)] = []
    for other in ids.indices {
      for one in 0..<other {
        switch ruling(one, other)?.identity {
        case .same?: join(one, other)
        case .different?: break
        case nil where areAlike: join(one, other)
        case nil: asked.append((one, other))
        }
      }
    }
    asked.removeAll { unitOf[$0.0] == unitOf[$0.1] }
    let involved = Set(asked.flatMap { [$0.0, $0.1] })
    // What was ruled upon with others stands as that ruling.
    let claims = involved.compactMap { place -> EventID? in
      guard let root = roots[place] else { return nil }
      return rulings.last { $0.claims.contains(root) && $0.claims.count > 1 }?.event ?? root
    }
    let question =
      involved.isEmpty
      ? nil : Discrepancy(.identityQuestion, claims: claims, newest: involved.compactMap { roots[$0] })
    let askedUnits = Set(involved.map { unitOf[$0] })
    let settled = rulings.filter { ruling in
      roots.count { $0.map(ruling.claims.contains) ?? false } > 1
    }.map { SettledDiscrepancy(discrepancy: Discrepancy(.identityQuestion, claims: $0.claims), by: $0.event) }
    return Set(unitOf).sorted().map { first in
      Unit(
        members: ids.indices.filter { unitOf[$0] == first }.map { ids[$0] },
        question: askedUnits.contains(first) ? question : nil, keepsQuestion: first == askedUnits.min(),
        rulings: first == 0 ? settled : [])
    }
  }
}
