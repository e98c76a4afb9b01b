import Custody
import CustodyLedger
import StationStore

/// A receive session into which what lies before a lens goes, and for whom: there the codes of an unknown thing are weighed
/// together as a carton.
struct Receiving: Sendable {
  let session: SessionID
  let signedIn: SignedIn
  /// Number of the carton that lies there; nil when none does.
  let carton: Int64?
  /// What the carton was received as that was received last; nil when that was set aside.
  let done: AssetID?
}

extension StationCore {
  /// Name of the place at which a person's phones have their session.
  static func phoneDesk(of person: PersonID) -> String { "phone/\(person)" }

  /// The desk's receive session, to which its cameras and its watched folder belong. Nil when the desk is at something else,
  /// nobody is signed in there, or the session is another's: then codes count one by one. Asking is no sign of life.
  func receiving() async throws -> Receiving? {
    guard let token = desk.operatorToken, let signedIn = try await signedIn(token, isSignOfLife: false) else {
      return nil
    }
    return try await receiving(atDeskOf: signedIn)
  }

  /// Somebody's own receive session at the desk; nil when they have none open.
  func receiving(atDeskOf signedIn: SignedIn) async throws -> Receiving? {
    guard let (session, work) = try await deskSession() else { return nil }
    return Receiving(session, work, of: signedIn)
  }

  /// Where what somebody shows to a session goes: to the session itself, or, from their phone, to the desk where they
  /// receive. A phone goes along with its person's desk unless it is turned to another act, or told to look things up. A
  /// phone that receives by itself has no page for a carton: there codes count one by one.
  func place(of id: SessionID, shownBy signedIn: SignedIn) async throws -> (session: SessionID, receiving: Receiving?) {
    let name = desk.name
    return try await store.read { snapshot in
      guard let session = try snapshot.session(id) else { throw Problem.notFound("session \(id)") }
      let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
      guard session.desk == Self.phoneDesk(of: signedIn.person.id) else {
        return (id, Receiving(session, work, of: signedIn))
      }
      guard work.goesWithDesk, let desk = try snapshot.openSession(desk: name) else { return (id, nil) }
      let deskWork = try CanonicalDecoder().decode(WorkSession.self, from: desk.document)
      guard let receiving = Receiving(desk, deskWork, of: signedIn) else { return (id, nil) }
      return (desk.id, receiving)
    }
  }
}

extension Receiving {
  /// A session, if it is somebody's own and receives.
  init?(_ session: StoredSession, _ work: WorkSession, of signedIn: SignedIn) {
    guard work.workflow == .receive, session.operator == signedIn.person.id, session.closedAt == nil else { return nil }
    self.init(session: session.id, signedIn: signedIn, carton: work.carton?.number, done: work.done?.asset)
  }
}

extension WorkSession {
  /// Whether a phone with this session goes along with its person's desk while they receive there.
  var goesWithDesk: Bool { workflow == .receive || (workflow == nil && staysApart != true) }
}
