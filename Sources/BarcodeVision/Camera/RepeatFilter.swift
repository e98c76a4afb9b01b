/// Tells news from repetition: a symbol that is held before the lens is seen in every frame, and counts once.
///
/// A symbol counts when it comes into view, and again when it was out of view for a while: `away`, measured from the
/// first frame that lacked it, so that frames that are missed, or a camera that stands still, do not make it count twice.
/// A symbol whose scheme has no checksum counts when a second frame says the same. Fed with what each frame showed and
/// when; several symbols at a time are kept apart.
public struct RepeatFilter: Sendable {
  private struct Memory {
    var frames = 0
    var hasCounted = false
    /// When the last frame showed it.
    var lastSeen: Duration
    /// When the first frame since then lacked it; nil while it is in view.
    var missingSince: Duration?
  }

  /// How long a symbol must be out of view before it counts again.
  public let away: Duration
  /// Most symbols that are remembered. Of more, those seen longest ago are forgotten, and would count again.
  public static let mostRemembered = 256

  private var memories: [Symbol.Mark: Memory] = [:]
  /// The clock of the latest frame, and how far it went forward in all: a clock that goes back makes no time pass.
  private var latest: ContinuousClock.Instant?
  private var elapsed = Duration.zero

  /// A filter that has seen nothing; `away` is above zero.
  public init(away: Duration = .seconds(2)) { self.away = away }

  /// How many symbols are remembered.
  public var remembered: Int { memories.count }

  /// Whether a symbol is in view, or was so lately that it would not count again.
  public func remembers(_ mark: Symbol.Mark) -> Bool { memories[mark] != nil }

  /// Whether a symbol in view has counted; false while it waits for a second frame.
  public func hasCounted(_ mark: Symbol.Mark) -> Bool { memories[mark]?.hasCounted ?? false }

  /// Forgets a symbol, so that it counts again with the next frame that shows it: nothing could be done with it before.
  public mutating func forget(_ mark: Symbol.Mark) { memories[mark] = nil }

  /// Takes what one frame showed, and gives back the symbols that count by it, in the frame's order.
  public mutating func take(_ symbols: [Symbol], at now: ContinuousClock.Instant) -> [Symbol] {
    if let latest, now > latest { elapsed += now - latest }
    latest = now
    var seen: Set<Symbol.Mark> = []
    var news: [Symbol] = []
    for symbol in symbols {
      let mark = symbol.mark
      // Twice in one frame is one look: it cannot be its own witness.
      guard seen.insert(mark).inserted else { continue }
      var memory = memories[mark] ?? Memory(lastSeen: elapsed)
      if let since = memory.missingSince, elapsed - since >= away { memory = Memory(lastSeen: elapsed) }
      memory.lastSeen = elapsed
      memory.missingSince = nil
      memory.frames += 1
      if !memory.hasCounted, memory.frames >= (symbol.symbology.hasChecksum ? 1 : 2) {
        memory.hasCounted = true
        news.append(symbol)
      }
      memories[mark] = memory
    }
    for (mark, memory) in memories where !seen.contains(mark) {
      guard let since = memory.missingSince else {
        memories[mark]?.missingSince = elapsed
        continue
      }
      if elapsed - since >= away { memories[mark] = nil }
    }
    if memories.count > Self.mostRemembered {
      for (mark, _) in memories.sorted(by: { $0.value.lastSeen < $1.value.lastSeen })
        .prefix(memories.count - Self.mostRemembered)
      { memories[mark] = nil }
    }
    return news
  }
}

extension Symbol {
  /// What two readings share when they are of the same mark.
  public struct Mark: Hashable, Sendable {
    let symbology: Symbology
    let raw: [UInt8]
    let identifier: String
  }

  /// Which mark this is a reading of.
  public var mark: Mark { Mark(symbology: symbology, raw: raw, identifier: symbologyIdentifier) }
}

extension Symbology {
  /// Whether a symbol proves itself by a check character or error correction. Code 39, ITF and Codabar may have one and
  /// need not, so nothing follows from it.
  public var hasChecksum: Bool {
    switch self {
    case .code39, .itf, .codabar: false
    default: true
    }
  }
}
