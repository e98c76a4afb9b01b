import Custody
import Foundation
import SyncTestSupport
import TamperEvidence
import Testing

@testable import CustodyLedger

/// A log of two stations and one asset in it, with everything that a dossier can carry.
struct SampleDossier {
  var log: SampleLog
  var first: ChainWriter
  var second: ChainWriter
  let asset: AssetID
  /// The asset's events, by place in the log.
  var events: [Int] = []
  var seen: [Int] = []
  let picture = Array("a picture".utf8)
  let signature = CommitmentOpening(salt: [UInt8](repeating: 5, count: 32), value: Array("Kim Li".utf8))
  let badge = CommitmentOpening(salt: [UInt8](repeating: 6, count: 32), value: Array("badge-17".utf8))

  init() throws {
    log = try SampleLog()
    first = try ChainWriter(7)
    second = try ChainWriter(8)
    try log.enrol(first)
    try log.enrol(second)
    for tag in ["AT-1", "AT-2", "AT-3"] { log.append(try first.register(tag)) }
    asset = first.newAssetID()
    first.evidence = [
      EvidenceReference(
        digest: EntryHash(of: picture).description, length: picture.count, mediaType: "image/jpeg", role: "photo")
    ]
    let registered = try first.register(asset, "AT-9")
    events.append(log.append(registered))
    first.evidence = []
    seen.append(log.entries.count)
    second.seenCheckpoint = log.seen
    try second.learn(registered)
    if let signature, let badge {
      second.evidence = [
        EvidenceReference(
          digest: signature.commitment, length: signature.value.count, mediaType: "image/png", role: "signature")
      ]
      second.commitments = ["badge": badge.commitment]
    }
    let deployed = try second.deploy(asset)
    events.append(log.append(deployed))
    second.evidence = []
    second.commitments = [:]
    try first.learn(deployed)
    log.append(try second.rotate(to: 80))
    log.append(try first.register("AT-4"))
    seen.append(log.entries.count)
    second.seenCheckpoint = log.seen
    let returned = try second.takeBack(asset)
    events.append(log.append(returned))
    try first.learn(returned)
    log.append(try first.openEpoch(seed: 70), asset: nil)
    try log.enrol(first, epoch: 2)
    let retired = try first.retire(asset)
    events.append(log.append(retired))
    for tag in ["AT-5", "AT-6"] { log.append(try first.register(tag)) }
  }

  var blobs: [Dossier.Blob] {
    [Dossier.Blob(digest: EntryHash(of: picture).description, content: picture)]
      + (signature.map { [Dossier.Blob(digest: $0.commitment, content: $0.value, salt: $0.salt)] } ?? [])
  }

  var openings: [DossierManifest.Opening] {
    get throws {
      let event = try CanonicalDecoder().decode(CustodyEvent.self, from: log.entries[events[1]].entry.event)
      return badge.map { [.init(event: event.eventID, name: "badge", opening: $0)] } ?? []
    }
  }

  func bytes(
    without: Set<Int> = [], blobs: [Dossier.Blob]? = nil, withheld: [DossierManifest.Withheld] = [],
    openings: [DossierManifest.Opening]? = nil, seen: [Int]? = nil, note: SignedNote? = nil
  ) throws -> [UInt8] {
    try log.dossier(
      of: asset, without: without, seen: seen ?? self.seen, blobs: blobs ?? self.blobs, withheld: withheld,
      openings: try openings ?? self.openings, note: note)
  }

  func verify(_ bytes: [UInt8]) -> DossierReport { Dossier.verify(bytes: bytes, key: log.key) }

  func eventID(_ number: Int) throws -> String {
    try CanonicalDecoder().decode(EntryHeader.self, from: log.entries[events[number]].entry.event).eventID
  }

  /// The dossier with members changed, and a zip around it that is whole again.
  static func rewrite(_ bytes: [UInt8], _ change: (inout [String: [UInt8]]) throws -> Void) throws -> [UInt8] {
    var members: [String: [UInt8]] = [:]
    for member in try StoredZip(bytes: bytes).members { members[member.name] = Array(member.content) }
    try change(&members)
    return try StoredZip(members.map { .init(name: $0.key, content: $0.value[...]) }).bytes()
  }
}

@Suite("Dossiers")
struct DossierTests {
  private let sample: SampleDossier

  init() throws {
    sample = try SampleDossier()
  }

  private func failures(_ bytes: [UInt8]) -> [EvidenceFailure.Check] { sample.verify(bytes).failures.map(\.check) }

  @Test("a dossier is verified by the log's key alone, over rotations and epochs, and says how far it goes")
  func verified() throws {
    let report = sample.verify(try sample.bytes())
    #expect(report.failures == [])
    #expect(report.subject == .asset(sample.asset))
    #expect(
      report.lines.map(\.type).filter { Verb(rawValue: $0) != nil } == ["register", "deploy", "return", "retire"])
    let last = try sample.eventID(3)
    #expect(
      report.histories == [DossierReport.History(asset: sample.asset.description, events: 4, heads: [last])])
    #expect(
      report.histories[0].sentence
        == "asset \(sample.asset): 4 events, complete up to event \(last); newer or concurrent events need a full-log audit"
    )
  }

  @Test("under another log's key nothing is verified")
  func otherKey() throws {
    let report = Dossier.verify(bytes: try sample.bytes(), key: try SampleLog(201).key)
    #expect(report.failures.map(\.check) == [.checkpoint])
  }

  @Test("an event that was left out is missed by the one after it")
  func leftOut() throws {
    let report = sample.verify(try sample.bytes(without: [sample.events[2]]))
    #expect(report.failures.map(\.check) == [.prior])
    #expect(report.failures[0].eventID == (try sample.eventID(3)))
    // The newest event is missed by none: the report says so.
    let shorter = sample.verify(try sample.bytes(without: [sample.events[3]]))
    #expect(shorter.isVerified)
    #expect(shorter.histories[0].heads == [try sample.eventID(2)])
  }

  @Test("without the statements about its key an event is nobody's")
  func withoutStatements() throws {
    // The enrolment of the first station, and the rotation of the second.
    let noEnrolment = sample.verify(try sample.bytes(without: [0]))
    #expect(noEnrolment.failures.first?.check == .key)
    #expect(noEnrolment.failures.first?.eventID == (try sample.eventID(0)))
    let noRotation = sample.verify(try sample.bytes(without: [sample.events[1] + 1]))
    #expect(noRotation.failures.first?.check == .signature)
    #expect(noRotation.failures.first?.eventID == (try sample.eventID(2)))
  }

  @Test("every byte of an entry is covered: changed, it is not in the log")
  func changedEntries() throws {
    let bytes = try sample.bytes()
    for event in sample.events {
      let name = Dossier.entryName(event)
      let length = sample.log.entries[event].entry.bytes.count
      for place in stride(from: 0, to: length, by: 37) {
        let changed = try SampleDossier.rewrite(bytes) { $0[name]?[place] ^= 1 }
        let found = sample.verify(changed).failures.first
        #expect(found?.check == .inclusion && found?.index == event, "byte \(place) of \(name)")
      }
    }
  }

  @Test("an entry signed by another key is found even if the centre itself logged it so")
  func resigned() throws {
    var log = try SampleLog()
    var station = try ChainWriter(7)
    try log.enrol(station)
    let asset = station.newAssetID()
    let event = try station.register(asset, "AT-1")
    let thief = try SigningKey(name: station.key.name, seed: [UInt8](repeating: 99, count: 32))
    let forged = try VerifiedEntry.seal(eventBytes: Array(event.entry.entry.event), with: thief).entry
    log.append(try UnverifiedEntry(bytes: forged.bytes), asset: asset)
    let report = Dossier.verify(bytes: try log.dossier(of: asset), key: log.key)
    #expect(report.failures.map(\.check) == [.signature, .subject])
    #expect(report.failures[0].eventID == event.event.eventID.description)
  }

  @Test("a revoked station's events are named, and those before the revocation are good")
  func revoked() throws {
    var log = try SampleLog()
    var station = try ChainWriter(7)
    try log.enrol(station)
    let asset = station.newAssetID()
    log.append(try station.register(asset, "AT-1"))
    log.append(try station.deploy(asset))
    try log.state(.revoke(KeyRevocation(subject: station.key.name, epoch: 1, lastGoodSeq: 1, reason: "stolen")))
    let report = Dossier.verify(bytes: try log.dossier(of: asset), key: log.key)
    #expect(report.failures.map(\.check) == [.revoked])
    #expect(report.failures[0].index == 2)
    #expect(report.lines.count == 3)
  }

  @Test("two histories of one station are seen: a place taken twice, a link that does not fit")
  func forks() throws {
    var log = try SampleLog()
    var station = try ChainWriter(7)
    try log.enrol(station)
    let asset = station.newAssetID()
    log.append(try station.register(asset, "AT-1"))
    var clone = station
    log.append(try station.deploy(asset, to: "Finance"))
    let other = try clone.deploy(asset, to: "Sales")
    log.append(other)
    let next = try clone.takeBack(asset)
    log.append(next)
    let report = Dossier.verify(bytes: try log.dossier(of: asset), key: log.key)
    // The clone's deploy has the event id of the other one, too.
    #expect(report.failures.map(\.check) == [.fork, .fork, .prevHash])
    #expect(report.failures.map(\.index) == [3, 3, 4])
  }

  @Test("an old tree head does not carry newer entries, and contradicts what stations had seen")
  func staleCheckpoint() throws {
    let old = try Checkpoint(
      origin: sample.log.key.name, size: 6,
      root: {
        var range = CompactRange()
        for entry in sample.log.entries.prefix(6) { range.append(.leaf(entry.entry.bytes)) }
        return range.root
      }())
    let note = try old.signed(with: [sample.log.centre.key])
    let report = sample.verify(try sample.bytes(note: note))
    #expect(report.failures.first?.check == .inclusion)
    #expect(!report.failures.isEmpty)
  }

  @Test("what a station had seen must be what the log extends")
  func seenCheckpoints() throws {
    #expect(failures(try sample.bytes(seen: [])) == [.seenCheckpoint, .seenCheckpoint])
    let report = sample.verify(try sample.bytes(seen: [sample.seen[0]]))
    #expect(report.failures.map(\.check) == [.seenCheckpoint])
    #expect(report.failures[0].eventID == (try sample.eventID(2)))
    // A station that had seen another log.
    var log = try SampleLog()
    var station = try ChainWriter(7)
    try log.enrol(station)
    log.append(try station.register("AT-1"))
    station.seenCheckpoint = SeenCheckpoint(size: 1, root: TreeHash.leaf([9]).description)
    let asset = station.newAssetID()
    log.append(try station.register(asset, "AT-2"))
    #expect(
      Dossier.verify(bytes: try log.dossier(of: asset, seen: [1]), key: log.key).failures.map(\.check) == [
        .seenCheckpoint
      ])
    station.seenCheckpoint = SeenCheckpoint(size: 99, root: TreeHash.leaf([9]).description)
    let later = station.newAssetID()
    log.append(try station.register(later, "AT-3"))
    #expect(Dossier.verify(bytes: try log.dossier(of: later), key: log.key).failures.map(\.check) == [.seenCheckpoint])
  }

  @Test("files are what the events name: changed, exchanged, missing and added ones are found")
  func files() throws {
    let blobs = sample.blobs
    let swapped = [
      Dossier.Blob(digest: blobs[0].digest, content: blobs[1].content, salt: blobs[0].salt),
      Dossier.Blob(digest: blobs[1].digest, content: blobs[0].content, salt: blobs[1].salt),
    ]
    let found = sample.verify(try sample.bytes(blobs: swapped))
    #expect(found.failures.map(\.check) == [.blob, .blob])
    #expect(found.failures.map(\.eventID) == [try sample.eventID(0), try sample.eventID(1)])
    #expect(failures(try sample.bytes(blobs: [blobs[0]])) == [.blob])
    let withheld = DossierManifest.Withheld(digest: blobs[1].digest, reason: "erased")
    let report = sample.verify(try sample.bytes(blobs: [blobs[0]], withheld: [withheld]))
    #expect(report.isVerified && report.withheld == [withheld])
    let extra = Dossier.Blob(digest: EntryHash(of: [1]).description, content: [1])
    #expect(failures(try sample.bytes(blobs: blobs + [extra])) == [.blob])
    var changed = blobs[0].content
    changed[3] ^= 1
    #expect(
      failures(try sample.bytes(blobs: [Dossier.Blob(digest: blobs[0].digest, content: changed), blobs[1]])) == [.blob])
    let unsalted = Dossier.Blob(digest: blobs[1].digest, content: blobs[1].content)
    #expect(failures(try sample.bytes(blobs: [blobs[0], unsalted])) == [.blob])
  }

  @Test("a value that is shown is the one that was committed to; erased, everything else still verifies")
  func commitments() throws {
    #expect(sample.verify(try sample.bytes(openings: [])).isVerified)
    let event = try sample.openings[0].event
    for (name, value) in [("badge", "badge-18"), ("name", "badge-17")] {
      let opening = try #require(CommitmentOpening(salt: [UInt8](repeating: 6, count: 32), value: Array(value.utf8)))
      #expect(
        failures(try sample.bytes(openings: [.init(event: event, name: name, opening: opening)])) == [.commitment])
    }
  }

  @Test("a manifest that does not fit the members is refused")
  func manifests() throws {
    let bytes = try sample.bytes()
    let changes: [(inout [String: [UInt8]]) -> Void] = [
      { $0["manifest.json"] = nil }, { $0["manifest.json"] = [] }, { $0["manifest.json"]?.append(10) },
      { $0["summary.html"] = nil }, { $0["checkpoint"] = nil }, { $0["entries/0000000000000099"] = [1] },
      { $0["entries/0000000000000000"] = nil }, { $0["blobs/x"] = [] },
    ]
    for (number, change) in changes.enumerated() {
      let found = failures(try SampleDossier.rewrite(bytes, change))
      #expect(found == [.manifest], "change \(number)")
    }
    #expect(failures([]) == [.zip])
    #expect(failures(Array("not a zip".utf8)) == [.zip])
  }

  @Test("stations that acted without knowing of each other leave two heads, and both are named")
  func concurrent() throws {
    var log = try SampleLog()
    var (a, b) = (try ChainWriter(7), try ChainWriter(8))
    try log.enrol(a)
    try log.enrol(b)
    let asset = a.newAssetID()
    let registered = try a.register(asset, "AT-1")
    log.append(registered)
    try b.learn(registered)
    let (one, two) = (try a.deploy(asset, to: "Finance"), try b.deploy(asset, to: "Sales"))
    log.append(one)
    log.append(two)
    let report = Dossier.verify(bytes: try log.dossier(of: asset), key: log.key)
    #expect(report.isVerified)
    #expect(report.histories[0].heads == [one.event.eventID.description, two.event.eventID.description])
  }

  @Test("the page for reading has no script and cannot be made to have one")
  func summary() throws {
    let text = String(decoding: try StoredZip(bytes: sample.bytes())["summary.html"] ?? [], as: UTF8.self)
    #expect(text.contains("AT-") == false && text.contains("proves nothing by itself"))
    #expect(!text.contains("<script"))
    let evil = try Dossier.write(
      subject: .order("<script>alert(1)</script>\"&"), madeAt: Instant(milliseconds: 0),
      checkpoint: sample.log.checkpoint.signed(with: [sample.log.centre.key]), entries: [])
    let page = String(decoding: try StoredZip(bytes: evil)["summary.html"] ?? [], as: UTF8.self)
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;") && !page.contains("<script"))
  }

  @Test("no mutation of a dossier verifies, and none hangs or traps")
  func mutations() throws {
    let bytes = try sample.bytes()
    let whole = try StoredZip(bytes: bytes).members
    var dice = Dice(UInt64(ProcessInfo.processInfo.environment["CUSTODY_FUZZ_SEED"].flatMap(Int.init) ?? 1))
    let rounds = ProcessInfo.processInfo.environment["CUSTODY_FUZZ_ROUNDS"].flatMap(Int.init) ?? 400
    for round in 0..<rounds {
      // The container itself, or one member in a container that is whole.
      if round % 2 == 0 {
        var changed = bytes
        Self.garble(&changed, &dice)
        if changed != bytes { #expect(!sample.verify(changed).isVerified, "round \(round)") }
      } else {
        let victim = whole[dice.roll(whole.count)]
        var content = Array(victim.content)
        Self.garble(&content, &dice)
        let changed = try SampleDossier.rewrite(bytes) { $0[victim.name] = content }
        // The page for reading is covered by nothing, and believed by nobody. In the manifest the moment it was made, the
        // subject and the like are not proved.
        if changed == bytes || victim.name == "summary.html" || victim.name == "manifest.json" { continue }
        #expect(!sample.verify(changed).isVerified, "round \(round): \(victim.name)")
      }
    }
  }

  private static func garble(_ bytes: inout [UInt8], _ dice: inout Dice) {
    for _ in 0...dice.roll(3) {
      guard !bytes.isEmpty else { return bytes.append(UInt8(dice.roll(256))) }
      let place = dice.roll(bytes.count)
      let length = 1 + dice.roll(min(16, bytes.count - place))
      switch dice.roll(6) {
      case 0: bytes[place] = UInt8(dice.roll(256))
      case 1: bytes[place] ^= 1 << UInt8(dice.roll(8))
      case 2: bytes.removeSubrange(place..<place + length)
      case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
      case 4: bytes = Array(bytes[..<place])
      default: bytes.insert(UInt8(dice.roll(256)), at: place)
      }
    }
  }
}

/// Pseudo-random numbers that are the same in every run (Knuth's MMIX constants).
struct Dice {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func roll(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}
