/// Fills the pages of one document, from the first to the last.
struct LabelFilling {
  let template: LabelTemplate
  let values: LabelValues
  let pageCount: Int
  let measure: TextMeasure
  /// How many rows of each list stand on pages already.
  private var done: [String: Int] = [:]
  private let areas: RowAreas

  private var artwork = ""
  private var texts: [PlacedText] = []
  private var symbols: [PlacedSymbol] = []

  /// Where a part is filled.
  private struct Scope {
    let page: Int
    var transform = DrawingTransform.identity
    var row: [String: String]?
    var rowNumber = 0
    var list = ""
  }

  init(template: LabelTemplate, values: LabelValues, pageCount: Int, measure: @escaping TextMeasure) {
    self.template = template
    self.values = values
    self.pageCount = pageCount
    self.measure = measure
    areas = RowAreas(template.nodes)
  }

  /// The next page; `number` counts from 1.
  mutating func page(_ number: Int) throws(LabelRefusal) -> LabelPage {
    (artwork, texts, symbols) = ("", [], [])
    try draw(template.nodes, Scope(page: number))
    return LabelPage(
      size: template.description.size, artwork: artwork.isEmpty ? nil : template.opening + artwork + "</svg>",
      texts: texts, symbols: symbols)
  }

  private mutating func draw(_ nodes: [DrawingNode], _ scope: Scope) throws(LabelRefusal) {
    for node in nodes {
      switch node {
      case .artwork(let shapes):
        artwork += shapes
        guard artwork.utf8.count <= MarkupLimits.page else {
          throw LabelRefusal(
            "label.page.tooMuch", "A page would hold more than \(MarkupLimits.page) bytes of shapes.",
            remedy: "Simplify what the template repeats in every row.")
        }
      case .group(let group): try draw(group, scope)
      case .text(let block): try draw(block, scope)
      case .symbol(let box): try draw(box, scope)
      }
    }
  }

  private mutating func draw(_ group: DrawingGroup, _ scope: Scope) throws(LabelRefusal) {
    guard group.pages.holds(scope.page, of: pageCount) else { return }
    if let condition = group.condition, value(condition.field, scope).isEmpty != condition.whenEmpty { return }
    var inner = scope
    inner.transform = scope.transform.applied(after: group.transform)
    let hasArtwork = group.hasArtwork
    if hasArtwork { artwork += group.opening }
    if let area = group.rows {
      let rows = values.lists[area.list] ?? []
      let first = done[area.list] ?? 0
      // A row at least stands on the page that is signed: nobody signs under an empty table.
      let kept =
        scope.page < pageCount && areas.capacity(of: area.list, on: pageCount, of: pageCount) > 0 ? 1 : 0
      let last = min(rows.count - kept, first + area.capacity(on: scope.page, of: pageCount))
      let start = inner.transform
      inner.list = area.list
      for (place, index) in (first..<max(first, last)).enumerated() {
        let down = Double(place) * area.rowHeight
        inner.transform = start.applied(after: .translation(0, down))
        inner.row = rows[index]
        inner.rowNumber = index + 1
        if hasArtwork { artwork += "<g transform=\"translate(0 \(millimetres(down)))\">" }
        try draw(group.children, inner)
        if hasArtwork { artwork += "</g>" }
      }
      done[area.list] = max(first, last)
    } else {
      try draw(group.children, inner)
    }
    if hasArtwork { artwork += "</g>" }
  }

  private mutating func draw(_ block: TextBlock, _ scope: Scope) throws(LabelRefusal) {
    let runs = block.runs.map { run in
      PlacedText.Run(
        text: run.text.filled { value($0, scope) }, font: run.font, size: run.size, colour: run.colour)
    }
    let placing = TextFitting(block: block, field: field(of: block, scope), measure: measure)
    let transform = scope.transform.applied(after: block.transform)
    let lines = try placing.lines(runs)
    let leading = block.lineHeight * (lines.first?.first?.size ?? 0)
    let above: Double =
      switch block.vertical {
      case .start: 0
      case .middle: Double(lines.count - 1) / 2
      case .end: Double(lines.count - 1)
      }
    for (index, line) in lines.enumerated() {
      texts.append(
        PlacedText(
          runs: line, x: block.x, y: block.y + (Double(index) - above) * leading, anchor: block.anchor,
          transform: transform))
    }
  }

  private mutating func draw(_ box: SymbolBox, _ scope: Scope) throws(LabelRefusal) {
    let transform = scope.transform.applied(after: box.transform)
    let content = SymbolContent(
      box.symbology, box.value.filled { value($0, scope) }, errorCorrection: box.errorCorrection, columns: box.columns,
      shape: box.shape)
    let field = box.value.names.sorted().first.map { path($0, scope) }
    if let refusal = content.refusal(field: field, box: box.name) { throw refusal }
    symbols.append(
      PlacedSymbol(
        name: box.name, content: content, box: transform.box(box.box), quarterTurns: transform.quarterTurns ?? 0,
        module: box.module, quietZone: box.quietZone, alignment: box.alignment,
        trim: box.trim))
  }

  /// What a name stands for here; empty when it has no value.
  private func value(_ name: String, _ scope: Scope) -> String {
    if let row = scope.row {
      if let value = row[name] { return value }
      if name == "row" { return String(scope.rowNumber) }
    }
    if let value = values.fields[name] { return value }
    switch name {
    case "page": return String(scope.page)
    case "pages": return String(pageCount)
    default:
      // A list's name stands for how many rows it has.
      return template.description.list(name) == nil ? "" : String(values.lists[name]?.count ?? 0)
    }
  }

  private func field(of block: TextBlock, _ scope: Scope) -> String? {
    block.runs.lazy.flatMap { $0.text.names.sorted() }.first.map { path($0, scope) }
  }

  private func path(_ name: String, _ scope: Scope) -> String {
    scope.row?[name] == nil ? name : "\(scope.list)[\(scope.rowNumber)].\(name)"
  }
}
