import Testing

@testable import TamperEvidence

@Suite("Signed notes")
struct SignedNoteTests {
  let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
  let peterLine =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
  let enochLine =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"

  func note(_ text: String) throws -> SignedNote { try SignedNote(bytes: Array(text.utf8)) }

  @Test("signing golang's example gives golang's bytes")
  func signsAsPublished() throws {
    let note = try SignedNote.sign(text, with: [try SigningKey(secretText: PublishedKeys.peterSecret)])
    #expect(String(decoding: note.bytes, as: UTF8.self) == text + "\n" + peterLine)
  }

  @Test("C2SP's example verifies")
  func c2spExample() throws {
    let line =
      "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72"
      + "IneyaQM=\n"
    let verified = try note("This is an example message.\n\n" + line)
      .verified(by: [try VerifierKey(PublishedKeys.example)])
    #expect(verified.text == "This is an example message.\n")
  }

  @Test("two signatures: the known ones are named; the bytes come back as they were")
  func twoSigners() throws {
    let peter = try VerifierKey(PublishedKeys.peterVerifier)
    let enoch = try VerifierKey(PublishedKeys.enochVerifier)
    let bytes = text + "\n" + peterLine + enochLine
    let parsed = try note(bytes)
    #expect(parsed.bytes == Array(bytes.utf8))
    #expect(parsed.text == text)
    #expect(try parsed.verified(by: [peter]).signers == [peter])
    #expect(try parsed.verified(by: [enoch, peter]).signers == [peter, enoch])
    #expect(throws: SignedNoteError.noKnownSigner) { try parsed.verified(by: []) }
  }

  @Test("a known key's bad signature refuses the note, even beside a good one")
  func badSignature() throws {
    let altered = text + "!\n\n" + peterLine
    let key = try VerifierKey(PublishedKeys.peterVerifier)
    #expect(throws: SignedNoteError.invalidSignature(name: "PeterNeumann", keyID: "c74f20a3")) {
      try note(altered).verified(by: [key])
    }
  }

  @Test("a text with an empty line of its own is split at the last one")
  func emptyLineInText() throws {
    let key = try SigningKey(secretText: PublishedKeys.peterSecret)
    let signed = try SignedNote.sign("a\n\nb\n", with: [key])
    #expect(try SignedNote(bytes: signed.bytes).verified(by: [key.verifierKey]).text == "a\n\nb\n")
  }

  @Test("golang's malformed notes are refused")
  func malformed() {
    let many = String(repeating: peterLine, count: 101)
    for bad in [
      text, text + "\n", text + "\n" + peterLine.dropLast(), "\u{1}" + text + "\n" + peterLine,
      text + "\n— Bad Name x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
        + "\n", text + "\n" + peterLine + "Unexpected line.\n", text + "\n" + many,
    ] {
      #expect(throws: SignedNoteError.self, "\(bad)") { try note(bad) }
    }
    #expect(throws: SignedNoteError.malformed(.invalidUTF8)) {
      try SignedNote(bytes: [0xFF] + Array((text + "\n" + peterLine).utf8))
    }
  }

  @Test("a text without its newline is not signed")
  func textWithoutNewline() throws {
    let key = try SigningKey(secretText: PublishedKeys.peterSecret)
    #expect(throws: SignedNoteError.malformed(.textWithoutNewline)) { try SignedNote.sign("abc", with: [key]) }
  }
}
