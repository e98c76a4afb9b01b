extension TemplateReading {
  mutating func symbol(_ element: MarkupElement, in place: Place) throws(LabelFault) -> SymbolBox {
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
        element,
        "a symbol cannot be scaled, mirrored, skewed or turned by other than 90°, by itself or with a group: its dots would not be whole. Ungroup it, and give it its place and size as x, y, width and height"
      )
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
      alignment: try alignment(element), shape: try shape(element, symbology), trim: try trim(element, symbology))
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

  private func shape(_ element: MarkupElement, _ symbology: LabelSymbology) throws(LabelFault) -> DataMatrixShape {
    guard let text = element["data-shape"] else { return .square }
    guard symbology == .datamatrix || symbology == .gs1DataMatrix, let shape = DataMatrixShape(rawValue: text) else {
      throw fault(
        element,
        "data-shape is for datamatrix and gs1-datamatrix, one of \(DataMatrixShape.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
    return shape
  }

  private func trim(_ element: MarkupElement, _ symbology: LabelSymbology) throws(LabelFault) -> SymbolTrim {
    var trim = SymbolTrim.none
    if let text = element["data-bearer"] {
      guard let word = ["bars": SymbolTrim.bearerBars, "frame": .bearerFrame][text], symbology.trims.contains(word)
      else { throw fault(element, "data-bearer is for itf and itf14, bars or frame") }
      trim = word
    }
    if let text = element["data-digits"] {
      guard text == "below", symbology.trims.contains(.digits) else {
        throw fault(element, "data-digits is for ean13, ean8, upca and upce, and must be below")
      }
      trim = .digits
    }
    return trim
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
}
