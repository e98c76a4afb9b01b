/// What is broken about the centre's store: thrown, with what to do about it.
public enum CentralFault: Error, Hashable, Sendable {
  /// Another process owns the data folder.
  case inUse(folder: String, owner: String)
  /// The folder or a file in it cannot be made, read or written.
  case unreachable(path: String, reason: String)
  /// The database did not take a setting that durability rests on.
  case settingRefused(name: String, wanted: String, found: String)
  /// The database is of a newer program, or damaged.
  case damaged(reason: String)
  /// The log was signed by another key than the one that is here, or its tree head was changed.
  case foreignLog(key: String, reason: String)
  /// The log's key is missing, and a log was signed with it.
  case keyLost(file: String)
  /// A write failed (disk full, I/O error): nothing of it was taken, and nothing acknowledged was lost.
  case writeFailed(reason: String)
  /// A read failed.
  case readFailed(reason: String)
  /// The database server cannot be reached, or cannot do it now: nothing of it was taken.
  case unavailable(reason: String)
  /// The database server does not let the centre in.
  case databaseRefused(database: String, reason: String)
  /// The address of the database is none, or not one for this centre.
  case databaseAddress(reason: String)
  /// The store has been closed.
  case closed

  /// Stable code for machines.
  public var code: String {
    switch self {
    case .inUse: "central.inUse"
    case .unreachable: "central.unreachable"
    case .settingRefused: "central.settingRefused"
    case .damaged: "central.damaged"
    case .foreignLog: "central.foreignLog"
    case .keyLost: "central.keyLost"
    case .writeFailed: "central.writeFailed"
    case .readFailed: "central.readFailed"
    case .unavailable: "central.unavailable"
    case .databaseRefused: "central.databaseRefused"
    case .databaseAddress: "central.databaseAddress"
    case .closed: "central.closed"
    }
  }

  /// What to do about it.
  public var remedy: String {
    switch self {
    case .inUse: "Stop the other process, or give another folder with --data."
    case .unreachable: "Check that the folder exists on a local disk and that this user may write to it."
    case .settingRefused:
      "Set it so at the database server; an embedded database needs a local disk whose file system supports SQLite's WAL."
    case .damaged: "Restore the folder from a backup, then bring back what came after it: custody central rebuild."
    case .foreignLog: "Put the key file back that this log was begun with; stations trust no other."
    case .keyLost:
      "Put the key file back from where it is kept, or copy it from another process of this centre; without it the log "
        + "cannot go on, for stations trust no other."
    case .writeFailed: "Free disk space or mend the disk; stations keep what was not taken and send it again."
    case .readFailed: "Try again; if it stays so, check the disk, and restore the folder from a backup."
    case .unavailable:
      "See that the database server runs. The centre comes back by itself; stations keep what was not taken and send it "
        + "again."
    case .databaseRefused:
      "See that the server runs, and check address, user and database. The password stands in CUSTODY_DATABASE_PASSWORD, "
        + "the settings file or libpq's password file."
    case .databaseAddress:
      "Give it as postgresql://USER@HOST:PORT/DATABASE, and the password as CUSTODY_DATABASE_PASSWORD or in a file."
    case .closed: "Start the centre again."
    }
  }
}

extension CentralFault: CustomStringConvertible {
  /// One sentence that names the place.
  public var description: String {
    switch self {
    case .inUse(let folder, let owner): "The data folder \(folder) is in use by \(owner)."
    case .unreachable(let path, let reason): "\(path) cannot be used: \(reason)."
    case .settingRefused(let name, let wanted, let found):
      "The database has \(name) = \(found) where \(wanted) was set."
    case .damaged(let reason): "The centre's database is damaged: \(reason)."
    case .foreignLog(let key, let reason): "The log's tree head is not signed by its key \(key): \(reason)."
    case .keyLost(let file): "The log's key \(file) is missing."
    case .writeFailed(let reason): "The centre could not write: \(reason)."
    case .readFailed(let reason): "The centre could not read: \(reason)."
    case .unavailable(let reason): "The centre's database is not there now: \(reason)."
    case .databaseRefused(let database, let reason): "The database \(database) cannot be used: \(reason)."
    case .databaseAddress(let reason): "The address of the database cannot be used: \(reason)."
    case .closed: "The centre's store is closed."
    }
  }
}
