/// Text with fields in it: the part of Mustache that a label needs.
///
///     text    = *( literal / "{{" name "}}" / section )
///     section = "{{#" name "}}" text "{{/" name "}}"      ; only when the field has a value
///             / "{{^" name "}}" text "{{/" name "}}"      ; only when it has none
///
/// A value is put in after the SVG was read, as text: nothing in it can become an element. Names are known with their
/// template, so that a misspelt one is a fault of the template and not an empty place on a label.
struct FieldText: Hashable, Sendable {
  indirect enum Part: Hashable, Sendable {
    case literal(String)
    case field(String)
    case section(String, whenEmpty: Bool, [Part])
  }

  let parts: [Part]

  /// Why a text is no such text.
  struct Fault: Error { let message: String }

  init(_ text: String) throws(Fault) {
    var rest = text[...]
    parts = try Self.parts(&rest, inside: nil, depth: 0)
  }

  /// Whether it is the same on every label.
  var isConstant: Bool { names.isEmpty }

  /// The names in it.
  var names: Set<String> { Self.names(parts) }

  /// The names whose values it shows, outside of any section.
  var plainNames: [String] {
    parts.compactMap { if case .field(let name) = $0 { name } else { nil } }
  }

  /// The text with values put in; `value` gives an empty one for a field that has none.
  func filled(_ value: (String) -> String) -> String {
    if parts.count == 1, case .literal(let text) = parts[0] { return text }
    var filled = ""
    Self.fill(parts, value, into: &filled)
    return filled
  }

  private static func fill(_ parts: [Part], _ value: (String) -> String, into text: inout String) {
    for part in parts {
      switch part {
      case .literal(let literal): text += literal
      case .field(let name): text += value(name)
      case .section(let name, let whenEmpty, let inner):
        if value(name).isEmpty == whenEmpty { fill(inner, value, into: &text) }
      }
    }
  }

  private static func names(_ parts: [Part]) -> Set<String> {
    parts.reduce(into: []) { names, part in
      switch part {
      case .literal: break
      case .field(let name): names.insert(name)
      case .section(let name, _, let inner):
        names.insert(name)
        names.formUnion(Self.names(inner))
      }
    }
  }

  private static func parts(_ rest: inout Substring, inside section: String?, depth: Int) throws(Fault) -> [Part] {
    guard depth <= 8 else { throw Fault(message: "sections are nested deeper than 8") }
    var parts: [Part] = []
    var literal = ""
    func close() {
      if !literal.isEmpty { parts.append(.literal(literal)) }
      literal = ""
    }
    while !rest.isEmpty {
      guard rest.hasPrefix("{{") else {
        literal.append(rest.removeFirst())
        continue
      }
      close()
      let tag = try tag(&rest)
      switch tag.first {
      case "#", "^":
        let name = try name(tag.dropFirst())
        parts.append(
          .section(name, whenEmpty: tag.first == "^", try Self.parts(&rest, inside: name, depth: depth + 1)))
      case "/":
        let name = try name(tag.dropFirst())
        guard name == section else {
          throw Fault(message: "{{/\(name)}} ends nothing" + (section.map { "; {{/\($0)}} is wanted" } ?? ""))
        }
        return parts
      default: parts.append(.field(try name(tag)))
      }
    }
    if let section { throw Fault(message: "{{#\(section)}} has no {{/\(section)}}") }
    close()
    return parts
  }

  private static func tag(_ rest: inout Substring) throws(Fault) -> Substring {
    let inner = rest.dropFirst(2)
    var end = inner.startIndex
    while end < inner.endIndex, !inner[end...].hasPrefix("}}") { end = inner.index(after: end) }
    guard end < inner.endIndex else { throw Fault(message: "{{ has no }}") }
    rest = inner[end...].dropFirst(2)
    return inner[..<end]
  }

  private static func name(_ text: Substring) throws(Fault) -> String {
    let name = String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    guard LabelField.isName(name) else {
      throw Fault(
        message: "{{\(text.prefix(60))}} names no field: a name is a small letter, then letters and digits")
    }
    return name
  }
}
