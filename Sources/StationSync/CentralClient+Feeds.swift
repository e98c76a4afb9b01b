import Custody
import Foundation
import NIOHTTP1
import SyncProtocol

extension CentralClient {
  /// The manifest of the centre's newest snapshot, a signed note of which nothing is verified; nil when it has none, or is of a
  /// version that knows none.
  public func snapshotManifest() async throws(SyncError) -> [UInt8]? {
    do throws(SyncError) {
      let body = try await exchange(request(SyncRoute.snapshot))
      guard body.count <= SnapshotManifest.longest else {
        throw .protocol(reason: "the manifest of its snapshot has \(body.count) bytes")
      }
      return body
    } catch {
      if case .refused(let problem) = error, problem.status == 404 { return nil }
      throw error
    }
  }

  /// A part of a snapshot of so many bytes: exactly the range that is asked for, or it throws. Nil when the centre has that
  /// snapshot no more.
  public func snapshot(_ digest: String, _ range: ByteRange, of length: UInt64) async throws(SyncError) -> [UInt8]? {
    try await part("\(SyncRoute.snapshot)/\(digest)", digest, range, of: length)
  }

  /// Exactly the range that is asked for of a file that is named by its digest.
  func part(
    _ path: String, _ digest: String, _ range: ByteRange, of length: UInt64
  ) async throws(SyncError) -> [UInt8]? {
    var request = request(path)
    request.headers.add(name: "range", value: range.field)
    request.headers.add(name: "if-range", value: "\"\(digest)\"")
    let response: (body: [UInt8], headers: HTTPHeaders)
    do throws(SyncError) {
      response = try await exchange(request, expecting: 206, most: Int(range.count))
    } catch {
      if case .refused(let problem) = error, problem.status == 404 { return nil }
      throw error
    }
    // A range that lies would be found by the digest, after all of it was fetched: here it is found at once.
    let field = response.headers.first(name: "content-range") ?? ""
    guard let said = ByteRange.content(field), said.range == range,
      said.length == length, UInt64(response.body.count) == range.count
    else {
      throw .protocol(
        reason: "it answered '\(field)' and \(response.body.count) bytes for \(range.contentField(of: length))")
    }
    return response.body
  }

  /// The entries about an asset that count at the centre, oldest first; nothing of them is verified.
  public func history(of asset: AssetID) async throws(SyncError) -> [PulledEntry] {
    var entries: [PulledEntry] = []
    while true {
      let body = try await exchange(
        request("\(SyncRoute.history)?asset=\(asset)&after=\(entries.last?.logIndex ?? -1)"))
      if body.isEmpty { return entries }
      for line in body.split(separator: UInt8(ascii: "\n")) {
        let entry: PulledEntry = try decode(line)
        guard entry.logIndex > entries.last?.logIndex ?? -1 else {
          throw .protocol(reason: "it sent log index \(entry.logIndex) twice")
        }
        entries.append(entry)
      }
      // Nothing that one asset could have: a bound on memory.
      guard entries.count <= 100_000 else { throw .protocol(reason: "it sent 100,000 entries of one asset") }
    }
  }
}
