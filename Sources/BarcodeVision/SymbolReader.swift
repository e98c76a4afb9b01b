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
  private static let manySymbolPixels = 600_000

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
    let start = ContinuousClock.now
    var sightings = Sightings()
    var spent = 0.0
    let pixels = frame.width * frame.height
    let ladder: [Rung]
    var allowance = Double.infinity
    switch effort {
    case .still:
      ladder = Rung.ladder(pixels: pixels)
      allowance = Rung.allowance(pixels: pixels)
    case .live(let turn): ladder = Rung.live(pixels: pixels, turn: turn)
    }
    var views = ViewsOfFrame(frame)
    var zxingAnswers = true
    for (count, rung) in ladder.enumerated() {
      if rung.isOnlyInDoubt, !sightings.areInDoubt { continue }
      // A dear rung that does not fit is left out; a cheaper one after it may.
      let cost = rung.cost * Double(pixels)
      if count > 0, spent + cost > allowance { continue }
      spent += cost
      // An engine that has given no answer to one view of a frame is not asked about the others.
      if rung.isZXing, !zxingAnswers { continue }
      guard let view = views.view(rung.view) else { continue }
      guard let symbols = try symbols(in: view.frame, rung) else {
        zxingAnswers = false
        continue
      }
      for symbol in symbols {
        var found = symbol.readingFullASCII().moved(by: view.toOriginal, into: frame)
        found.step = rung.name
        found.elapsed = ContinuousClock.now - start
        sightings.add(found, on: rung)
      }
      if sightings.areSettled(after: count, secondLooks: SymbolReader.secondLooks),
        count > 0 || pixels <= SymbolReader.manySymbolPixels
      {
        break
      }
    }
    var verdict = sightings.verdict
    // Frames of a camera have no time for it, and the code alone tells the article.
    if effort == .still, zxingAnswers {
      verdict.certain = verdict.certain.map { addingAddOn(to: $0, of: frame) }
    }
    return verdict
  }

  private func symbols(in view: GrayFrame, _ rung: Rung) throws(PictureError) -> [Symbol]? {
    var request = ZXingChild.Request()
    switch rung.engine {
    case .zbar(let density): return try ZBarScan.symbols(in: view, density: density)
    case .blurredEAN: return BlurredEAN.symbols(in: view)
    case .zxing(let most): request.most = most
    case .zxingParted: request.globalThreshold = true
    case .zxingGlance: (request.harder, request.rotate, request.downscale) = (false, false, false)
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
