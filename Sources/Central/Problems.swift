import CentralStore
import Hummingbird
import NIOCore
import RequestTokens
import SyncProtocol

extension Problem {
  /// What an error of a handler means to whoever asked.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let fault as RequestVerifier.Fault: self.init(fault)
    case let fault as CentralFault:
      self.init(
        status: 503, code: fault.code, title: "The centre cannot do this now", detail: fault.description,
        remedy: fault.remedy)
    case let error as EntryBundleError:
      let isTooLarge =
        switch error {
        case .tooLong, .tooMany: true
        case .empty, .impossibleLength, .truncated: false
        }
      self.init(
        status: isTooLarge ? 413 : 400, code: isTooLarge ? "sync.tooLarge" : "sync.malformedPush",
        title: isTooLarge ? "Too much at once" : "Malformed push", detail: error.description,
        remedy: isTooLarge
          ? "Send it in several pushes." : "Nothing was taken; frame the entries anew and send them again.")
    case let error as HTTPError where error.status == .contentTooLarge: self = .tooLarge
    // A body whose length was not announced.
    case is NIOTooManyBytesError: self = .tooLarge
    case let error as HTTPError where error.status == .notFound:
      self.init(
        status: 404, code: "http.notFound", title: "Not found", detail: "There is nothing at this address.",
        remedy: "Check the address; it may be of another version.")
    case let error as HTTPError:
      self.init(
        status: error.status.code, code: "http.\(error.status.code)", title: error.status.reasonPhrase,
        detail: error.body ?? error.status.reasonPhrase, remedy: "Check the request.")
    default:
      self.init(
        status: 500, code: "central.internal", title: "Something is broken",
        detail: "The centre met an error that it does not know.", remedy: "Look at the centre's log and report it.")
    }
  }

  static func badParameter(_ name: String, _ value: String, wanted: String) -> Problem {
    Problem(
      status: 400, code: "http.badParameter", title: "Bad parameter",
      detail: "'\(value)' is no value of '\(name)': it takes \(wanted).", remedy: "Correct the address.")
  }

  static func notHere(_ what: String) -> Problem {
    Problem(
      status: 404, code: "http.notFound", title: "Not found", detail: "The centre holds no \(what).",
      remedy: "Check the address, or whether the station has sent it yet.")
  }

  static let signInNeeded = Problem(
    status: 401, code: "central.signInNeeded", title: "Sign in", detail: "Reading this centre needs its read token.",
    remedy: "Send it as 'Authorization: Bearer TOKEN', or sign in at /sign-in.")

  static let unknownToken = Problem(
    status: 401, code: "sync.unauthorised", title: "Unknown token", detail: "No station is enrolled with this token.",
    remedy: "Enrol the station's verifier key at the centre, and give the station the token that it prints.")

  static func protocolVersion(_ found: String?) -> Problem {
    Problem(
      status: 400, code: "sync.protocolVersion", title: "Unknown protocol version",
      detail: "The request has \(SyncHeader.protocolVersion) \(found.map { "'\($0)'" } ?? "missing"); this centre "
        + "speaks \(SyncLimits.protocolVersions.map(String.init).joined(separator: ", ")).",
      remedy: "Use programs of versions that go together: a centre serves stations that are up to two versions older.")
  }

  private static let tooLarge = Problem(
    status: 413, code: "sync.tooLarge", title: "Too much at once",
    detail: "The request's body is longer than is taken at once.", remedy: "Send it in several requests.")

  static func malformedTagRequest(_ why: String) -> Problem {
    Problem(
      status: 400, code: "sync.malformedTagRequest", title: "Malformed request for tag numbers",
      detail: "Tag numbers were not given: \(why).",
      remedy: "Ask for 1 to \(SyncLimits.tagNumbers) numbers with 2 to 4 capital letters.")
  }

  static let busy = Problem(
    status: 429, code: "sync.busy", title: "Busy", detail: "The centre is taking as many pushes as it can.",
    remedy: "Nothing is lost: the station tries again by itself.")
}
