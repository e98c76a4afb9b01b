import Glibc

/// The bytes of a picture file, read whole and bounded.
enum PictureFile {
  /// Reads a regular file of at most ``PictureLimits/fileBytes``. Blocks.
  static func read(_ path: String) throws(PictureError) -> [UInt8] {
    // A NUL would silently cut the path short in C.
    guard !path.utf8.contains(0) else { throw .missing }
    // Non-blocking, or opening a pipe that nobody writes to would wait for ever. Regular files ignore it.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let error = refusal(errno)
      throw error == .missing && path.unicodeScalars.contains("\u{FFFD}") ? .nameNotText : error
    }
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw refusal(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
    guard status.st_size <= PictureLimits.fileBytes else { throw .fileTooLarge }

    // The file may grow or shrink while it is read, so the size is only a first guess: read to the end, and one byte
    // beyond the limit to notice it being passed.
    var bytes: [UInt8] = []
    var wanted = Int(status.st_size) + 1
    while true {
      let have = bytes.count
      if have > PictureLimits.fileBytes { throw .fileTooLarge }
      var failure: Int32 = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
        repeat { count = Glibc.read(descriptor, buffer.baseAddress, wanted) } while count < 0 && errno == EINTR
        if count < 0 {
          failure = errno
          count = 0
        }
      }
      if failure != 0 { throw refusal(failure) }
      if chunk.isEmpty { return bytes }
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      wanted = max(1, min(1 << 20, PictureLimits.fileBytes + 1 - bytes.count))
    }
  }

  private static func refusal(_ code: Int32) -> PictureError {
    switch code {
    case ENOENT, ENOTDIR: .missing
    case EACCES, EPERM: .permissionDenied
    // A socket in the file system, or a device that is not there.
    case ENXIO, ENODEV, EISDIR: .notAFile
    default: .unreadable(code: code)
    }
  }
}
