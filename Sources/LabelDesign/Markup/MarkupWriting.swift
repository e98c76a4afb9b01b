/// Elements as SVG again, for the renderer.
enum MarkupWriting {
  /// The element with all that is in it.
  static func text(of element: MarkupElement) -> String {
    let inner = element.children.map(text(of:)).joined()
    let opening = opening(of: element)
    return inner.isEmpty ? opening.dropLast() + "/>" : opening + inner + "</\(element.name)>"
  }

  /// Its start tag, without what is ours.
  static func opening(of element: MarkupElement) -> String {
    var text = "<" + element.name
    for attribute in element.attributes where !attribute.name.hasPrefix("data-") {
      text += " \(attribute.name)=\"\(MarkupText.escaped(attribute.value))\""
    }
    return text + ">"
  }
}
