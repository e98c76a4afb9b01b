import Custody

/// A part of what a station's projection begins with, as the centre's store hands it over.
public enum ProjectionPart: Sendable {
  /// Assets in order of id, with the canonical JSON of each.
  case assets([(id: AssetID, document: [UInt8])])
  /// Ids under which things were received besides.
  case aliases([(id: AssetID, canonical: AssetID)])
  /// Ids that there are events about, and no asset: what waits, or was corrected away.
  case unprojected([AssetID])
  /// What disagrees or did about assets.
  case discrepancies([RecordedDiscrepancy])
  /// The end of each station's chain.
  case chains([(station: String, end: HeldChain)])
  /// Statements about keys, exact entries, by log index.
  case statements([(logIndex: Int64, bytes: [UInt8])])
}
