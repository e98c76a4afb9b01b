import Custody

/// A file at the centre, as far as it has come.
public struct HeldBlob: Hashable, Sendable {
  /// SHA-256, 64 lowercase hexadecimal digits.
  public var digest: String
  public var length: Int
  public var mediaType: String
  /// The event that names it, the asset that the event is about, and the station that sends it.
  public var event: EventID
  public var asset: AssetID
  public var station: String
  /// Bytes that are here, from the first on.
  public var held: Int
  public var beganAt: Instant
  /// When all of it was here and had its digest; nil before.
  public var completedAt: Instant?
  /// When its bytes were let go; the rest of the row stays. Nil while they are here.
  public var droppedAt: Instant?

  /// A file.
  public init(
    digest: String, length: Int, mediaType: String, event: EventID, asset: AssetID, station: String, held: Int = 0,
    beganAt: Instant, completedAt: Instant? = nil, droppedAt: Instant? = nil
  ) {
    self.digest = digest
    self.length = length
    self.mediaType = mediaType
    self.event = event
    self.asset = asset
    self.station = station
    self.held = held
    self.beganAt = beganAt
    self.completedAt = completedAt
    self.droppedAt = droppedAt
  }
}
