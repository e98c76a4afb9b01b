/// Takes a drawing apart and checks it on the way.
struct TemplateReading {
  let description: LabelDescription
  let file: String
  var symbologies: [LabelSymbology] = []
  /// The start tag of a page's artwork, and what it refers to.
  private(set) var opening = ""
  private(set) var nodes: [DrawingNode] = []

  private var check: DrawingCheck
  var used: Set<String> = []

  /// What holds where an element stands.
  struct Place {
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
        "want viewBox=\"0 0 \(millimetres(size.width)) \(millimetres(size.height))\" in `svg`: one unit is one millimetre (Inkscape: File, Document Properties, units mm and scale 1)"
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

  // MARK: Parts of elements

  func inherit(_ place: inout Place, _ element: MarkupElement) throws(LabelFault) {
    do throws(TextStyle.Fault) {
      try place.style.inherit(element)
    } catch {
      throw fault(element, error.message)
    }
  }

  func ownTransform(_ element: MarkupElement) throws(LabelFault) -> DrawingTransform {
    guard let text = element["transform"] else { return .identity }
    guard let transform = DrawingTransform(svg: text) else {
      throw fault(
        element, "want translate, scale, matrix, or rotate by a multiple of 90 as transform here, not \(text)")
    }
    return transform
  }

  mutating func use(_ names: Set<String>, in place: Place, of element: MarkupElement) throws(LabelFault) {
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

  func known(_ names: [String]) -> String {
    names.isEmpty ? "" : "; it has \(names.prefix(40).joined(separator: ", "))"
  }

  func number(
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

  func name(of element: MarkupElement) -> String { element["id"] ?? "line \(element.line)" }

  func fault(_ element: MarkupElement, _ message: String) -> LabelFault {
    LabelFault(file: file, line: element.line, message: message)
  }
}
