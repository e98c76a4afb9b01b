import Foundation

/// The file that a backup is written to: under its name it is there whole, checked and on disk, or not at all, and no
/// file is ever written over.
public struct BackupFile: Sendable {
  /// Where it will be.
  public let path: String
  private let partial: String
  private let handle: FileHandle

  /// Begins a file at a path, or in a folder under a name with whose it is and when.
  public init(_ path: String, of name: String, at moment: Date) throws {
    var status = stat()
    var target = URL(fileURLWithPath: path).standardizedFileURL.path
    if stat(target, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      let plain = name.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "-" }
      let stamp: String = moment.formatted(.iso8601).filter { $0.isLetter || $0.isNumber }
      target += "/custody-\(String(plain))-\(stamp).tar"
    }
    guard stat(target, &status) != 0 else {
      throw BackupFault.unreachable(path: target, reason: "there is a file already, and it is not written over")
    }
    self.path = target
    partial = "\(target).\(UUID().uuidString).partial"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw BackupFault.unreachable(path: partial, reason: String(cString: strerror(errno)))
    }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Adds bytes.
  public func write(_ bytes: some DataProtocol) throws {
    do {
      try handle.write(contentsOf: bytes)
    } catch {
      throw BackupFault.unreachable(path: partial, reason: error.localizedDescription)
    }
  }

  /// Syncs it, reads all of it again, and only then gives it its name.
  public func finish(progress: @escaping (_ done: Int64, _ total: Int64) -> Void = { _, _ in }) throws -> BackupManifest
  {
    do {
      try handle.synchronize()
      try handle.close()
    } catch {
      throw BackupFault.unreachable(path: partial, reason: error.localizedDescription)
    }
    let manifest = try BackupReader.read(partial, progress: progress)
    // Unlike rename(2), link(2) writes over nothing.
    guard link(partial, path) == 0 else {
      throw BackupFault.unreachable(path: path, reason: String(cString: strerror(errno)))
    }
    unlink(partial)
    try SyncedFolder.sync((path as NSString).deletingLastPathComponent)
    return manifest
  }

  /// Takes away what was written.
  public func abandon() throws {
    unlink(partial)
    try handle.close()
  }
}

/// Folders whose names are on disk.
enum SyncedFolder {
  static func sync(_ path: String) throws {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw BackupFault.unreachable(path: path, reason: String(cString: strerror(errno))) }
    defer { close(folder) }
    guard fsync(folder) == 0 else {
      throw BackupFault.unreachable(path: path, reason: String(cString: strerror(errno)))
    }
  }

  /// Syncs a folder and all below it.
  static func syncAll(below path: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      var status = stat()
      if lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        try syncAll(below: "\(path)/\(name)")
      }
    }
    try sync(path)
  }
}
