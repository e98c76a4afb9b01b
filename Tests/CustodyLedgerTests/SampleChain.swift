import TamperEvidence

@testable import CustodyLedger

/// A small chain for the tests, and the pieces to spoil it with.
enum SampleChain {
  static func key(_ fill: UInt8 = 7, name: String = "example.com/station-7") throws -> SigningKey {
    try SigningKey(name: name, seed: [UInt8](repeating: fill, count: 32))
  }

  static func event(
    seq: Int, prevHash: EntryHash, keyID: String, changes: CanonicalJSON.Object = .init()
  ) throws -> [UInt8] {
    var object = CanonicalJSON.Object()
    object["v"] = 1
    object["type"] = "receive"
    object["eventID"] = .string("0190a8b2-7c3d-7e4f-8a5b-00000000000\(seq)")
    object["station"] = "station-7"
    object["site"] = "amsterdam"
    object["epoch"] = 1
    object["seq"] = .integer(Int64(seq))
    object["prevHash"] = .string(prevHash.description)
    object["keyID"] = .string(keyID)
    object["details"] = ["order": "PO-17"]
    for member in changes.members {
      object[member.name] = member.value == "REMOVE" ? nil : member.value
    }
    return try CanonicalJSON.object(object).bytes()
  }

  /// Entries properly chained, but for `changes` to the fields of the entry at `changed` (from 1).
  static func entries(
    _ count: Int, key: SigningKey, changed: Int = 0, changes: CanonicalJSON.Object = .init()
  ) throws -> [LedgerEntry] {
    var entries: [LedgerEntry] = []
    for seq in 1...count {
      let event = try event(
        seq: seq, prevHash: entries.last?.hash ?? .zero, keyID: key.keyID, changes: seq == changed ? changes : .init())
      entries.append(try VerifiedEntry.seal(eventBytes: event, with: key).entry)
    }
    return entries
  }

  static func file(_ entries: [LedgerEntry]) -> [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries { ChainFile.append(entry, to: &bytes) }
    return bytes
  }

  static func head(_ entries: [LedgerEntry]) -> ChainHead {
    ChainHead(seq: entries.count, hash: entries.last?.hash ?? .zero)
  }

  static func verify(_ file: [UInt8], key: VerifierKey, expectedHead: ChainHead? = nil) -> ChainFault? {
    var verifier = ChainFileVerifier(key: key)
    return verifier.consume(file) ?? verifier.finish(expectedHead: expectedHead)
  }
}
