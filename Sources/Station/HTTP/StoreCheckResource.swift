import StationStore

/// What a check of the station's store found, as the socket and `custody station check --json` tell it.
public struct StoreCheckResource: Sendable, Codable {
  /// Entries that are events of assets.
  public let entries: Int
  public let assets: Int
  /// Entries without a key to check their signature by.
  public let unsigned: Int
  public let findingCount: Int
  public let findings: [StoreFinding]
  /// Those of `entries` that other stations recorded; nil from a station of an earlier program.
  public let otherStations: Int?
  /// The station's own entries that are about no asset, by their kind; nil from a station of an earlier program.
  public let statements: [String: Int]?

  public init(_ check: StoreCheck) {
    entries = check.entries
    assets = check.assets
    unsigned = check.unsigned
    findingCount = check.findingCount
    findings = check.findings
    otherStations = check.entries - check.ownEntries
    statements = check.statementKinds
  }
}

extension StoreCheckResource {
  /// What was found, in lines for who reads it: each finding, whether all is well, and what was read.
  public var lines: [String] {
    var lines = findings.map(\.description)
    if findingCount > findings.count { lines.append("and \(findingCount - findings.count) more") }
    let kinds = statements ?? [:]
    let stated = kinds.values.reduce(0, +)
    let read = "\(counted(entries + stated, "entry", "entries")) and \(counted(assets, "asset"))"
    lines.append(
      findingCount == 0 ? "All is well: \(read) were read, and each is as it was written." : "\(read) were read.")
    let others = (otherStations ?? 0) == 0 ? "" : ", \(otherStations ?? 0) of them from other stations"
    if stated > 0 || !others.isEmpty {
      var parts = ["\(counted(entries, "event")) of assets\(others)"]
      if stated > 0 {
        let named = kinds.sorted { $0.key < $1.key }.map { Self.words(for: $0.key, $0.value) }
        parts.append("\(stated) of the station's own that are about no asset: " + named.joined(separator: ", "))
      }
      lines.append("The entries are " + parts.joined(separator: "; and ") + ".")
    }
    if unsigned > 0 {
      lines.append("\(unsigned) of them had no key to check the signature by; their hashes were checked.")
    }
    return lines
  }

  /// So many statements of a kind: see docs/events.md.
  private static func words(for kind: String, _ count: Int) -> String {
    switch kind {
    case "closeSession": counted(count, "closing of a session", "closings of sessions")
    case "closeCount": counted(count, "closing of a stock count", "closings of stock counts")
    case "rotate": counted(count, "change of the key", "changes of the key")
    case "openEpoch": counted(count, "beginning of a chain", "beginnings of chains")
    case "erase": counted(count, "erasure of a person", "erasures of people")
    case "disposalOrder": counted(count, "act of a disposal order", "acts of disposal orders")
    default: counted(count, "of another kind", "of other kinds")
    }
  }
}
