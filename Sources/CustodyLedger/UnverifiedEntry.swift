import TamperEvidence

/// An entry that came from outside: its length is possible, and nothing else is known of it.
public struct UnverifiedEntry: Hashable, Sendable {
  /// The bytes, not to be believed yet.
  public let entry: LedgerEntry

  /// Takes an entry's bytes; throws `LedgerEntryError.wrongLength` unless there are 65 to 60,064.
  public init(bytes: [UInt8]) throws(LedgerEntryError) {
    entry = try LedgerEntry(bytes: bytes)
  }

  /// Takes an entry that was verified, to be verified by another key.
  public init(_ verified: VerifiedEntry) { entry = verified.entry }

  /// The entry as verified, if its signature is `key`'s over its exact event bytes; nil if it is not.
  ///
  /// This says who wrote the event. Whether it stands in the right place of a chain is `ChainVerifier`'s question,
  /// and whether it means anything the reader's.
  public func verify(with key: VerifierKey) -> VerifiedEntry? {
    let message = PreAuthenticationEncoding.bytes(payloadType: LedgerEntry.payloadType, payload: entry.event)
    guard key.isValidSignature(entry.signature, for: message) else { return nil }
    return VerifiedEntry(entry: entry, keyID: key.keyID)
  }
}
