/// An element of a template's SVG, as it was written.
struct MarkupElement: Hashable, Sendable {
  /// What stands between its tags, in order.
  enum Content: Hashable, Sendable {
    case element(MarkupElement)
    case text(String)
  }

  struct Attribute: Hashable, Sendable {
    let name: String
    var value: String
  }

  /// Such as `rect`; with its prefix, where it has one.
  let name: String
  /// The line on which it begins, from 1.
  let line: Int
  var attributes: [Attribute]
  var content: [Content] = []

  /// An attribute's value.
  subscript(name: String) -> String? { attributes.first { $0.name == name }?.value }

  /// The elements in it.
  var children: [MarkupElement] {
    content.compactMap { if case .element(let element) = $0 { element } else { nil } }
  }
}
