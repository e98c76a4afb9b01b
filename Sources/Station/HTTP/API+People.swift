import Custody
import CustodyLedger
import Hummingbird
import StationStore

extension API {
  func addPeople(to v1: RouterGroup<StationContext>) {
    v1.post("/sign-in", use: signIn)
    v1.post("/sign-out", use: signOut)
    v1.get("/me", use: me)
    v1.get("/people", use: people)
  }

  struct PersonResource: Encodable {
    let id: PersonID
    let name: String
    let title: String?
    let team: String?
    let roles: [Role]?

    init(_ person: Person, roles: Set<Role>? = nil) {
      id = person.id
      name = person.name
      title = person.title
      team = person.team
      self.roles = roles.map { roles in Role.allCases.filter(roles.contains) }
    }
  }

  @Sendable func signIn(_ request: Request, _ context: StationContext) async throws -> Response {
    struct Answer: Encodable {
      let token: String
      let person: PersonResource
      let authStrength: AuthStrength
    }
    let body = try await request.json()
    guard let badge = body[path: "badge"]?.text, let pin = body[path: "pin"]?.text else {
      throw Problem.malformed("badge and pin are needed, both as text.", pointer: "/badge")
    }
    let signedIn = try await core.signIn(badge: badge, pin: pin)
    return try .json(
      Answer(
        token: signedIn.token, person: PersonResource(signedIn.person, roles: signedIn.actor.roles),
        authStrength: signedIn.actor.authStrength),
      headers: [.setCookie: cookie(signedIn.token)])
  }

  @Sendable func signOut(_ request: Request, _ context: StationContext) async throws -> Response {
    if let signedIn = context.signedIn { await core.endPhone(of: signedIn) }
    if let token = SignInMiddleware.token(of: request) { core.signOut(token) }
    return Response(status: .noContent, headers: [.setCookie: cookie("", maxAge: 0)])
  }

  @Sendable func me(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    return try .json(PersonResource(signedIn.person, roles: signedIn.actor.roles))
  }

  @Sendable func people(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let people = try await core.store.read { try $0.people() }
    return try .page(Page(items: people.map { PersonResource($0) }, next: nil), for: request)
  }

  /// The cookie of a browser: no script reads it, no other site sends it.
  func cookie(_ token: String, maxAge: Int? = nil) -> String {
    "custody=\(token); Path=/; HttpOnly; SameSite=Strict" + (core.options.isSecure ? "; Secure" : "")
      + (maxAge.map { "; Max-Age=\($0)" } ?? "")
  }
}

extension StationCore {
  /// Signs somebody in by badge and PIN; throws the problem when they are not recognised. From a page of the desk,
  /// scanners act for them from now on, unless somebody else is signed in there still.
  func signIn(
    badge: String, pin: String, atDesk: Bool = false, insteadOf before: String? = nil
  ) async throws -> SignedIn {
    let version = store.peopleVersion
    switch try await store.signIn(badge: badgeToken(badge), pin: pin) {
    case .refused(let refusal): throw Problem(refusal, clock: clock)
    case .recognised(let person, let actor):
      if let before {
        if let known = signIns.find(before, at: clock.now(), isSignOfLife: false) { await endPhone(of: known.signedIn) }
        signOut(before)
      }
      let signedIn = signIns.add(person, actor, at: clock.now(), peopleVersion: version)
      if atDesk {
        let known = desk.operatorToken.flatMap { signIns.find($0, at: clock.now(), isSignOfLife: false) }
        if known == nil { desk.operatorToken = signedIn.token }
      }
      return signedIn
    }
  }
}
