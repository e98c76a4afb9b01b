import ArgumentParser
import CustodyLedger
import Foundation
import TamperEvidence

/// `custody-audit proof FILE.json [--json]`
struct Proof: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verifies a Merkle proof (RFC 6962, SHA-256) given as JSON.",
    discussion: """
      Inclusion: an object with leafIdx, treeSize, root, leafHash and proof. Consistency: size1, size2, root1, root2 and
      proof. Numbers are whole; hashes are standard base64 of 32 bytes; proof is a list of hashes or null. Other names are
      passed over.

      Examples:
        custody-audit proof inclusion.json
        echo '{"leafIdx":0,"treeSize":1,"root":"bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=",
          "leafHash":"bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=","proof":[]}' | custody-audit proof -
      """)

  @Argument(help: "The JSON file; - for standard input.")
  var file: String

  @Flag(name: .long, help: "Print one line of JSON instead of sentences.")
  var json = false

  func run() throws {
    let bytes = try Input.bytes(file, limit: 1 << 20)
    var (fault, meaning): (String?, String) = (nil, "")
    do {
      meaning = try JSONDecoder().decode(GivenProof.self, from: Data(bytes)).verify()
    } catch let error as ProofError {
      fault = error.description
    } catch let error as GivenProof.Malformed {
      fault = error.reason
    } catch let DecodingError.keyNotFound(key, _) {
      fault = "'\(key.stringValue)' is missing"
    } catch let DecodingError.typeMismatch(_, context), let DecodingError.valueNotFound(_, context) {
      fault = "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is not of the right type"
    } catch let DecodingError.dataCorrupted(context) {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      fault = path.isEmpty ? "it is not JSON" : "'\(path)' cannot be read"
    }
    if json {
      struct Line: Encodable {
        let verified: Bool
        let file: String
        let fault: String?
      }
      let line = Line(verified: fault == nil, file: file, fault: fault)
      print(String(decoding: try CanonicalEncoder().encode(line, limit: .max), as: UTF8.self))
    } else if let fault {
      print("FOUND WANTING  \(file)\nwhat      \(fault)".printableLines)
    } else {
      print("VERIFIED  \(file)\nproved    \(meaning)".printableLines)
    }
    throw AuditOutcome(isVerified: fault == nil)
  }
}

/// A proof as JSON carries it.
private struct GivenProof: Decodable {
  struct Malformed: Error {
    let reason: String
  }

  private enum CodingKeys: String, CodingKey {
    case leafIdx, treeSize, root, leafHash, size1, size2, root1, root2, proof
  }

  private enum Claim {
    case inclusion(InclusionProof, leaf: TreeHash, root: TreeHash)
    case consistency(ConsistencyProof, from: TreeHash, to: TreeHash)
  }

  private let claim: Claim

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) throws -> UInt64 { try container.decode(UInt64.self, forKey: key) }
    func hash(_ key: CodingKeys) throws -> TreeHash {
      guard let hash = TreeHash(base64: try container.decode(String.self, forKey: key)) else {
        throw Malformed(reason: "'\(key.stringValue)' is not the base64 of 32 bytes")
      }
      return hash
    }
    let hashes = try (container.decodeIfPresent([String].self, forKey: .proof) ?? []).enumerated().map { index, text in
      guard let hash = TreeHash(base64: text) else {
        throw Malformed(reason: "'proof' \(index) is not the base64 of 32 bytes")
      }
      return hash
    }
    if container.contains(.size1) || container.contains(.size2) {
      claim = .consistency(
        ConsistencyProof(oldSize: try number(.size1), newSize: try number(.size2), hashes: hashes),
        from: try hash(.root1), to: try hash(.root2))
    } else {
      claim = .inclusion(
        InclusionProof(leafIndex: try number(.leafIdx), treeSize: try number(.treeSize), hashes: hashes),
        leaf: try hash(.leafHash), root: try hash(.root))
    }
  }

  /// What is proved.
  func verify() throws -> String {
    switch claim {
    case .inclusion(let proof, let leaf, let root):
      try proof.verify(leaf: leaf, root: root)
      return "leaf \(proof.leafIndex) is in the tree of \(proof.treeSize) leaves"
    case .consistency(let proof, let old, let new):
      try proof.verify(oldRoot: old, newRoot: new)
      return "the tree of \(proof.newSize) leaves extends the one of \(proof.oldSize)"
    }
  }
}
