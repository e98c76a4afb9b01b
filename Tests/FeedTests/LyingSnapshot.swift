import CentralStore
import Custody
import Foundation
import Hummingbird
import HummingbirdTesting
import StationSnapshot
import SyncProtocol
import SyncTestSupport
import Synchronization
import TamperEvidence
import Testing

@testable import Central

/// Gives out the snapshot of an honest centre, with a lie; all else it passes on.
final class LyingSnapshot: Sendable {
  enum Lie: String, CaseIterable, Sendable {
    /// Another key signs the manifest.
    case otherKey
    /// One byte is other than it was.
    case flipped
    /// It ends before its end.
    case truncated
    /// The answer is of another range than was asked for.
    case otherRange
    /// The range is as it should be in the header, and short.
    case shortRange
    /// The whole file comes, whatever was asked for.
    case whole
    /// It unpacks to far more than it says.
    case bomb
    /// Its root is none that the log had.
    case otherRoot
    /// It is a database, and no snapshot.
    case otherDatabase
  }

  let manifest: SnapshotManifest
  let note: [UInt8]
  private let packed: [UInt8]
  private let lie: Lie?
  private let asked = Mutex<[String]>([])

  /// The ranges that were asked for.
  var ranges: [String] { asked.withLock { $0 } }

  init(_ lie: Lie?, of centre: CentreUnderTest) async throws {
    self.lie = lie
    let snapshot = try #require(centre.server.snapshots.newest)
    var manifest = snapshot.manifest
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: snapshot.path)))
    let folder = try TemporaryFolder()
    func repack(_ plain: String) throws {
      let packed = try PackedFile.pack(plain, into: folder.path + "/packed")
      bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/packed")))
      (manifest.digest, manifest.length) = (packed.digest, packed.length)
      manifest.unpacked = packed.unpacked
    }
    switch lie {
    case .bomb:
      // 256 MiB of zeros, said to be eight.
      let zeros = folder.path + "/zeros"
      try Data().write(to: URL(fileURLWithPath: zeros))
      truncate(zeros, 256 << 20)
      try repack(zeros)
      manifest.unpacked = 8 << 20
    case .otherDatabase:
      let other = folder.path + "/other"
      try Data("SQLite format 3\u{0}, and nothing else".utf8).write(to: URL(fileURLWithPath: other))
      try repack(other)
    case .flipped: bytes[bytes.count / 2] ^= 1
    case .truncated: bytes.removeLast(100)
    case .otherRoot: manifest.root = .leaf([1, 2, 3])
    default: break
    }
    packed = bytes
    self.manifest = manifest
    let author = try CentreUnderTest.author
    let key =
      lie == .otherKey ? try SigningKey(name: author.origin, seed: [UInt8](repeating: 7, count: 32)) : author.key
    note = try manifest.signed(with: key)
  }

  func router(of server: CentralServer, now: @escaping @Sendable () -> Instant) throws -> Router<
    CentralContext
  > {
    let router = Router(context: CentralContext.self)
    let sync = SyncRoutes(
      configuration: server.configuration, store: server.store, signal: LogSignal(head: 0), now: now)
    sync.add(to: router)
    LogRoutes(store: server.store, access: nil, stations: server.stationAccess).add(to: router)
    router.get(RouterPath(SyncRoute.snapshot)) { _, _ in
      sync.marked(Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: self.note))))
    }
    router.get(RouterPath(SyncRoute.snapshot + "/:digest")) { request, _ in
      self.asked.withLock { $0.append(request.headers[.range] ?? "") }
      return sync.marked(self.part(request))
    }
    return router
  }

  private func part(_ request: Request) -> Response {
    guard case .part(let range) = ByteRange.requested(request.headers[.range], of: manifest.length) else {
      return Response(status: .badRequest)
    }
    var bytes = Array(packed.dropFirst(Int(range.first)).prefix(Int(range.count)))
    var field = range.contentField(of: manifest.length)
    switch lie {
    case .otherRange: field = "bytes \(range.first + 1)-\(range.last)/\(manifest.length)"
    case .shortRange: bytes.removeLast()
    case .whole: return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: packed)))
    default: break
    }
    return Response(
      status: .partialContent, headers: [.contentRange: field],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
