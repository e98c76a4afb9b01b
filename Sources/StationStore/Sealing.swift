import Custody
import CustodyLedger
import TamperEvidence

/// Turns decided drafts into signed entries at the end of the station's chain.
struct Sealing: Sendable {
  let identity: StationIdentity
  var key: SigningKey
  let clock: any StationClock

  /// Signs the draft as the entry that follows `head`, and moves `head` to it. It says which tree head of the centre's log
  /// the station had `seen`.
  func seal(
    _ draft: EventDraft, after head: inout ChainEnd, seen: SeenCheckpoint?, random: (UInt64, UInt64)
  ) throws -> (event: CustodyEvent, entry: VerifiedEntry) {
    let now = clock.now()
    let hlc = head.hlc.next(at: now)
    let event = CustodyEvent(
      eventID: EventID(at: now, random: random), site: identity.site, station: identity.station, epoch: head.epoch,
      seq: head.seq + 1, prevHash: head.hash.description, hlc: hlc, wallClock: now,
      tzOffsetMinutes: clock.offsetMinutes(at: now),
      clockTrust: now < head.wallClock ? .steppedBack : clock.isSynchronised() ? .synchronised : .unverified,
      keyID: key.keyID, seenCheckpoint: seen, draft: draft)
    let entry = try VerifiedEntry.seal(eventBytes: CanonicalEncoder().encode(event), with: key)
    head = ChainEnd(epoch: head.epoch, seq: event.seq, hash: entry.entry.hash, hlc: hlc, wallClock: now)
    return (event, entry)
  }

  /// Signs a statement as the entry that follows `head`, and moves `head` to it; in the place given, where it opens an epoch.
  func state(
    _ details: StationStatement.Details, at place: ChainPlace? = nil, after previous: EntryHash? = nil,
    by actor: Actor? = nil, moving head: inout ChainEnd, random: (UInt64, UInt64)
  ) throws -> VerifiedEntry {
    let now = clock.now()
    let hlc = head.hlc.next(at: now)
    let place = place ?? ChainPlace(epoch: head.epoch, seq: head.seq + 1)
    let statement = StationStatement(
      eventID: EventID(at: now, random: random), site: identity.site, station: identity.station, place: place,
      prevHash: previous ?? head.hash, hlc: hlc, wallClock: now, keyID: key.keyID,
      operator: actor?.person, authStrength: actor?.authStrength ?? .system, details: details)
    let entry = try VerifiedEntry.seal(eventBytes: CanonicalEncoder().encode(statement), with: key)
    head = ChainEnd(epoch: place.epoch, seq: place.seq, hash: entry.entry.hash, hlc: hlc, wallClock: now)
    return entry
  }
}
