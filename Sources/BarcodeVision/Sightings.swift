/// Everything that the looks at one frame have seen so far.
struct Sightings {
  private var all: [Sighting] = []

  /// Adds what a look has read. Of one look only one reading of a symbol counts: zbar may report one per scan direction.
  mutating func add(_ symbol: Symbol, on rung: Rung) {
    if let known = all.firstIndex(where: { $0.symbol.agrees(with: symbol) }) {
      if all[known].lastStep != symbol.step || all[known].symbol.engine != symbol.engine {
        all[known].confirm(with: symbol, on: rung)
      }
    } else {
      all.append(Sighting(symbol, on: rung))
    }
  }

  /// Whether something was seen that is not believed yet.
  var areInDoubt: Bool { all.contains { !$0.isBelieved(among: all) } }

  /// Whether further looks are not worth their time: something is certain, and nothing is doubtful or it has had its
  /// second looks.
  func areSettled(after look: Int, secondLooks: Int) -> Bool {
    let believed = all.count { $0.isBelieved(among: all) }
    return believed > 0 && (believed == all.count || look >= secondLooks)
  }

  /// Where everything lies that was seen, believed or not.
  var places: [Corners] { all.map(\.symbol.corners) }

  /// What is believed and what is not.
  var verdict: (certain: [Symbol], doubtful: [Symbol]) {
    var verdict: (certain: [Symbol], doubtful: [Symbol]) = ([], [])
    for sighting in all {
      if sighting.isBelieved(among: all) {
        verdict.certain.append(sighting.symbol)
      } else {
        verdict.doubtful.append(sighting.symbol)
      }
    }
    return verdict
  }
}
