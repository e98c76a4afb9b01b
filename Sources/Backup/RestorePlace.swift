import Foundation

/// The folder that a backup is restored to. Everything happens in a folder beside it, which takes its name when all is
/// there, checked and on disk: a restore that is interrupted leaves nothing under the name, and the next one clears away
/// what it left.
public final class RestorePlace {
  /// Where the data will be.
  public let folder: String
  /// Where it is made.
  public let staging: String
  private let lock: FileHandle

  /// Takes a folder that is not there or empty. Throws ``BackupFault/occupied(folder:)`` for any other.
  public init(_ path: String) throws {
    let folder = URL(fileURLWithPath: path).standardizedFileURL.path
    self.folder = folder
    staging = folder + ".restoring"
    do {
      if FileManager.default.fileExists(atPath: folder) {
        guard try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty else {
          throw BackupFault.occupied(folder: folder)
        }
      }
      try FileManager.default.createDirectory(
        atPath: staging, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch let fault as BackupFault {
      throw fault
    } catch {
      throw BackupFault.unreachable(path: folder, reason: error.localizedDescription)
    }
    let descriptor = open(staging, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw BackupFault.unreachable(path: staging, reason: String(cString: strerror(errno)))
    }
    lock = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw BackupFault.busy(folder: folder) }
    do {
      for name in try FileManager.default.contentsOfDirectory(atPath: staging) {
        try FileManager.default.removeItem(atPath: "\(staging)/\(name)")
      }
    } catch {
      throw BackupFault.unreachable(path: staging, reason: error.localizedDescription)
    }
  }

  /// Copies a key file of the owner's into the folder, mode 0600.
  public func add(key: String, as name: String) throws {
    do {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: key))
      let path = "\(staging)/\(name)"
      guard
        FileManager.default.createFile(atPath: path, contents: bytes, attributes: [.posixPermissions: 0o600]),
        let file = FileHandle(forUpdatingAtPath: path)
      else { throw BackupFault.unreachable(path: path, reason: String(cString: strerror(errno))) }
      try file.synchronize()
      try file.close()
    } catch let fault as BackupFault {
      throw fault
    } catch {
      throw BackupFault.unreachable(path: key, reason: error.localizedDescription)
    }
  }

  /// Gives the folder its name, with all that is in it on disk.
  public func finish() throws {
    try SyncedFolder.syncAll(below: staging)
    // Takes the place of an empty folder too, and of no other.
    guard rename(staging, folder) == 0 else {
      let reason =
        errno == EBUSY || errno == EXDEV
        ? "it is the root of a file system; give a folder below it" : String(cString: strerror(errno))
      throw BackupFault.unreachable(path: folder, reason: reason)
    }
    try SyncedFolder.sync((folder as NSString).deletingLastPathComponent)
  }

  /// Takes away what was made.
  public func abandon() throws {
    do {
      try FileManager.default.removeItem(atPath: staging)
    } catch {
      throw BackupFault.unreachable(path: staging, reason: error.localizedDescription)
    }
  }
}
