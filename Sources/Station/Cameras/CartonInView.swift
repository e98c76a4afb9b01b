import BarcodeVision

/// Tells when the codes of a thing before a live lens have all come into view, so that they can be weighed together: once
/// per thing. Fed with the codes that each frame shows and when; commands, locations and badges are none of them.
///
/// A code is in view once two frames showed it. When for ``settle`` and ``frames`` frames no code was added, what was seen
/// in that time is the thing. As long as one of the codes that it settled with is in view it stays the same thing, unless one
/// came and another went: two boxes of one model share their part number. It is gone when none of them was seen for `away`;
/// what came beside it meanwhile is then a thing of its own.
struct CartonInView: Sendable {
  /// What has come into view.
  struct Settled: Equatable, Sendable {
    /// All codes that are in view, in the order in which they came.
    let all: [Symbol]
    /// Those that were added to a thing that had settled before; nil when this is another thing.
    let added: [Symbol]?
  }

  private struct Sighting {
    /// As it was seen last.
    var symbol: Symbol
    let order: Int
    var frames = 1
    var lastFrame: Int
    var lastSeen: Duration
  }

  /// How long nothing may be added before what is in view has settled, and how many frames: a hand
  /// that sets a box down covers its label for a moment.
  static let settle = Duration.milliseconds(600)
  static let frames = 4
  /// Most codes that are remembered. Of more, those seen longest ago are forgotten.
  static let mostRemembered = 256

  /// How long the codes of a thing must be out of view before it counts as gone.
  let away: Duration

  private var sightings: [Symbol.Mark: Sighting] = [:]
  /// The codes with which the thing settled.
  private var first: Set<Symbol.Mark> = []
  /// All codes of the thing that has settled.
  private var held: Set<Symbol.Mark> = []
  /// Of those, the ones that frames showed: what only a careful look read cannot be missed.
  private var seenOfHeld: Set<Symbol.Mark> = []
  /// When the last code came into view; nil when what is in view has settled.
  private var grown: (frame: Int, at: Duration)?
  private var frame = 0
  private var arrivals = 0
  private var latest: ContinuousClock.Instant?
  private var elapsed = Duration.zero

  /// A lens that has seen nothing; `away` is above zero.
  init(away: Duration = .seconds(2)) { self.away = away }

  /// Whether nothing is in view, nor was lately.
  var isEmpty: Bool { sightings.isEmpty }

  /// Whether the thing that settled last is still in view.
  var holdsThing: Bool { !held.isEmpty }

  /// Whether a code is one of the thing that settled last.
  func holds(_ mark: Symbol.Mark) -> Bool { held.contains(mark) }

  /// The codes that are in view now, in the order in which they came.
  var inView: [Symbol] {
    sightings.values.filter { $0.frames > 1 }.sorted { $0.order < $1.order }.map(\.symbol)
  }

  /// Takes the codes of one frame; gives back what has settled by it. A clock that goes back makes no time pass.
  mutating func take(_ symbols: [Symbol], at now: ContinuousClock.Instant) -> Settled? {
    if let latest, now > latest { elapsed += now - latest }
    latest = now
    frame += 1
    forget()
    for symbol in symbols {
      let mark = symbol.mark
      guard var sighting = sightings[mark] else {
        arrivals += 1
        sightings[mark] = Sighting(symbol: symbol, order: arrivals, lastFrame: frame, lastSeen: elapsed)
        continue
      }
      // Twice in one frame is one look.
      guard sighting.lastFrame != frame else { continue }
      sighting.symbol = symbol
      sighting.frames += 1
      sighting.lastFrame = frame
      sighting.lastSeen = elapsed
      sightings[mark] = sighting
      if sighting.frames == 2, !held.contains(mark) { grown = (frame, elapsed) }
      if held.contains(mark) { seenOfHeld.insert(mark) }
    }
    guard let grown, elapsed - grown.at >= Self.settle, frame - grown.frame >= Self.frames else { return nil }
    // What was not seen since the last one came has gone by then.
    let thing = sightings.filter { $0.value.frames > 1 && $0.value.lastFrame >= grown.frame }
      .sorted { $0.value.order < $1.value.order }
    // A box that was only carried past has not settled.
    guard thing.contains(where: { frame - $0.value.lastFrame < Self.frames }) else { return nil }
    self.grown = nil
    let marks = Set(thing.map(\.key))
    let isSame = !held.isEmpty && seenOfHeld.isSubset(of: marks)
    let added = isSame ? thing.filter { !held.contains($0.key) }.map(\.value.symbol) : nil
    if added?.isEmpty == true { return nil }
    if !isSame { first = marks }
    held = isSame ? held.union(marks) : marks
    seenOfHeld = marks
    return Settled(all: thing.map(\.value.symbol), added: added)
  }

  /// Counts further codes, which a careful look at a frame read, among those of the thing that has settled.
  mutating func hold(_ symbols: [Symbol]) { held.formUnion(symbols.map(\.mark)) }

  private mutating func forget() {
    sightings = sightings.filter { elapsed - $0.value.lastSeen < away }
    if sightings.count > Self.mostRemembered {
      for (mark, _) in sightings.sorted(by: { $0.value.lastFrame < $1.value.lastFrame })
        .prefix(sightings.count - Self.mostRemembered)
      { sightings[mark] = nil }
    }
    guard !held.isEmpty, !first.contains(where: { sightings[$0] != nil }) else { return }
    first = []
    held = []
    seenOfHeld = []
    if sightings.contains(where: { $0.value.frames > 1 }) { grown = (frame, elapsed) }
  }
}
