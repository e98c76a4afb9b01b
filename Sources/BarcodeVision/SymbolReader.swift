/// Finds and decodes the symbols of a gray frame: Code 128, Code 39, Code 93, ITF, Codabar, EAN, UPC, DataBar, QR,
/// Micro QR, Aztec, Data Matrix, PDF417 and MaxiCode.
///
/// Two engines look: zxing-cpp, in a child process, first, since it is the faster and the more careful one, then zbar.
/// Other views of the frame (the rungs of a ladder) cost time only where that found nothing, or something that needs a
/// second witness. Without the child's program zbar alone looks, and finds no Aztec, Data Matrix, PDF417 or MaxiCode.
public struct SymbolReader: Sendable {
  /// Further looks that doubtful symbols get when others of the same frame are certain.
  private static let secondLooks = 2
  /// Frames with more pixels than this are photographs that may well hold several symbols: both engines look.
  fileprivate static let manySymbolPixels = 600_000

  let zxing: ZXingPool

  /// A reader. It keeps nothing between frames and may be shared.
  public init() { zxing = .shared }

  /// A reader with children of its own.
  init(zxing: ZXingPool) { self.zxing = zxing }

  /// All symbols of the frame, each once. Blocks: a millisecond or two for most pictures, some fifty when there is
  /// nothing to read and the effort is ``Effort/still``; longer for more than half a megapixel.
  public func read(_ frame: GrayFrame, effort: Effort = .still) throws(PictureError) -> [Symbol] {
    try look(at: frame, effort: effort).certain
  }

  /// As ``read(_:effort:)``, with what was seen and not believed beside it: two frames of a camera that doubt the same
  /// symbol are as good as one that is certain.
  public func look(
    at frame: GrayFrame, effort: Effort = .still
  ) throws(PictureError) -> (certain: [Symbol], doubtful: [Symbol]) {
    let pixels = frame.width * frame.height
    let ladder: [Rung]
    var allowance = Double.infinity
    switch effort {
    case .still:
      ladder = Rung.ladder(pixels: pixels)
      allowance = Rung.allowance(pixels: pixels)
    case .live(let turn): ladder = Rung.live(pixels: pixels, turn: turn)
    }
    var search = Search(in: frame, zxing: zxing)
    var spent = 0.0
    for (count, rung) in ladder.enumerated() {
      if rung.isOnlyInDoubt, !search.sightings.areInDoubt { continue }
      // A dear rung that does not fit is left out; a cheaper one after it may.
      let cost = rung.cost * Double(pixels)
      if count > 0, spent + cost > allowance { continue }
      spent += cost
      try search.look(on: rung)
      if search.sightings.areSettled(after: count, secondLooks: SymbolReader.secondLooks),
        count > 0 || pixels <= SymbolReader.manySymbolPixels
      {
        break
      }
    }
    // What was found does not tell what else is there.
    if effort == .still { try search.look(on: .patches) }
    var verdict = search.sightings.verdict
    // Frames of a camera have no time for it, and the code alone tells the article.
    if effort == .still, search.zxingAnswers {
      verdict.certain = verdict.certain.map { addingAddOn(to: $0, of: frame) }
    }
    return verdict
  }
}

/// The looks at one frame, one after the other, and what they saw.
private struct Search {
  private let frame: GrayFrame
  private let zxing: ZXingPool
  private let start = ContinuousClock.now
  private var views: ViewsOfFrame
  /// What was seen so far.
  private(set) var sightings = Sightings()
  /// Whether zxing-cpp has answered every question: an engine that has given no answer to one view of a frame is not asked
  /// about the others.
  private(set) var zxingAnswers = true

  init(in frame: GrayFrame, zxing: ZXingPool) {
    self.frame = frame
    self.zxing = zxing
    views = ViewsOfFrame(frame)
  }

  /// Takes one more look.
  mutating func look(on rung: Rung) throws(PictureError) {
    if rung.isZXing, !zxingAnswers { return }
    guard let view = views.view(rung.view) else { return }
    guard rung.engine == .zxingPatches else {
      return note(try symbols(in: view.frame, rung), on: rung, view.toOriginal)
    }
    for patch in view.frame.patches(outside: sightings.places) where zxingAnswers {
      let cut = view.frame.cut(patch)
      note(try symbols(in: cut.frame, rung), on: rung, view.toOriginal.after(cut.toOriginal))
    }
  }

  private mutating func note(_ symbols: [Symbol]?, on rung: Rung, _ toOriginal: PlaneMap) {
    guard let symbols else { return zxingAnswers = false }
    for symbol in symbols {
      var found = symbol.readingFullASCII().moved(by: toOriginal, into: frame)
      if !found.symbology.isMatrix { found = found.replacingCorners(frame.outline(of: found.corners)) }
      found.step = rung.name
      found.elapsed = ContinuousClock.now - start
      sightings.add(found, on: rung)
    }
  }

  /// What the rung's engine sees, or `nil` when it did not answer.
  private func symbols(in view: GrayFrame, _ rung: Rung) throws(PictureError) -> [Symbol]? {
    var request = ZXingChild.Request()
    switch rung.engine {
    case .zbar(let density): return try ZBarScan.symbols(in: view, density: density)
    case .blurredEAN: return BlurredEAN.symbols(in: view)
    case .zxing(let most): request.most = most
    case .zxingThenBars:
      // Large photographs are of labels with several symbols of all kinds.
      (request.most, request.thenBars) = (24, view.width * view.height <= SymbolReader.manySymbolPixels)
    case .zxingBars: request.formats = .bars
    case .zxingMatrices: request.formats = .matrices
    case .zxingParted: request.globalThreshold = true
    case .zxingGlance: (request.harder, request.rotate, request.downscale) = (false, false, false)
    case .zxingPatches: request.formats = .matrices
    }
    // Two seconds and one for every four megapixels: some fifty times what a frame takes.
    let limit = Duration.seconds(2) + .microseconds(view.width * view.height / 4)
    return zxing.symbols(in: view, request, within: limit)
  }
}

/// The views of one frame, each made once.
private struct ViewsOfFrame {
  private let frame: GrayFrame
  private var made: [View: (frame: GrayFrame, toOriginal: PlaneMap)] = [:]

  init(_ frame: GrayFrame) { self.frame = frame }

  mutating func view(_ view: View) -> (frame: GrayFrame, toOriginal: PlaneMap)? {
    if view == .plain { return (frame, .identity) }
    if let known = made[view] { return known }
    let new = view.picture(of: frame)
    // At most one is kept: neighbours in the ladder share it, and memory is dear for large pictures.
    made = new.map { [view: $0] } ?? [:]
    return new
  }
}

extension Symbol {
  fileprivate func moved(by map: PlaneMap, into frame: GrayFrame) -> Symbol {
    map == .identity ? self : replacingCorners(corners.moved(by: map, width: frame.width, height: frame.height))
  }
}
