import TamperEvidence

/// A sealed fact: the 64-byte Ed25519 signature of an event, followed by the event's exact bytes. These bytes are
/// what is stored, hashed, sent and exported; nothing is ever re-encoded.
///
///     entry = signature(64) ‖ event(1…60,000)
///
/// The signature covers DSSE's PAE of the event under `payloadType`. The entry's hash, SHA-256 of the whole entry, is
/// the next entry's `prevHash`. An entry's bytes say nothing of trust: see `UnverifiedEntry` and `VerifiedEntry`.
public struct LedgerEntry: Hashable, Sendable {
  /// What the signed bytes are (DSSE payload type).
  public static let payloadType = "application/vnd.custody.event.v1+json"
  /// The length of the signature, in bytes.
  public static let signatureLength = VerifierKey.signatureLength
  /// The most bytes of an event: 60,000, so that an entry fits the uint16 length of a chain file or tile.
  public static let maximumEventLength = CanonicalJSON.maximumLength
  /// The most bytes of an entry.
  public static let maximumLength = signatureLength + maximumEventLength

  /// The exact bytes: signature, then event.
  public let bytes: [UInt8]

  /// Takes bytes of a possible length; their content is not looked at.
  init(bytes: [UInt8]) throws(LedgerEntryError) {
    guard bytes.count > Self.signatureLength, bytes.count <= Self.maximumLength else {
      throw .wrongLength(bytes: bytes.count)
    }
    self.bytes = bytes
  }

  /// The 64 bytes of the signature.
  public var signature: ArraySlice<UInt8> { bytes[..<Self.signatureLength] }

  /// The exact bytes of the event.
  public var event: ArraySlice<UInt8> { bytes[Self.signatureLength...] }

  /// SHA-256 of the entry. Computed each time.
  public var hash: EntryHash { EntryHash(of: bytes) }
}

/// Why bytes cannot be an entry, or an event cannot be sealed.
public enum LedgerEntryError: Error, Hashable, Sendable {
  /// An entry has `bytes` bytes: no event, or more than `LedgerEntry.maximumLength`.
  case wrongLength(bytes: Int)
  /// An event to be sealed is not canonical JSON.
  case notCanonical(CanonicalJSONError)
  /// The key could not sign.
  case key(KeyError)
}

extension LedgerEntryError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .wrongLength(let bytes):
      "an entry has \(LedgerEntry.signatureLength + 1) to \(LedgerEntry.maximumLength) bytes; this one has \(bytes)"
    case .notCanonical(let error):
      "the event is not canonical JSON, so it is not sealed: \(error)"
    case .key(let error):
      error.description
    }
  }
}
