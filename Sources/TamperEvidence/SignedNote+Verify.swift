extension SignedNote {
  /// The text, and which of `keys` signed it. Signatures of unknown keys (name and id together) are passed over.
  ///
  /// Throws `SignedNoteError.invalidSignature` if a known key's signature does not verify (the whole note is then
  /// refused), and `SignedNoteError.noKnownSigner` if none of `keys` signed it.
  public func verified(by keys: [VerifierKey]) throws(SignedNoteError) -> VerifiedNote {
    let message = Array(text.utf8)
    var signers: [VerifierKey] = []
    for signature in signatures {
      let known = keys.first { key in
        key.idBytes == signature.keyID && key.name.utf8.elementsEqual(signature.name.utf8)
      }
      guard let known, !signers.contains(known) else { continue }
      guard known.isValidSignature(signature.bytes, for: message) else {
        throw .invalidSignature(name: known.name, keyID: known.keyID)
      }
      signers.append(known)
    }
    guard !signers.isEmpty else { throw .noKnownSigner }
    return VerifiedNote(text: text, signers: signers)
  }
}

/// The text of a note whose signature has been verified; only `SignedNote.verified(by:)` makes one.
public struct VerifiedNote: Hashable, Sendable {
  /// The signed text, with its final newline.
  public let text: String
  /// The known keys that signed it, at least one, in the note's order.
  public let signers: [VerifierKey]

  init(text: String, signers: [VerifierKey]) {
    self.text = text
    self.signers = signers
  }
}
