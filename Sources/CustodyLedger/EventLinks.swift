import Custody

/// What of an event ties it to others, whatever its type: all that a verifier looks at beside the header.
struct EventLinks: Decodable {
  let asset: AssetID?
  let prior: Prior?
  let seenCheckpoint: SeenCheckpoint?
  let evidence: [EvidenceReference]?
  let commitments: [String: String]?
  let wallClock: Instant?
}
