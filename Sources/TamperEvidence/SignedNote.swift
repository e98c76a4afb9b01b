import FoundationEssentials

/// A text signed by one or more keys (C2SP signed-note):
///
///     TEXT LF *( "— " NAME " " BASE64(4-byte key id ‖ signature) LF )
///
/// `TEXT` ends with a newline; the last empty line of the note separates it from the signatures. A note is UTF-8
/// without control characters other than newline. `SignedNote(bytes: note.bytes) == note` for every note.
///
/// A parsed note is a claim: call `verified(by:)` before reading its text.
public struct SignedNote: Hashable, Sendable {
  /// One signature line, not yet verified.
  public struct Signature: Hashable, Sendable {
    /// The signer's name.
    public let name: String
    /// The key's id, 4 bytes.
    public let keyID: [UInt8]
    /// The signature's bytes: 64 for Ed25519, other lengths for key types this product does not know.
    public let bytes: [UInt8]
  }

  /// The most signatures a note may carry; more are refused, so that a hostile note costs little.
  public static let maximumSignatures = 100

  /// The text that is signed, with its final newline.
  public let text: String
  /// The signature lines, in the note's order.
  public let signatures: [Signature]

  private init(text: String, signatures: [Signature]) {
    self.text = text
    self.signatures = signatures
  }

  /// Signs `text`, which must end with a newline and hold no other control character.
  public static func sign(_ text: String, with keys: [SigningKey]) throws(SignedNoteError) -> SignedNote {
    guard text.utf8.last == 0x0A else { throw .malformed(.textWithoutNewline) }
    guard isPlainText(Array(text.utf8)) else { throw .malformed(.controlCharacter) }
    guard !keys.isEmpty else { throw .malformed(.noSignatures) }
    guard keys.count <= maximumSignatures else { throw .malformed(.tooManySignatures) }
    var signatures: [Signature] = []
    for key in keys {
      let bytes: [UInt8]
      do {
        bytes = try key.sign(Array(text.utf8))
      } catch {
        throw .key(error)
      }
      signatures.append(Signature(name: key.name, keyID: key.verifierKey.idBytes, bytes: bytes))
    }
    return SignedNote(text: text, signatures: signatures)
  }

  /// Reads a note's form. Its signatures are not verified by this.
  public init(bytes: [UInt8]) throws(SignedNoteError) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .malformed(.invalidUTF8) }
    guard Self.isPlainText(bytes) else { throw .malformed(.controlCharacter) }
    guard let split = Self.lastEmptyLine(bytes) else { throw .malformed(.noSignatures) }
    let block = bytes[(split + 1)...]
    guard block.last == 0x0A else { throw .malformed(.noSignatures) }
    let lines = block.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.count <= Self.maximumSignatures else { throw .malformed(.tooManySignatures) }
    var signatures: [Signature] = []
    for line in lines { signatures.append(try Self.signature(line)) }
    text = String(decoding: bytes[..<split], as: UTF8.self)
    self.signatures = signatures
  }

  /// The note's exact bytes, the inverse of `init(bytes:)`.
  public var bytes: [UInt8] {
    var note = text + "\n"
    for signature in signatures {
      note += "— \(signature.name) \(Data(signature.keyID + signature.bytes).base64EncodedString())\n"
    }
    return Array(note.utf8)
  }

  /// The index of the newline that is an empty line of its own, last in the note.
  private static func lastEmptyLine(_ bytes: [UInt8]) -> Int? {
    var index = bytes.count - 1
    while index > 0 {
      if bytes[index] == 0x0A, bytes[index - 1] == 0x0A { return index }
      index -= 1
    }
    return nil
  }

  private static func isPlainText(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 >= 0x20 || $0 == 0x0A }
  }

  private static func signature(_ line: ArraySlice<UInt8>) throws(SignedNoteError) -> Signature {
    let dash = Array("— ".utf8)
    guard line.starts(with: dash) else { throw .malformed(.signatureLine) }
    let parts = line.dropFirst(dash.count).split(
      separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw .malformed(.signatureLine) }
    let name = String(decoding: parts[0], as: UTF8.self)
    let base64 = String(decoding: parts[1], as: UTF8.self)
    guard KeyText.isValidName(name),
      let data = Data(base64Encoded: base64), data.count >= 5, data.base64EncodedString() == base64
    else { throw .malformed(.signatureLine) }
    return Signature(name: name, keyID: Array(data.prefix(4)), bytes: Array(data.dropFirst(4)))
  }
}
