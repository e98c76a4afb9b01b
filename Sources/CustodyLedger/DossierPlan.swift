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
  /// How many events are left out, for the log is not known to hold them yet.
  public let pending: Int

  /// The most entries that a dossier takes: with its files it must fit a zip file.
  public static let maximumEntries = 50_000

  /// More entries than a dossier takes.
  public struct TooMany: Error, Hashable, Sendable {
    /// How many there are, statements aside.
    public let entries: Int
  }

  /// A plan of `events` and of those `statements` that are about the keys of their stations. `note` is the log's signed tree
  /// head, which the caller has verified; what it does not cover yet is left out, as are the `pending` events that the
  /// caller knows of besides.
  ///
  /// `events` are all of each asset that the subject concerns. Of a period, those that happened in it are taken, and what
  /// leads up to them. Throws ``TooMany``, or for what cannot be read.
  public init(
    subject: DossierManifest.Subject, checkpoint note: [UInt8], events all: [PlacedEntry], statements: [PlacedEntry],
    pending: Int = 0
  ) throws {
    self.subject = subject
    self.note = try SignedNote(bytes: note)
    let checkpoint = try Checkpoint(text: self.note.text)
    self.checkpoint = checkpoint
    let covered = all.filter { $0.index < checkpoint.size }
    let events = try Self.taken(subject, covered)
    guard events.count <= Self.maximumEntries else { throw TooMany(entries: events.count) }
    self.pending = pending + all.count - covered.count
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

  /// Of a period, the events in it and those before them; of anything else, all.
  private static func taken(_ subject: DossierManifest.Subject, _ events: [PlacedEntry]) throws -> [PlacedEntry] {
    guard case .period = subject else { return events }
    var byID: [String: Int] = [:]
    var before: [String?] = []
    var taken: Set<Int> = []
    for (place, event) in events.enumerated() {
      let header = try CanonicalDecoder().decode(EntryHeader.self, from: event.entry.event)
      let links = try CanonicalDecoder().decode(EventLinks.self, from: event.entry.event)
      if byID[header.eventID] == nil { byID[header.eventID] = place }
      before.append(links.prior?.head.description)
      if subject.isAbout(links, event.entry.event) { taken.insert(place) }
    }
    for place in taken {
      var here = place
      while let earlier = before[here].flatMap({ byID[$0] }), taken.insert(earlier).inserted { here = earlier }
    }
    return events.enumerated().filter { taken.contains($0.offset) }.map(\.element)
  }

  /// Whether there is anything to prove.
  public var isEmpty: Bool { entries.isEmpty }

  /// The tiles that the proofs are made of.
  public var tiles: [Tile] {
    get throws {
      try TileSet(size: checkpoint.size).missing(forProofsOf: entries.map(\.index), fromSizes: seenSizes)
    }
  }

  /// The dossier's bytes. A file that is not in `files` is said to be left out, with the `reason`. `salts` are those of files that
  /// name people.
  public func dossier(
    tiles: TileSet, files contents: [String: [UInt8]], salts: [String: [UInt8]] = [:], reason: String, madeAt: Instant
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
      blobs: files.compactMap { digest in
        contents[digest].map { Dossier.Blob(digest: digest, content: $0, salt: salts[digest]) }
      },
      withheld: files.filter { contents[$0] == nil }.map { DossierManifest.Withheld(digest: $0, reason: reason) },
      pending: pending)
  }
}

extension StationStatement {
  /// The station whose key it is about, where that is not its author.
  fileprivate var subject: String? {
    switch details {
    case .enrol(let enrolment): enrolment.subject
    case .revoke(let revocation): revocation.subject
    case .rotate, .openEpoch, .erase, .closeCount, .closeSession, .disposalOrder: nil
    }
  }
}
