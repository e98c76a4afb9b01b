import Yams

/// One mapping of a profile, taken apart key by key. What is left over at the end is a fault: a key that nobody reads is a
/// typing error.
struct ProfileSection {
  private let file: String
  /// The line of its begin, for keys that are missing.
  private let line: Int?
  private var entries: [String: (node: Node, line: Int?)] = [:]
  private var keys: [String] = []

  init(_ node: Node, file: String) throws(DeviceProfileFault) {
    self.file = file
    line = node.mark?.line
    guard case .mapping(let mapping) = node else {
      throw DeviceProfileFault(file: file, line: node.mark?.line, message: "want `key: value` lines here")
    }
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        throw DeviceProfileFault(file: file, line: key.mark?.line, message: "a key must be a word")
      }
      entries[name] = (value, key.mark?.line)
      keys.append(name)
    }
  }

  /// The mapping that a whole file is.
  init(yaml: String, file: String) throws(DeviceProfileFault) {
    guard yaml.utf8.count <= Self.longestFile else {
      throw DeviceProfileFault(file: file, line: nil, message: "longer than \(Self.longestFile) bytes")
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: yaml)
    } catch {
      throw DeviceProfileFault(error, file: file)
    }
    guard let root else { throw DeviceProfileFault(file: file, line: nil, message: "is empty") }
    try self.init(root, file: file)
  }

  /// The most bytes that a profile may have.
  static let longestFile = 65_536

  func has(_ key: String) -> Bool { entries[key] != nil }

  mutating func section(_ key: String) throws(DeviceProfileFault) -> ProfileSection? {
    guard let (node, _) = take(key) else { return nil }
    return try ProfileSection(node, file: file)
  }

  mutating func text(_ key: String) throws(DeviceProfileFault) -> String? {
    guard let (node, line) = take(key) else { return nil }
    guard let text = node.scalar?.string else { throw fault(line, "`\(key)` must be one text") }
    return text
  }

  mutating func requiredText(_ key: String) throws(DeviceProfileFault) -> String {
    guard let text = try text(key) else { throw fault(line, "`\(key)` is missing") }
    return text
  }

  mutating func number<Number: FixedWidthInteger>(
    _ key: String, in range: ClosedRange<Number>
  ) throws(DeviceProfileFault) -> Number? {
    let line = entries[key]?.line
    guard let text = try text(key) else { return nil }
    guard let number = Number(text), range.contains(number) else {
      throw fault(line, "`\(key)` must be a number from \(range.lowerBound) to \(range.upperBound), not \(text)")
    }
    return number
  }

  mutating func decimal(_ key: String, in range: ClosedRange<Double>) throws(DeviceProfileFault) -> Double? {
    let line = entries[key]?.line
    guard let text = try text(key) else { return nil }
    guard let number = Double(text), range.contains(number) else {
      throw fault(line, "`\(key)` must be a number from \(range.lowerBound) to \(range.upperBound), not \(text)")
    }
    return number
  }

  mutating func flag(_ key: String) throws(DeviceProfileFault) -> Bool? {
    let line = entries[key]?.line
    switch try text(key) {
    case nil: return nil
    case "true": return true
    case "false": return false
    case let text?: throw fault(line, "`\(key)` must be true or false, not \(text)")
    }
  }

  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ key: String, _: Word.Type = Word.self
  ) throws(DeviceProfileFault) -> Word? where Word.RawValue == String {
    let line = entries[key]?.line
    guard let text = try text(key) else { return nil }
    guard let word = Word(rawValue: text) else {
      throw fault(line, "`\(key)` must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")), not \(text)")
    }
    return word
  }

  /// A list, each item of it made by `make`, which gives nil for what it does not know; `want` says what it knows.
  mutating func list<Item>(
    _ key: String, want: String, _ make: (String) -> Item?
  ) throws(DeviceProfileFault) -> [Item]? {
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
  func fault(_ key: String, _ message: String) -> DeviceProfileFault {
    fault(entries[key]?.line ?? line, "`\(key)` \(message)")
  }

  /// The end: every key must have been taken.
  func end(of what: String) throws(DeviceProfileFault) {
    guard let key = keys.first else { return }
    throw fault(entries[key]?.line, "`\(key)` is no key of \(what)")
  }

  private mutating func take(_ key: String) -> (Node, Int?)? {
    keys.removeAll { $0 == key }
    return entries[key].map { ($0.node, $0.line) }
  }

  private func fault(_ line: Int?, _ message: String) -> DeviceProfileFault {
    DeviceProfileFault(file: file, line: line, message: message)
  }
}
