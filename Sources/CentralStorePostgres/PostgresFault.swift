import CentralStore

/// What went wrong on a connection.
enum PostgresFault: Error, Hashable, Sendable {
  /// No connection came about, or the one there was is gone; nobody knows what became of a commit under way.
  case lost(reason: String)
  /// The server did not answer in time.
  case timedOut
  /// Whoever asked has gone.
  case interrupted
  /// The server refused, with a code of PostgreSQL's appendix A.
  case refused(sqlState: String, message: String)

  /// Whether the connection cannot be used any more.
  var endsConnection: Bool {
    switch self {
    case .lost, .timedOut, .interrupted: true
    // Class 08: connection exception; 57P: the server shuts down, or ends this connection; 25P03: it was idle for too
    // long inside a transaction.
    case .refused(let state, _): state.hasPrefix("08") || state.hasPrefix("57P") || state == "25P03"
    }
  }
}

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
    case let fault as PostgresFault: fault.known
    default: nil
    }
  }
}

extension PostgresFault {
  /// Nil where it depends on whether it was a read or a write.
  fileprivate var known: CentralFault? {
    switch self {
    case .lost(let reason): .unavailable(reason: reason)
    case .timedOut: .unavailable(reason: "the database did not answer in time")
    case .interrupted: .unavailable(reason: "the request was given up")
    case .refused(let state, let message):
      switch state {
      // Too many connections; cancelled by its time limit; a lock not had in time; a deadlock or a conflict.
      case "53300", "57014", "55P03", "40P01", "40001": .unavailable(reason: message)
      // Data or index corrupted.
      case "XX001", "XX002": .damaged(reason: message)
      // A standby, or a database that was made read-only.
      case "25006": .unavailable(reason: message)
      case _ where endsConnection: .unavailable(reason: message)
      default: nil
      }
    }
  }
}

extension PostgresFault: CustomStringConvertible {
  var description: String {
    switch self {
    case .lost(let reason): reason
    case .timedOut: "the database did not answer in time"
    case .interrupted: "the request was given up"
    case .refused(let state, let message): "\(message) (SQLSTATE \(state))"
    }
  }
}
