import CentralStore
import Custody
import Foundation
import StationSnapshot
import SyncProtocol
import Synchronization
import TamperEvidence

/// The newest snapshot of what the centre makes of the log, as a file in its data folder: what a new station begins with.
///
/// `snapshot/manifest` names the file by its digest and is put in its place last, so that what it names is whole.
final class SnapshotShelf: Sendable {
  /// A snapshot that can be given out.
  struct Snapshot: Sendable {
    let manifest: SnapshotManifest
    /// The manifest as it was signed.
    let note: [UInt8]
    /// The packed file.
    let path: String
  }

  private struct State {
    var snapshot: Snapshot?
    var isMaking = false
  }

  private let folder: String
  private let store: any CentralStore
  private let state: Mutex<State>

  /// Finds what an earlier run left. What does not belong to this log, or is not whole, is as if it were not there.
  init(folder: String, store: any CentralStore) throws {
    self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path + "/snapshot"
    self.store = store
    try Self.sweep(self.folder)
    state = Mutex(State(snapshot: try Self.find(in: self.folder, key: store.logKey)))
  }

  /// Takes away what was half made when a process was killed, unless another centre in the same folder is making one now.
  private static func sweep(_ folder: String) throws {
    guard FileManager.default.fileExists(atPath: folder) else { return }
    let makers = try openLock(of: folder)
    defer { close(makers) }
    guard flock(makers, LOCK_EX | LOCK_NB) == 0 else { return }
    do {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.contains(making) {
        unlink("\(folder)/\(name)")
      }
    } catch {
      throw CentralFault.unreachable(path: folder, reason: error.localizedDescription)
    }
  }

  /// A file that whoever makes a snapshot has locked, shared with others that do.
  private static func openLock(of folder: String) throws -> Int32 {
    let file = folder + "/lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw CentralFault.unreachable(path: file, reason: String(cString: strerror(errno)))
    }
    return descriptor
  }

  /// Stands in the name of what is not whole yet.
  private static let making = ".making"

  /// The newest one; nil while there is none.
  var newest: Snapshot? { state.withLock { $0.snapshot } }

  private static func find(in folder: String, key: VerifierKey) throws -> Snapshot? {
    let file = folder + "/manifest"
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    do {
      let note = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
      let manifest = try SnapshotManifest(note: note, key: key)
      let path = Self.path(of: manifest, in: folder)
      let found = try FileManager.default.attributesOfItem(atPath: path)
      guard (found[.size] as? NSNumber)?.uint64Value == manifest.length else { return nil }
      return Snapshot(manifest: manifest, note: note, path: path)
    } catch is SnapshotFault {
      return nil
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
      return nil
    }
  }

  private static func path(of manifest: SnapshotManifest, in folder: String) -> String {
    "\(folder)/\(manifest.digest).gz"
  }

  /// Makes one of the log as it is now and puts it in the place of the one before; nil when one is being made already.
  /// Bounded memory; pushes go on meanwhile.
  func make() async throws -> Snapshot? {
    let isFirst = state.withLock { state in
      defer { state.isMaking = true }
      return !state.isMaking
    }
    guard isFirst else { return nil }
    defer { state.withLock { $0.isMaking = false } }
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let makers = try Self.openLock(of: folder)
    defer { close(makers) }
    // Waits at most for a sweep.
    guard flock(makers, LOCK_SH) == 0 else {
      throw CentralFault.unreachable(path: folder + "/lock", reason: String(cString: strerror(errno)))
    }
    let plain = "\(folder)/\(UUID().uuidString)\(Self.making)"
    let packed = plain + ".gz"
    defer { for file in [plain, packed] { unlink(file) } }
    let writer = try SnapshotWriter(file: plain)
    let head = try await store.handOverProjection { try writer.add($0) }
    try writer.close()
    let (digest, length, unpacked) = try PackedFile.pack(plain, into: packed)
    let manifest = SnapshotManifest(
      origin: store.author.origin, size: head.checkpoint.size, root: head.checkpoint.root, digest: digest,
      length: length, unpacked: unpacked)
    let snapshot = Snapshot(
      manifest: manifest, note: try manifest.signed(with: store.author.key), path: Self.path(of: manifest, in: folder))
    guard rename(packed, snapshot.path) == 0 else {
      throw CentralFault.unreachable(path: snapshot.path, reason: String(cString: strerror(errno)))
    }
    try Data(snapshot.note).write(to: URL(fileURLWithPath: folder + "/manifest"), options: .atomic)
    state.withLock { $0.snapshot = snapshot }
    try removeOlder(than: snapshot)
    return snapshot
  }

  /// Whoever is in the middle of an older one has it open, or begins again with this one.
  private func removeOlder(than snapshot: Snapshot) throws {
    let kept = (snapshot.path as NSString).lastPathComponent
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasSuffix(".gz") && name != kept && !name.contains(Self.making) {
      unlink("\(folder)/\(name)")
    }
  }
}
