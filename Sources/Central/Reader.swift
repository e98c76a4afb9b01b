import CentralStore
import Custody
import Hummingbird

/// Who reads the centre in a request.
enum Reader: Hashable, Sendable {
  case person(CentralSignIns.SignedIn)
  /// Who has the read token: a machine, or a browser that was given it. May read everything.
  case token
  /// Anybody on this machine, where neither token nor people are set up.
  case local

  /// What stands in the records of reading.
  var name: String {
    switch self {
    case .person(let signedIn): signedIn.name
    case .token: "read token"
    case .local: "this machine"
    }
  }

  /// Whether they may see what is at a path.
  func maySee(_ path: String) -> Bool {
    guard case .person(let signedIn) = self else { return true }
    return ReadNeed(path: path).roles.contains(signedIn.role)
  }

  /// Who signed in, as the middleware found them in this request's cookie.
  @TaskLocal static var signedIn: CentralSignIns.SignedIn?
}

/// What a path of the centre shows, and so who may see it.
enum ReadNeed: Hashable, Sendable {
  case general, exceptions, evidence

  init(path: String) {
    let path = path.hasPrefix("/api/v1") ? String(path.dropFirst(7)) : path
    if path.hasSuffix("/dossier") || path.hasSuffix("/epcis") || path.hasSuffix("/entry") || path.hasPrefix("/log")
      || path.hasPrefix("/epcis") || path.hasPrefix("/dossier") || path.hasPrefix("/read-records")
      || path.hasPrefix("/export")
    {
      self = .evidence
    } else if path.hasPrefix("/exceptions") || path.hasPrefix("/rejected") {
      self = .exceptions
    } else {
      self = .general
    }
  }

  var roles: Set<CentralPerson.Role> {
    switch self {
    case .general: [.viewer, .manager, .auditor, .admin]
    case .exceptions: [.manager, .auditor, .admin]
    case .evidence: [.auditor, .admin]
    }
  }
}

extension ReadRecord {
  /// What a successful request read, if it is of those that are recorded: assets one by one, searches, evidence. Pages of
  /// figures and files of the program are not.
  init?(of request: Request, by reader: Reader, from address: String, at moment: Instant) {
    guard request.method == .get else { return nil }
    let path = request.uri.path
    let short = path.hasPrefix("/api/v1") ? String(path.dropFirst(7)) : path
    let what: String
    if short.hasSuffix("/dossier") || short.hasSuffix("/epcis") || short.hasPrefix("/dossier")
      || short.hasPrefix("/epcis") || short.hasPrefix("/export")
    {
      what = "evidence.export"
    } else if short.hasSuffix("/entry") {
      what = "entry.read"
    } else if short.hasPrefix("/assets/") {
      what = "asset.read"
    } else if short == "/assets" {
      what = "assets.search"
    } else if short == "/events" {
      what = "events.list"
    } else if short == "/read-records" {
      what = "records.read"
    } else {
      return nil
    }
    let subject = path + (request.uri.query.map { "?" + $0 } ?? "")
    self.init(at: moment, who: reader.name, what: what, subject: subject, address: address)
  }
}
