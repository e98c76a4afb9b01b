import Custody
import CustodyLedger
import StationStore

extension StationCore {
  /// The session of somebody's phones as it stands; opens one where none is. To show it changes nothing: what a phone has kept, such
  /// as a signature, may be for it still.
  func phoneSession(of signedIn: SignedIn) async throws -> SessionID {
    signIns.notePhone(signedIn.token)
    let place = Self.phoneDesk(of: signedIn.person.id)
    if let open = try await store.read({ try $0.openSession(desk: place) }) { return open.id }
    return try await openSession(WorkSession(), by: signedIn, desk: place).0.id
  }

  /// The session into which somebody's phone acts now. What was recorded on another day, or before they signed in, is closed and
  /// signed first, and the act goes on in a session of its own: what is undone, and signed as one, is one stretch of work.
  func phoneSessionToAct(of signedIn: SignedIn) async throws -> SessionID {
    let id = try await phoneSession(of: signedIn)
    let moments = Moments(clock: clock)
    let former = try await store.read { snapshot -> WorkSession? in
      guard let session = try snapshot.session(id), try snapshot.hasRecorded(in: id) else { return nil }
      let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
      guard moments.isToday(session.openedAt) else { return work }
      // Who takes or gives back things may have signed already, without the network.
      if let handOver = HandOver(work), handOver.given(in: work) == nil { return nil }
      return session.openedAt < signedIn.since ? work : nil
    }
    guard let former else { return id }
    var work = WorkSession(workflow: former.workflow)
    work.staysApart = former.staysApart
    return try await goOn(with: work, insteadOf: id, by: signedIn)
  }

  /// The session that is meant by a page which shows `id`: of somebody's phones the one of now.
  func session(shownAs id: SessionID, to signedIn: SignedIn) async throws -> SessionID {
    let place = Self.phoneDesk(of: signedIn.person.id)
    let isPhones = try await store.read { try $0.session(id)?.desk == place }
    return isPhones ? try await phoneSessionToAct(of: signedIn) : id
  }

  /// What a session does; nil looks things up.
  func workflow(of id: SessionID) async throws -> Verb? {
    try await store.read { snapshot in
      try snapshot.session(id).map { try CanonicalDecoder().decode(WorkSession.self, from: $0.document) }?.workflow
    }
  }

  /// Where a phone's session was turned from `former` to another act, what was recorded in it is closed and signed, and that act goes
  /// on in a session of its own.
  func closeTurned(_ id: SessionID, from former: Verb?, by signedIn: SignedIn) async throws {
    let turned = try await store.read { snapshot -> WorkSession? in
      guard let session = try snapshot.session(id), session.closedAt == nil, try snapshot.hasRecorded(in: id) else {
        return nil
      }
      let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
      return work.workflow == former ? nil : work
    }
    if let turned { _ = try await goOn(with: turned, insteadOf: id, by: signedIn) }
  }

  /// Closes the session of somebody's phones as they sign out on one. They are signed out also where that cannot be done now.
  func endPhone(of signedIn: SignedIn) async {
    guard signIns.usesPhone(signedIn.token) else { return }
    let place = Self.phoneDesk(of: signedIn.person.id)
    do {
      guard let open = try await store.read({ try $0.openSession(desk: place) }) else { return }
      _ = try await closeSession(open.id, by: signedIn)
      recorded.signal()
    } catch {
      logger.warning("a phone's session was not closed at the sign-out", metadata: ["error": "\(error)"])
    }
  }

  private func goOn(
    with work: WorkSession, insteadOf id: SessionID, by signedIn: SignedIn
  ) async throws -> SessionID {
    do {
      let session = try await openSession(work, by: signedIn, desk: Self.phoneDesk(of: signedIn.person.id)).0
      recorded.signal()
      return session.id
    } catch let problem as Problem where problem.code == "session.notSigned" {
      // Nothing can be signed now: it stays open.
      return id
    }
  }
}

extension StoreReading {
  /// Whether an event was recorded in a session.
  fileprivate func hasRecorded(in session: SessionID) throws -> Bool {
    let tally = try tally(of: session)
    return tally[.accepted, default: 0] + tally[.acceptedWithNote, default: 0] > 0
  }
}
