/// What a log serves and under which path (C2SP tlog-tiles, "APIs"), below the log's prefix:
///
///     path       = "checkpoint" / "tile/" level "/" number / "tile/entries/" number
///     level      = 0…63, decimal without leading zeros
///     number     = *( "x" 3DIGIT "/" ) 3DIGIT [ ".p/" width ]     ; an index in groups of three digits, the first group
///                                                                 ; not "x000"
///     width      = 1…255, decimal without leading zeros           ; only of what is partial
///
/// `LogPath(path.description) == path` for every value, and no other text is read.
public enum LogPath: Hashable, Sendable {
  /// The newest signed tree head.
  case checkpoint
  /// A tile of hashes.
  case tile(Tile)
  /// The entries whose leaf hashes are the level 0 tile of the same index and width.
  case entries(index: UInt64, width: Int)

  /// The highest index that is written or read: 2^56 − 1, since a tile of it has the last of 2^64 entries.
  public static let maximumIndex: UInt64 = 1 << 56 - 1

  /// Reads a path without a slash before it; nil for any other text.
  public init?(_ path: String) {
    var parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)[...]
    func text(_ part: Substring.UTF8View) -> String { String(decoding: part, as: UTF8.self) }
    if parts.count == 1, text(parts[0]) == "checkpoint" {
      self = .checkpoint
      return
    }
    guard parts.count >= 3, text(parts.removeFirst()) == "tile" else { return nil }
    let kind = text(parts.removeFirst())
    guard let (index, width) = Self.number(parts.map(text)) else { return nil }
    if kind == "entries" {
      self = .entries(index: index, width: width)
      return
    }
    guard let level = Self.decimal(kind), let tile = Tile(level: level, index: index, width: width) else { return nil }
    self = .tile(tile)
  }

  private static func number(_ groups: [String]) -> (index: UInt64, width: Int)? {
    var groups = groups
    var width = Tile.fullWidth
    guard var last = groups.popLast() else { return nil }
    if last.utf8.count <= 3, let group = groups.last, group.hasSuffix(".p") {
      guard let partial = decimal(last), (1..<Tile.fullWidth).contains(partial) else { return nil }
      width = partial
      groups.removeLast()
      last = String(group.dropLast(2))
    }
    // 2^56 has 17 digits.
    guard groups.count < 6, groups.first != "x000" else { return nil }
    var index: UInt64 = 0
    for group in groups {
      guard group.utf8.first == UInt8(ascii: "x"), let value = threeDigits(group.utf8.dropFirst()) else { return nil }
      index = index * 1000 + value
    }
    guard let value = threeDigits(last.utf8[...]) else { return nil }
    index = index * 1000 + value
    return index <= maximumIndex ? (index, width) : nil
  }

  private static func threeDigits(_ digits: Substring.UTF8View) -> UInt64? {
    guard digits.count == 3 else { return nil }
    var value: UInt64 = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + UInt64(digit - 0x30)
    }
    return value
  }

  /// A number of at most three digits without leading zeros.
  private static func decimal(_ text: String) -> Int? {
    guard text.utf8.count <= 3, let value = Int(text), value >= 0, text.utf8.elementsEqual(String(value).utf8) else {
      return nil
    }
    return value
  }
}

extension LogPath: CustomStringConvertible {
  /// The path without a slash before it.
  public var description: String {
    switch self {
    case .checkpoint: "checkpoint"
    case .tile(let tile): "tile/\(tile.level)/" + Self.number(tile.index, tile.width)
    case .entries(let index, let width): "tile/entries/" + Self.number(index, width)
    }
  }

  private static func number(_ index: UInt64, _ width: Int) -> String {
    var groups = [padded(index % 1000)]
    var rest = index / 1000
    while rest > 0 {
      groups.append("x" + padded(rest % 1000))
      rest /= 1000
    }
    return groups.reversed().joined(separator: "/") + (width == Tile.fullWidth ? "" : ".p/\(width)")
  }

  private static func padded(_ group: UInt64) -> String {
    let digits = String(group)
    return String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }
}
