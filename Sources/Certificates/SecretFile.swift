import Foundation

/// Files of mode 0600 that are there whole or not at all.
enum SecretFile {
  /// Writes a file; one that is there already stays.
  static func create(_ file: String, _ text: String) throws {
    let partial = try written(beside: file, text)
    defer { unlink(partial) }
    guard link(partial, file) == 0 || errno == EEXIST else { throw fault(file) }
    try sync(file)
  }

  /// Writes a file in place of any that is there.
  static func replace(_ file: String, _ text: String) throws {
    let partial = try written(beside: file, text)
    guard rename(partial, file) == 0 else {
      let fault = fault(file)
      unlink(partial)
      throw fault
    }
    try sync(file)
  }

  private static func written(beside file: String, _ text: String) throws -> String {
    let partial = "\(file).\(UUID().uuidString).partial"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw fault(partial) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: Data(text.utf8))
      try handle.synchronize()
      try handle.close()
    } catch {
      unlink(partial)
      throw TLSFault.unreachable(path: partial, reason: error.localizedDescription)
    }
    return partial
  }

  private static func sync(_ file: String) throws {
    let folder = open((file as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw fault(file) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw fault(file) }
  }

  private static func fault(_ path: String) -> TLSFault {
    .unreachable(path: path, reason: String(cString: strerror(errno)))
  }
}
