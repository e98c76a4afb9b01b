import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore

/// Where who takes or gives back things signs on a phone. Rendered by `phone-sign.mustache`.
struct PhoneSignView: Sendable {
  var shell: ShellView
  var session: String
  var person: String
  /// Id of who signs: a signature that comes late is nobody else's.
  var personID: String
  /// What is acknowledged, word for word.
  var text: String
  var fault: ProblemView?
}

extension DeskPages {
  func addPhoneSign(to router: Router<StationContext>) {
    router.get("/phone/sign/{id}", use: phoneSignPage)
    router.post("/phone/sign/{id}", use: phoneSign)
    router.get("/static/phone-sign.js") { _, _ in try Self.file(.phoneSignScript, "text/javascript; charset=utf-8") }
  }

  /// Who is to sign in somebody's own sessions: at the desk, and on their phone.
  func signs(of signedIn: SignedIn, _ snapshot: any StoreReading) throws -> [PhoneSign] {
    try [core.desk.name, StationCore.phoneDesk(of: signedIn.person.id)].compactMap { desk in
      guard let session = try snapshot.openSession(desk: desk), session.operator == signedIn.person.id,
        let waiting = try waiting(in: session, snapshot)
      else { return nil }
      return PhoneSign(href: "/phone/sign/\(session.id)", person: waiting.person)
    }
  }

  /// The hand-over of a session that nobody has acknowledged, and the name of who is to.
  private func waiting(
    in session: StoredSession, _ snapshot: any StoreReading
  ) throws -> (handOver: HandOver, person: String)? {
    let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
    guard let handOver = HandOver(work), handOver.given(in: work) == nil else { return nil }
    return (handOver, try snapshot.person(handOver.person)?.name ?? "Somebody")
  }

  @Sendable func phoneSignPage(_ request: Request, _ context: StationContext) async throws -> Response {
    try await signPage(context, nil)
  }

  @Sendable func phoneSign(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let form = try await request.form()
    do {
      _ = try await core.sign(
        try form.drawnPicture(), drawnBy: form["person"].flatMap(PersonID.init), in: id, by: signedIn)
      return Response(status: .seeOther, headers: [.location: Self.phonePath])
    } catch let problem as Problem where problem.status.code < 500 {
      return try await signPage(context, problem)
    }
  }

  private func signPage(_ context: StationContext, _ problem: Problem?) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let view = try await core.store.read { snapshot -> PhoneSignView? in
      guard let session = try snapshot.session(id), session.closedAt == nil,
        session.operator == signedIn.person.id, let (handOver, person) = try waiting(in: session, snapshot)
      else { return nil }
      return PhoneSignView(
        shell: try presenter(snapshot, context).shell(title: "Sign", page: "phone"), session: "\(id)", person: person,
        personID: "\(handOver.person)", text: handOver.text,
        fault: problem.map { ProblemView(title: $0.title, detail: $0.detail, remedy: $0.remedy) })
    }
    // It was acknowledged meanwhile, or is somebody else's by now.
    guard let view else { return Response(status: .seeOther, headers: [.location: Self.phonePath]) }
    return try renderer.page("phone-sign", view, status: problem?.status ?? .ok)
  }
}

extension [String: String] {
  /// The signature as a page draws it: a data URL of a PNG. Throws the problem when there is none.
  func drawnPicture() throws -> [UInt8] {
    let prefix = "data:image/png;base64,"
    guard let text = self["picture"], text.hasPrefix(prefix),
      let data = Data(base64Encoded: String(text.dropFirst(prefix.count)))
    else {
      throw Problem.malformed(
        "No signature came along.", pointer: "/picture",
        remedy: "Draw it in the field, or give badge and PIN instead.")
    }
    return Array(data)
  }
}
