import Testing

@testable import TamperEvidence

@Suite("Checkpoints")
struct CheckpointTests {
  /// C2SP's example, tlog-checkpoint.md.
  let published = """
    example.com/behind-the-sofa
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    """

  @Test("C2SP's example is read, and written as it was")
  func example() throws {
    let checkpoint = try Checkpoint(text: published)
    #expect(checkpoint.origin == "example.com/behind-the-sofa")
    #expect(checkpoint.size == 20_852_163)
    #expect(checkpoint.root.base64 == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    #expect(checkpoint.extensions == [])
    #expect(checkpoint.text == published)
    // As a note with its published signature: its key is not published, so that it is nobody's whom we know.
    let note =
      published + "\n— example.com/behind-the-sofa "
      + "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    #expect(throws: CheckpointError.note(.noKnownSigner)) {
      try VerifiedCheckpoint(
        note: Array(note.utf8), keys: [try VerifierKey(PublishedKeys.example)], origin: "example.com/behind-the-sofa")
    }
  }

  @Test("extension lines are kept")
  func extensionLines() throws {
    let checkpoint = try Checkpoint(text: published + "one line\nanother\n")
    #expect(checkpoint.extensions == ["one line", "another"])
    #expect(checkpoint.text == published + "one line\nanother\n")
  }

  @Test(
    "what is no checkpoint is refused",
    arguments: [
      ("", CheckpointError.lines), ("a\n1\n", .lines), ("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", .lines),
      ("\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", .origin),
      ("a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", .size),
      ("a\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", .size),
      ("a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", .size),
      ("a\n18446744073709551616\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", .size),
      ("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n", .root), ("a\n1\nCsUY\n", .root),
      ("a\n0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", .emptyTreeRoot),
      ("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n", .extensionLine),
    ])
  func refused(text: String, error: CheckpointError) {
    #expect(throws: error) { try Checkpoint(text: text) }
  }

  @Test("it is verified by the log's key, beside witnesses that nobody here knows")
  func signed() throws {
    let log = try SigningKey(name: "centre.example/log", seed: [UInt8](repeating: 1, count: 32))
    let witness = try SigningKey(name: "witness.example", seed: [UInt8](repeating: 2, count: 32))
    let head = try Checkpoint(origin: "centre.example/log", size: 8, root: .leaf([1]))
    let note = try head.signed(with: [witness, log]).bytes
    let verified = try VerifiedCheckpoint(note: note, keys: [log.verifierKey], origin: "centre.example/log")
    #expect(verified.checkpoint == head)
    #expect(verified.signers == [log.verifierKey])
    #expect(throws: CheckpointError.otherLog(origin: "centre.example/log", expected: "other.example/log")) {
      try VerifiedCheckpoint(note: note, keys: [log.verifierKey], origin: "other.example/log")
    }
    let impostor = try SigningKey(name: "centre.example/log", seed: [UInt8](repeating: 3, count: 32))
    #expect(throws: CheckpointError.note(.noKnownSigner)) {
      try VerifiedCheckpoint(note: note, keys: [impostor.verifierKey], origin: "centre.example/log")
    }
  }

  @Test("no bit of a signed checkpoint can be changed unseen but in signatures of keys that are not asked")
  func everyBit() throws {
    let log = try SigningKey(name: "centre.example/log", seed: [UInt8](repeating: 1, count: 32))
    let head = try Checkpoint(origin: "centre.example/log", size: 8, root: .leaf([1]))
    let note = try head.signed(with: [log]).bytes
    for index in note.indices {
      for bit in 0..<8 {
        var changed = note
        changed[index] ^= 1 << UInt8(bit)
        #expect(throws: CheckpointError.self, "byte \(index), bit \(bit)") {
          try VerifiedCheckpoint(note: changed, keys: [log.verifierKey], origin: "centre.example/log")
        }
      }
    }
  }
}
