import Custody
import TamperEvidence

/// Audits a whole log: every entry is signed by the key that was good for it, stands in its chain without a gap, follows an
/// event that is here, and agrees with the tree head; and the tree head agrees with every one that a station had seen.
///
/// First collect the statements: give every entry to `statement(in:)`. Then give every entry, in order, to `next`, and call
/// `finish`. About 150 bytes an entry are kept. Whatever is found, the audit goes on.
public struct LogAudit: Sendable {
  /// The most failures that are kept; all are counted.
  public static let maximumFailures = 1_000

  /// What failed, in the order in which it was found; at most `maximumFailures`.
  public private(set) var failures: [EvidenceFailure] = []
  /// How many checks failed.
  public private(set) var failureCount = 0
  /// The tree of the entries so far.
  public private(set) var tree = HashTree()
  /// How many stations wrote entries, and how many assets they are about.
  public var stations: Int { Set(chains.keys.map(\.station)).count }
  /// How many assets the good events are about.
  public var assets: Int { assetsSeen.count }

  private struct ChainName: Hashable {
    let station: String
    let epoch: Int
  }

  private struct Waiting {
    let index: Int
    let eventID: String
    let prevHash: EntryHash
    let hash: EntryHash
  }

  private struct Chain {
    var hashes: [EntryHash] = []
    var waiting: [Int: Waiting] = [:]
  }

  private struct Opening {
    let entry: Waiting
    let name: ChainName
    let statement: EpochOpening?
  }

  private let checkpoint: Checkpoint
  private let history: KeyHistory
  private let statements: [UnverifiedEntry]
  private var faults: [EntryHash: KeyHistory.Fault] = [:]
  private var statementsSeen = 0
  private var chains: [ChainName: Chain] = [:]
  private var openings: [Opening] = []
  private var events: Set<EventID> = []
  private var missing: [(index: Int, eventID: String, head: EventID)] = []
  private var assetsSeen: Set<AssetID> = []
  private var known: [SeenCheckpoint: Bool] = [:]

  /// An audit of the log with this tree head, which is verified already. `statements` are those of the whole log.
  public init(checkpoint: Checkpoint, key: VerifierKey, statements: [UnverifiedEntry]) {
    self.checkpoint = checkpoint
    self.statements = statements
    history = KeyHistory(authority: key, statements: statements)
    for fault in history.faults { faults[statements[fault.index].entry.hash] = fault }
  }

  /// The entry, if it is a statement. Nothing of it is verified.
  public static func statement(in entry: ArraySlice<UInt8>) -> UnverifiedEntry? {
    guard mayBeStatement(entry) else { return nil }
    // What cannot be read is named by `next`, which sees every entry.
    guard let entry = try? UnverifiedEntry(bytes: Array(entry)),
      let header = try? CanonicalDecoder().decode(EntryHeader.self, from: entry.entry.event),
      StationStatement.Kind(rawValue: header.type) != nil
    else { return nil }
    return entry
  }

  /// Whether the bytes hold the name of a kind where a type stands: cheap, and true for every statement.
  private static func mayBeStatement(_ entry: ArraySlice<UInt8>) -> Bool {
    entry.withUnsafeBufferPointer { bytes in
      var at = LedgerEntry.signatureLength
      // `"type":"` and the first letters of a kind. Canonical JSON has no other spelling.
      while at + 10 < bytes.count {
        if bytes[at] == UInt8(ascii: "\""), bytes[at + 1] == UInt8(ascii: "t"), bytes[at + 2] == UInt8(ascii: "y"),
          bytes[at + 3] == UInt8(ascii: "p"), bytes[at + 4] == UInt8(ascii: "e"), bytes[at + 6] == UInt8(ascii: ":")
        {
          switch (bytes[at + 8], bytes[at + 9]) {
          case (UInt8(ascii: "e"), UInt8(ascii: "n")), (UInt8(ascii: "e"), UInt8(ascii: "r")),
            (UInt8(ascii: "r"), UInt8(ascii: "o")), (UInt8(ascii: "r"), UInt8(ascii: "e")),
            (UInt8(ascii: "o"), UInt8(ascii: "p")), (UInt8(ascii: "c"), UInt8(ascii: "l")),
            (UInt8(ascii: "d"), UInt8(ascii: "i")):
            return true
          default: break
          }
        }
        at += 1
      }
      return false
    }
  }

  private mutating func fail(
    _ check: EvidenceFailure.Check, index: Int? = nil, event: String? = nil, _ sentence: String
  ) {
    failureCount += 1
    guard failures.count < Self.maximumFailures else { return }
    failures.append(EvidenceFailure(check: check, index: index, eventID: event, sentence: sentence))
  }

  /// Checks the next entry of the log.
  public mutating func next(_ bytes: ArraySlice<UInt8>) {
    let index = Int(tree.size)
    tree.append(.leaf(bytes))
    let entry: UnverifiedEntry
    let event: AuditedEvent
    do {
      entry = try UnverifiedEntry(bytes: Array(bytes))
      event = try CanonicalDecoder().decode(AuditedEvent.self, from: entry.entry.event)
    } catch {
      return fail(.form, index: index, "It cannot be read: \(error).")
    }
    let header = event.header
    guard let id = EventID(header.eventID), header.v == 1, header.epoch >= 1, header.seq >= 1 else {
      return fail(
        .form, index: index, event: header.eventID,
        "It has version \(header.v), epoch \(header.epoch), seq \(header.seq); it has no place in a chain.")
    }
    let hash = entry.entry.hash
    guard isSigned(entry, event, index, hash) else { return }
    guard events.insert(id).inserted else {
      return fail(.fork, index: index, event: header.eventID, "The event stands in the log twice.")
    }
    chain(
      Waiting(index: index, eventID: header.eventID, prevHash: header.prevHash, hash: hash), header,
      entry.entry.event)
    if let asset = event.links.asset { assetsSeen.insert(asset) }
    if let prior = event.links.prior, !events.contains(prior.head) {
      missing.append((index, header.eventID, prior.head))
    }
    if let seen = event.links.seenCheckpoint, !agrees(seen, at: index) {
      fail(
        .seenCheckpoint, index: index, event: header.eventID,
        "Its station had seen a log of \(seen.size) entries with root \(seen.root); this is another log.")
    }
  }

  private mutating func isSigned(
    _ entry: UnverifiedEntry, _ event: AuditedEvent, _ index: Int, _ hash: EntryHash
  ) -> Bool {
    let header = event.header
    if StationStatement.Kind(rawValue: header.type) != nil {
      guard statementsSeen < statements.count, statements[statementsSeen].entry.bytes == entry.entry.bytes else {
        fail(.form, index: index, event: header.eventID, "The log changed while it was read; start again.")
        return false
      }
      statementsSeen += 1
      guard let fault = faults[hash] else { return true }
      let check: EvidenceFailure.Check =
        switch fault.reason {
        case .form: .form
        case .signature: .signature
        case .conflict: .statement
        }
      fail(check, index: index, event: header.eventID, fault.sentence)
      return false
    }
    let (station, place) = ("\(header.site)/\(header.station)", ChainPlace(epoch: header.epoch, seq: header.seq))
    switch history.judgement(of: station, at: place) {
    case .unknown:
      fail(.key, index: index, event: header.eventID, "No key of \(station) is enrolled for \(place).")
    case .revoked(_, let lastGood):
      fail(
        .revoked, index: index, event: header.eventID,
        "\(station) was revoked after \(lastGood), and this is \(place).")
    case .closed(_, let last):
      fail(
        .closed, index: index, event: header.eventID,
        "\(station) closed the epoch after \(last), and this is \(place).")
    case .key(let key):
      if header.keyID == key.keyID, entry.verify(with: key) != nil { return true }
      fail(
        .signature, index: index, event: header.eventID,
        "It is not signed by \(key.name)+\(key.keyID), the key of \(station) at \(place).")
    }
    return false
  }

  /// Whether the log's tree had that root at that size. A station cannot have seen what its own entry comes before.
  private mutating func agrees(_ seen: SeenCheckpoint, at index: Int) -> Bool {
    if let answer = known[seen] { return answer }
    let answer =
      seen.size >= 0 && seen.size <= index && tree.root(at: UInt64(seen.size))?.description == seen.root
    known[seen] = answer
    return answer
  }

  // MARK: Chains

  private mutating func chain(_ entry: Waiting, _ header: EntryHeader, _ event: ArraySlice<UInt8>) {
    let name = ChainName(station: "\(header.site)/\(header.station)", epoch: header.epoch)
    if header.seq == 1 {
      var statement: EpochOpening?
      if header.type == StationStatement.Kind.openEpoch.rawValue,
        // That it can be read is known: it has no fault.
        case .openEpoch(let opening)? = (try? CanonicalDecoder().decode(StationStatement.self, from: event))?.details
      {
        statement = opening
      }
      openings.append(Opening(entry: entry, name: name, statement: statement))
    }
    let next = (chains[name]?.hashes.count ?? 0) + 1
    if header.seq < next || chains[name]?.waiting[header.seq] != nil {
      return fail(
        .fork, index: entry.index, event: entry.eventID,
        "\(name.station) wrote another entry at epoch \(name.epoch), seq \(header.seq).")
    }
    guard header.seq == next else {
      chains[name, default: Chain()].waiting[header.seq] = entry
      return
    }
    link(entry, name)
    var following = next + 1
    while let waiting = chains[name]?.waiting.removeValue(forKey: following) {
      link(waiting, name)
      following += 1
    }
  }

  private mutating func link(_ entry: Waiting, _ name: ChainName) {
    if let last = chains[name]?.hashes.last, last != entry.prevHash {
      fail(
        .prevHash, index: entry.index, event: entry.eventID,
        "Its prevHash is \(entry.prevHash); the entry before it has \(last).")
    }
    chains[name, default: Chain()].hashes.append(entry.hash)
  }

  // MARK: The end

  /// Call after the last entry: checks what needs the whole log.
  public mutating func finish() {
    if tree.size != checkpoint.size {
      fail(.root, "The log holds \(tree.size) entries; its tree head says \(checkpoint.size).")
    } else if tree.root != checkpoint.root {
      fail(
        .root,
        "The entries have root \(tree.root); the tree head says \(checkpoint.root): an entry was changed, exchanged or moved."
      )
    }
    for opening in openings { check(opening) }
    for (name, chain) in chains.sorted(by: { ($0.key.station, $0.key.epoch) < ($1.key.station, $1.key.epoch) }) {
      guard let seq = chain.waiting.keys.min(), let entry = chain.waiting[seq] else { continue }
      fail(
        .seq, index: entry.index, event: entry.eventID,
        "Entry \(chain.hashes.count + 1) of \(name.station), epoch \(name.epoch), is not in the log, and this is \(seq)."
      )
    }
    for item in missing where !events.contains(item.head) {
      fail(
        .prior, index: item.index, event: item.eventID,
        "The event before it, \(item.head), is not in the log, or not verified.")
    }
  }

  private mutating func check(_ opening: Opening) {
    let entry = opening.entry
    if opening.name.epoch == 1 {
      if entry.prevHash != .zero {
        fail(.prevHash, index: entry.index, event: entry.eventID, "It is the station's first and follows something.")
      }
      return
    }
    guard let statement = opening.statement else {
      return fail(
        .seq, index: entry.index, event: entry.eventID, "Epoch \(opening.name.epoch) does not begin with its opening.")
    }
    let before = chains[ChainName(station: opening.name.station, epoch: statement.previousEpoch)]?.hashes ?? []
    let last =
      statement.lastSeq == 0 ? EntryHash.zero : statement.lastSeq <= before.count ? before[statement.lastSeq - 1] : nil
    if last != entry.prevHash || statement.lastHash != entry.prevHash {
      fail(
        .prevHash, index: entry.index, event: entry.eventID,
        "It follows entry \(statement.lastSeq) of epoch \(statement.previousEpoch) with hash \(entry.prevHash), which is not in the log."
      )
    }
  }

  /// Checks the stored hashes of a tile against those of the entries.
  public mutating func check(_ tile: Tile, holds hashes: [TreeHash]) {
    guard let computed = tree.hashes(of: tile), hashes.count >= tile.width,
      computed.elementsEqual(hashes.prefix(tile.width))
    else {
      return fail(.tile, "\(LogPath.tile(tile)) does not hold the hashes of the log's entries.")
    }
  }
}

/// An event as an audit reads it, in one pass over its bytes.
private struct AuditedEvent: Decodable {
  let header: EntryHeader
  let links: EventLinks

  init(from decoder: any Decoder) throws {
    header = try EntryHeader(from: decoder)
    links = try EventLinks(from: decoder)
  }
}
