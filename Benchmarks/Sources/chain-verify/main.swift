// Measures, in one run: bare Ed25519 verifications a second, chain verification and the audit of a log in entries a second,
// the verification of a dossier, and the coders.
// Prints one line a figure; the ratio is what counts, since machines differ.
//
//     swift run -c release chain-verify [ENTRIES]

import Crypto
import CustodyLedger
import TamperEvidence

struct Endpoint: Codable, Equatable {
  var state: String
  var custodian: String?
  var location: String?
}

struct ReadingSample: Codable, Equatable {
  var raw: String
  var symbology: String
  var device: String
}

struct EventSample: Codable, Equatable {
  var v = 1
  var type = "deploy"
  var eventID: String
  var site = "site-amsterdam"
  var station = "station-7"
  var epoch = 1
  var seq: Int
  var prevHash: EntryHash
  var hlc: [Int64] = [1_763_712_000_123, 4]
  var wallClock = "2025-11-21T08:00:00.123Z"
  var tzOffsetMinutes = 60
  var clockTrust = "ntp"
  var keyID: String
  var `operator` = "person-0190a8b2"
  var witness: String?
  var authStrength = "badge+pin"
  var session: String? = "0190a8b2-7c3d-7e4f-8a5b-1c2d3e4f5a6b"
  var asset: String? = "0190a8b2-7c3d-7e4f-8a5b-aabbccddeeff"
  var readings = [ReadingSample(raw: "XUMwMTIzNDU2Nzg5MDEyOA==", symbology: "]C1", device: "usb-05e0-1200")]
  var from: Endpoint? = Endpoint(state: "inStock", location: "loc-12")
  var to: Endpoint? = Endpoint(state: "deployed", custodian: "person-0190a8b3", location: "loc-90")
  var details: CanonicalJSON = ["purpose": "onboarding", "ticket": "REQ-20817", "days": 365]
  var priorHead: String? = "0190a8b2-7c3d-7e4f-8a5b-112233445566"
  var assetVersion: Int? = 3
  var checkpointSize = 123_456
  var checkpointRoot = EntryHash(of: Array("root".utf8))
  var evidence: [String] = []
  var commitments: [String: String] = ["badge": "6f1ed002ab5595859014ebf0951522d9"]
  var corrects: String?
  var settles: String?
}

func microseconds(_ runs: Int, _ work: () throws -> Void) rethrows -> Double {
  var samples: [Double] = []
  for _ in 0..<5 {
    let start = ContinuousClock.now
    for _ in 0..<runs { try work() }
    samples.append(start.duration(to: .now) / .microseconds(1) / Double(runs))
  }
  return samples.sorted()[2]
}

func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

let entries = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000
let key = try SigningKey(name: "bench.example/station-7", seed: [UInt8](repeating: 7, count: 32))

func sample(seq: Int, prevHash: EntryHash) -> EventSample {
  EventSample(
    eventID: "0190a8b2-7c3d-7e4f-8a5b-\(1_000_000_000_00 + seq)", seq: seq, prevHash: prevHash, keyID: key.keyID)
}

var file: [UInt8] = []
var messages: [(signature: [UInt8], message: [UInt8])] = []
var head = EntryHash.zero
for seq in 1...entries {
  let bytes = try CanonicalEncoder().encode(sample(seq: seq, prevHash: head))
  let sealed = try VerifiedEntry.seal(eventBytes: bytes, with: key)
  head = sealed.entry.hash
  ChainFile.append(sealed.entry, to: &file)
  messages.append(
    (
      Array(sealed.entry.signature),
      PreAuthenticationEncoding.bytes(payloadType: LedgerEntry.payloadType, payload: bytes)
    ))
}
print("entries \(entries), event \(messages[0].message.count) bytes with PAE, file \(file.count) bytes")

let curve = try Curve25519.Signing.PublicKey(rawRepresentation: key.verifierKey.publicKey)
var ratios: [Double] = []
for _ in 0..<5 {
  let bareStart = ContinuousClock.now
  var good = 0
  for (signature, message) in messages where curve.isValidSignature(signature, for: message) { good += 1 }
  let bare = Double(good) / (bareStart.duration(to: .now) / .seconds(1))

  let chainStart = ContinuousClock.now
  var verifier = ChainFileVerifier(key: key.verifierKey)
  var fault: ChainFault?
  for start in stride(from: 0, to: file.count, by: 1 << 18) {
    fault = fault ?? verifier.consume(file[start..<min(file.count, start + 1 << 18)])
  }
  fault = fault ?? verifier.finish(expectedHead: ChainHead(seq: entries, hash: head))
  if let fault { print("fault: \(fault)") }
  let chain = Double(verifier.count) / (chainStart.duration(to: .now) / .seconds(1))
  ratios.append(chain / bare)
  print("bare Ed25519 \(Int(bare))/s   chain \(Int(chain)) entries/s   ratio \(rounded(chain / bare))")
}
print("median ratio \(rounded(ratios.sorted()[2])) (target 0.75)")

try measureLog(entries: entries)

let event = sample(seq: 1, prevHash: .zero)
let bytes = try CanonicalEncoder().encode(event)
let value = try CanonicalJSON(bytes: bytes)
guard try CanonicalDecoder().decode(EventSample.self, from: bytes) == event, try value.bytes() == bytes else {
  preconditionFailure("the coders are not inverse")
}
print("event of \(bytes.count) bytes, microseconds each:")
print("  CanonicalJSON encode \(rounded(try microseconds(5_000) { _ = try value.bytes() }))")
print("  CanonicalJSON parse  \(rounded(try microseconds(5_000) { _ = try CanonicalJSON(bytes: bytes) }))")
print("  CanonicalEncoder     \(rounded(try microseconds(5_000) { _ = try CanonicalEncoder().encode(event) }))")
let decodeTime = try microseconds(5_000) { _ = try CanonicalDecoder().decode(EventSample.self, from: bytes) }
print("  CanonicalDecoder     \(rounded(decodeTime))")
print(
  "  header alone         \(rounded(try microseconds(5_000) { _ = try CanonicalDecoder().decode(EntryHeader.self, from: bytes) }))"
)
