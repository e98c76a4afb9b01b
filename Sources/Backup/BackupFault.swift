/// Why there is no backup, or none can be restored: thrown, with what to do about it.
public enum BackupFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The backup does not hold what it says, or is none.
  case damaged(file: String, reason: String)
  /// It holds a file that no backup has, such as a key.
  case stranger(file: String, name: String)
  /// A file or folder cannot be read or written.
  case unreachable(path: String, reason: String)
  /// There is not enough room for the copy.
  case noRoom(folder: String, needed: Int64, free: Int64)
  /// There is something where it is to be restored.
  case occupied(folder: String)
  /// Another restore into the folder is under way.
  case busy(folder: String)
  /// A file has a name that an archive cannot hold.
  case name(path: String)
  /// The key file that was given is another one.
  case foreignKey(file: String, reason: String)

  /// One sentence that names the place.
  public var description: String {
    switch self {
    case .damaged(let file, let reason): "The backup \(file) is damaged: \(reason)."
    case .stranger(let file, let name): "The backup \(file) holds \(name), which custody puts in none."
    case .unreachable(let path, let reason): "\(path) cannot be used: \(reason)."
    case .noRoom(let folder, let needed, let free):
      "\(folder) has \(free >> 20) MB free, and the copy needs \(needed >> 20) MB."
    case .occupied(let folder): "\(folder) is not empty: a backup is never restored over data."
    case .busy(let folder): "Another restore into \(folder) is under way."
    case .name(let path): "\(path) has a name that an archive cannot hold."
    case .foreignKey(let file, let reason): "\(file) does not belong to this backup: \(reason)."
    }
  }

  /// What to do about it.
  public var remedy: String {
    switch self {
    case .damaged: "Take another backup; nothing was changed."
    case .stranger:
      "Somebody else made or changed it: take another backup, and find out where this one comes from; nothing was changed."
    case .unreachable: "Check that the path exists and that this user may use it."
    case .noRoom: "Free some space, and try again; nothing was changed."
    case .occupied: "Give a folder that is not there or empty."
    case .busy: "Wait until it is done."
    case .name: "Give it a name without blanks that is shorter than 100 bytes and does not begin with a dot."
    case .foreignKey: "Give the file that was kept with this backup; nothing was changed."
    }
  }
}
