import Custody
import CustodyLedger
import TamperEvidence

extension StationStore {
  /// Hands over to a new signing key. Each step is on disk before the next: the new key beside the old one; the entry that
  /// hands over, which the old key signs; the new key in the place of the old one, which is gone then. Whoever opens the
  /// folder after a crash finds it before or after the change. Throws ``KeyInWaiting``.
  public func rotateKey(reason: String) async throws -> RotatedKey {
    guard try await read({ try $0.meta("nextKey") }) == nil else { throw KeyInWaiting() }
    if let refusal = try await write({ try $0.refusalOfRestored() }) { throw KeyInWaiting(refusal) }
    let old = verifierKey
    let next = try folder.makeNextKey(named: identity.keyName)
    try await write { try $0.rotate(to: next, reason: reason) }
    try folder.adoptNextKey()
    return RotatedKey(old: old, new: next.verifierKey)
  }

  /// The key that the station is to be enrolled with: the one in use, or a new one that waits beside it for the epoch that it
  /// begins.
  public func enrolmentKey(new isNew: Bool) throws -> SigningKey {
    isNew
      ? try folder.makeNextKey(named: identity.keyName) : try folder.signingKey(named: identity.keyName, needed: true)
  }

  /// The key that is to sign the station's requests once it is enrolled: one that nobody else can have, unlike the one before.
  public func nextRequestKey() throws -> SigningKey { try folder.nextRequestKey(named: identity.keyName) }

  /// Notes that the centre has let the station in: where it is, by which key its log is trusted from now on, and which epoch
  /// the key begins. Throws ``StoreFault/foreignFolder(folder:found:wanted:)`` where another centre's log is trusted.
  public func enrolled(_ enrolment: CentreEnrolment, log: VerifierKey, key: VerifierKey) async throws {
    let isNew = key != verifierKey
    let path = folder.path
    try await write { transaction in
      let trusted = try transaction.trustLog(log)
      guard trusted == log else {
        throw StoreFault.foreignFolder(folder: path, found: "the log \(trusted)", wanted: "\(log)")
      }
      try transaction.keep(enrolment, nextKey: isNew ? key : nil)
      try transaction.endStationAlarm()
    }
    try folder.adoptNextRequestKey()
  }

  /// Begins the epoch of a restored station whose centre holds nothing beyond the backup.
  public func openRestoredEpoch() async throws { try await write { try $0.openRestoredEpoch() } }

  /// Begins an epoch: see ``StoreTransaction/open(epoch:after:reason:by:)``. By the key that waits for it, if one does.
  public func openEpoch(_ epoch: Int, after last: (place: ChainPlace, hash: EntryHash)?, reason: String) async throws {
    let awaited = try await read { try $0.meta("nextKey") }
    let next = try awaited == nil ? nil : folder.nextKey()
    guard awaited == next?.verifierKey.description else {
      throw StoreFault.keyLost(file: folder.path + "/station.key.next")
    }
    try await write { try $0.open(epoch: epoch, after: last, reason: reason, by: next) }
    if next != nil { try folder.adoptNextKey() }
  }
}

/// A rotation that is done.
public struct RotatedKey: Hashable, Sendable, Codable {
  /// What verifies what was sealed before, the rotation among it.
  public let old: VerifierKey
  /// What verifies what is sealed from now on.
  public let new: VerifierKey
}

/// A new key waits for the epoch that it begins: nothing is rotated or stated before the station has reached its centre.
public struct KeyInWaiting: Error, CustomStringConvertible {
  /// What and what to do.
  public let description: String

  init() {
    description =
      "This station was enrolled with a new key, which it begins to use as soon as it has reached the centre. Let it run until "
      + "then; the key is new anyway."
  }

  /// Of a station that was restored from a backup, whose key is new as well.
  init(_ refusal: Refusal) { description = "\(refusal.sentence) \(refusal.remedy)" }
}
