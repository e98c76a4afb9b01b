import CLinux
import Glibc

extension WatchedFolder {
  /// Where a file goes once it was looked at.
  public enum Place: String, Sendable, CaseIterable {
    case done, failed
  }

  /// The bytes of a file that was handed out, at most ``PictureLimits/fileBytes``. Blocks.
  public func bytes(of name: String) throws(PictureError) -> [UInt8] { try PictureFile.read(path + "/" + name) }

  /// Moves a file away and writes a record beside it, `NAME.json`; gives back its new name. Nothing is ever overwritten:
  /// a second `NAME.jpg` becomes `NAME-2.jpg`. Throws the system's error as a `PictureError`. Blocks.
  public func file(_ name: String, to place: Place, record: [UInt8]) throws(PictureError) -> String {
    let folder = "\(path)/\(place.rawValue)/"
    for number in 1...100_000 {
      let newName = Self.numbered(name, number)
      let beside = open(folder + newName + ".json", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      if beside < 0 {
        if errno == EEXIST { continue }
        throw .unreadable(code: errno)
      }
      let isWritten = Self.write(record, to: beside)
      let code = errno
      close(beside)
      guard isWritten else {
        unlink(folder + newName + ".json")
        throw .unreadable(code: code)
      }
      // Renamed last: a picture is out of the way only when all is said about it.
      if custody_rename_new("\(path)/\(name)", folder + newName) == 0 { return newName }
      let failure = errno
      unlink(folder + newName + ".json")
      if failure != EEXIST { throw failure == ENOENT ? .missing : .unreadable(code: failure) }
    }
    throw .unreadable(code: EEXIST)
  }

  private static func numbered(_ name: String, _ number: Int) -> String {
    if number == 1 { return name }
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "\(name)-\(number)" }
    return "\(name[..<dot])-\(number)\(name[dot...])"
  }

  private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      written += count
    }
    return fsync(file) == 0
  }
}
