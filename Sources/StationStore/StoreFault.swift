import Custody
import GRDB

/// What is broken about a station's data folder or database: thrown, with what to do about it.
public enum StoreFault: Error, Hashable, Sendable {
  /// Another process owns the data folder.
  case inUse(folder: String, owner: String)
  /// The folder or a file in it cannot be made, read or written.
  case unreachable(path: String, reason: String)
  /// SQLite did not take a setting that durability rests on.
  case settingRefused(name: String, wanted: String, found: String)
  /// The folder belongs to another station or site.
  case foreignFolder(folder: String, found: String, wanted: String)
  /// The database was made by a newer program than this.
  case newer(database: String)
  /// A file of the station is damaged.
  case damaged(reason: String)
  /// A key file is gone that what is stored was made with: a new one would open none of it.
  case keyLost(file: String)
  /// A write failed for good (disk full, I/O error): nothing more is recorded until it is mended.
  case readOnly(reason: String)
  /// What is asked rests on events about an asset of a time before this station, which are at the centre.
  case historyAtCentre(AssetID)
  /// The store has been closed.
  case closed

  /// Stable code for machines.
  public var code: String {
    switch self {
    case .inUse: "store.inUse"
    case .unreachable: "store.unreachable"
    case .settingRefused: "store.settingRefused"
    case .foreignFolder: "store.foreignFolder"
    case .newer: "store.newer"
    case .damaged: "store.damaged"
    case .keyLost: "store.keyLost"
    case .readOnly: "store.readOnly"
    case .historyAtCentre: "store.historyAtCentre"
    case .closed: "store.closed"
    }
  }

  /// What to do about it.
  public var remedy: String {
    switch self {
    case .inUse:
      "Stop the other process, or use it: commands talk to the running station. Give another folder with --data."
    case .unreachable: "Check that the folder exists on a local disk and that this user may write to it."
    case .settingRefused: "Put the data folder on a local disk with a file system that supports SQLite's WAL."
    case .foreignFolder:
      "Start with the site and station the folder was made for, or choose another folder with --data."
    case .newer: "Start the newer program again; a folder is never taken back to an older one."
    case .damaged: "Restore the folder from a backup; the ledger can be rebuilt from the centre."
    case .keyLost(let file):
      "Put \(file) back from where its copy is kept. Without a copy of pepper.key nobody can sign in: make a new one of 32 "
        + "random bytes, mode 0600, and import the people again with their badges and PINs. Without a copy of station.key "
        + "set up a new station, and enrol it."
    case .readOnly:
      "Free disk space or mend the disk, or end the other program that holds the database; recording resumes by itself. "
        + "Nothing acknowledged was lost."
    case .historyAtCentre: "They are fetched when the centre can be reached; then try again."
    case .closed: "Start the station again."
    }
  }
}

extension StoreFault: CustomStringConvertible {
  /// One sentence that names the place.
  public var description: String {
    switch self {
    case .inUse(let folder, let owner): "The data folder \(folder) is in use by \(owner)."
    case .unreachable(let path, let reason): "\(path) cannot be used: \(reason)."
    case .settingRefused(let name, let wanted, let found): "SQLite reports \(name) = \(found) where \(wanted) was set."
    case .foreignFolder(let folder, let found, let wanted): "\(folder) belongs to \(found), not to \(wanted)."
    case .newer(let database): "\(database) was made by a newer version of custody than this one."
    case .damaged(let reason): "The station's database is damaged: \(reason)."
    case .keyLost(let file): "\(file) is gone, and what is stored here was made with it."
    case .readOnly(let reason): "The station is read-only: \(reason)."
    case .historyAtCentre(let asset):
      "This station's ledger begins after events about asset \(asset), which are at the centre."
    case .closed: "The store is closed."
    }
  }
}

extension StoreFault {
  /// What SQLite said when the database was opened, as a fault with a remedy of its own.
  init(_ error: DatabaseError, path: String) {
    switch error.resultCode {
    case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
      self = .unreachable(path: path, reason: error.message ?? "\(error.resultCode)")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self = .inUse(folder: path, owner: "another program that has the database open")
    default:
      self = .damaged(reason: error.message ?? "\(error.resultCode)")
    }
  }
}
