import Backup
import Foundation
import Synchronization
import TamperEvidence

/// A station's folder on disk, held by a lock until `release()` or as long as this object lives: database, signing key,
/// pepper, blobs.
public final class DataFolder: Sendable {
  /// Absolute path of the folder.
  public let path: String
  private let lock: Mutex<FileHandle?>

  /// Path of the database.
  public var database: String { path + "/station.db" }
  /// Path of the index for searching, which can be deleted: it is made anew.
  public var searchIndex: String { path + "/search.db" }
  /// Path of the folder of blobs.
  public var blobs: String { path + "/blobs" }
  /// Path of the socket by which commands reach the running station.
  public var socket: String { path + "/station.sock" }

  /// Makes the folder (mode 0700) when it is not there, and takes its lock.
  /// Throws ``StoreFault/inUse(folder:owner:)`` when another process holds it.
  public init(_ path: String) throws {
    self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    do {
      try FileManager.default.createDirectory(
        atPath: self.path + "/blobs", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw StoreFault.unreachable(path: self.path, reason: error.localizedDescription)
    }
    // Also a folder that was there before: it holds keys, personal data, and the socket that commands come by.
    guard chmod(self.path, 0o700) == 0 else {
      throw StoreFault.unreachable(path: self.path, reason: String(cString: strerror(errno)))
    }
    let file = self.path + "/station.lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreFault.unreachable(path: file, reason: String(cString: strerror(errno)))
    }
    let lock = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let owner = (try lock.readToEnd()).map { String(decoding: $0, as: UTF8.self) } ?? "another process"
      throw StoreFault.inUse(folder: self.path, owner: owner.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    do {
      try lock.truncate(atOffset: 0)
      try lock.write(contentsOf: Data("process \(getpid())\n".utf8))
    } catch {
      throw StoreFault.unreachable(path: file, reason: error.localizedDescription)
    }
    try DatabaseSnapshot.sweep(self.path)
    self.lock = Mutex(lock)
  }

  /// Gives the folder's lock back, so that the next may open it. A second call does nothing.
  func release() throws {
    try lock.withLock { lock in
      // Let go in so many words: a child process that is just being started shares the descriptor until it has become
      // another program, and closing alone would leave the lock with it.
      if let lock { flock(lock.fileDescriptor, LOCK_UN) }
      try lock?.close()
      lock = nil
    }
  }

  /// The station's signing key; made at first use (mode 0600) under the name that its verifier key will carry. One that
  /// is `needed`, because a ledger was signed with it, is never made anew: throws ``StoreFault/keyLost(file:)``.
  public func signingKey(named name: String, needed: Bool) throws -> SigningKey {
    let file = path + "/station.key"
    if let key = try key(in: file) { return key }
    guard !needed else { throw StoreFault.keyLost(file: file) }
    return try makeKey(named: name, in: file)
  }

  /// The key that is to sign the station's requests once it is enrolled; the same until then.
  func nextRequestKey(named name: String) throws -> SigningKey {
    try key(in: nextRequestKeyFile) ?? makeKey(named: name, in: nextRequestKeyFile)
  }

  /// Puts the next request key in the place of the one in use. On disk when the call returns.
  func adoptNextRequestKey() throws {
    let file = path + "/request.key"
    guard rename(nextRequestKeyFile, file) == 0 else {
      throw StoreFault.unreachable(path: file, reason: String(cString: strerror(errno)))
    }
    try DurableFile.sync(folder: path)
  }

  private var nextRequestKeyFile: String { path + "/request.key.next" }

  /// The key that signs the station's requests; nil before the station is enrolled by a code.
  public func existingRequestKey() throws -> SigningKey? { try key(in: path + "/request.key") }

  /// Makes the signing key that is to take the place of the one in use; one that was left behind is gone.
  func makeNextKey(named name: String) throws -> SigningKey {
    try dropNextKey()
    return try makeKey(named: name, in: nextKeyFile)
  }

  /// The signing key that is to take the place of the one in use; nil when none is.
  func nextKey() throws -> SigningKey? { try key(in: nextKeyFile) }

  /// Puts the next key in the place of the one in use, which is gone then. On disk when the call returns.
  func adoptNextKey() throws {
    let file = path + "/station.key"
    guard rename(nextKeyFile, file) == 0 else {
      throw StoreFault.unreachable(path: file, reason: String(cString: strerror(errno)))
    }
    try DurableFile.sync(folder: path)
  }

  /// Takes the next key away.
  func dropNextKey() throws {
    guard unlink(nextKeyFile) == 0 || errno == ENOENT else {
      throw StoreFault.unreachable(path: nextKeyFile, reason: String(cString: strerror(errno)))
    }
  }

  private var nextKeyFile: String { path + "/station.key.next" }

  private func key(in file: String) throws -> SigningKey? {
    guard let data = try existing(file) else { return nil }
    do {
      return try SigningKey(
        secretText: String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    } catch {
      throw StoreFault.damaged(reason: "\(file) holds no signing key: \(error)")
    }
  }

  private func makeKey(named name: String, in file: String) throws -> SigningKey {
    var random = SystemRandomNumberGenerator()
    let key = try SigningKey(name: name, seed: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    try createSecret(file, Data((key.secretText + "\n").utf8))
    return key
  }

  /// 32 random bytes that pepper PINs and badge tokens, made at first use (mode 0600). When it is `needed`, because badges
  /// or PINs were made with it, it is never made anew: throws ``StoreFault/keyLost(file:)``.
  public func pepper(needed: Bool) throws -> [UInt8] {
    let file = path + "/pepper.key"
    if let data = try existing(file) {
      guard data.count == 32 else { throw StoreFault.damaged(reason: "\(file) does not hold 32 bytes") }
      return Array(data)
    }
    guard !needed else { throw StoreFault.keyLost(file: file) }
    var random = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    try createSecret(file, Data(bytes))
    return bytes
  }

  /// The file of what the centre's badges and PINs were made with.
  private var centrePepperFile: String { path + "/centre-pepper.key" }

  /// What the centre's badges and PINs were made with; nil before the centre has said it. A file that is lost comes again with
  /// the next word of the centre.
  func centrePepper() throws -> [UInt8]? {
    guard let data = try existing(centrePepperFile) else { return nil }
    guard data.count == 32 else { throw StoreFault.damaged(reason: "\(centrePepperFile) does not hold 32 bytes") }
    return Array(data)
  }

  func keep(centrePepper bytes: [UInt8]) throws { try createSecret(centrePepperFile, Data(bytes)) }

  private func existing(_ file: String) throws -> Data? {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      throw StoreFault.unreachable(path: file, reason: error.localizedDescription)
    }
  }

  /// Writes beside, syncs, renames: a secret is there whole or not at all.
  private func createSecret(_ file: String, _ data: Data) throws {
    try DurableFile.write(data, to: file, mode: 0o600)
  }
}

/// Writing a file so that it is on disk, whole, when the call returns.
enum DurableFile {
  /// Each writer writes beside under a name of its own: two that write the same file never write into one another.
  static func write(_ data: Data, to file: String, mode: mode_t) throws {
    let partial = "\(file).\(UUID().uuidString).partial"
    do {
      try write(data, whole: partial, mode: mode)
      guard rename(partial, file) == 0 else {
        throw StoreFault.unreachable(path: file, reason: String(cString: strerror(errno)))
      }
    } catch {
      unlink(partial)
      throw error
    }
    try sync(folder: (file as NSString).deletingLastPathComponent)
  }

  /// Makes a folder in one that is there; its name is on disk when the call returns. Fine when it is there already.
  static func makeFolder(_ folder: String, mode: mode_t) throws {
    if mkdir(folder, mode) != 0, errno != EEXIST {
      throw StoreFault.unreachable(path: folder, reason: String(cString: strerror(errno)))
    }
    // Also when another made it: it may not have synced it yet.
    try sync(folder: (folder as NSString).deletingLastPathComponent)
  }

  private static func write(_ data: Data, whole partial: String, mode: mode_t) throws {
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw StoreFault.unreachable(path: partial, reason: String(cString: strerror(errno)))
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: data)
      try handle.synchronize()
      try handle.close()
    } catch {
      throw StoreFault.unreachable(path: partial, reason: error.localizedDescription)
    }
  }

  static func sync(folder path: String) throws {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw StoreFault.unreachable(path: path, reason: String(cString: strerror(errno))) }
    defer { close(folder) }
    guard fsync(folder) == 0 else {
      throw StoreFault.unreachable(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
