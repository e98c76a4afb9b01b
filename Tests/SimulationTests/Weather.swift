import SyncTestSupport

/// What the network of a world does to requests, each in so many of a thousand.
struct Weather: Sendable {
  var loses = 0
  var losesAnswer = 0
  var duplicates = 0
  /// A copy arrives again, up to a minute later.
  var repeats = 0
  var cuts = 0
  var cutsAnswer = 0
  var flips = 0
  var flipsAnswer = 0
  var shuffles = 0
  var refuses = 0
  var spoilsTile = 0
  /// Milliseconds that a request takes, at most.
  var slowest = 50

  static let calm = Weather()

  /// The weather of a seed: some are calm, some rough.
  init(_ dice: inout SplitMix) {
    let roughness = dice.pick([0, 1, 1, 2, 4])
    func of(_ most: Int) -> Int { roughness == 0 ? 0 : dice.pick(0...most) * roughness }
    loses = of(40)
    losesAnswer = of(40)
    duplicates = of(30)
    repeats = of(30)
    cuts = of(15)
    cutsAnswer = of(15)
    flips = of(15)
    flipsAnswer = of(15)
    shuffles = of(8)
    refuses = of(20)
    spoilsTile = of(5)
    slowest = dice.pick([20, 200, 3000])
  }

  private init() {}
}

/// How the centre lies to a station about its log.
enum Lie: String, CaseIterable, Sendable {
  /// A tree head of an earlier time.
  case oldCheckpoint
  /// Its key signs another root of the same size.
  case otherRoot
  /// It says that it took what it did not log.
  case unlogged
  /// It names indexes that others have.
  case otherIndex
  /// It shows no tree head.
  case noCheckpoint
  /// It leaves an entry out of a page.
  case withheldEntry
  /// It keeps tiles back.
  case withheldTile
}
