import Custody
import CustodyLedger
import Foundation
import SyncTestSupport
import TamperEvidence
import Testing

/// The verifier in Swift and the one in Python, written apart from each other after docs/verify/README.md, agree on every
/// dossier: the verdict, and every failed check with its entry and event.
@Suite(.timeLimit(.minutes(25))) struct DossierAgreementTests {
  /// What both say of a dossier.
  private struct Verdict: Equatable, Decodable {
    struct Failure: Equatable, Decodable {
      let check: String
      let index: Int?
      let eventID: String?
    }
    struct History: Equatable, Decodable {
      let asset: String
      let events: Int
      let heads: [String]
    }
    let verified: Bool
    let failures: [Failure]
    let histories: [History]
  }

  private static let seed = ProcessInfo.processInfo.environment["CUSTODY_SEED"].flatMap(UInt64.init) ?? 20_261_121
  private static let count = ProcessInfo.processInfo.environment["CUSTODY_DOSSIERS"].flatMap(Int.init) ?? 1_000

  @Test func `two verifiers agree on 1,000 valid and 1,000 damaged dossiers`() async throws {
    print("seed of the dossiers: CUSTODY_SEED=\(Self.seed)")
    let parts = 4
    let seen = try await withTemporaryFolder { folder in
      try await withThrowingTaskGroup(of: Set<String>.self) { group in
        for part in 0..<parts {
          let numbers = Self.count * part / parts..<Self.count * (part + 1) / parts
          group.addTask { try await Self.agree(on: numbers, Dice(Self.seed &+ UInt64(part)), folder) }
        }
        return try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
      }
    }
    // The generator reaches most checks; the rest have tests of their own.
    #expect(
      seen.isSuperset(of: [
        "zip", "manifest", "checkpoint", "inclusion", "key", "signature", "prior", "seenCheckpoint", "blob",
        "commitment", "revoked", "form", "statement", "prevHash", "subject",
      ]), "\(seen.sorted())")
  }

  /// One dossier with what the library says of it.
  private struct Sample {
    let name: String
    /// What it must be found; nil where either may be right.
    let isValid: Bool?
    let verdict: Verdict
  }

  /// Compares the verifiers on the dossiers of these numbers; gives the checks that failed.
  private static func agree(on numbers: Range<Int>, _ dice: Dice, _ folder: URL) async throws -> Set<String> {
    let (key, samples) = try await aside { try Self.samples(numbers, dice, folder) }
    for sample in samples {
      if let isValid = sample.isValid {
        #expect(sample.verdict.verified == isValid, "\(sample.name), CUSTODY_SEED=\(seed): \(sample.verdict)")
      }
    }
    let script = Program.root.appending(path: "docs/verify/verify.py").path
    let arguments = [script, "--json", "--key", key.description] + samples.map { folder.path + "/" + $0.name }
    let (status, printed) = try await Program.finishing("/usr/bin/python3", arguments, within: .seconds(600))
    // 1: some are found wanting. Anything else, such as 3 without the package cryptography, is no answer.
    try #require(status == 1, "\(printed.suffix(2000))")
    let answers = try printed.split(separator: "\n").map { try JSONDecoder().decode(Verdict.self, from: Data($0.utf8)) }
    try #require(answers.count == samples.count, "\(answers.count) answers to \(samples.count) dossiers")
    for (sample, answer) in zip(samples, answers) where answer != sample.verdict {
      Issue.record("\(sample.name), CUSTODY_SEED=\(seed):\nSwift  \(sample.verdict)\nPython \(answer)")
    }

    // The program that users run says the same as the library.
    for sample in stride(from: 0, to: samples.count, by: max(1, samples.count / 3)).map({ samples[$0] }) {
      let found = try await Program.finished(
        "custody-audit", ["verify", folder.path + "/" + sample.name, "--key", key.description, "--json"])
      let verdict = try JSONDecoder().decode(Verdict.self, from: Data(found.printed.utf8))
      #expect(verdict == sample.verdict && found.status == (verdict.verified ? 0 : 1), "\(sample.name)")
    }
    return Set(samples.flatMap { $0.verdict.failures.map(\.check) })
  }

  /// Writes the dossiers of these numbers to `folder`, and verifies them.
  private static func samples(
    _ numbers: Range<Int>, _ dice: Dice, _ folder: URL
  ) throws -> (key: VerifierKey, samples: [Sample]) {
    var dice = dice
    var history = try RandomHistory(&dice)
    var samples: [Sample] = []
    func keep(_ name: String, _ bytes: [UInt8], isValid: Bool?) throws {
      try Data(bytes).write(to: folder.appending(path: name))
      let report = Dossier.verify(bytes: bytes, key: history.log.key)
      let verdict = Verdict(
        verified: report.isVerified,
        failures: report.failures.map { .init(check: $0.check.rawValue, index: $0.index, eventID: $0.eventID) },
        histories: report.histories.map { .init(asset: $0.asset, events: $0.events, heads: $0.heads) })
      samples.append(Sample(name: name, isValid: isValid, verdict: verdict))
    }
    for number in numbers {
      if number % 10 == 0 { history = try RandomHistory(&dice) }
      let valid = try history.dossier(&dice)
      // Of an asset, of a period, of an order where one of the events names one.
      let (right, wrong) = try valid.subjects(number)
      try keep("valid-\(number).zip", try about(right, try valid.bytes()), isValid: true)
      let (kind, damaged) = try valid.damaged(number, &dice)
      try keep("damaged-\(number)-\(kind).zip", try about(right, damaged), isValid: false)
      if let wrong { try keep("subject-\(number).zip", try about(wrong, try valid.bytes()), isValid: false) }
      // Beyond the thousand: what a centre and stations that lie, or are broken, could write. It may even be harmless.
      if number % 4 == 0 { try keep("odd-\(number).zip", try valid.odd(&dice), isValid: nil) }
    }
    return (history.log.key, samples)
  }

  /// The same dossier under another subject, if there is one and it can be opened.
  private static func about(_ subject: DossierManifest.Subject?, _ bytes: [UInt8]) throws -> [UInt8] {
    guard let subject else { return bytes }
    let zip: StoredZip
    var manifest: DossierManifest
    do {
      zip = try StoredZip(bytes: bytes)
      manifest = try CanonicalDecoder().decode(
        DossierManifest.self, from: zip["manifest.json"] ?? [], limit: DossierManifest.maximumLength)
    } catch {
      // Damaged beyond that.
      return bytes
    }
    manifest.subject = subject
    let written = try CanonicalEncoder().encode(manifest, limit: DossierManifest.maximumLength)
    return try StoredZip(
      zip.members.map { .init(name: $0.name, content: $0.name == "manifest.json" ? written[...] : $0.content) }
    ).bytes()
  }

  /// Runs long work on a thread of its own: the threads that tests share stay free for those beside this one.
  private static func aside<Answer: Sendable>(_ work: @escaping @Sendable () throws -> Answer) async throws -> Answer {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
  }

  @Test func `without the package that it needs the second verifier says so and gives no verdict`() async throws {
    // Without the site's packages.
    let script = Program.root.appending(path: "docs/verify/verify.py").path
    let (status, printed) = try await Program.finishing(
      "/usr/bin/python3", ["-I", "-S", script, "--key", "any", "dossier.zip"])
    #expect(status == 3 && printed.contains("python3-cryptography") && !printed.contains("Traceback"), "\(printed)")
  }
}

/// A log of three stations with a handful of assets: handed over, keys rotated, epochs opened, files and commitments, and
/// one station revoked at the end.
private struct RandomHistory {
  var log: SampleLog
  private var stations: [ChainWriter]
  private(set) var assets: [AssetID] = []
  private var events: [AssetID: [Int]] = [:]
  private var blobs: [AssetID: [Dossier.Blob]] = [:]
  private var openings: [AssetID: [DossierManifest.Opening]] = [:]
  /// Sizes that stations had seen.
  private var seen: [Int] = []
  /// An asset that a revoked station went on with.
  private(set) var stolen: AssetID?

  init(_ dice: inout Dice) throws {
    log = try SampleLog()
    stations = try [7, 8, 9].map { try ChainWriter($0) }
    for station in stations { try log.enrol(station) }
    for number in 0..<4 {
      let steps = 2 + dice.roll(3)
      for step in 0..<steps { try act(number, step, &dice) }
    }
    for index in 0..<2 {
      let act = disposal(index)
      log.append(try stations[index].state(.disposalOrder(act)))
    }
    // Nobody hears of what comes from the third station after its key was stolen.
    let last = stations[2]
    try log.state(
      .revoke(KeyRevocation(subject: last.key.name, epoch: last.epoch, lastGoodSeq: last.seq, reason: "stolen")))
    let gone = try stations[2].register("AT-99")
    log.append(gone)
    stolen = gone.event.asset
    log.append(try stations[0].register("AT-98"))
  }

  /// An act on a disposal order, with every field that one can have.
  private func disposal(_ number: Int) -> DisposalStatement {
    let person = PersonID(high: 7 << 16 | 0x7000, low: 1 << 63 | UInt64(number))
    var act = DisposalStatement(
      act: number == 0 ? .sealed : .closed, order: "DO-\(number)/ü", route: .returnToLessor, vendor: "Lessor",
      assets: assets.count, lines: DisposalStatement.hash(of: assets))
    act.seal = "SEAL-1"
    act.witness = DisposalStatement.Second(person: person, authStrength: .badgePIN)
    act.approver = DisposalStatement.Second(person: person, authStrength: .badgePINOffline)
    act.list = DisposalStatement.RecyclerFile(digest: EntryHash(of: [1]), rows: 3)
    act.open = assets.sorted()
    act.reason = "lost on the way"
    return act
  }

  private mutating func act(_ number: Int, _ step: Int, _ dice: inout Dice) throws {
    let author = dice.roll(3)
    if dice.roll(6) == 0 { log.append(try stations[author].rotate(to: UInt8(60 + dice.roll(100)))) }
    if dice.roll(9) == 0 {
      let seed = UInt8(60 + dice.roll(100))
      log.append(try stations[author].openEpoch(seed: seed))
      try log.enrol(stations[author], epoch: stations[author].epoch)
    }
    if dice.roll(2) == 0 {
      stations[author].seenCheckpoint = log.seen
      seen.append(Int(log.edge.size))
    }
    var (files, shown): ([Dossier.Blob], [String: CommitmentOpening]) = ([], [:])
    for _ in 0..<dice.roll(3) {
      let content = (0..<1 + dice.roll(300)).map { _ in UInt8(dice.roll(256)) }
      if dice.roll(3) == 0, let opening = CommitmentOpening(salt: salt(&dice), value: content) {
        files.append(Dossier.Blob(digest: opening.commitment, content: content, salt: opening.salt))
      } else {
        files.append(Dossier.Blob(digest: EntryHash(of: content).description, content: content))
      }
    }
    if dice.roll(2) == 0 {
      shown["badge"] = CommitmentOpening(salt: salt(&dice), value: Array("badge-\(dice.roll(1000))".utf8))
    }
    stations[author].evidence = files.map {
      EvidenceReference(digest: $0.digest, length: $0.content.count, mediaType: "image/png", role: "photo")
    }
    stations[author].commitments = shown.mapValues(\.commitment)
    let written: ChainWriter.Written
    switch step {
    case 0:
      written = try stations[author].register("AT-\(number)")
      assets.append(written.event.asset)
    case 1: written = try stations[author].deploy(assets[number], to: "Team \(dice.roll(9))")
    case 2: written = try stations[author].takeBack(assets[number])
    default:
      written =
        dice.roll(2) == 0
        ? try stations[author].retire(assets[number])
        : try stations[author].write(
          .ship(ShipDetails(carrier: "Carrier", order: "DO-\(number)/ü")), assets[number],
          to: Standing(state: .inTransit))
    }
    let asset = assets[number]
    events[asset, default: []].append(log.append(written))
    blobs[asset, default: []] += files
    for (name, opening) in shown {
      openings[asset, default: []].append(.init(event: written.event.eventID, name: name, opening: opening))
    }
    for other in stations.indices where other != author { try stations[other].learn(written) }
  }

  private func salt(_ dice: inout Dice) -> [UInt8] { (0..<32).map { _ in UInt8(dice.roll(256)) } }

  /// A dossier of one asset; some files and values may be left out.
  func dossier(_ dice: inout Dice) throws -> Draft {
    let asset = assets[dice.roll(assets.count)]
    var draft = Draft(
      log: log, asset: asset, events: events[asset] ?? [], seen: seen, blobs: blobs[asset] ?? [],
      openings: openings[asset] ?? [], stolen: stolen)
    if let file = draft.blobs.last, dice.roll(3) == 0 {
      draft.blobs.removeAll { $0.digest == file.digest }
      draft.withheld = [.init(digest: file.digest, reason: "erased")]
    }
    if dice.roll(4) == 0 { draft.openings = [] }
    return draft
  }

  /// What a dossier is made of.
  struct Draft {
    var log: SampleLog
    let asset: AssetID
    let events: [Int]
    let seen: [Int]
    var blobs: [Dossier.Blob]
    var withheld: [DossierManifest.Withheld] = []
    var openings: [DossierManifest.Opening]
    let stolen: AssetID?

    func bytes(
      of other: AssetID? = nil, without: Set<Int> = [], seen: [Int]? = nil, note: SignedNote? = nil
    ) throws -> [UInt8] {
      try log.dossier(
        of: other ?? asset, without: without, seen: seen ?? self.seen, blobs: blobs, withheld: withheld,
        openings: openings, note: note)
    }

    /// A subject that the dossier is about, nil for its asset; and one that it is not about.
    func subjects(_ number: Int) throws -> (right: DossierManifest.Subject?, wrong: DossierManifest.Subject?) {
      let written = try events.map {
        try CanonicalDecoder().decode(CustodyEvent.self, from: log.entries[$0].entry.event)
      }
      let moments = written.map(\.wallClock)
      guard let first = moments.min(), let last = moments.max() else { return (nil, nil) }
      switch number % 3 {
      case 1:
        return (
          .period(from: last, to: last.advanced(byMilliseconds: 1)),
          number % 2 == 0 ? .period(from: first, to: first) : .period(from: last.advanced(byMilliseconds: 1), to: .max)
        )
      case 2:
        for event in written {
          guard case .ship(let details) = event.details, let order = details.order else { continue }
          return (.order(order), .order("DO-99"))
        }
        return (nil, .order("DO-1"))
      default: return (nil, nil)
      }
    }

    /// The dossier spoiled in one way, which its number chooses.
    func damaged(_ number: Int, _ dice: inout Dice) throws -> (kind: String, bytes: [UInt8]) {
      var draft = self
      switch number % 10 {
      case 0:
        var bytes = try bytes()
        bytes[dice.roll(bytes.count)] ^= 1 << UInt8(dice.roll(8))
        return ("flipped", bytes)
      case 1:
        let index = events[dice.roll(events.count)]
        return ("flipped-entry", try rewritten(&dice) { $0.name == Self.entry(index) })
      case 2:
        return (
          "flipped-member", try rewritten(&dice) { !$0.name.hasPrefix("summary") && !$0.name.hasPrefix("manifest") }
        )
      case 3:
        // The centre logs what another key signed.
        let index = events[dice.roll(events.count)]
        let thief = try SigningKey(name: "HQ/S7", seed: [UInt8](repeating: 250, count: 32))
        var other = try SampleLog()
        for (place, logged) in log.entries.enumerated() {
          let entry =
            place == index
            ? try VerifiedEntry.seal(eventBytes: Array(logged.entry.event), with: thief).entry : logged.entry
          other.append(try UnverifiedEntry(bytes: entry.bytes), asset: logged.asset)
        }
        other.centre = log.centre
        draft.log = other
        return ("resigned-entry", try draft.bytes())
      case 4:
        let impostor = try SigningKey(name: log.key.name, seed: [UInt8](repeating: 251, count: 32))
        return ("resigned-head", try bytes(note: log.checkpoint.signed(with: [impostor])))
      case 5:
        // An event that another one follows, or the enrolment of a station.
        let index = events.count == 1 || dice.roll(3) == 0 ? try enrolment() : events[dice.roll(events.count - 1)]
        return ("dropped", try bytes(without: [index]))
      case 6:
        var range = CompactRange()
        for logged in log.entries.prefix(events[0] + dice.roll(3)) { range.append(.leaf(logged.entry.bytes)) }
        let head = try Checkpoint(origin: log.key.name, size: range.size, root: range.root)
        return ("stale", try bytes(note: head.signed(with: [log.centre.key])))
      case 7 where !blobs.isEmpty:
        draft.blobs = blobs.enumerated().map { place, blob in
          let other = place == 0 && blobs.count > 1 ? blobs[1].content : place == 1 ? blobs[0].content : blob.content
          return Dossier.Blob(digest: blob.digest, content: blobs.count > 1 ? other : other + [0], salt: blob.salt)
        }
        return ("swapped", try draft.bytes())
      case 8 where !openings.isEmpty:
        draft.openings[0].value = "AAAA"
        return ("opened", try draft.bytes())
      case 8 where !seen.isEmpty && dice.roll(2) == 0:
        // Only a proof that an event of the asset needs is missed; else a manifest that names what is not there.
        let bytes = try bytes(seen: [])
        if !Dossier.verify(bytes: bytes, key: log.key).isVerified { return ("unproved", bytes) }
        fallthrough
      case 9:
        guard let stolen, dice.roll(2) == 0 else { fallthrough }
        draft.blobs = []
        draft.openings = []
        return ("revoked", try draft.bytes(of: stolen))
      default:
        var members: [StoredZip.Member] = []
        for member in try StoredZip(bytes: bytes()).members where member.name != Self.entry(events[0]) {
          members.append(member)
        }
        return ("incomplete", try StoredZip(members).bytes())
      }
    }

    /// The dossier of a log in which one entry says something else than it should, signed all the same.
    func odd(_ dice: inout Dice) throws -> [UInt8] {
      // Now and then only a number of a statement, which then can be read and contradicts itself.
      let isNumber = dice.roll(3) == 0
      let ours = log.entries.indices.filter { log.entries[$0].asset == nil || (!isNumber && events.contains($0)) }
      let index = ours[dice.roll(ours.count)]
      guard case .object(var event) = try CanonicalJSON(bytes: Array(log.entries[index].entry.event)) else {
        return try bytes()
      }
      let values: [CanonicalJSON?] = [
        nil, .null, true, 0, 1, -1, 2, 9_007_199_254_740_991, "", "x", "S7", "é", [], [1, 2], [[]], [:], ["x": 1],
        .string("0190A8B2-7C3D-7E4F-8A5B-000000000001"), .string("0190a8b2-7c3d-7e4f-8a5b-00000000000g"),
        .string(String(repeating: "0", count: 64)), .string(String(repeating: "A", count: 64)),
        "2026-11-21T08:15:30.123Z", "2026-02-29T08:15:30.123Z", "2026-11-21T24:15:30.123Z",
        ["head": "0190a8b2-7c3d-7e4f-8a5b-000000000001", "version": 1], ["size": 1, "root": "x"],
        ["size": 0, "root": ""],
        [["digest": "x", "length": 1, "mediaType": "y", "role": "z"]], ["badge": "x"], ["badge": 7],
        .string(log.key.description), .string(log.key.description + "="),
      ]
      for _ in 0..<(isNumber ? 0 : 1 + dice.roll(2)) {
        let name = event.members[dice.roll(event.members.count)].name
        let value = values[dice.roll(values.count)]
        if case .object(var inner)? = event[name], dice.roll(3) > 0, !inner.members.isEmpty {
          inner[inner.members[dice.roll(inner.members.count)].name] = value
          event[name] = .object(inner)
        } else {
          event[name] = value
        }
      }
      if isNumber, case .object(var details)? = event["details"] {
        for number in ["epoch", "lastGoodSeq", "previousEpoch", "lastSeq"] where details[number] != nil {
          details[number] = .integer(Int64(dice.roll(4)) - 1)
        }
        event["details"] = .object(details)
      }
      let bytes = try CanonicalJSON.object(event).bytes()
      let key =
        log.entries[index].asset == nil && (isNumber || dice.roll(3) > 0) ? log.centre.key : try ChainWriter(7).key
      var other = try SampleLog()
      for (place, logged) in log.entries.enumerated() {
        let entry = place == index ? try VerifiedEntry.seal(eventBytes: bytes, with: key).entry : logged.entry
        other.append(try UnverifiedEntry(bytes: entry.bytes), asset: logged.asset)
      }
      other.centre = log.centre
      var draft = self
      draft.log = other
      return try draft.bytes()
    }

    private static func entry(_ index: Int) -> String {
      "entries/" + String(repeating: "0", count: 16 - String(index).count) + String(index)
    }

    /// The enrolment of the station that wrote the asset's first event, in that epoch.
    private func enrolment() throws -> Int {
      let header = try CanonicalDecoder().decode(EntryHeader.self, from: log.entries[events[0]].entry.event)
      return try log.entries.indices.last { index in
        guard log.entries[index].asset == nil else { return false }
        let statement = try CanonicalDecoder().decode(StationStatement.self, from: log.entries[index].entry.event)
        guard case .enrol(let enrolment) = statement.details else { return false }
        return enrolment.subject == "\(header.site)/\(header.station)" && enrolment.epoch <= header.epoch
      } ?? 0
    }

    /// One bit of one of the members, in a zip file that is whole.
    private func rewritten(_ dice: inout Dice, where isChosen: (StoredZip.Member) -> Bool) throws -> [UInt8] {
      let members = try StoredZip(bytes: bytes()).members
      let candidates = members.indices.filter { isChosen(members[$0]) && !members[$0].content.isEmpty }
      let victim = candidates[dice.roll(candidates.count)]
      return try StoredZip(
        members.enumerated().map { place, member in
          guard place == victim else { return member }
          var content = Array(member.content)
          content[dice.roll(content.count)] ^= 1 << UInt8(dice.roll(8))
          return .init(name: member.name, content: content[...])
        }
      ).bytes()
    }
  }
}

extension Instant {
  /// The last moment that has a form.
  fileprivate static var max: Instant { Instant("9999-12-31T23:59:59.999Z") ?? Instant(milliseconds: 0) }
}

/// Pseudo-random numbers that are the same in every run (Knuth's MMIX constants).
private struct Dice: Sendable {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func roll(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}
