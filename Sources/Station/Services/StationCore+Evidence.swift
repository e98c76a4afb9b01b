import BarcodeVision
import Crypto
import Custody
import StationStore

extension StationCore {
  /// Keeps a picture as evidence of what is scanned in it. One that shows a badge is not kept, and is no evidence: a badge's
  /// token is personal, and stands in no file.
  func keepEvidence(_ picture: [UInt8], showing symbols: [Symbol]) async throws -> [EvidenceReference] {
    guard !symbols.contains(where: { Scan(raw: $0.raw, source: .symbol).holdsBadge }) else { return [] }
    let reference = EvidenceReference(
      digest: hexadecimal(SHA256.hash(data: picture)), length: picture.count, mediaType: Self.mediaType(of: picture),
      role: "photo")
    try await store.keepBlob(picture, digest: reference.digest, mediaType: reference.mediaType)
    return [reference]
  }
}
