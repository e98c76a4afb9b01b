import Backup
import CentralStore
import Foundation
import Synchronization

/// A data folder, held by a lock until it is released or this object is gone: one process owns its database.
final class FolderLock: Sendable {
  /// Absolute path of the folder.
  let path: String
  private let file: Mutex<FileHandle?>

  /// Makes the folder (mode 0700) when it is not there, and takes its lock.
  init(_ folder: String) throws(CentralFault) {
    path = URL(fileURLWithPath: folder).standardizedFileURL.path
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .unreachable(path: path, reason: error.localizedDescription)
    }
    let name = path + "/central.lock"
    let descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unreachable(path: name, reason: String(cString: strerror(errno))) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    file = Mutex(handle)
    let isFree = flock(descriptor, LOCK_EX | LOCK_NB) == 0
    do {
      guard isFree else {
        let owner = try handle.readToEnd().map { String(decoding: $0, as: UTF8.self) } ?? "another process"
        throw CentralFault.inUse(folder: path, owner: owner.trimmingCharacters(in: .whitespacesAndNewlines))
      }
      try handle.truncate(atOffset: 0)
      try handle.write(contentsOf: Data("process \(getpid())\n".utf8))
      try DatabaseSnapshot.sweep(path)
    } catch let fault as CentralFault {
      throw fault
    } catch {
      throw .unreachable(path: name, reason: error.localizedDescription)
    }
  }
  /// Lets go of the folder, in so many words: a child process that is just being started shares the descriptor until it
  /// has become another program, and closing alone would leave the lock with it.
  func release() {
    file.withLock { file in
      if let file { flock(file.fileDescriptor, LOCK_UN) }
      file = nil
    }
  }
}
