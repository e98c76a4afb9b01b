import Custody
import TamperEvidence

/// An entry of the log with its place.
public struct PlacedEntry: Hashable, Sendable {
  /// From 0.
  public let index: UInt64
  /// The exact bytes.
  public let entry: LedgerEntry

  /// An entry; nil where the index is below 0. Throws for bytes that are no entry.
  public init?(index: Int64, bytes: [UInt8]) throws(LedgerEntryError) {
    guard let index = UInt64(exactly: index) else { return nil }
    self.index = index
    entry = try LedgerEntry(bytes: bytes)
  }
}

/// What goes into a dossier, before its proofs and files have been fetched: values in, values out, the same for the centre
/// and for a station.
///
///     let plan = try DossierPlan(subject: …, checkpoint: note, events: …, statements: …)
///     … fetch plan.tiles and plan.files …
///     let zip = try plan.dossier(tiles: tiles, files: files, madeAt: …)
public struct DossierPlan: Sendable {
  public let subject: DossierManifest.Subject
  /// The tree head that everything is proved under.
  public let checkpoint: Checkpoint
  private let note: SignedNote
  private let entries: [PlacedEntry]
  private let seenSizes: [UInt64]
  /// The digests of the files that the events name.
  public let files: [String]

  /// A plan of `events` and of those `statements` that are about the keys of their stations. `note` is the log's signed tree
  /// head, which the caller has verified; what it does not cover yet is left out.
  public init(
    subject: DossierManifest.Subject, checkpoint note: [UInt8], events: [PlacedEntry], statements: [PlacedEntry]
  ) throws {
    self.subject = subject
    self.note = try SignedNote(bytes: note)
    let checkpoint = try Checkpoint(text: self.note.text)
    self.checkpoint = checkpoint
    let events = events.filter { $0.index < checkpoint.size }
    var stations: Set<String> = []
    var sizes: Set<UInt64> = []
    var files: Set<String> = []
    for event in events {
      let header = try CanonicalDecoder().decode(EntryHeader.self, from: event.entry.event)
      stations.insert("\(header.site)/\(header.station)")
      let links = try CanonicalDecoder().decode(EventLinks.self, from: event.entry.event)
      if let seen = links.seenCheckpoint, let size = UInt64(exactly: seen.size), (1..<checkpoint.size).contains(size) {
        sizes.insert(size)
      }
      for file in links.evidence ?? [] { files.insert(file.digest) }
    }
    let about = try statements.filter { statement in
      guard statement.index < checkpoint.size else { return false }
      let read = try CanonicalDecoder().decode(StationStatement.self, from: statement.entry.event)
      return stations.contains(read.author) || read.subject.map(stations.contains) ?? false
    }
    entries = (events + about).sorted { $0.index < $1.index }
    seenSizes = sizes.sorted()
    self.files = files.sorted()
  }

  /// Whether there is anything to prove.
  public var isEmpty: Bool { entries.isEmpty }

  /// The tiles that the proofs are made of.
  public var tiles: [Tile] {
    get throws {
      try TileSet(size: checkpoint.size).missing(forProofsOf: entries.map(\.index), fromSizes: seenSizes)
    }
  }

  /// The dossier's bytes. A file that is not in `files` is said to be left out, with the `reason`.
  public func dossier(
    tiles: TileSet, files contents: [String: [UInt8]], reason: String, madeAt: Instant
  ) throws -> [UInt8] {
    try Dossier.write(
      subject: subject, madeAt: madeAt, checkpoint: note,
      entries: try entries.map { placed in
        Dossier.Entry(
          index: placed.index, entry: placed.entry, proof: try tiles.inclusion(of: placed.index).hashes)
      },
      consistency: try seenSizes.map { size in
        DossierManifest.Consistency(size: Int(size), proof: try tiles.consistency(from: size).hashes)
      },
      blobs: files.compactMap { digest in contents[digest].map { Dossier.Blob(digest: digest, content: $0) } },
      withheld: files.filter { contents[$0] == nil }.map { DossierManifest.Withheld(digest: $0, reason: reason) })
  }
}

extension StationStatement {
  /// The station whose key it is about, where that is not its author.
  fileprivate var subject: String? {
    switch details {
    case .enrol(let enrolment): enrolment.subject
    case .revoke(let revocation): revocation.subject
    case .rotate, .openEpoch, .erase: nil
    }
  }
}
