extension TemplateReading {
  mutating func text(_ element: MarkupElement, in place: Place) throws(LabelFault) -> TextBlock {
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
    try checkPlace(of: element, from: position, width: width ?? 0, in: place)
    return TextBlock(
      name: name(of: element), runs: runs, x: position.x, y: position.y, anchor: place.style.anchor,
      transform: try ownTransform(element), width: width, fit: fit, lines: Int(lines), lineHeight: lineHeight,
      vertical: vertical,
      breaksAnywhere: breaksAnywhere)
  }

  /// Throws when a text reaches over the label's edge, where it would be cut. In rows only filling knows where they are.
  private func checkPlace(
    of element: MarkupElement, from start: (x: Double, y: Double), width: Double, in place: Place
  ) throws(LabelFault) {
    guard place.list == nil, let whole = place.whole?.applied(after: try ownTransform(element)) else { return }
    let before: Double =
      switch place.style.anchor {
      case .start: 0
      case .middle: width / 2
      case .end: width
      }
    let line = whole.box(LabelBox(x: start.x - before, y: start.y, width: width, height: 0))
    let rounding = 0.05
    guard line.x >= -rounding, line.y >= -rounding, line.x + line.width <= description.size.width + rounding,
      line.y + line.height <= description.size.height + rounding
    else {
      throw fault(
        element,
        "this text is not wholly on the label: it may reach from \(millimetres(line.x)), \(millimetres(line.y)) to \(millimetres(line.x + line.width)), \(millimetres(line.y + line.height)) mm. Move it, or make data-width less"
      )
    }
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
}
