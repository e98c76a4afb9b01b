import Custody
import SyncProtocol

extension CentralClient {
  /// How much the centre has of a file; nil when it never had any of it.
  public func blobStanding(_ digest: String) async throws(SyncError) -> BlobStanding? {
    do throws(SyncError) {
      return try standing(try await exchange(request("\(SyncRoute.blobs)/\(digest)/standing")), of: digest)
    } catch {
      if case .refused(let problem) = error, problem.status == 404 { return nil }
      throw error
    }
  }

  /// Sends the part of a file from an offset on, at most ``BlobLimits/part`` bytes; the event that names it is in the log.
  public func sendBlob(
    _ digest: String, of event: EventID, at offset: Int, _ bytes: [UInt8]
  ) async throws(SyncError) -> BlobStanding {
    var request = request("\(SyncRoute.blobs)/\(digest)?event=\(event)&offset=\(offset)")
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/octet-stream")
    request.body = bytes
    return try standing(try await exchange(request), of: digest)
  }

  /// Exactly the range that is asked for of a file; nil when the centre has it no more.
  public func blob(_ digest: String, _ range: ByteRange, of length: Int) async throws(SyncError) -> [UInt8]? {
    try await part("\(SyncRoute.blobs)/\(digest)", digest, range, of: UInt64(length))
  }

  private func standing(_ body: [UInt8], of digest: String) throws(SyncError) -> BlobStanding {
    let standing: BlobStanding = try decode(body)
    guard standing.digest == digest, (0...BlobLimits.bytes).contains(standing.length),
      (0...standing.length).contains(standing.held)
    else {
      throw .protocol(reason: "it has \(standing.held) of \(standing.length) bytes of \(standing.digest.prefix(64))")
    }
    return standing
  }
}
