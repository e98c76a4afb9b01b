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

  /// The station's signing key; made at first use (mode 0600) under the name that its verifier key will carry.
  public func signingKey(named name: String) throws -> SigningKey {
    let file = path + "/station.key"
    if let data = try existing(file) {
      do {
        return try SigningKey(
          secretText: String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
      } catch {
        throw StoreFault.damaged(reason: "\(file) holds no signing key: \(error)")
      }
    }
    var random = SystemRandomNumberGenerator()
    let key = try SigningKey(name: name, seed: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    try createSecret(file, Data((key.secretText + "\n").utf8))
    return key
  }

  /// 32 random bytes that pepper PINs and badge tokens, made at first use (mode 0600).
  public func pepper() throws -> [UInt8] {
    let file = path + "/pepper.key"
    if let data = try existing(file) {
      guard data.count == 32 else { throw StoreFault.damaged(reason: "\(file) does not hold 32 bytes") }
      return Array(data)
    }
    var random = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    try createSecret(file, Data(bytes))
    return bytes
  }

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
  static func write(_ data: Data, to file: String, mode: mode_t) throws {
    let partial = file + ".partial"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
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
    guard rename(partial, file) == 0 else {
      throw StoreFault.unreachable(path: file, reason: String(cString: strerror(errno)))
    }
    let folder = open((file as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw StoreFault.unreachable(path: file, reason: String(cString: strerror(errno))) }
    defer { close(folder) }
    guard fsync(folder) == 0 else {
      throw StoreFault.unreachable(path: file, reason: String(cString: strerror(errno)))
    }
  }
}
