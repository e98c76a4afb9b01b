/// Why a signed note is refused.
public enum SignedNoteError: Error, Hashable, Sendable {
  /// What is wrong with a note's form.
  public enum Form: String, Hashable, Sendable {
    /// The bytes are not UTF-8.
    case invalidUTF8 = "it is not UTF-8"
    /// A control character other than newline stands in it.
    case controlCharacter = "it holds a control character"
    /// The text to sign does not end with a newline.
    case textWithoutNewline = "its text does not end with a newline"
    /// No empty line is followed by signature lines.
    case noSignatures = "no signature lines follow an empty line at its end"
    /// A line after the last empty line is not `— NAME BASE64`.
    case signatureLine = "a signature line is not of the form '— NAME BASE64'"
    /// More than `SignedNote.maximumSignatures` signatures.
    case tooManySignatures = "it has more than 100 signatures"
  }

  /// The note's form is wrong.
  case malformed(Form)
  /// A known key's signature does not verify.
  case invalidSignature(name: String, keyID: String)
  /// None of the known keys signed the note.
  case noKnownSigner
  /// A key could not sign.
  case key(KeyError)
}

extension SignedNoteError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .malformed(let form): "the signed note is malformed: \(form.rawValue)"
    case .invalidSignature(let name, let keyID): "the signature of key \(name)+\(keyID) does not verify"
    case .noKnownSigner: "no known key signed the note; check that you gave the right verifier key"
    case .key(let error): error.description
    }
  }
}
