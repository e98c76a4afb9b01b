import CentralStore
import GRDB

extension CentralFault {
  /// What an error of a write means to the caller.
  init(writing error: any Error) {
    self = Self.known(error) ?? .writeFailed(reason: "\(error)")
  }

  /// What an error of a read means to the caller.
  init(reading error: any Error) {
    self = Self.known(error) ?? .readFailed(reason: "\(error)")
  }

  private static func known(_ error: any Error) -> CentralFault? {
    switch error {
    case let fault as CentralFault: fault
    case let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode):
      .damaged(reason: "\(error)")
    // GRDB's answer from a pool that has been closed.
    case let error as DatabaseError where error.resultCode == .SQLITE_MISUSE: .closed
    default: nil
    }
  }
}
