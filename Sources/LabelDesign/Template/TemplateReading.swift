/// Takes a drawing apart and checks it on the way.
struct TemplateReading {
  let description: LabelDescription
  let file: String
  private(set) var symbologies: [LabelSymbology] = []
  /// The start tag of a page's artwork, and what it refers to.
  private(set) var opening = ""
  private(set) var nodes: [DrawingNode] = []

  private var check: DrawingCheck
  private var used: Set<String> = []

  /// What holds where an element stands.
  private struct Place {
    var style = TextStyle()
    /// From here to the page, or to the first row; nil where text and symbols cannot stand: turned by something else than
    /// quarters, or skewed.
    var whole: DrawingTransform? = .identity
    /// The list whose row this is.
    var list: LabelList?
    /// The fields that surely have a value here.
    var given: Set<String> = []
  }

  init(description: LabelDescription, file: String) {
    self.description = description
    self.file = file
    check = DrawingCheck(file: file)
  }

  mutating func read(_ root: MarkupElement) throws(LabelFault) {
    guard root.name == "svg" else { throw fault(root, "want `svg` as the outermost element, not `\(root.name)`") }
    guard root["xmlns"] == "http://www.w3.org/2000/svg" else {
      throw fault(root, "want xmlns=\"http://www.w3.org/2000/svg\" in `svg`")
    }
    try checkSize(root)
    let drawing = try check.checked(root)
    var place = Place()
    try inherit(&place, drawing)
    opening =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\""
      + " width=\"\(millimetres(description.size.width))mm\" height=\"\(millimetres(description.size.height))mm\""
      + " viewBox=\"0 0 \(millimetres(description.size.width)) \(millimetres(description.size.height))\""
      + MarkupWriting.opening(of: drawing).dropFirst("<svg".count)
    for child in drawing.children {
      if child.name == "defs" {
        opening += MarkupWriting.text(of: child)
      } else {
        nodes += try read(child, in: place)
      }
    }
    let names = description.fields.map(\.name) + description.lists.map(\.name)
    if let unused = names.first(where: { !used.contains($0) }) {
      throw LabelFault(
        file: file, line: nil, message: "has no {{\(unused)}}, which label.yaml describes: use it, or take it out there"
      )
    }
  }

  private func checkSize(_ root: MarkupElement) throws(LabelFault) {
    let size = description.size
    guard let width = root["width"].flatMap(LabelNumber.millimetres),
      let height = root["height"].flatMap(LabelNumber.millimetres), width == size.width, height == size.height
    else {
      throw fault(
        root,
        "want width=\"\(millimetres(size.width))mm\" height=\"\(millimetres(size.height))mm\" in `svg`, as label.yaml says"
      )
    }
    let box = root["viewBox"]?.split { $0 == " " || $0 == "," }.compactMap { Double($0) }
    guard box == [0, 0, size.width, size.height] else {
      throw fault(
        root,
        "want viewBox=\"0 0 \(millimetres(size.width)) \(millimetres(size.height))\" in `svg`: one unit is one millimetre"
      )
    }
  }

  // MARK: Elements

  private mutating func read(_ element: MarkupElement, in outer: Place) throws(LabelFault) -> [DrawingNode] {
    var place = outer
    let condition = try condition(of: element, in: outer)
    if let condition, !condition.whenEmpty { place.given.insert(condition.field) }
    let pages = try pages(of: element)
    let parts: [DrawingNode]
    switch element.name {
    case "g": return [try group(element, condition, pages, in: place)].compactMap { $0 }
    case "text":
      try inherit(&place, element)
      parts = [.text(try text(element, in: place))]
    case "rect" where element["data-symbology"] != nil:
      parts = [.symbol(try symbol(element, in: place))]
    default:
      guard !element.attributes.contains(where: { $0.value.contains("{{") }) else {
        throw fault(element, "fields may stand in text and in data-value, and nowhere else")
      }
      parts = [.artwork(MarkupWriting.text(of: element))]
    }
    guard condition != nil || pages != .all else { return parts }
    return [
      .group(
        DrawingGroup(
          opening: "<g>", transform: .identity, condition: condition, pages: pages, rows: nil, children: parts))
    ]
  }

  private mutating func group(
    _ element: MarkupElement, _ condition: Condition?, _ pages: PageChoice, in outer: Place
  ) throws(LabelFault) -> DrawingNode? {
    var place = outer
    try inherit(&place, element)
    let own = element["transform"].map { DrawingTransform(svg: $0) } ?? .identity
    place.whole = outer.whole.flatMap { outer in own.map { outer.applied(after: $0) } }
    let rows = try rows(of: element, in: outer)
    if let rows {
      guard place.whole != nil else { throw fault(element, "rows cannot be skewed, or turned by other than 90°") }
      place.list = description.list(rows.list)
    }
    var children: [DrawingNode] = []
    for child in element.children { children += try read(child, in: place) }
    if children.isEmpty { return nil }
    let group = DrawingGroup(
      opening: MarkupWriting.opening(of: element), transform: own ?? .identity, condition: condition, pages: pages,
      rows: rows, children: children)
    guard condition == nil, pages == .all, rows == nil else { return .group(group) }
    // Nothing but shapes: one piece.
    let shapes = children.compactMap { if case .artwork(let text) = $0 { text } else { nil } }
    guard shapes.count == children.count else {
      guard place.whole != nil else {
        throw fault(
          element, "text and symbols cannot be skewed, or turned by other than 90°: take them out of this group")
      }
      return .group(group)
    }
    return .artwork(group.opening + shapes.joined() + "</g>")
  }

  private mutating func rows(of element: MarkupElement, in place: Place) throws(LabelFault) -> RowArea? {
    guard let name = element["data-rows"] else {
      if element["data-row-height"] ?? element["data-height"] ?? element["data-full-height"] != nil {
        throw fault(element, "data-row-height, data-height and data-full-height belong to data-rows")
      }
      return nil
    }
    guard place.list == nil else { throw fault(element, "rows cannot stand within rows") }
    guard description.list(name) != nil else {
      throw fault(element, "label.yaml has no list `\(name)`" + known(description.lists.map(\.name)))
    }
    guard let rowHeight = element["data-row-height"].flatMap(LabelNumber.length), rowHeight >= 1 else {
      throw fault(element, "want data-row-height, in millimetres, at least 1")
    }
    guard let height = element["data-height"].flatMap(LabelNumber.length), height >= rowHeight else {
      throw fault(element, "want data-height: how high the rows of a page may be together, at least one row")
    }
    let fullHeight = try number(element, "data-full-height", in: height...Double(MarkupLimits.number)) ?? height
    used.insert(name)
    func count(_ height: Double) -> Int { Int((height / rowHeight + 1e-6).rounded(.down)) }
    return RowArea(list: name, rowHeight: rowHeight, capacity: count(height), fullCapacity: count(fullHeight))
  }

  private mutating func condition(of element: MarkupElement, in place: Place) throws(LabelFault) -> Condition? {
    let shown = element["data-if"]
    let hidden = element["data-unless"]
    guard shown == nil || hidden == nil else { throw fault(element, "data-if or data-unless, not both") }
    guard let name = shown ?? hidden else { return nil }
    try use([name], in: place, of: element)
    return Condition(field: name, whenEmpty: hidden != nil)
  }

  private func pages(of element: MarkupElement) throws(LabelFault) -> PageChoice {
    guard let text = element["data-pages"] else { return .all }
    guard let choice = PageChoice(rawValue: text) else {
      throw fault(
        element, "data-pages must be one of \(PageChoice.allCases.map(\.rawValue).joined(separator: ", ")), not \(text)"
      )
    }
    return choice
  }

  // MARK: Text

  private mutating func text(_ element: MarkupElement, in place: Place) throws(LabelFault) -> TextBlock {
    guard place.whole != nil else {
      throw fault(element, "text cannot be skewed, or turned by other than 90°")
    }
    let flat = try runs(of: element, in: place)
    let (runs, position) = (flat.runs, flat.position)
    let names = runs.reduce(into: Set<String>()) { $0.formUnion($1.text.names) }
    try use(names, in: place, of: element)

    let width = try number(element, "data-width", in: 0.5...Double(MarkupLimits.number))
    guard names.isEmpty || width != nil else {
      throw fault(element, "want data-width: how wide this text may be, in millimetres")
    }
    var fit = TextBlock.Fit.refuse
    if let words = element["data-fit"] {
      let parts = words.split(separator: " ")
      switch parts.first {
      case "refuse" where parts.count == 1: break
      case "shrink" where parts.count == 2:
        guard let least = Double(parts[1]), least >= 0.8, least <= runs.map(\.size).max() ?? 0 else {
          throw fault(element, "data-fit=\"shrink N\": N is the smallest font size, from 0.8 to the text's own")
        }
        fit = .shrink(least)
      default: throw fault(element, "data-fit must be refuse, or shrink and the smallest font size, not \(words)")
      }
      guard width != nil else { throw fault(element, "data-fit wants data-width beside it") }
    }
    let lines = try number(element, "data-lines", in: 1...200) ?? 1
    let lineHeight = try number(element, "data-line-height", in: 0.8...3) ?? 1.25
    if lines > 1 {
      guard width != nil, runs.count == 1 else {
        throw fault(element, "data-lines wants data-width, and text without `tspan`")
      }
    }
    var vertical = SymbolAlignment.Place.start
    if let word = element["data-valign"] {
      guard let place = ["top": SymbolAlignment.Place.start, "middle": .middle, "bottom": .end][word], lines > 1 else {
        throw fault(element, "data-valign must be top, middle or bottom, with data-lines")
      }
      vertical = place
    }
    var breaksAnywhere = false
    if let word = element["data-break"] {
      guard word == "anywhere", lines > 1 else { throw fault(element, "data-break must be anywhere, with data-lines") }
      breaksAnywhere = true
    }
    return TextBlock(
      name: name(of: element), runs: runs, x: position.x, y: position.y, anchor: place.style.anchor,
      transform: try ownTransform(element), width: width, fit: fit, lines: Int(lines), lineHeight: lineHeight,
      vertical: vertical,
      breaksAnywhere: breaksAnywhere)
  }

  /// The stretches of a text, and where it begins. Drawing programs put a single `tspan` around all of it.
  private func runs(
    of element: MarkupElement, in place: Place
  ) throws(LabelFault) -> (runs: [TextBlock.Run], position: (x: Double, y: Double)) {
    var x = element["x"]
    var y = element["y"]
    var pieces: [(text: String, style: TextStyle)] = []
    for (index, content) in element.content.enumerated() {
      switch content {
      case .text(let text): pieces.append((text, place.style))
      case .element(let span):
        guard span.name == "tspan" else { throw fault(span, "`\(span.name)` cannot stand in text") }
        var inner = place
        try inherit(&inner, span)
        let isFirst = element.content[..<index].allSatisfy {
          if case .text(let text) = $0 { text.allSatisfy(\.isWhitespace) } else { false }
        }
        if span["x"] != nil || span["y"] != nil {
          guard isFirst else {
            throw fault(span, "a `tspan` with a place of its own: make it a `text` of its own, or use data-lines")
          }
          x = span["x"] ?? x
          y = span["y"] ?? y
        }
        for part in span.content {
          guard case .text(let text) = part else { throw fault(span, "a `tspan` cannot stand in another") }
          pieces.append((text, inner.style))
        }
      }
    }
    let collapsed = Self.collapsed(pieces.map(\.text))
    var runs: [TextBlock.Run] = []
    for (piece, text) in zip(pieces, collapsed) where !text.isEmpty {
      guard text.count <= MarkupLimits.text else {
        throw fault(element, "has more than \(MarkupLimits.text) characters of text")
      }
      do throws(FieldText.Fault) {
        runs.append(
          .init(
            text: try FieldText(text), font: piece.style.font, size: piece.style.size, colour: try colour(piece.style)))
      } catch {
        throw fault(element, error.message)
      }
    }
    guard let x = LabelNumber.length(x ?? "0"), let y = LabelNumber.length(y ?? "0") else {
      throw fault(element, "want one number each for x and y")
    }
    return (runs, (x, y))
  }

  private func colour(_ style: TextStyle) throws(FieldText.Fault) -> LabelColour {
    do throws(TextStyle.Fault) { return try style.colour() } catch { throw FieldText.Fault(message: error.message) }
  }

  /// SVG 1.1, 10.15, xml:space="default": runs of blanks are one space, none at either end.
  private static func collapsed(_ texts: [String]) -> [String] {
    var pending = false
    var hasText = false
    return texts.map { text in
      var collapsed = ""
      for character in text {
        if character == " " || character == "\n" || character == "\t" || character == "\r\n" || character == "\r" {
          pending = hasText
        } else {
          if pending { collapsed.append(" ") }
          collapsed.append(character)
          (pending, hasText) = (false, true)
        }
      }
      return collapsed
    }
  }

  // MARK: Symbols

  private mutating func symbol(_ element: MarkupElement, in place: Place) throws(LabelFault) -> SymbolBox {
    let text = element["data-symbology"] ?? ""
    guard let symbology = LabelSymbology(rawValue: text) else {
      throw fault(
        element,
        "data-symbology must be one of \(LabelSymbology.allCases.map(\.rawValue).joined(separator: ", ")), not \(text)")
    }
    let value: FieldText
    do throws(FieldText.Fault) {
      value = try FieldText(element["data-value"] ?? "")
    } catch {
      throw fault(element, error.message)
    }
    guard !value.parts.isEmpty else { throw fault(element, "want data-value: what the symbol says") }
    try use(value.names, in: place, of: element)
    for name in value.plainNames {
      let field = place.list?.fields.first { $0.name == name } ?? description.field(name)
      if let field, !field.isRequired, !place.given.contains(name) {
        throw fault(element, "`\(name)` may be left out: say data-if=\"\(name)\", or there would be an empty symbol")
      }
    }
    let own = try ownTransform(element)
    guard let whole = place.whole?.applied(after: own), whole.quarterTurns != nil else {
      throw fault(
        element, "a symbol cannot be scaled, mirrored, skewed or turned by other than 90°: its dots would not be whole")
    }
    let range = 0.5...Double(MarkupLimits.number)
    guard let width = try number(element, "width", in: range), let height = try number(element, "height", in: range)
    else { throw fault(element, "want width and height, in millimetres") }
    let x = try number(element, "x", in: -Double(MarkupLimits.number)...Double(MarkupLimits.number)) ?? 0
    let y = try number(element, "y", in: -Double(MarkupLimits.number)...Double(MarkupLimits.number)) ?? 0
    let box = LabelBox(x: x, y: y, width: width, height: height)
    if place.list == nil {
      let onPage = whole.box(box)
      guard onPage.x >= -1e-6, onPage.y >= -1e-6, onPage.x + onPage.width <= description.size.width + 1e-6,
        onPage.y + onPage.height <= description.size.height + 1e-6
      else { throw fault(element, "this symbol's box is not wholly on the label") }
    }
    if !symbologies.contains(symbology) { symbologies.append(symbology) }
    return SymbolBox(
      name: name(of: element), symbology: symbology, value: value,
      errorCorrection: try errorCorrection(element, symbology), columns: try columns(element, symbology), box: box,
      transform: own, module: try module(element), quietZone: try quietZone(element, symbology),
      alignment: try alignment(element))
  }

  private func errorCorrection(_ element: MarkupElement, _ symbology: LabelSymbology) throws(LabelFault) -> String? {
    guard let word = element["data-error-correction"] else { return nil }
    guard symbology.errorCorrections.contains(word) else {
      throw fault(
        element,
        symbology.errorCorrections.isEmpty
          ? "\(symbology.title) has no choice of error correction"
          : "data-error-correction must be one of \(symbology.errorCorrections.joined(separator: ", ")), not \(word)")
    }
    return word
  }

  private func columns(_ element: MarkupElement, _ symbology: LabelSymbology) throws(LabelFault) -> Int? {
    guard let text = element["data-columns"] else { return nil }
    guard symbology == .pdf417, let columns = Int(text), (1...30).contains(columns) else {
      throw fault(element, "data-columns is for pdf417, from 1 to 30")
    }
    return columns
  }

  private func module(_ element: MarkupElement) throws(LabelFault) -> ClosedRange<Double> {
    let usual = PlacedSymbol.usualModule
    let most = try number(element, "data-module", in: 0.08...10) ?? usual.upperBound
    let least = try number(element, "data-least-module", in: 0.08...10) ?? min(usual.lowerBound, most)
    guard least <= most else { throw fault(element, "data-least-module must not be above data-module") }
    return least...most
  }

  private func quietZone(_ element: MarkupElement, _ symbology: LabelSymbology) throws(LabelFault) -> QuietZone {
    var quiet = symbology.quietZone
    guard let text = element["data-quiet"] else { return quiet }
    let needed = max(quiet.left, quiet.right, quiet.vertical)
    guard let modules = Int(text), (needed...100).contains(modules) else {
      throw fault(element, "data-quiet is in modules, and for \(symbology.title) from \(needed) to 100")
    }
    quiet.left = modules
    quiet.right = modules
    if !symbology.isLinear { quiet.vertical = modules }
    return quiet
  }

  private func alignment(_ element: MarkupElement) throws(LabelFault) -> SymbolAlignment {
    var alignment = SymbolAlignment()
    for word in (element["data-align"] ?? "").split(separator: " ") {
      switch word {
      case "left": alignment.horizontal = .start
      case "center": alignment.horizontal = .middle
      case "right": alignment.horizontal = .end
      case "top": alignment.vertical = .start
      case "middle": alignment.vertical = .middle
      case "bottom": alignment.vertical = .end
      default: throw fault(element, "data-align takes left, center, right and top, middle, bottom, not \(word)")
      }
    }
    return alignment
  }

  // MARK: Parts of elements

  private func inherit(_ place: inout Place, _ element: MarkupElement) throws(LabelFault) {
    do throws(TextStyle.Fault) {
      try place.style.inherit(element)
    } catch {
      throw fault(element, error.message)
    }
  }

  private func ownTransform(_ element: MarkupElement) throws(LabelFault) -> DrawingTransform {
    guard let text = element["transform"] else { return .identity }
    guard let transform = DrawingTransform(svg: text) else {
      throw fault(
        element, "want translate, scale, matrix, or rotate by a multiple of 90 as transform here, not \(text)")
    }
    return transform
  }

  private mutating func use(_ names: Set<String>, in place: Place, of element: MarkupElement) throws(LabelFault) {
    for name in names.sorted() {
      if let list = place.list {
        if list.fields.contains(where: { $0.name == name }) || name == "row" { continue }
      }
      if name == "page" || name == "pages" { continue }
      let known = description.fields.map(\.name) + description.lists.map(\.name)
      guard known.contains(name) else {
        let row = place.list.map { $0.fields.map(\.name) + ["row"] } ?? []
        throw fault(element, "label.yaml has no field `\(name)`" + self.known(known + row))
      }
      used.insert(name)
    }
  }

  private func known(_ names: [String]) -> String {
    names.isEmpty ? "" : "; it has \(names.prefix(40).joined(separator: ", "))"
  }

  private func number(
    _ element: MarkupElement, _ name: String, in range: ClosedRange<Double>
  ) throws(LabelFault) -> Double? {
    guard let text = element[name] else { return nil }
    guard let number = LabelNumber.length(text), range.contains(number) else {
      throw fault(
        element,
        "`\(name)` must be a number from \(millimetres(range.lowerBound)) to \(millimetres(range.upperBound)), not \(text)"
      )
    }
    return number
  }

  private func name(of element: MarkupElement) -> String { element["id"] ?? "line \(element.line)" }

  private func fault(_ element: MarkupElement, _ message: String) -> LabelFault {
    LabelFault(file: file, line: element.line, message: message)
  }
}
