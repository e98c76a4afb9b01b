import Custody
import CustodyLedger
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import StationStore
import Synchronization
import Testing

@testable import Station

/// A station with two places and five people in a folder of its own, asked over its real router.
struct APIUnderTest: Sendable {
  let core: StationCore
  let clock: MovableClock
  let client: any TestClientProtocol
  /// Technician, manager who validates, disposal operator, viewer, and somebody who only receives.
  let kim: SignedIn, lee: SignedIn, dana: SignedIn, vic: SignedIn
  let rob: Person
  /// Everything that was answered so far.
  let answered = Answered()

  static let robsBadge = "tok-7f3a9c-robs-own"

  /// Runs `body` against a station of its own; over a real socket when `live`.
  static func run(
    live: Bool = false, options: StationOptions = StationOptions(usb: false),
    _ body: @escaping @Sendable (APIUnderTest) async throws -> Void
  ) async throws {
    let clock = MovableClock()
    try await withStation(clock: clock) { store in
      let core = try await StationCore(
        store: store, options: options, demo: nil,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
      let site = try #require(SiteCode("HQ"))
      let places = [try #require(LocationCode("HQ-A")), try #require(LocationCode("HQ-B"))]
      let names: [(String, Set<Role>)] = [
        ("Kim", [.technician]), ("Lee", [.manager, .validator]), ("Dana", [.disposalOperator]), ("Vic", [.viewer]),
        ("Rob", []),
      ]
      let people = try await store.write { transaction in
        try transaction.save(Site(code: site, name: "Head office"))
        for place in places { try transaction.save(Location(code: place, site: site, name: "Room \(place)")) }
        return try names.map { name, roles in
          let person = Person(id: transaction.newID(), name: name)
          try transaction.save(person)
          try transaction.setRoles(roles, of: person.id, at: site)
          return person
        }
      }
      try await store.setCredentials(of: people[4].id, badge: robsBadge, pin: nil)
      let signedIn = zip(people, names).map { person, name in
        let actor = Actor(person: person.id, roles: name.1, authStrength: .badgePINOffline)
        return core.signIns.add(person, actor, at: clock.now())
      }
      let application = Application(router: try await StationApplication.router(core))
      try await application.test(live ? .live : .router) { client in
        try await body(
          APIUnderTest(
            core: core, clock: clock, client: client, kim: signedIn[0], lee: signedIn[1], dana: signedIn[2],
            vic: signedIn[3], rob: people[4]))
      }
    }
  }

  // MARK: Asking

  @discardableResult
  func ask(
    _ method: HTTPRequest.Method, _ path: String, as who: SignedIn?, bytes: [UInt8]? = nil, headers: HTTPFields = [:]
  ) async throws -> APIAnswer {
    var headers = headers
    if let who { headers[.authorization] = "Bearer \(who.token)" }
    let response = try await client.execute(
      uri: path, method: method, headers: headers, body: bytes.map { ByteBuffer(bytes: $0) })
    let answer = APIAnswer(
      status: response.status, headers: response.headers, bytes: Array(response.body.readableBytesView))
    answered.add(answer.bytes)
    return answer
  }

  @discardableResult
  func post(
    _ path: String, _ body: CanonicalJSON = [:], as who: SignedIn?, headers: HTTPFields = [:]
  ) async throws -> APIAnswer {
    try await ask(.post, path, as: who, bytes: try body.bytes(limit: .max), headers: headers)
  }

  func get(_ path: String, as who: SignedIn? = nil, headers: HTTPFields = [:]) async throws -> APIAnswer {
    try await ask(.get, path, as: who ?? kim, headers: headers)
  }

  /// Opens a session; gives back its path.
  func open(_ workflow: String = "lookup", _ details: CanonicalJSON = [:], as who: SignedIn) async throws -> String {
    let answer = try await post("/api/v1/sessions", ["workflow": .string(workflow), "details": details], as: who)
    #expect(answer.status == .created)
    return "/api/v1/sessions/" + (try answer.text("id"))
  }

  /// Scans a text in a session of its own, or in the one given.
  @discardableResult
  func scan(
    _ text: String, _ verb: String = "lookup", _ details: CanonicalJSON = [:], as who: SignedIn,
    in session: String? = nil,
    kind: String? = nil
  ) async throws -> APIAnswer {
    let path: String
    if let session { path = session } else { path = try await open(as: who) }
    var body: CanonicalJSON = ["text": .string(text), "verb": .string(verb), "details": details]
    if let kind { body[path: "identifierKind"] = .string(kind) }
    return try await post(path + "/scans", body, as: who)
  }

  /// Registers an asset that stood here before.
  @discardableResult
  func register(
    _ mark: String, _ state: String = "inStock", category: String = "dock", maker: String = "Acme",
    drives: [String]? = nil, custodian: CanonicalJSON? = nil, kind: String? = nil
  ) async throws -> String {
    var details: CanonicalJSON = [
      "state": .string(state), "source": ["declared": ["reason": "was on the shelf"]],
      "facts": ["manufacturer": .string(maker), "model": "M1", "category": .string(category)],
    ]
    if let drives { details[path: "facts.media"] = .array(drives.map { ["serial": .string($0)] }) }
    if let custodian { details[path: "custodian"] = custodian }
    let answer = try await scan(mark, "register", details, as: lee, kind: kind)
    try #require(answer.status == .ok, "\(answer)")
    return try answer.text("asset.id")
  }

  /// Takes a second person into a session, as badge and PIN would.
  func second(
    _ who: SignedIn, as role: SecondPersonRole, in session: String, beside other: SignedIn? = nil
  ) async throws {
    let id = try #require(SessionID(String(session.suffix(36))))
    let second = SecondPerson(
      person: who.person.id, beside: (other ?? lee).person.id, authStrength: .badgePINOffline, at: clock.now())
    _ = try await core.changeSession(id, by: other ?? lee) { work in
      switch role {
      case .witness: work.witness = second
      case .approver: work.approver = second
      }
    }
  }
}

/// What the station answered.
struct APIAnswer: Sendable, CustomStringConvertible {
  let status: HTTPResponse.Status
  let headers: HTTPFields
  let bytes: [UInt8]

  var description: String { "\(status) \(String(decoding: bytes, as: UTF8.self))" }

  var json: CanonicalJSON {
    get throws { try JSONDecoder().decode(CanonicalJSON.self, from: Data(bytes)) }
  }

  subscript(_ path: String) -> CanonicalJSON? {
    get throws { try json[path: path] }
  }

  func text(_ path: String) throws -> String { try #require(try json[path: path]?.text, "\(path) in \(self)") }

  func items(_ path: String = "items") throws -> [CanonicalJSON] {
    guard case .array(let items)? = try json[path: path] else { return [] }
    return items
  }

  /// Checks that this is a whole problem (RFC 9457) of that status and code.
  func expectProblem(
    _ status: HTTPResponse.Status, _ code: String, pointer: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(self.status == status, "\(self)", sourceLocation: sourceLocation)
    #expect(headers[.contentType] == "application/problem+json", sourceLocation: sourceLocation)
    let body = try json
    #expect(body[path: "code"]?.text == code, "\(self)", sourceLocation: sourceLocation)
    #expect(body[path: "type"]?.text == "about:blank", sourceLocation: sourceLocation)
    #expect(body[path: "status"] == .integer(Int64(status.code)), sourceLocation: sourceLocation)
    for member in ["title", "detail", "remedy"] {
      #expect(body[path: member]?.text?.isEmpty == false, "\(member) in \(self)", sourceLocation: sourceLocation)
    }
    if let pointer { #expect(body[path: "pointer"]?.text == pointer, sourceLocation: sourceLocation) }
  }
}

/// Collects the bytes of answers.
final class Answered: Sendable {
  private let all = Mutex<[UInt8]>([])
  func add(_ bytes: [UInt8]) { all.withLock { $0 += bytes } }
  var bytes: [UInt8] { all.withLock { $0 } }
}

/// Stands at 2026-03-02 09:00 UTC until a test moves it.
final class MovableClock: StationClock {
  private let milliseconds = Mutex<Int64>(1_772_442_000_000)
  func now() -> Instant { Instant(milliseconds: milliseconds.withLock { $0 }) }
  func offsetMinutes(at moment: Instant) -> Int { 60 }
  func isSynchronised() -> Bool { false }
  func advance(seconds: Int64) { milliseconds.withLock { $0 += seconds * 1000 } }
}

extension CanonicalJSON {
  /// Names of an object's members.
  var names: Set<String> {
    if case .object(let object) = self { Set(object.members.map(\.name)) } else { [] }
  }
}
