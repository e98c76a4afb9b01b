import Custody
import SyncProtocol

/// What the centre keeps for its stations besides the log: a snapshot's contents, reference data, files. Whatever a writing call
/// gives back is durable. Every call throws ``CentralFault`` for what is broken.
public protocol CentralFeeds: Sendable {
  /// Hands over what a station's projection begins with, part by part and all of one moment, and gives back the tree head of
  /// that moment. What `take` throws ends it.
  func handOverProjection(_ take: @escaping @Sendable (ProjectionPart) throws -> Void) async throws -> LogHead

  /// Makes changes to the reference data, all or none, each at a version of its own. What is so already is no change. Gives back
  /// the newest version.
  func changeReference(_ changes: [ReferenceChange]) async throws -> Int64
  /// What became of reference data after a version, in order of version, at most `limit`.
  func reference(after version: Int64, limit: Int) async throws -> ReferencePage

  /// What is here of a file; nil when nothing ever was.
  func blob(_ digest: String) async throws -> HeldBlob?
  /// Adds a part to a file at its end, beginning the file when it is new or was let go. A part that begins elsewhere is not
  /// taken. Gives back what is here then.
  func addToBlob(_ blob: HeldBlob, at offset: Int, _ bytes: [UInt8]) async throws -> HeldBlob
  /// Says at which moment a file was found whole; nil that it was found wrong, which takes it away.
  func endBlob(_ digest: String, completedAt moment: Instant?) async throws
  /// Bytes of a file from an offset on, at most `limit`.
  func blobBytes(_ digest: String, from offset: Int, limit: Int) async throws -> [UInt8]
  /// How many bytes all files have that are here or on their way.
  func blobTotal() async throws -> Int64
  /// Whole files that came before a moment, about assets that nothing open disagrees about; the oldest first.
  func settledBlobs(before moment: Instant, limit: Int) async throws -> [HeldBlob]
  /// Lets a file's bytes go; that it was here stays written.
  func dropBlob(_ digest: String, at moment: Instant) async throws
}
