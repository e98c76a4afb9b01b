import Crypto
import Custody
import FoundationEssentials
import TamperEvidence

extension Dossier {
  /// Verifies a dossier's bytes under the key of the log that it was taken from, whose name is the log's origin. Nothing
  /// else is asked for and nothing else is trusted. Bounded by the dossier's size.
  public static func verify(bytes: [UInt8], key: VerifierKey) -> DossierReport {
    var verification = DossierVerification(key: key)
    verification.run(bytes)
    return verification.report
  }
}

/// One verification in progress. What fails in an entry of itself takes it out of what follows.
private struct DossierVerification {
  private struct Entry {
    let index: Int
    let entry: UnverifiedEntry
    let header: EntryHeader
    let links: EventLinks
    var place: ChainPlace { ChainPlace(epoch: header.epoch, seq: header.seq) }
    var station: String { "\(header.site)/\(header.station)" }
    var isStatement: Bool { StationStatement.Kind(rawValue: header.type) != nil }
  }

  let key: VerifierKey
  var report = DossierReport()

  init(key: VerifierKey) {
    self.key = key
  }

  private mutating func fail(
    _ check: EvidenceFailure.Check, index: Int? = nil, event: String? = nil, _ sentence: String
  ) {
    report.failures.append(
      EvidenceFailure(check: check, index: index, eventID: event, sentence: sentence))
  }

  private mutating func fail(_ check: EvidenceFailure.Check, _ entry: Entry, _ sentence: String) {
    fail(check, index: entry.index, event: entry.header.eventID, sentence)
  }

  mutating func run(_ bytes: [UInt8]) {
    let zip: StoredZip
    do {
      zip = try StoredZip(bytes: bytes)
    } catch {
      return fail(.zip, "The file is no dossier: \(error).")
    }
    guard let manifest = manifest(zip) else { return }
    report.subject = manifest.subject
    report.entries = manifest.entries.count
    guard let checkpoint = checkpoint(zip) else { return }
    report.checkpoint = checkpoint
    let included = included(manifest, zip, checkpoint)
    let good = signed(included)
    report.lines = good.map {
      DossierReport.Line(
        index: $0.index, eventID: $0.header.eventID, type: $0.header.type, station: $0.station,
        wallClock: $0.links.wallClock?.description ?? "")
    }
    checkChains(good)
    let events = good.filter { !$0.isStatement }
    checkHistories(events)
    checkSeenCheckpoints(good, manifest, checkpoint)
    checkBlobs(events, manifest, zip)
    checkOpenings(events, manifest)
    if !events.contains(where: { manifest.subject.isAbout($0.links, $0.entry.entry.event) }) {
      fail(.subject, "No verified event is about \(manifest.subject).")
    }
  }

  // MARK: The container

  private mutating func manifest(_ zip: StoredZip) -> DossierManifest? {
    guard let bytes = zip[Dossier.manifestName] else {
      fail(.manifest, "There is no \(Dossier.manifestName).")
      return nil
    }
    let manifest: DossierManifest
    do {
      manifest = try CanonicalDecoder().decode(
        DossierManifest.self, from: bytes, limit: DossierManifest.maximumLength)
    } catch {
      fail(.manifest, "\(Dossier.manifestName) cannot be read: \(error).")
      return nil
    }
    guard manifest.v == DossierManifest.version else {
      fail(.manifest, "The dossier has version \(manifest.v); only version 1 is known.")
      return nil
    }
    guard Self.isAscending(manifest.entries.map(\.index)), manifest.entries.allSatisfy({ $0.index >= 0 }),
      Self.isAscending(manifest.consistency.map(\.size)),
      Self.isAscending(manifest.blobs.map { Array($0.digest.utf8) }),
      Self.isAscending(manifest.withheld.map { Array($0.digest.utf8) })
    else {
      fail(.manifest, "A list of the manifest is out of order, or holds something twice.")
      return nil
    }
    let named =
      manifest.blobs.map { Dossier.blobName($0.digest) } + [Dossier.checkpointName]
      + manifest.entries.map { Dossier.entryName($0.index) } + [Dossier.manifestName, Dossier.summaryName]
    guard named == zip.members.map(\.name) else {
      let (here, wanted) = (Set(zip.members.map(\.name)), Set(named))
      let absent = named.first { !here.contains($0) }
      let extra = zip.members.first { !wanted.contains($0.name) }?.name
      fail(
        .manifest,
        absent.map { "The manifest names \($0), which is not there." }
          ?? extra.map { "\($0) is there, and the manifest does not name it." }
          ?? "The manifest and the members differ.")
      return nil
    }
    return manifest
  }

  private static func isAscending(_ values: [Int]) -> Bool {
    zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
  }

  private static func isAscending(_ values: [[UInt8]]) -> Bool {
    zip(values, values.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
  }

  private mutating func checkpoint(_ zip: StoredZip) -> Checkpoint? {
    do {
      return try VerifiedCheckpoint(
        note: Array(zip[Dossier.checkpointName] ?? []), keys: [key], origin: key.name
      ).checkpoint
    } catch {
      fail(.checkpoint, "The log's tree head is not to be trusted: \(error).")
      return nil
    }
  }

  // MARK: Each entry

  private mutating func included(
    _ manifest: DossierManifest, _ zip: StoredZip, _ checkpoint: Checkpoint
  ) -> [Entry] {
    var included: [Entry] = []
    for item in manifest.entries {
      let bytes = Array(zip[Dossier.entryName(item.index)] ?? [])
      let entry: UnverifiedEntry
      do {
        entry = try UnverifiedEntry(bytes: bytes)
      } catch {
        fail(.form, index: item.index, "It is no entry: \(error).")
        continue
      }
      let event = entry.entry.event
      let header: Result<EntryHeader, CanonicalCodingError>
      do {
        header = .success(try CanonicalDecoder().decode(EntryHeader.self, from: event))
      } catch {
        header = .failure(error)
      }
      let proof = InclusionProof(
        leafIndex: UInt64(item.index), treeSize: checkpoint.size, hashes: item.proof)
      do throws(ProofError) {
        try proof.verify(leaf: .leaf(bytes), root: checkpoint.root)
      } catch {
        var claimed: String?
        if case .success(let header) = header { claimed = header.eventID }
        fail(
          .inclusion, index: item.index, event: claimed,
          "It is not in the log of \(checkpoint.size) entries at that place: \(error).")
        continue
      }
      do {
        let header = try header.get()
        guard header.v == 1, header.epoch >= 1, header.seq >= 1 else {
          fail(
            .form, index: item.index, event: header.eventID,
            "It has version \(header.v), epoch \(header.epoch), seq \(header.seq); it has no place in a chain.")
          continue
        }
        let links = try CanonicalDecoder().decode(EventLinks.self, from: event)
        included.append(Entry(index: item.index, entry: entry, header: header, links: links))
      } catch {
        fail(.form, index: item.index, "Its event cannot be read: \(error).")
      }
    }
    return included
  }

  private mutating func signed(_ included: [Entry]) -> [Entry] {
    let statements = included.filter(\.isStatement)
    let history = KeyHistory(authority: key, statements: statements.map(\.entry))
    var faults: [Int: KeyHistory.Fault] = [:]
    for fault in history.faults { faults[statements[fault.index].index] = fault }
    return included.filter { entry in
      if let fault = faults[entry.index] {
        let check: EvidenceFailure.Check =
          switch fault.reason {
          case .form: .form
          case .signature: .signature
          case .conflict: .statement
          }
        fail(check, entry, fault.sentence)
        return false
      }
      // A statement without a fault is signed as it must be.
      if entry.isStatement { return true }
      switch history.judgement(of: entry.station, at: entry.place) {
      case .unknown:
        fail(.key, entry, "No key of \(entry.station) is enrolled for \(entry.place), as far as the dossier says.")
        return false
      case .revoked(_, let lastGood):
        fail(.revoked, entry, "\(entry.station) was revoked after \(lastGood), and this is \(entry.place).")
        return false
      case .closed(_, let last):
        fail(.closed, entry, "\(entry.station) closed the epoch after \(last), and this is \(entry.place).")
        return false
      case .key(let key):
        guard entry.header.keyID == key.keyID, entry.entry.verify(with: key) != nil else {
          fail(
            .signature, entry,
            "It is not signed by \(key.name)+\(key.keyID), the key of \(entry.station) at \(entry.place).")
          return false
        }
        return true
      }
    }
  }

  // MARK: Between entries

  private mutating func checkChains(_ entries: [Entry]) {
    struct Slot: Hashable {
      let station: String
      let place: ChainPlace
    }
    var events: [String: Int] = [:]
    var chain: [Slot: Entry] = [:]
    for entry in entries {
      if let first = events[entry.header.eventID] {
        fail(.fork, entry, "The event stands in the log twice, at \(first) too.")
      } else {
        events[entry.header.eventID] = entry.index
      }
      let slot = Slot(station: entry.station, place: entry.place)
      if let first = chain[slot] {
        fail(
          .fork, entry, "\(entry.station) wrote two entries at \(entry.place); the other is log entry \(first.index).")
      } else {
        chain[slot] = entry
      }
    }
    for entry in entries where entry.place.seq > 1 {
      let before = ChainPlace(epoch: entry.place.epoch, seq: entry.place.seq - 1)
      guard let previous = chain[Slot(station: entry.station, place: before)],
        previous.entry.entry.hash != entry.header.prevHash
      else { continue }
      fail(.prevHash, entry, "Its prevHash is not the hash of log entry \(previous.index), the one before it.")
    }
  }

  private mutating func checkHistories(_ events: [Entry]) {
    var order: [AssetID] = []
    var byAsset: [AssetID: [Entry]] = [:]
    for event in events {
      guard let asset = event.links.asset else { continue }
      if byAsset[asset] == nil { order.append(asset) }
      byAsset[asset, default: []].append(event)
    }
    for asset in order {
      let events = byAsset[asset] ?? []
      let here = Set(events.map(\.header.eventID))
      var children: [String: [Entry]] = [:]
      var reached: [Entry] = []
      for event in events {
        guard let prior = event.links.prior else {
          reached.append(event)
          continue
        }
        let head = prior.head.description
        if here.contains(head) {
          children[head, default: []].append(event)
        } else {
          fail(.prior, event, "The event before it, \(head), is not in the dossier, or not verified.")
          reached.append(event)
        }
      }
      var seen = Set(reached.map(\.header.eventID))
      while let event = reached.popLast() {
        for child in children[event.header.eventID] ?? [] where seen.insert(child.header.eventID).inserted {
          reached.append(child)
        }
      }
      for event in events where !seen.contains(event.header.eventID) {
        fail(.prior, event, "Its history runs in a circle and leads back to no first event.")
      }
      report.histories.append(
        DossierReport.History(
          asset: asset.description, events: events.count,
          heads: events.map(\.header.eventID).filter { children[$0] == nil }))
    }
  }

  private mutating func checkSeenCheckpoints(_ entries: [Entry], _ manifest: DossierManifest, _ head: Checkpoint) {
    var proofs: [Int: [TreeHash]] = [:]
    for item in manifest.consistency { proofs[item.size] = item.proof }
    var known: [SeenCheckpoint: String?] = [:]
    for entry in entries {
      guard let seen = entry.links.seenCheckpoint else { continue }
      let fault: String?
      if let answer = known[seen] {
        fault = answer
      } else {
        fault = Self.contradiction(seen, proofs[seen.size], head)
        known[seen] = .some(fault)
      }
      if let fault { fail(.seenCheckpoint, entry, fault) }
    }
  }

  private static func contradiction(_ seen: SeenCheckpoint, _ proof: [TreeHash]?, _ head: Checkpoint) -> String? {
    guard let root = TreeHash(hex: seen.root), seen.size >= 0 else { return "It names no tree head." }
    if seen.size == 0 { return root == .empty ? nil : "It names another root of the empty log." }
    guard UInt64(seen.size) <= head.size else {
      return "Its station had seen a log of \(seen.size) entries; this checkpoint, of \(head.size), is older."
    }
    if UInt64(seen.size) == head.size {
      return root == head.root ? nil : "Its station had seen another log of \(seen.size) entries than this one."
    }
    guard let proof else {
      return "There is no proof that the log extends the \(seen.size) entries its station had seen."
    }
    do throws(ProofError) {
      try ConsistencyProof(oldSize: UInt64(seen.size), newSize: head.size, hashes: proof)
        .verify(oldRoot: root, newRoot: head.root)
      return nil
    } catch {
      return "The log does not extend the \(seen.size) entries that its station had seen: \(error)."
    }
  }

  // MARK: Files and values

  private mutating func checkBlobs(_ events: [Entry], _ manifest: DossierManifest, _ zip: StoredZip) {
    var blobs: [String: DossierManifest.Blob] = [:]
    for blob in manifest.blobs { blobs[blob.digest] = blob }
    var withheld: [String: DossierManifest.Withheld] = [:]
    for item in manifest.withheld { withheld[item.digest] = item }
    var faults: [String: String?] = [:]
    var named: Set<String> = []
    for event in events {
      for reference in event.links.evidence ?? [] {
        let isNew = named.insert(reference.digest).inserted
        guard let blob = blobs[reference.digest], let content = zip[Dossier.blobName(blob.digest)] else {
          if let item = withheld[reference.digest] {
            if isNew { report.withheld.append(item) }
          } else {
            fail(.blob, event, "Its file \(reference.digest) is neither in the dossier nor said to be left out.")
          }
          continue
        }
        guard content.count == reference.length else {
          fail(.blob, event, "Its file \(blob.digest) has \(content.count) bytes; the event says \(reference.length).")
          continue
        }
        let fault: String?
        if let known = faults[blob.digest] {
          fault = known
        } else {
          fault = Self.fault(blob, content)
          faults[blob.digest] = .some(fault)
        }
        if let fault { fail(.blob, event, fault) }
      }
    }
    for blob in manifest.blobs where !named.contains(blob.digest) {
      fail(.blob, "No verified event names file \(blob.digest).")
    }
  }

  private static func fault(_ blob: DossierManifest.Blob, _ content: ArraySlice<UInt8>) -> String? {
    if let text = blob.salt {
      guard let salt = base64(text), salt.count == CommitmentOpening.saltLength else {
        return "The salt of its file \(blob.digest) is not the base64 of 32 bytes."
      }
      return CommitmentOpening.commitment(to: content, salt: salt) == blob.digest
        ? nil : "Its file \(blob.digest) is not the one that was committed to."
    }
    return Lowercase.hexadecimal(SHA256.hash(data: content)) == blob.digest
      ? nil : "Its file \(blob.digest) has another hash: it was changed or exchanged."
  }

  private mutating func checkOpenings(_ events: [Entry], _ manifest: DossierManifest) {
    var byID: [String: Entry] = [:]
    for event in events where byID[event.header.eventID] == nil { byID[event.header.eventID] = event }
    for opening in manifest.openings {
      let id = opening.event.description
      guard let event = byID[id] else {
        fail(.commitment, event: id, "A value is shown for an event that is not verified.")
        continue
      }
      guard let salt = Self.base64(opening.salt), let value = Self.base64(opening.value),
        let shown = CommitmentOpening(salt: salt, value: value),
        event.links.commitments?[opening.name] == shown.commitment
      else {
        fail(.commitment, event, "The value shown as '\(opening.name)' is not the one that was committed to.")
        continue
      }
    }
  }

  private static func base64(_ text: String) -> [UInt8]? {
    guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else { return nil }
    return Array(data)
  }
}
