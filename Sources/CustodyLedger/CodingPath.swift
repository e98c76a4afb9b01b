/// Where a coder stands: a linked list, because the array that `Codable` asks for is needed only when something fails.
final class CodingPath {
  let parent: CodingPath?
  let key: any CodingKey

  init(_ parent: CodingPath?, _ key: any CodingKey) {
    self.parent = parent
    self.key = key
  }

  static func keys(_ path: CodingPath?) -> [any CodingKey] {
    var keys: [any CodingKey] = []
    var link = path
    while let here = link {
      keys.append(here.key)
      link = here.parent
    }
    return keys.reversed()
  }

  static func text(_ path: CodingPath?, _ key: (any CodingKey)? = nil) -> String {
    CanonicalCodingError.path(keys(path) + (key.map { [$0] } ?? []))
  }
}

/// A name, or an index in an array.
struct CanonicalKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ name: String) {
    stringValue = name
    intValue = nil
  }

  init(index: Int) {
    stringValue = String(index)
    intValue = index
  }

  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { self.init(index: intValue) }
}
