import Testing

@testable import TamperEvidence

/// golang/mod sumdb/note (BSD-3) and C2SP signed-note.md.
enum PublishedKeys {
  static let peterVerifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
  static let peterSecret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
  static let enochVerifier = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
  static let example = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
}

/// RFC 8032 §7.1.
struct Ed25519Vector: Sendable {
  let seed: String
  let publicKey: String
  let message: String
  let signature: String

  static let all = [
    Ed25519Vector(
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        + "d25bf5f0595bbe24655141438e7a100b"),
    Ed25519Vector(
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        + "387b2eaeb4302aeeb00d291612bb0c00"),
    Ed25519Vector(
      seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      message: "af82",
      signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        + "4a7c15e9716ed28dc027beceea1ec40a"),
    Ed25519Vector(
      seed: "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
      publicKey: "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
      message: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
        + "454d4423643ce80e2a9ac94fa54ca49f",
      signature: "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        + "3dca179c138ac17ad9bef1177331a704"),
  ]
}

@Suite("Keys")
struct KeyTests {
  @Test("RFC 8032 §7.1: public key, signature and verification", arguments: Ed25519Vector.all)
  func ed25519(vector: Ed25519Vector) throws {
    let seed = try #require(Hexadecimal.bytes(vector.seed.utf8))
    let message = try #require(Hexadecimal.bytes(vector.message.utf8))
    let signature = try #require(Hexadecimal.bytes(vector.signature.utf8))
    let key = try SigningKey(name: "rfc8032", seed: seed)
    #expect(Hexadecimal.text(key.verifierKey.publicKey) == vector.publicKey)
    #expect(try key.sign(message) == signature)
    #expect(key.verifierKey.isValidSignature(signature, for: message))
    #expect(key.seed == seed)
  }

  @Test("every flipped bit of a signature, and a longer message, is refused")
  func alteredSignature() throws {
    let key = try SigningKey(name: "k", seed: [UInt8](repeating: 1, count: 32))
    let signature = try key.sign([1, 2, 3])
    for bit in 0..<512 {
      var altered = signature
      altered[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!key.verifierKey.isValidSignature(altered, for: [1, 2, 3]), "bit \(bit)")
    }
    #expect(!key.verifierKey.isValidSignature(signature, for: [1, 2, 3, 0]))
    #expect(!key.verifierKey.isValidSignature(signature + [0], for: [1, 2, 3]))
    #expect(!key.verifierKey.isValidSignature([], for: [1, 2, 3]))
  }

  @Test(
    "published verifier keys are read, and written as they were",
    arguments: [
      (PublishedKeys.peterVerifier, "PeterNeumann", "c74f20a3"), (PublishedKeys.enochVerifier, "EnochRoot", "af0cfe78"),
      (PublishedKeys.example, "example.com/foo", "530d903a"),
    ])
  func publishedVerifier(text: String, name: String, keyID: String) throws {
    let key = try VerifierKey(text)
    #expect(key.name == name)
    #expect(key.keyID == keyID)
    #expect(key.description == text)
  }

  @Test("the published secret key gives the published verifier key, and is written as it was")
  func publishedSecret() throws {
    let key = try SigningKey(secretText: PublishedKeys.peterSecret)
    #expect(key.verifierKey.description == PublishedKeys.peterVerifier)
    #expect(key.secretText == PublishedKeys.peterSecret)
  }

  @Test("no part of a key's text, and no text with one byte raised, is a key")
  func mangledTexts() {
    for text in [PublishedKeys.peterVerifier, PublishedKeys.peterSecret] {
      let bytes = Array(text.utf8)
      func refused(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        do {
          _ = try VerifierKey(text)
          return false
        } catch {}
        do {
          _ = try SigningKey(secretText: text)
          return false
        } catch {}
        return true
      }
      for start in 0..<bytes.count {
        for end in start...bytes.count where end - start < bytes.count {
          // A verifier key stands inside no other text of these.
          #expect(refused(Array(bytes[start..<end])))
        }
      }
      for index in bytes.indices {
        var altered = bytes
        altered[index] += 1
        #expect(refused(altered), "byte \(index)")
      }
    }
  }

  @Test(
    "each fault has its own error",
    arguments: [
      ("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==", KeyError.invalidBase64),
      ("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .unknownAlgorithm(0x65)),
      (PublishedKeys.peterSecret, .privateKeyGiven),
      ("", .malformed), ("a+b", .malformed), ("+c74f20a3+ARpc", .invalidName), ("a b+c74f20a3+ARpc", .invalidName),
      ("a\u{A0}b+c74f20a3+ARpc", .invalidName), ("a\u{1}b+c74f20a3+ARpc", .invalidName),
      ("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .invalidHash),
      ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n", .invalidBase64),
      ("PeterNeumann+c74f20a3+ARpc", .wrongLength(bytes: 2)),
      (
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .hashMismatch(computed: "c74f20a3")
      ),
    ])
  func faults(text: String, expected: KeyError) {
    #expect(throws: expected) { try VerifierKey(text) }
  }

  @Test("a plus sign hidden behind a combining mark is still a plus sign")
  func hiddenPlus() {
    #expect(throws: KeyError.invalidName) {
      try VerifierKey(name: "a+\u{301}b", publicKey: [UInt8](repeating: 0, count: 32))
    }
  }

  @Test("no way of printing a signing key shows its secret")
  func secretStaysSecret() throws {
    let key = try SigningKey(secretText: PublishedKeys.peterSecret)
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), dumped] {
      #expect(!text.contains("AYEKFALV"))
      #expect(!text.contains("PRIVATE"))
    }
  }

  @Test("31 bytes are no seed and no public key")
  func wrongLengths() {
    #expect(throws: KeyError.wrongLength(bytes: 31)) { try SigningKey(name: "k", seed: .init(repeating: 0, count: 31)) }
    #expect(throws: KeyError.wrongLength(bytes: 31)) {
      try VerifierKey(name: "k", publicKey: .init(repeating: 0, count: 31))
    }
  }
}
