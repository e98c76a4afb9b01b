/// What GS1 has laid down for an application identifier, or for a range of them.
struct ApplicationIdentifierRow: Sendable {
  /// One part of a value.
  struct Component: Sendable {
    let characters: CharacterSet
    /// Bytes.
    let length: ClosedRange<Int>
    let isOptional: Bool
    let checks: [ValueCheck]

    init(_ characters: CharacterSet, _ length: ClosedRange<Int>, optional: Bool = false, _ checks: [ValueCheck] = []) {
      self.characters = characters
      self.length = length
      isOptional = optional
      self.checks = checks
    }
  }

  /// GS1's character sets (General Specifications §7.11): digits; set 82; set 39; base64url.
  enum CharacterSet: UInt8, Sendable {
    case numeric = 1
    case text82 = 2
    case text39 = 4
    case base64 = 8
  }

  /// An identifier, or a pattern such as `31nn` in which each `n` is any digit.
  struct Pattern: Sendable, ExpressibleByStringLiteral {
    let length: UInt8
    let numbers: ClosedRange<UInt16>

    init(stringLiteral text: StaticString) {
      var low: UInt16 = 0
      var high: UInt16 = 0
      for index in 0..<min(text.utf8CodeUnitCount, 4) {
        let byte = text.utf8Start[index]
        low = low * 10 + (isDigit(byte) ? UInt16(byte - 0x30) : 0)
        high = high * 10 + (isDigit(byte) ? UInt16(byte - 0x30) : 9)
      }
      length = UInt8(min(text.utf8CodeUnitCount, 4))
      numbers = low...high
    }

    func matches(_ identifier: ApplicationIdentifier) -> Bool {
      identifier.length == length && numbers.contains(identifier.number)
    }
  }

  let first: ApplicationIdentifier
  let last: ApplicationIdentifier
  let components: [Component]
  /// Whether its length is predefined, so that no FNC1 need follow (General Specifications §7.8.5).
  let isPredefinedLength: Bool
  /// Whether a Digital Link may carry it as an attribute.
  let isAttribute: Bool
  /// Each must be met: by one of the groups, all of whose patterns the item must carry.
  let requires: [[[Pattern]]]
  /// What the item must not carry as well.
  let excludes: [Pattern]
  /// Of an identification key in a Digital Link, which qualifiers may follow it, in their order; one list per choice. Nil
  /// when it is no key.
  let qualifiers: [[ApplicationIdentifier]]?
  let title: String
  /// How many bytes a value may have.
  let length: ClosedRange<Int>

  init(
    _ first: ApplicationIdentifier, through last: ApplicationIdentifier, _ components: [Component],
    isPredefinedLength: Bool = false, isAttribute: Bool = false, requires: [[[Pattern]]] = [],
    excludes: [Pattern] = [], qualifiers: [[ApplicationIdentifier]]? = nil, title: String
  ) {
    self.first = first
    self.last = last
    self.components = components
    self.isPredefinedLength = isPredefinedLength
    self.isAttribute = isAttribute
    self.requires = requires
    self.excludes = excludes
    self.qualifiers = qualifiers
    self.title = title
    let least = components.reduce(0) { $0 + ($1.isOptional ? 0 : $1.length.lowerBound) }
    length = least...components.reduce(0) { $0 + $1.length.upperBound }
  }
}

extension ApplicationIdentifierRow.CharacterSet {
  /// For every byte, the sets that have it, as a bit mask.
  static let members: [UInt8] = {
    var members = [UInt8](repeating: 0, count: 256)
    func add(_ set: Self, _ bytes: some Sequence<UInt8>) { for byte in bytes { members[Int(byte)] |= set.rawValue } }
    let digits = "0123456789".utf8
    let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8
    let small = "abcdefghijklmnopqrstuvwxyz".utf8
    add(.numeric, digits)
    for set in [Self.text82, .text39, .base64] {
      add(set, digits)
      add(set, capitals)
    }
    add(.text82, small)
    add(.base64, small)
    add(.text82, "!\"%&'()*+,-./:;<=>?_".utf8)
    add(.text39, "#-/".utf8)
    add(.base64, "-_".utf8)
    return members
  }()
}

/// The table, and the way into it.
struct ApplicationIdentifierTable: Sendable {
  static let standard = ApplicationIdentifierTable(ApplicationIdentifierRow.table)

  let rows: [ApplicationIdentifierRow]
  /// How long the identifiers are that begin with these two digits; 0 when there are none.
  private let lengths: [UInt8]
  /// The row of an identifier, by ``slot(_:)``; -1 when there is none.
  private let slots: [Int16]

  init(_ rows: [ApplicationIdentifierRow]) {
    self.rows = rows
    var lengths = [UInt8](repeating: 0, count: 100)
    var slots = [Int16](repeating: -1, count: 11_100)
    for (index, row) in rows.enumerated() {
      for number in row.first.number...row.last.number {
        let identifier = ApplicationIdentifier(number: number, length: row.first.length)
        lengths[identifier.firstTwoDigits] = identifier.length
        slots[Self.slot(identifier)] = Int16(index)
      }
    }
    self.lengths = lengths
    self.slots = slots
  }

  private static func slot(_ identifier: ApplicationIdentifier) -> Int {
    switch identifier.length {
    case 2: Int(identifier.number)
    case 3: Int(identifier.number) + 100
    default: Int(identifier.number) + 1100
    }
  }

  func row(of identifier: ApplicationIdentifier) -> ApplicationIdentifierRow? {
    let index = slots[Self.slot(identifier)]
    return index < 0 ? nil : rows[Int(index)]
  }

  /// The identifier that the bytes begin with, whose length its first two digits tell; nil when there is none.
  func identifier(at bytes: Bytes) -> ApplicationIdentifier? {
    let start = bytes.startIndex
    guard bytes.count >= 2, isDigit(bytes[start]), isDigit(bytes[start + 1]) else { return nil }
    let length = lengths[Int(bytes[start] - 0x30) * 10 + Int(bytes[start + 1] - 0x30)]
    guard length > 0, bytes.count >= Int(length) else { return nil }
    return ApplicationIdentifier(bytes[start..<(start + Int(length))])
  }
}

extension ApplicationIdentifier {
  var firstTwoDigits: Int {
    switch length {
    case 2: Int(number)
    case 3: Int(number) / 10
    default: Int(number) / 100
    }
  }

  /// GS1's title of it, such as `SERIAL`; nil when GS1 has not assigned it.
  public var title: String? { ApplicationIdentifierTable.standard.row(of: self)?.title }

  /// The identifier in brackets and its title, if it has one.
  var named: String {
    guard let title, !title.isEmpty else { return "(\(self))" }
    return "(\(self)) \(title)"
  }
}
