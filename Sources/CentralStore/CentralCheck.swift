import Custody
import CustodyLedger
import TamperEvidence

/// Something in the centre's store that is not as it was written.
public struct CentralFinding: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Place in the log; nil for what is no entry.
  public var index: Int64?
  /// The chain, as the log has it, and the entry's place in it.
  public var station: String?
  public var epoch: Int?
  public var seq: Int?
  /// The event that the entry holds, as the log has it.
  public var eventID: String?
  /// The asset's id, and the tag or serial number that it is known by.
  public var asset: String?
  public var tag: String?
  /// What disagrees, one sentence.
  public var sentence: String

  /// Place and sentence, on one line.
  public var description: String {
    var place: [String] = []
    if let index { place.append("log entry \(index)") }
    if let station { place.append(station + (seq.map { ", entry \($0), epoch \(epoch ?? 1)" } ?? "")) }
    if let eventID { place.append("event \(eventID)") }
    if let asset { place.append("asset " + (tag.map { "\($0) (\(asset))" } ?? asset)) }
    return (place.isEmpty ? "log" : place.joined(separator: ", ")) + ": " + sentence
  }
}

/// Some assets that were folded anew, and those of them that the projection has otherwise.
public struct FoldedPortion: Sendable {
  public var assets: Int
  /// The last of them; nil when there was none.
  public var last: AssetID?
  /// Each with what is the matter.
  public var wrong: [AssetID: String]

  /// A portion.
  public init(assets: Int, last: AssetID?, wrong: [AssetID: String]) {
    self.assets = assets
    self.last = last
    self.wrong = wrong
  }
}

extension FoldedPortion {
  /// An asset that was meddled with.
  public static let changed = "it does not stand as its events say: the projection was changed."
  /// An asset of which an event cannot be read.
  public static func unreadable(_ fault: CentralFault) -> String { "it cannot be folded from its events: \(fault)" }
}

/// What a whole reading of the centre's store came to.
public struct CentralCheck: Sendable, Codable {
  /// Most findings that are kept; all are counted.
  public static let mostFindings = 1000
  private static let portion = 1000

  public private(set) var findings: [CentralFinding] = []
  public private(set) var findingCount = 0
  public private(set) var entries = 0
  public private(set) var assets = 0

  /// Reads all of a store back: every entry against its hash, the columns that it is found by, its station's key, its chain and
  /// the log's tree; every asset against its events. What is pushed meanwhile waits for some hundred assets at most.
  ///
  /// - Parameter progress: told how many entries and assets were read.
  public static func run(
    _ store: any CentralStore,
    progress: @Sendable (_ entries: Int, _ assets: Int) async throws -> Void = { _, _ in }
  ) async throws -> CentralCheck {
    var check = CentralCheck()
    let head = try await store.head()
    let size = Int64(clamping: head.checkpoint.size)
    do {
      _ = try VerifiedCheckpoint(note: head.note, keys: [store.logKey], origin: store.logKey.name)
    } catch {
      check.add(CentralFinding(sentence: "its tree head is not signed by the log's key: \(error)"))
    }
    var statements: [UnverifiedEntry] = []
    try await check.each(of: store, size) { entry, _ in
      if let statement = LogAudit.statement(in: entry.bytes[...]) { statements.append(statement) }
    }
    var audit = LogAudit(checkpoint: head.checkpoint, key: store.logKey, statements: statements)
    var changed: Set<Int> = []
    check.entries = 0
    try await check.each(of: store, size) { entry, check in
      audit.next(entry.bytes[...])
      check.entries += 1
      if let sentence = Self.fault(of: entry) {
        changed.insert(Int(entry.index))
        try await check.add(finding(entry, sentence, store))
      }
      if check.entries.isMultiple(of: Self.portion) { try await progress(check.entries, 0) }
    }
    audit.finish()
    for tile in Tile.all(inTreeOf: head.checkpoint.size) {
      let bytes = try await store.tile(level: tile.level, index: tile.index)
      audit.check(tile, holds: bytes.flatMap { Tile.hashes(in: $0) } ?? [])
    }
    // What follows from bytes that were changed is said by saying that they were.
    for failure in audit.failures where failure.index.map({ !changed.contains($0) }) ?? true {
      try await check.add(failure, store)
    }
    try await check.fold(store, progress)
    return check
  }

  private init() {}

  private mutating func add(_ finding: CentralFinding) {
    findingCount += 1
    if findings.count < Self.mostFindings { findings.append(finding) }
  }

  private mutating func add(_ failure: EvidenceFailure, _ store: any CentralStore) async throws {
    guard let index = failure.index, let entry = try await store.entry(at: Int64(index)) else {
      return add(CentralFinding(eventID: failure.eventID, sentence: failure.sentence))
    }
    try await add(Self.finding(entry, failure.sentence, store))
  }

  private mutating func each(
    of store: any CentralStore, _ size: Int64,
    _ body: (LogEntry, inout CentralCheck) async throws -> Void
  ) async throws {
    var next: Int64 = 0
    while next < size {
      let page = try await store.entries(
        after: next - 1, limit: Int(min(Int64(Self.portion), size - next)), bytes: 1 << 24)
      guard let first = page.first, first.index == next else {
        return add(CentralFinding(index: next, sentence: "it is not there, though the tree head counts it."))
      }
      for entry in page {
        guard entry.index == next else {
          return add(CentralFinding(index: next, sentence: "it is not there, though the tree head counts it."))
        }
        try await body(entry, &self)
        next += 1
      }
    }
  }

  /// What is wrong with an entry as it is stored; nil when nothing is.
  private static func fault(of entry: LogEntry) -> String? {
    guard EntryHash(of: entry.bytes) == entry.hash else {
      return "its bytes do not have the hash that was stored with them: bytes or hash were changed."
    }
    guard let header = entry.content.header else { return nil }
    guard header.station == entry.station, entry.place == nil || header.place == entry.place else {
      return "the columns by which it is found do not say what the signed event says."
    }
    return nil
  }

  private static func finding(
    _ entry: LogEntry, _ sentence: String, _ store: any CentralStore
  ) async throws -> CentralFinding {
    // By the columns: the bytes may be what was changed.
    let (asset, event) = try await store.subject(ofEntryAt: entry.index)
    let known = try await asset.asyncFlatMap { try await store.asset($0) }
    return CentralFinding(
      index: entry.index, station: entry.station, epoch: entry.place?.epoch, seq: entry.place?.seq,
      eventID: event?.description, asset: asset?.description,
      tag: known.flatMap { $0.tag ?? $0.serial }, sentence: sentence)
  }

  private mutating func fold(
    _ store: any CentralStore, _ progress: @Sendable (_ entries: Int, _ assets: Int) async throws -> Void
  ) async throws {
    var after: AssetID?
    while true {
      let portion = try await store.foldedOtherwise(after: after, limit: 200)
      guard let last = portion.last else { return }
      for (id, sentence) in portion.wrong.sorted(by: { $0.key < $1.key }) {
        let known = try await store.asset(id)
        add(
          CentralFinding(
            asset: id.description, tag: known.flatMap { $0.tag ?? $0.serial }, sentence: sentence))
      }
      assets += portion.assets
      after = last
      try await progress(entries, assets)
    }
  }
}

extension Optional {
  fileprivate func asyncFlatMap<Value>(_ body: (Wrapped) async throws -> Value?) async rethrows -> Value? {
    guard let self else { return nil }
    return try await body(self)
  }
}
