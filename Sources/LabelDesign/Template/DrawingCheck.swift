/// Lets through of a drawing what a label may hold, and takes the rest out or refuses it.
struct DrawingCheck {
  let file: String
  private var identified: [String: MarkupElement] = [:]
  private var weights: [String: Int] = [:]
  private var weighing: Set<String> = []
  /// Greater than 0 within `defs`.
  private var definitions = 0
  private var pictures = 0
  private var dashed = 0

  private let page: LabelSize

  init(file: String, page: LabelSize) {
    self.file = file
    self.page = page
  }

  /// The drawing with `style` taken apart into attributes, and without what drawing programs note for themselves.
  mutating func checked(_ root: MarkupElement) throws(LabelFault) -> MarkupElement {
    var drawing = root
    drawing.attributes = try attributes(of: root).filter { !["width", "height", "viewBox"].contains($0.name) }
    drawing.content = try content(of: root)
    let total = try weight(of: drawing)
    guard total <= MarkupLimits.drawn else {
      throw LabelFault(
        file: file, line: root.line,
        message:
          "draws too much: \(total) parts, at most \(MarkupLimits.drawn). Simplify its paths, or what `use` repeats")
    }
    var cost = DrawingCost(identified: identified, page: page)
    let work = cost.work(of: drawing)
    guard work <= DrawingCost.most else {
      let hundredths = Int(min(work / DrawingCost.most * 100, 1e9).rounded(.up))
      throw LabelFault(
        file: file, line: cost.worst.line,
        message:
          "draws too much: \(hundredths) % of what a page may cost, the most of it here. Simplify it, make it smaller, or embed it as PNG"
      )
    }
    return drawing
  }

  // MARK: Elements

  private mutating func content(of element: MarkupElement) throws(LabelFault) -> [MarkupElement.Content] {
    var content: [MarkupElement.Content] = []
    let takesText = element.name == "text" || element.name == "tspan"
    for part in element.content {
      switch part {
      case .text(let text):
        if takesText { content.append(.text(text)) }
        guard takesText || text.allSatisfy(\.isWhitespace) else {
          throw fault(element, "text must stand in a `text` element")
        }
      case .element(let child):
        if let child = try checked(child, in: element) { content.append(.element(child)) }
      }
    }
    return content
  }

  private mutating func checked(_ element: MarkupElement, in outer: MarkupElement) throws(LabelFault) -> MarkupElement?
  {
    let name = element.name
    // Another vocabulary (inkscape:, sodipodi:, rdf: …): notes of a drawing program.
    if name.contains(":") {
      guard !name.hasPrefix("svg:"), !name.lowercased().hasSuffix("script") else {
        throw fault(element, "`\(name)` is refused: write elements without prefix")
      }
      return nil
    }
    if DrawingVocabulary.remarks.contains(name) { return nil }
    let isText = name == "text" || name == "tspan"
    guard
      isText || DrawingVocabulary.shapes.contains(name) || DrawingVocabulary.containers.contains(name)
        || DrawingVocabulary.leaves.contains(name)
    else { throw fault(element, DrawingVocabulary.reason(against: name)) }
    guard (outer.name == "text" || outer.name == "tspan") == (name == "tspan") else {
      throw fault(element, "`\(name)` cannot stand in `\(outer.name)`")
    }
    guard name != "defs" || outer.name == "svg" else { throw fault(element, "`defs` must stand in `svg` itself") }
    let isDefined = definitions > 0
    guard name == "defs" || name == "g" || !DrawingVocabulary.containers.contains(name) || isDefined else {
      throw fault(element, "`\(name)` must stand in `defs`")
    }
    var checked = element
    checked.attributes = try attributes(of: element)
    guard !isDefined || !(isText || checked.attributes.contains { $0.name.hasPrefix("data-") }) else {
      throw fault(element, "text, symbols and whatever has a data- attribute cannot stand in `defs`")
    }
    try check(checked)
    if name == "defs" { definitions += 1 }
    checked.content = try content(of: element)
    if name == "defs" { definitions -= 1 }
    if let id = checked["id"] {
      guard identified[id] == nil else { throw fault(element, "the id `\(id)` is given twice") }
      identified[id] = checked
    }
    return checked
  }

  private mutating func check(_ element: MarkupElement) throws(LabelFault) {
    if let dashes = element["stroke-dasharray"], dashes != "none" {
      guard ["line", "rect", "circle", "ellipse"].contains(element.name) else {
        throw fault(element, "dashes may stand at line, rect, circle and ellipse only")
      }
      let lengths = dashes.split { $0 == " " || $0 == "," }.map { LabelNumber.length(String($0)) }
      guard lengths.allSatisfy({ ($0 ?? 0) >= MarkupLimits.dash }) else {
        throw fault(element, "dashes and gaps must be \(MarkupLimits.dash) long at least")
      }
      dashed += 1
      guard dashed <= MarkupLimits.dashed else {
        throw fault(element, "more than \(MarkupLimits.dashed) elements have dashes")
      }
    }
    if let units = element["clipPathUnits"], units != "userSpaceOnUse" {
      // librsvg draws what is clipped so on a page of its own.
      throw fault(element, "`clipPathUnits` must be userSpaceOnUse, not \(units)")
    }
    if element.children.count(where: { $0.name == "stop" }) > MarkupLimits.stops {
      throw fault(element, "a gradient has more than \(MarkupLimits.stops) stops")
    }
    if element.name == "image" {
      pictures += 1
      guard pictures <= MarkupLimits.pictures else {
        throw fault(element, "has more than \(MarkupLimits.pictures) pictures")
      }
    }
  }

  // MARK: Attributes

  private func attributes(of element: MarkupElement) throws(LabelFault) -> [MarkupElement.Attribute] {
    var taken: [MarkupElement.Attribute] = []
    var styled: [MarkupElement.Attribute] = []
    for attribute in element.attributes {
      if attribute.name == "style" {
        styled = try properties(attribute.value, of: element)
      } else if let attribute = try checked(attribute, of: element) {
        taken.append(attribute)
      }
    }
    // SVG 1.1, 6.4: a property in `style` goes before the attribute of its name.
    taken.removeAll { attribute in styled.contains { $0.name == attribute.name } }
    return taken + styled
  }

  /// The declarations of a `style` attribute.
  private func properties(_ style: String, of element: MarkupElement) throws(LabelFault) -> [MarkupElement.Attribute] {
    var properties: [MarkupElement.Attribute] = []
    for declaration in style.split(separator: ";") where !declaration.allSatisfy(\.isWhitespace) {
      guard let colon = declaration.firstIndex(of: ":") else {
        throw fault(element, "want `property: value` in style, not \(declaration.prefix(40))")
      }
      func trimmed(_ text: Substring) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
      }
      let name = trimmed(declaration[..<colon]).lowercased()
      // Of one maker: `-inkscape-…`.
      if name.hasPrefix("-") { continue }
      guard !["id", "href", "transform", "d", "points", "viewbox"].contains(name) else {
        throw fault(element, "`\(name)` is no property of style")
      }
      let attribute = MarkupElement.Attribute(name: name, value: trimmed(declaration[colon...].dropFirst()))
      guard let attribute = try checked(attribute, of: element) else { continue }
      properties.removeAll { $0.name == name }
      properties.append(attribute)
    }
    return properties
  }

  /// The attribute if the drawing keeps it; nil if it says nothing.
  private func checked(
    _ attribute: MarkupElement.Attribute, of element: MarkupElement
  ) throws(LabelFault) -> MarkupElement.Attribute? {
    let (name, value) = (attribute.name, attribute.value)
    if name == "xmlns" || name.hasPrefix("xmlns:") { return nil }
    if name.hasPrefix("data-") {
      let known = (DrawingVocabulary.ownAttributes[element.name] ?? DrawingVocabulary.otherOwnAttributes)
      guard known.contains(name), element.name != "tspan" else {
        throw fault(element, "`\(name)` is no attribute of `\(element.name)`; see labels/README.md")
      }
      return attribute
    }
    if name.lowercased().hasPrefix("on") {
      throw fault(element, "`\(name)` is refused: a label has no scripts. Delete it")
    }
    if name == "href" || name.hasSuffix(":href") || name == "src" || name == "xml:base" {
      return try link(attribute, of: element)
    }
    if let values = DrawingVocabulary.idleWhen[name] {
      guard values.contains(value) else {
        throw fault(element, "`\(name)` may be \(values.sorted().joined(separator: " or ")) only, not \(value)")
      }
      return nil
    }
    if DrawingVocabulary.idle.contains(name) { return nil }
    if name.contains(":") { return nil }
    if name == "opacity" {
      // librsvg draws each such element on a page of its own, as large as the whole, however small the band.
      guard Double(value) == 1 else {
        throw fault(
          element, "`opacity` may be 1 only, not \(value): give the shapes themselves fill-opacity and stroke-opacity")
      }
      return nil
    }
    guard DrawingVocabulary.attributes.contains(name) else {
      throw fault(element, DrawingVocabulary.reason(againstAttribute: name))
    }
    try checkValue(attribute, of: element)
    return attribute
  }

  private func link(
    _ attribute: MarkupElement.Attribute, of element: MarkupElement
  ) throws(LabelFault) -> MarkupElement.Attribute {
    let value = attribute.value
    if value.hasPrefix("#"), attribute.name == "href" || attribute.name == "xlink:href", element.name != "image" {
      return .init(name: "xlink:href", value: value)
    }
    guard element.name == "image", value.hasPrefix("data:") else {
      throw fault(
        element,
        "`\(attribute.name)` leads elsewhere, to \(value.prefix(40)): links are refused. A picture may be embedded as PNG or JPEG"
      )
    }
    guard let picture = EmbeddedPicture(address: value) else {
      throw fault(element, "this picture is no PNG or JPEG as data:image/png;base64 or data:image/jpeg;base64")
    }
    let (pixels, isOver) = picture.width.multipliedReportingOverflow(by: picture.height)
    guard !isOver, pixels <= MarkupLimits.pixels else {
      throw fault(
        element,
        "this picture has \(picture.width) × \(picture.height) pixels; at most \(MarkupLimits.pixels) in all are taken")
    }
    return .init(name: "xlink:href", value: value)
  }

  private func checkValue(_ attribute: MarkupElement.Attribute, of element: MarkupElement) throws(LabelFault) {
    let (name, value) = (attribute.name, attribute.value)
    let lower = value.lowercased()
    if lower.contains("url") {
      // url(#id) and nothing else.
      guard lower.hasPrefix("url(#"), lower.hasSuffix(")"),
        !lower.dropFirst(5).dropLast().contains(where: { "()'\"\\".contains($0) })
      else { throw fault(element, "`\(name)` leads elsewhere: url() may name a part of the drawing only, as url(#id)") }
    }
    guard !value.contains(where: { $0 == "\\" || $0 == "@" || $0 == ";" }), !lower.contains("import"),
      !lower.contains("script"), !lower.contains("expression"), !lower.contains("var(")
    else { throw fault(element, "`\(name)` cannot be \(value.prefix(60))") }
    switch name {
    case "id", "font-family", "fill", "stroke", "color", "stop-color", "clip-path": return
    default: break
    }
    guard !LabelNumber.isTooGreat(value) else {
      throw fault(element, "`\(name)` holds a number that is not below \(MarkupLimits.number)")
    }
    let lengths: Set<String> = [
      "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "stroke-width", "font-size",
    ]
    let isPercent = value.hasSuffix("%") && element.name.hasSuffix("Gradient")
    guard !lengths.contains(name) || LabelNumber.length(value) != nil || isPercent || element.name == "svg" else {
      throw fault(element, "`\(name)` must be a number without a unit: one unit is one millimetre; not \(value)")
    }
  }

  // MARK: Weight

  /// How much is drawn for an element, with all that it refers to.
  private mutating func weight(of element: MarkupElement) throws(LabelFault) -> Int {
    var weight = 1 + ((element["d"] ?? element["points"])?.utf8.count ?? 0) / MarkupLimits.pathBytes
    for attribute in element.attributes {
      guard let id = Self.reference(attribute), element.name != "image" else { continue }
      guard let target = identified[id] else { throw fault(element, "`#\(id)` is nowhere in the drawing") }
      weight = min(MarkupLimits.drawn + 1, weight + (try self.weight(ofTarget: target, id: id, from: element)))
    }
    for child in element.children { weight = min(MarkupLimits.drawn + 1, weight + (try self.weight(of: child))) }
    return weight
  }

  private mutating func weight(
    ofTarget target: MarkupElement, id: String, from element: MarkupElement
  ) throws(LabelFault) -> Int {
    if let known = weights[id] { return known }
    guard element.name != "use" || !Self.isFilled(target) else {
      throw fault(element, "`#\(id)` has text, symbols or conditions, which `use` cannot repeat")
    }
    guard weighing.insert(id).inserted else { throw fault(element, "`#\(id)` refers to itself") }
    let weight = try weight(of: target)
    weighing.remove(id)
    weights[id] = weight
    return weight
  }

  /// Whether there is more in it than shapes.
  private static func isFilled(_ element: MarkupElement) -> Bool {
    element.name == "text" || element.attributes.contains { $0.name.hasPrefix("data-") }
      || element.children.contains(where: isFilled)
  }

  private static func reference(_ attribute: MarkupElement.Attribute) -> String? {
    let value = attribute.value
    if attribute.name == "xlink:href", value.hasPrefix("#") { return String(value.dropFirst()) }
    if value.lowercased().hasPrefix("url(#"), value.hasSuffix(")") { return String(value.dropFirst(5).dropLast()) }
    return nil
  }

  private func fault(_ element: MarkupElement, _ message: String) -> LabelFault {
    LabelFault(file: file, line: element.line, message: message)
  }
}
