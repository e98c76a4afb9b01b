import Yams

/// One mapping of a YAML file, taken apart key by key. What is left over at the end is a fault: a key that nobody reads is a
/// typing error.
public struct YAMLSection {
  private let file: String
  /// The line of its begin, for keys that are missing.
  private let line: Int?
  private var entries: [String: (node: Node, line: Int?)] = [:]
  private var keys: [String] = []

  /// Reads a file's text.
  ///
  /// - Parameters:
  ///   - most: the bytes that it may have.
  ///   - file: how faults name it.
  public init(yaml: String, most: Int, file: String) throws(YAMLFault) {
    guard yaml.utf8.count <= most else { throw YAMLFault(file: file, line: nil, message: "longer than \(most) bytes") }
    let root: Node?
    do {
      root = try Yams.compose(yaml: yaml)
    } catch {
      throw YAMLFault(error, file: file)
    }
    guard let root else { throw YAMLFault(file: file, line: nil, message: "is empty") }
    try self.init(root, file: file)
  }

  init(_ node: Node, file: String) throws(YAMLFault) {
    self.file = file
    line = node.mark?.line
    guard case .mapping(let mapping) = node else {
      throw YAMLFault(file: file, line: node.mark?.line, message: "want `key: value` lines here")
    }
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        throw YAMLFault(file: file, line: key.mark?.line, message: "a key must be a word")
      }
      entries[name] = (value, key.mark?.line)
      keys.append(name)
    }
  }

  /// The keys that are not taken yet, in their order.
  public var remaining: [String] { keys }

  /// A mapping within this one.
  public mutating func section(_ key: String) throws(YAMLFault) -> YAMLSection? {
    guard let (node, _) = take(key) else { return nil }
    return try YAMLSection(node, file: file)
  }

  /// A list of mappings.
  public mutating func sections(_ key: String) throws(YAMLFault) -> [YAMLSection] {
    guard let (node, line) = take(key) else { return [] }
    guard case .sequence(let sequence) = node else { throw fault(line, "`\(key)` must be a list of mappings") }
    var sections: [YAMLSection] = []
    for element in sequence { sections.append(try YAMLSection(element, file: file)) }
    return sections
  }

  /// One text.
  public mutating func text(_ key: String) throws(YAMLFault) -> String? {
    guard let (node, line) = take(key) else { return nil }
    guard let text = node.scalar?.string else { throw fault(line, "`\(key)` must be one text") }
    return text
  }

  /// One text that must be there.
  public mutating func requiredText(_ key: String) throws(YAMLFault) -> String {
    guard let text = try text(key) else { throw fault(line, "`\(key)` is missing") }
    return text
  }

  /// A whole number.
  public mutating func number<Number: FixedWidthInteger>(
    _ key: String, in range: ClosedRange<Number>
  ) throws(YAMLFault) -> Number? {
    let line = entries[key]?.line
    guard let text = try text(key) else { return nil }
    guard let number = Number(text), range.contains(number) else {
      throw fault(line, "`\(key)` must be a number from \(range.lowerBound) to \(range.upperBound), not \(text)")
    }
    return number
  }

  /// A number with a fraction.
  public mutating func number(
    _ key: String, in range: ClosedRange<Double>
  ) throws(YAMLFault) -> Double? {
    let line = entries[key]?.line
    guard let text = try text(key) else { return nil }
    guard let number = Double(text), range.contains(number) else {
      throw fault(line, "`\(key)` must be a number from \(range.lowerBound) to \(range.upperBound), not \(text)")
    }
    return number
  }

  /// true or false.
  public mutating func flag(_ key: String) throws(YAMLFault) -> Bool? {
    let line = entries[key]?.line
    switch try text(key) {
    case nil: return nil
    case "true": return true
    case "false": return false
    case let text?: throw fault(line, "`\(key)` must be true or false, not \(text)")
    }
  }

  /// One of a few words.
  public mutating func word<Word: RawRepresentable & CaseIterable>(
    _ key: String, _: Word.Type = Word.self
  ) throws(YAMLFault) -> Word? where Word.RawValue == String {
    let line = entries[key]?.line
    guard let text = try text(key) else { return nil }
    guard let word = Word(rawValue: text) else {
      throw fault(line, "`\(key)` must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")), not \(text)")
    }
    return word
  }

  /// A list, each item of it made by `make`, which gives nil for what it does not know; `want` says what it knows.
  public mutating func list<Item>(
    _ key: String, want: String, _ make: (String) -> Item?
  ) throws(YAMLFault) -> [Item]? {
    guard let (node, line) = take(key) else { return nil }
    guard case .sequence(let sequence) = node else { throw fault(line, "`\(key)` must be a list, such as [A, B]") }
    var items: [Item] = []
    for element in sequence {
      let text = element.scalar?.string
      guard let text, let item = make(text) else {
        throw fault(element.mark?.line ?? line, "`\(key)` wants \(want), not \(text ?? "a list or mapping")")
      }
      items.append(item)
    }
    return items
  }

  /// What the caller finds wrong with a value, named at its line.
  public func fault(_ key: String, _ message: String) -> YAMLFault {
    fault(entries[key]?.line ?? line, "`\(key)` \(message)")
  }

  /// The end: every key must have been taken.
  public func end(of what: String) throws(YAMLFault) {
    guard let key = keys.first else { return }
    throw fault(entries[key]?.line, "`\(key)` is no key of \(what)")
  }

  private mutating func take(_ key: String) -> (Node, Int?)? {
    keys.removeAll { $0 == key }
    return entries[key].map { ($0.node, $0.line) }
  }

  private func fault(_ line: Int?, _ message: String) -> YAMLFault {
    YAMLFault(file: file, line: line, message: message)
  }
}
