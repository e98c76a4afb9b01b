import SyncProtocol

/// Why an exchange with the centre did not come about. What was not acknowledged stays in the outbox.
public enum SyncError: Error, Hashable, Sendable {
  /// No answer: no network, name not found, timeout, connection lost.
  case unreachable(reason: String)
  /// The centre's certificate is not one that this station trusts; nothing was asked.
  case untrusted(reason: String, remedy: String)
  /// The centre does not know this token.
  case unauthorised(Problem)
  /// The centre cannot take it now; it may say when it can.
  case busy(Problem, retryAfter: Duration?)
  /// The centre refuses this very request; sending it again gives the same answer.
  case refused(Problem)
  /// What answered does not speak this protocol: a proxy, another program, another version.
  case `protocol`(reason: String)

  /// Stable code for machines.
  public var code: String {
    switch self {
    case .unreachable: "sync.unreachable"
    case .untrusted: "sync.certificate"
    case .unauthorised(let problem), .busy(let problem, _), .refused(let problem): problem.code
    case .protocol: "sync.protocol"
    }
  }

  /// What to do about it.
  public var remedy: String {
    switch self {
    case .untrusted(_, let remedy): remedy
    case .unreachable: "Nothing is lost: the station goes on and sends when the centre can be reached again."
    case .unauthorised(let problem), .busy(let problem, _), .refused(let problem): problem.remedy
    case .protocol: "Check the centre's address, and that both programs are of versions that go together."
    }
  }
}

extension SyncError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .untrusted(let reason, _): "The centre is not trusted: \(reason)."
    case .unreachable(let reason): "The centre cannot be reached: \(reason)."
    case .unauthorised(let problem), .busy(let problem, _), .refused(let problem): problem.detail
    case .protocol(let reason): "What answered is not a centre of this protocol: \(reason)."
    }
  }
}
