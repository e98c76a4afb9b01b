/// What the shapes of a page cost to draw, counted before anything draws them: librsvg cannot be interrupted.
///
/// Counted is work, in units of which a million is about a second of one core of 2020 for cairo 1.16 at 600 dpi: each shape pays
/// for the area that it paints, for the rows that its edges go through, and for the pairs of edges that may cross. All three are
/// upper bounds; where they come from stands in docs/performance.md. A PDF costs less than the dots.
struct DrawingCost {
  /// The most work of a page.
  static let most = 400_000.0

  /// What the costliest shape is, for the fault.
  private(set) var worst: (line: Int, work: Double) = (0, 0)

  private let identified: [String: MarkupElement]
  private let area: Double
  private let rows: Double
  private let side: Double

  // Work of…
  private static let element = 15.0
  private static let plainArea = 0.15  // a square millimetre
  private static let gradientArea = 9.0
  private static let pictureArea = 3.2
  private static let pixel = 0.15
  private static let row = 0.045
  private static let edge = 0.5
  private static let crossing = 0.085
  private static let dash = 10.0
  /// A pair of edges of which one clips the other.
  private static let clippedPair = 1.0

  /// What is handed down.
  private struct Context {
    var scale = 1.0
    var isUpright = true
    var fill = "black"
    var stroke = "none"
    var strokeWidth = 1.0
    var miterLimit = 4.0
    var times = 1.0
    /// Edges of what clips it, but for a box, and the work of filling that.
    var clipEdges = 0.0
    var clipWork = 0.0
  }

  init(identified: [String: MarkupElement], page: LabelSize) {
    self.identified = identified
    area = page.width * page.height
    rows = page.height * PrintResolution.dpi600.dotsPerMillimetre
    side = max(page.width, page.height)
  }

  /// The work of a page with everything on it. The drawing was checked: what it repeats ends.
  mutating func work(of drawing: MarkupElement) -> Double { work(of: drawing, Context()) }

  // MARK: The tree

  private mutating func work(of element: MarkupElement, _ outer: Context) -> Double {
    var context = outer
    inherit(&context, element)
    var work = Self.element
    switch element.name {
    case "defs", "text": return 0
    // Drawn by itself, in whole dots.
    case "rect" where element["data-symbology"] != nil: return 0
    case "g", "svg", "symbol":
      if let times = Self.rowsOnPage(element) { context.times *= times }
      for child in element.children { work += self.work(of: child, context) }
    case "use":
      guard let target = element["xlink:href"].flatMap({ identified[String($0.dropFirst())] }) else { return work }
      context.scale *= viewBoxScale(of: target, for: element)
      work += self.work(of: target, context)
    case "image":
      let picture = element["xlink:href"].flatMap { EmbeddedPicture(address: $0) }
      let shown = Self.number(element, "width", side) * Self.number(element, "height", side)
      work += Double(picture?.width ?? 0) * Double(picture?.height ?? 0) * Self.pixel
      work += min(area, shown * context.scale * context.scale) * Self.pictureArea
      note(element, work * context.times)
    default:
      guard let outline = outline(of: element, scale: context.scale) else { return work }
      work += shape(outline, element, context)
      note(element, work * context.times)
    }
    // What repeats has counted its parts once.
    return element["data-rows"] == nil ? work : work * (context.times / outer.times)
  }

  private mutating func note(_ element: MarkupElement, _ work: Double) {
    if work > worst.work { worst = (element.line, work) }
  }

  private mutating func inherit(_ context: inout Context, _ element: MarkupElement) {
    if let transform = element["transform"] {
      let growth = TransformGrowth(svg: transform)
      context.scale *= growth.scale
      context.isUpright = context.isUpright && growth.isUpright
    }
    if let fill = element["fill"] { context.fill = fill }
    if let stroke = element["stroke"] { context.stroke = stroke }
    if let width = element["stroke-width"].flatMap(LabelNumber.length) { context.strokeWidth = width }
    if let limit = element["stroke-miterlimit"].flatMap({ Double($0) }) { context.miterLimit = limit }
    if let clip = reference(element["clip-path"]) {
      var edges = context.clipEdges
      for part in clip.children {
        guard let outline = clipOutline(part, context) else { continue }
        edges += Double(outline.count)
        context.clipWork +=
          area * Self.plainArea + Double(outline.count) * Self.edge + outline.rows(most: rows) * Self.row
          + outline.crossings() * Self.crossing
      }
      // Clips within clips make new corners wherever they cross.
      context.clipEdges = context.clipEdges > 0 && edges > context.clipEdges ? edges * edges : edges
    }
  }

  /// The outline of a part of a clip; nil for a box, which costs nothing.
  private func clipOutline(_ part: MarkupElement, _ context: Context) -> Outline? {
    let isBox = part.name == "rect" && part["rx"] == nil && part["ry"] == nil && part["transform"] == nil
    if isBox, context.isUpright { return nil }
    let scale = context.scale * (part["transform"].map { TransformGrowth(svg: $0).scale } ?? 1)
    guard part.name == "use" else { return outline(of: part, scale: scale) }
    guard let target = part["xlink:href"].flatMap({ identified[String($0.dropFirst())] }) else { return nil }
    var inner = context
    inner.scale = scale
    return clipOutline(target, inner)
  }

  private func reference(_ value: String?) -> MarkupElement? {
    guard let value, value.lowercased().hasPrefix("url(#") else { return nil }
    return identified[String(value.dropFirst(5).dropLast())]
  }

  /// Rows that a page has room for (`data-rows`).
  private static func rowsOnPage(_ element: MarkupElement) -> Double? {
    guard element["data-rows"] != nil, let height = element["data-row-height"].flatMap(LabelNumber.length), height >= 1
    else { return nil }
    let room = ["data-height", "data-full-height"].compactMap { element[$0].flatMap(LabelNumber.length) }.max() ?? 0
    return (room / height).rounded(.up)
  }

  /// How much a `symbol` grows by its `viewBox`.
  private func viewBoxScale(of target: MarkupElement, for use: MarkupElement) -> Double {
    let box = target["viewBox"]?.split { $0 == " " || $0 == "," }.compactMap { Double($0) } ?? []
    guard target.name == "symbol", box.count == 4 else { return 1 }
    guard box[2] > 0, box[3] > 0 else { return 0 }
    return max(Self.number(use, "width", side) / box[2], Self.number(use, "height", side) / box[3], 1e-6)
  }

  // MARK: Shapes

  private func outline(of element: MarkupElement, scale: Double) -> Outline? {
    func number(_ name: String) -> Double { Self.number(element, name, 0) }
    var outline = Outline(scale: scale)
    switch element.name {
    case "rect":
      outline.rectangle(number("x"), number("y"), number("width"), number("height"))
      let (rx, ry) = (element["rx"] ?? element["ry"], element["ry"] ?? element["rx"])
      if rx != nil || ry != nil {
        outline.ellipse(
          number("x"), number("y"), rx.flatMap(LabelNumber.length) ?? 0, ry.flatMap(LabelNumber.length) ?? 0)
      }
    case "circle": outline.ellipse(number("cx"), number("cy"), number("r"), number("r"))
    case "ellipse": outline.ellipse(number("cx"), number("cy"), number("rx"), number("ry"))
    case "line": outline.line([number("x1"), number("y1")], [number("x2"), number("y2")])
    case "path": outline.path(element["d"] ?? "")
    case "polyline", "polygon": outline.path("M" + (element["points"] ?? "") + "z")
    default: return nil
    }
    return outline
  }

  private func shape(_ outline: Outline, _ element: MarkupElement, _ context: Context) -> Double {
    guard !outline.isTooLong else { return Self.most }
    let grown = outline.scale * outline.scale
    let edges = Double(outline.count)
    var work = 0.0
    if context.fill != "none" {
      work += min(area, outline.width * outline.height * grown) * rate(context.fill)
      work += edges * Self.edge + outline.rows(most: rows) * Self.row
      work += outline.crossings() * (context.clipEdges > 0 ? Self.clippedPair : Self.crossing)
      work += edges * context.clipEdges * Self.clippedPair + context.clipWork
    }
    guard context.stroke != "none", context.strokeWidth > 0 else { return work }
    let width = context.strokeWidth
    let corners = Double(outline.corners)
    let painted = (outline.length * width + corners * width * width) * grown
    work += min(area, painted) * rate(context.stroke)
    // Two sides, and a join at each corner.
    let join = min(rows, width * max(3, context.miterLimit) * outline.scale * PrintResolution.dpi600.dotsPerMillimetre)
    work += 2 * (edges + corners) * Self.edge + (2 * outline.rows(most: rows) + corners * join) * Self.row
    // Both sides of a line cross another's, but the pieces of one curve hardly ever.
    let pairs = 1.25 * outline.crossings(reach: width / 2)
    work += pairs * (context.clipEdges > 0 ? Self.clippedPair : Self.crossing)
    work += 2 * edges * context.clipEdges * Self.clippedPair + context.clipWork
    if let dashes = element["stroke-dasharray"], dashes != "none" {
      let lengths = dashes.split { $0 == " " || $0 == "," }.compactMap { LabelNumber.length(String($0)) }
      let period = max(MarkupLimits.dash, lengths.min() ?? MarkupLimits.dash)
      // A wide dash is a shape of its own, as high as the stroke is wide.
      work += outline.length / period * (Self.dash + 4 * join * Self.row)
    }
    return work
  }

  private func rate(_ paint: String) -> Double { reference(paint) == nil ? Self.plainArea : Self.gradientArea }

  private static func number(_ element: MarkupElement, _ name: String, _ otherwise: Double) -> Double {
    element[name].flatMap(LabelNumber.length) ?? otherwise
  }
}
