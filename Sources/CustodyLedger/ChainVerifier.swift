import Crypto
import TamperEvidence

/// Verifies one station's chain, entry by entry, and names the first that is wrong.
///
/// It begins under one key. An entry of type `rotate` hands over to the next: the old key signs it, the new one what
/// follows. An entry of type `openEpoch` begins the next epoch: it names the entry before, or, where it is the first
/// that is given, an entry of an epoch that is not here.
///
/// Feed it every entry in order with `next`, then call `finish`. What it proves when both return nil: each entry is
/// signed by the key, in canonical form, and follows the one before it without a gap; nothing was changed, exchanged,
/// added or taken out. That nothing was cut off the end shows only against a head known from elsewhere
/// (`finish(expectedHead:)`).
///
/// It stops at its first fault, which every later call returns again. It keeps no entry; about 40 bytes an entry stay,
/// to see an `eventID` that comes twice.
public struct ChainVerifier: Sendable {
  /// The key that the next entry must be signed with.
  public private(set) var key: VerifierKey
  /// The verified chain's head so far.
  public private(set) var head = ChainHead.empty
  /// The station and the newest epoch, once an entry is verified.
  public private(set) var origin: (station: String, epoch: Int)?
  /// How many entries are verified, in all epochs.
  public private(set) var count = 0

  private var fault: ChainFault?
  private var eventIDs: Set<UInt128> = []
  // Kept between entries only for its storage.
  private var message: [UInt8] = []

  /// A verifier at the start of a chain.
  public init(key: VerifierKey) {
    self.key = key
  }

  /// Checks the next entry. `byteOffset`: where its length prefix stands in the file, to be named in a fault.
  public mutating func next(_ entry: ArraySlice<UInt8>, byteOffset: Int = 0) -> ChainFault? {
    if let fault { return fault }
    do {
      try check(entry)
      return nil
    } catch {
      let found = ChainFault(
        check: error.check, entry: count + 1, byteOffset: byteOffset, seq: error.header?.seq,
        eventID: error.header?.eventID, sentence: error.sentence, remedy: error.remedy)
      fault = found
      return found
    }
  }

  /// Checks the next entry.
  public mutating func next(_ entry: [UInt8]) -> ChainFault? { next(entry[...]) }

  /// Compares the end of the chain with `expectedHead`, if one is known. `byteOffset`: the length of the file.
  ///
  /// A chain without entries is a fault unless the expected head says so.
  public mutating func finish(expectedHead: ChainHead?, byteOffset: Int = 0) -> ChainFault? {
    if let fault { return fault }
    fault = endFault(expectedHead: expectedHead, byteOffset: byteOffset)
    return fault
  }

  // MARK: One entry

  /// A failed check, before the place is added.
  private struct Failure: Error {
    let check: ChainFault.Check
    let sentence: String
    let remedy: String
    var header: EntryHeader?
  }

  private mutating func check(_ entry: ArraySlice<UInt8>) throws(Failure) {
    guard entry.count > LedgerEntry.signatureLength, entry.count <= LedgerEntry.maximumLength else {
      throw Self.impossibleLength(entry.count)
    }
    let signature = entry.prefix(LedgerEntry.signatureLength)
    let event = Array(entry.dropFirst(LedgerEntry.signatureLength))
    message.removeAll(keepingCapacity: true)
    PreAuthenticationEncoding.append(payloadType: LedgerEntry.payloadType, payload: event, to: &message)
    guard key.isValidSignature(signature, for: message) else { throw invalidSignature(event) }
    let header = try Self.header(event)
    let statement = try Self.statement(header, event)
    try checkPlace(header, statement)
    guard eventIDs.insert(Self.fingerprint(header.eventID)).inserted else {
      throw Failure(
        check: .eventID, sentence: "Its eventID stands in an earlier entry too.",
        remedy: "One event was written twice by the station; compare the two entries.", header: header)
    }
    origin = (header.station, header.epoch)
    head = ChainHead(seq: header.seq, hash: EntryHash(of: entry))
    count += 1
    if case .rotate(let rotation)? = statement?.details { key = rotation.key }
  }

  /// The statement that an entry holds, of those that a chain turns on.
  private static func statement(_ header: EntryHeader, _ event: [UInt8]) throws(Failure) -> StationStatement? {
    switch StationStatement.Kind(rawValue: header.type) {
    case .rotate?, .openEpoch?: break
    case .enrol?, .revoke?, .erase?, .closeCount?, .closeSession?, .disposalOrder?, nil: return nil
    }
    do {
      return try CanonicalDecoder().decode(StationStatement.self, from: event)
    } catch {
      throw Failure(
        check: .statement, sentence: "Its '\(header.type)' cannot be read: \(error).",
        remedy: "It is signed, so the station's own software wrote it wrongly; keep the file and report it.",
        header: header)
    }
  }

  private static func header(_ event: [UInt8]) throws(Failure) -> EntryHeader {
    do {
      return try CanonicalDecoder().decode(EntryHeader.self, from: event)
    } catch {
      if case .notCanonical(let fault) = error.kind {
        throw Failure(
          check: .canonicalForm, sentence: "Its event is not canonical JSON: event \(fault).",
          remedy: "It is signed, so the station's own software wrote it wrongly; keep the file and report it.")
      }
      throw Failure(
        check: .header, sentence: "Its event cannot be placed in the chain: \(error).",
        remedy: "It is signed, so the station's own software wrote it wrongly; keep the file and report it.")
    }
  }

  private func checkPlace(_ header: EntryHeader, _ statement: StationStatement?) throws(Failure) {
    func require(
      _ holds: Bool, _ check: ChainFault.Check, _ sentence: @autoclosure () -> String,
      _ remedy: @autoclosure () -> String
    ) throws(Failure) {
      guard holds else { throw Failure(check: check, sentence: sentence(), remedy: remedy(), header: header) }
    }
    try require(
      header.v == 1, .version, "It has version \(header.v); only version 1 is known.",
      "Use a newer version of this program.")
    try require(
      header.keyID == key.keyID, .keyID, "It names key \(header.keyID), but key \(key.keyID) signed it.",
      "The station's keys were mixed up; keep the file and report it.")
    try require(
      !header.station.isEmpty, .station, "It names no station.", "Keep the file and report it.")
    try require(header.epoch >= 1, .epoch, "Its epoch is \(header.epoch); epochs start at 1.", "Report it.")
    try require(!header.eventID.isEmpty, .eventID, "It has no eventID.", "Keep the file and report it.")
    if case .rotate(let rotation)? = statement?.details {
      try require(
        rotation.key.name.utf8.elementsEqual(key.name.utf8), .statement,
        "It hands over to a key of \(rotation.key.name); this chain's keys are named \(key.name).",
        "A station hands over to its own new key only; keep the file and report it.")
    }
    var expected = head
    if let origin {
      try require(
        header.station == origin.station, .station,
        "It is of station \(header.station); the entries before are of \(origin.station).",
        "Two stations' chains were joined; verify each by itself.")
    }
    if case .openEpoch(let opening)? = statement?.details {
      // What comes first says itself what it follows; later openings follow the entry before them.
      let previous = origin.map { ($0.epoch, head) }
      let (epoch, last) = previous ?? (header.epoch - 1, ChainHead(seq: opening.lastSeq, hash: opening.lastHash))
      try require(
        header.epoch == epoch + 1 && opening.previousEpoch == epoch, .epoch,
        "It opens epoch \(header.epoch) after epoch \(opening.previousEpoch); the entries before are of epoch \(epoch).",
        "Each epoch follows the one before; ask the station or the centre for the chain again.")
      try require(
        opening.lastSeq == last.seq && opening.lastHash == last.hash, .prevHash,
        "It follows entry \(opening.lastSeq) with hash \(opening.lastHash); the entry before is \(last).",
        "The closed epoch ends elsewhere than the new one says; entries were added, exchanged or cut off.")
      expected = ChainHead(seq: 0, hash: last.hash)
    } else if let origin {
      try require(
        header.epoch == origin.epoch, .epoch,
        "It is of epoch \(header.epoch); the entries before are of epoch \(origin.epoch).",
        "A new epoch begins with an entry of type openEpoch; verify each epoch by itself, or ask for the whole chain.")
    }
    try require(
      header.seq == expected.seq + 1, .seq, "Its seq is \(header.seq); \(expected.seq + 1) should stand here.",
      header.seq > expected.seq + 1
        ? "Entries were taken out or exchanged; ask the station or the centre for the missing ones."
        : "An entry was repeated or exchanged; ask the station or the centre for the chain again.")
    try require(
      header.prevHash == expected.hash, .prevHash,
      "Its prevHash is \(header.prevHash); the entry before has \(expected.hash).",
      "The entry before is not the one that was signed over; the station wrote two histories, or one was exchanged.")
  }

  /// Names, when the unverified event can be read, what it claims to be.
  private func invalidSignature(_ event: [UInt8]) -> Failure {
    var failure = Failure(
      check: .signature, sentence: "Its signature is not that of key \(key.name)+\(key.keyID) over these bytes.",
      remedy: "The entry was changed after it was signed, or signed with another key; ask for the chain again, and "
        + "check that the key is this station's.")
    // That an altered event cannot be read is no second fault: it only leaves the place unnamed.
    if let header = try? CanonicalDecoder().decode(EntryHeader.self, from: event) {
      failure.header = header
      if header.keyID != key.keyID {
        failure = Failure(
          check: .signature,
          sentence: "Its signature is not that of key \(key.name)+\(key.keyID); it names key \(header.keyID).",
          remedy: "The key given is not the one this chain names: give that one if you trust it, else the chain was "
            + "signed again by somebody else.", header: header)
      }
    }
    return failure
  }

  private static func impossibleLength(_ length: Int) -> Failure {
    Failure(
      check: .framing,
      sentence: "Its length is \(length); an entry has \(LedgerEntry.signatureLength + 1) to "
        + "\(LedgerEntry.maximumLength) bytes.",
      remedy: "This is not a chain file, or its bytes were changed here; ask for the file again.")
  }

  /// 16 bytes that stand for an eventID of any length; two ids with one fingerprint would break SHA-256.
  private static func fingerprint(_ eventID: String) -> UInt128 {
    var hasher = SHA256()
    var eventID = eventID
    eventID.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    return hasher.finalize().withUnsafeBytes { $0.loadUnaligned(as: UInt128.self) }
  }
}

extension ChainVerifier {
  /// Marks a fault of the file around the entries.
  mutating func stop(_ check: ChainFault.Check, byteOffset: Int, sentence: String, remedy: String) -> ChainFault {
    if let fault { return fault }
    let found = ChainFault(
      check: check, entry: count + 1, byteOffset: byteOffset, seq: nil, eventID: nil, sentence: sentence,
      remedy: remedy)
    fault = found
    return found
  }

  mutating func stop(framing error: ChainFileReader.FramingError) -> ChainFault {
    let failure = Self.impossibleLength(error.length)
    return stop(.framing, byteOffset: error.offset, sentence: failure.sentence, remedy: failure.remedy)
  }

  private func endFault(expectedHead: ChainHead?, byteOffset: Int) -> ChainFault? {
    func fault(_ check: ChainFault.Check, entry: Int, seq: Int?, _ sentence: String, _ remedy: String) -> ChainFault {
      ChainFault(
        check: check, entry: entry, byteOffset: byteOffset, seq: seq, eventID: nil, sentence: sentence, remedy: remedy)
    }
    guard let expected = expectedHead else {
      guard count == 0 else { return nil }
      return fault(
        .empty, entry: 1, seq: nil, "The file holds no entry.",
        "If the chain really has none yet, say so with the expected head \(ChainHead.empty).")
    }
    if head.seq < expected.seq {
      let missing = expected.seq - head.seq
      return fault(
        .head, entry: count + 1, seq: head.seq + 1, "The file ends at \(head.seq), expected \(expected.seq).",
        "\(missing == 1 ? "The last entry was" : "The last \(missing) entries were") cut off, or the head is of a later "
          + "day; ask for the whole chain.")
    }
    if head.seq > expected.seq {
      return fault(
        .head, entry: count, seq: head.seq, "The file ends at \(head.seq), expected \(expected.seq).",
        "The chain has grown since the expected head was noted; ask for the newer head.")
    }
    guard head.hash != expected.hash else { return nil }
    return fault(
      .head, entry: count, seq: head.seq,
      "The last entry, \(head.seq), has hash \(head.hash), expected \(expected.hash).",
      "This is another history than the one whose head was noted; keep the file and ask who holds the other one.")
  }
}
