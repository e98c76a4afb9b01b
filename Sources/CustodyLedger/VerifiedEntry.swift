import TamperEvidence

/// An entry whose signature is known to be good. There are two ways to one: `seal`, and `UnverifiedEntry.verify`.
public struct VerifiedEntry: Hashable, Sendable {
  /// The exact bytes.
  public let entry: LedgerEntry
  /// The id of the key that signed, 8 hexadecimal digits.
  public let keyID: String

  init(entry: LedgerEntry, keyID: String) {
    self.entry = entry
    self.keyID = keyID
  }

  /// Signs `eventBytes` as they are. Throws if they are not canonical JSON of at most 60,000 bytes, so that nothing
  /// is sealed which a verifier would have to refuse for its form.
  public static func seal(eventBytes: [UInt8], with key: SigningKey) throws(LedgerEntryError) -> VerifiedEntry {
    do {
      _ = try CanonicalScanner.scan(eventBytes, limit: LedgerEntry.maximumEventLength)
    } catch {
      throw .notCanonical(error)
    }
    let message = PreAuthenticationEncoding.bytes(payloadType: LedgerEntry.payloadType, payload: eventBytes)
    let signature: [UInt8]
    do {
      signature = try key.sign(message)
    } catch {
      throw .key(error)
    }
    return VerifiedEntry(entry: try LedgerEntry(bytes: signature + eventBytes), keyID: key.keyID)
  }
}
