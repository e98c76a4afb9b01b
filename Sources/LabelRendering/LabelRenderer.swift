import LabelDesign
import Synchronization

/// Draws labels: as the dots of a printer, as pictures for people, as PDF.
///
/// One page is drawn at a time; other threads wait for their turn. A label takes a millisecond or a few, a sheet of A4 some
/// tens, and the first of a process about twenty more, for the libraries: callers that must not wait do it on a thread of
/// their own. What is drawn depends on the page, the resolution and the typefaces of the machine, on nothing else: no file,
/// no network, no clock.
public final class LabelRenderer: Sendable {
  /// The most dots of a page; A4 at 600 dpi has 35 million.
  public static let maximumDots = 64_000_000

  private let easel: Mutex<Easel>

  /// Opens the libraries, the first time in a process, and looks for the typefaces.
  public init() throws(LabelRenderingFault) {
    let library = try RenderingLibrary.open()
    try Typefaces.check(library.functions)
    easel = Mutex(Easel(library))
  }

  /// Puts values into a template, measured with what will draw them.
  public func fill(_ template: LabelTemplate, with values: LabelValues) -> LabelAnswer<LabelDocument> {
    template.fill(values) { text, font in self.easel.withLock { $0.extent(of: text, in: font) } }
  }

  /// A page as a printer's dots.
  ///
  /// Symbols lie on whole dots; of the rest, what is darker than the middle is black.
  /// - Throws: `LabelRenderingFault` when the machine cannot; a symbol that has no room is refused.
  public func bitmap(
    of page: LabelPage, at resolution: PrintResolution
  ) throws(LabelRenderingFault) -> LabelAnswer<Bitmap> {
    let size = try Self.dots(of: page, at: resolution)
    switch SymbolPlacement.all(on: page, at: resolution) {
    case .refused(let refusal): return .refused(refusal)
    case .made(let symbols):
      let drawn = page.with(symbols)
      let answer = easel.withLock { $0.bitmap(of: drawn, size: size, at: resolution) }
      var bitmap = try answer.get()
      for symbol in symbols { bitmap.draw(symbol) }
      return .made(bitmap)
    }
  }

  /// A page as a PNG in colour, as a screen shows it; symbols lie where a printer of this resolution would have them.
  public func png(
    of page: LabelPage, at resolution: PrintResolution
  ) throws(LabelRenderingFault) -> LabelAnswer<[UInt8]> {
    let size = try Self.dots(of: page, at: resolution)
    switch SymbolPlacement.all(on: page, at: resolution) {
    case .refused(let refusal): return .refused(refusal)
    case .made(let symbols):
      let drawn = page.with(symbols)
      let answer = easel.withLock { $0.png(of: drawn, symbols: symbols, size: size, at: resolution) }
      return .made(PNGResolution.stated(resolution, in: try answer.get()))
    }
  }

  /// A picture as a black and white PNG that states its resolution.
  public func png(of bitmap: Bitmap, at resolution: PrintResolution) throws(LabelRenderingFault) -> [UInt8] {
    let answer = easel.withLock { $0.png(of: bitmap) }
    return PNGResolution.stated(resolution, in: try answer.get())
  }

  /// Documents as one PDF, a page each for theirs: text as text with its typefaces, shapes and symbols as vectors.
  ///
  /// - Parameter created: what the file says of when it was made, in UTC, such as `2026-11-21T21:13:00Z`; without it,
  ///   the machine's time.
  public func pdf(
    of documents: [LabelDocument], created: String? = nil
  ) throws(LabelRenderingFault) -> LabelAnswer<[UInt8]> {
    var pages: [(page: LabelPage, symbols: [SymbolPlacement])] = []
    for page in documents.lazy.flatMap(\.pages) {
      // Fine enough for any printer, and whole dots for those of 300 and 600 dpi.
      switch SymbolPlacement.all(on: page, at: .dpi600) {
      case .refused(let refusal): return .refused(refusal)
      case .made(let symbols): pages.append((page.with(symbols), symbols))
      }
    }
    let title = documents.first?.title ?? ""
    let answer = easel.withLock { $0.pdf(of: pages, title: title) }
    let bytes = try answer.get()
    return .made(created.map { PDFDate.stated($0, in: bytes) } ?? bytes)
  }

  private static func dots(
    of page: LabelPage, at resolution: PrintResolution
  ) throws(LabelRenderingFault) -> (width: Int, height: Int) {
    let size = (width: resolution.dots(page.size.width), height: resolution.dots(page.size.height))
    let dots = size.width * size.height
    guard dots <= maximumDots else { throw .pageTooLarge(dots: dots, most: maximumDots) }
    return size
  }
}

extension LabelPage {
  /// The page with the digits that stand below its symbols.
  fileprivate func with(_ placements: [SymbolPlacement]) -> LabelPage {
    let digits = placements.flatMap(\.texts)
    if digits.isEmpty { return self }
    return LabelPage(size: size, artwork: artwork, texts: texts + digits, symbols: symbols)
  }
}
