import CentralStore
import Custody
import Hummingbird
import RequestTokens
import SyncProtocol
import TamperEvidence

/// Which station a request is from: the one whose request key signed its token, or, of those that were enrolled by
/// `custody central enrol`, the one whose long-lived token it carries.
struct StationAccess: Sendable {
  let store: any CentralStore
  let now: @Sendable () -> Instant

  /// A station that asks. What its token says of the request's body is not checked before ``take(body:)``.
  struct Entrant: Sendable {
    let station: EnrolledStation
    fileprivate let verifier: RequestVerifier?
    fileprivate let access: StationAccess

    /// Checks that the token is about this body, and that it is here for the first time. Throws a ``Problem``.
    func take(body: [UInt8]) async throws {
      guard let verifier else { return }
      try verifier.check(body: body)
      let claims = verifier.claims
      // No token outlives its end, so that nothing has to be remembered longer.
      guard
        try await access.store.remember(
          request: "\(station.name) \(claims.jti)", until: Instant(milliseconds: claims.exp * 1000), at: access.now())
      else { throw RequestVerifier.Fault.replayed }
    }
  }

  /// The station that a request with a body is from. Throws a ``Problem`` for none.
  func entrant(of request: Request) async throws -> Entrant {
    guard let presented = BearerToken.of(request) else { throw Problem.unknownToken }
    // A token that signs for one request has two dots, one that was given at enrolment none.
    guard presented.utf8.contains(UInt8(ascii: ".")) else {
      guard let station = try await store.station(presenting: TokenDigest(of: presented)) else {
        throw Problem.unknownToken
      }
      return Entrant(station: station, verifier: nil, access: self)
    }
    let verifier = try RequestVerifier(presented)
    guard let station = try await store.station(named: verifier.claims.iss), let key = station.requestKey else {
      throw Problem.unknownStation(verifier.claims.iss)
    }
    try await verifier.check(
      by: key, centre: store.logKey.name, method: request.method.rawValue, target: request.head.path ?? "", at: now())
    return Entrant(station: station, verifier: verifier, access: self)
  }

  /// The station that a request without a body is from. Throws a ``Problem`` for none, and for one that is revoked: what it still
  /// has to send is taken as evidence, but nobody's data are given to whoever has its keys.
  func station(of request: Request, revokedToo: Bool = false) async throws -> EnrolledStation {
    let entrant = try await entrant(of: request)
    try await entrant.take(body: [])
    if !revokedToo, try await store.isRevoked(entrant.station) { throw Problem.revoked(entrant.station.name) }
    return entrant.station
  }

  /// Whether a station asks for a file of the log. The token is not remembered: what it gives is the same for everybody, and
  /// a proof takes a dozen of them.
  func mayReadLog(_ request: Request) async throws -> Bool {
    guard BearerToken.of(request) != nil else { return false }
    let entrant = try await entrant(of: request)
    if let verifier = entrant.verifier { try verifier.check(body: []) }
    return true
  }

  /// The time as this centre signs it for the token of a request that was refused; nil for none that can be read.
  func time(for request: Request) throws -> String? {
    guard let presented = BearerToken.of(request), presented.utf8.contains(UInt8(ascii: ".")) else { return nil }
    do {
      let verifier = try RequestVerifier(presented)
      return try CentreTime(now(), about: verifier.claims.jti, by: store.author.key).description
    } catch is RequestVerifier.Fault {
      // The refusal says so.
      return nil
    }
  }
}

extension Problem {
  init(_ fault: RequestVerifier.Fault) {
    let (code, remedy): (String, String) =
      switch fault {
      case .malformed: ("sync.token.malformed", "Use programs of versions that go together.")
      case .signature:
        ("sync.token.signature", "Enrol the station anew: custody central code at the centre, custody station enrol.")
      case .mismatch:
        ("sync.token.mismatch", "Check that the station is at its own centre, and that no proxy changes its requests.")
      case .time: ("sync.token.time", "The station takes the centre's time over and tries again by itself.")
      case .replayed: ("sync.token.replayed", "A token is good once; the station makes a new one for each request.")
      }
    self.init(status: 401, code: code, title: "Not let in", detail: "\(fault)", remedy: remedy)
  }

  static func unknownStation(_ name: String) -> Problem {
    Problem(
      status: 401, code: "sync.unauthorised", title: "Unknown station",
      detail: "No station '\(name.prefix(200))' is enrolled by a request key.",
      remedy: "Make a code at the centre (custody central code --station SITE/STATION) and enrol the station: custody "
        + "station enrol.")
  }

  static func revoked(_ name: String) -> Problem {
    Problem(
      status: 403, code: "sync.revoked", title: "The station is revoked",
      detail: "The centre trusts the key of \(name) no more, and gives it nothing.",
      remedy: "Enrol it with a new key: custody central code at the centre, custody station enrol --new-key.")
  }

  static func frozen(_ freeze: StationFreeze) -> Problem {
    Problem(
      status: 409, code: "sync.frozen", title: "The station is frozen",
      detail: "The centre takes nothing more under this station's name. \(freeze.reason.sentence)",
      remedy: StationFreeze.remedy)
  }

  static let malformedRatchet = Problem(
    status: 400, code: "sync.malformedRatchet", title: "Malformed ratchet",
    detail: "The request's \(SyncHeader.ratchet) is none that a centre gives.",
    remedy: "Send what the answer to the push before gave, or '\(SyncHeader.firstRatchet)'.")

  static let ratchetNeeded = Problem(
    status: 400, code: "sync.malformedRatchet", title: "Ratchet missing",
    detail: "A push of a station that signs its requests needs \(SyncHeader.ratchet).",
    remedy: "Send what the answer to the push before gave, or '\(SyncHeader.firstRatchet)'.")

  static func malformedEnrolment(_ why: String) -> Problem {
    Problem(
      status: 400, code: "sync.enrol.malformed", title: "Malformed enrolment", detail: "Nobody was enrolled: \(why).",
      remedy: "Use custody station enrol of a version that goes with the centre's.")
  }
}
