import Custody
import CustodyLedger
import StationStore

extension StationCore {
  /// Opens a session for somebody. At a desk their session that was open there is closed first; another's is refused.
  /// What `keep` writes is in the same commit. `isTold` is false where what follows tells the desk's pages.
  func openSession(
    _ work: WorkSession, by signedIn: SignedIn, desk: String?, isTold: Bool = true,
    keep: (@Sendable (StoredSession, WorkSession, StoreTransaction) throws -> Void)? = nil
  ) async throws -> (StoredSession, WorkSession) {
    let session = try await store.write { transaction -> StoredSession in
      if let desk, var open = try transaction.openSession(desk: desk) {
        try transaction.requireOwn(open, signedIn)
        try transaction.endKit(of: open.id)
        try transaction.setAside(of: &open)
        try transaction.closeSigned(open, by: signedIn)
      }
      let session = StoredSession(
        id: transaction.newID(), operator: signedIn.person.id, openedAt: transaction.now, desk: desk,
        document: try CanonicalEncoder().encode(work))
      try transaction.save(session)
      if let kit = work.kit { try transaction.beginKit(kit, in: session.id) }
      try keep?(session, work, transaction)
      return session
    }
    if isTold { tellDesk(of: session) }
    return (session, work)
  }

  /// Makes another's session one's own: from now on its scans are this person's. What others gave in the presence of the
  /// one before (a recipient's word, a second person's) they give again. Kept among the session's readings.
  func takeOver(_ id: SessionID, by signedIn: SignedIn) async throws -> (StoredSession, WorkSession) {
    let (session, work) = try await store.write { transaction in
      var session = try transaction.openSession(id)
      var work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
      guard session.operator != signedIn.person.id else { return (session, work) }
      if let refusal = work.workflow?.refusal(forRoles: signedIn.actor.roles) {
        // Who may do nothing with assets has no use for the desk; anybody else finds it free for what they may do.
        guard Verb.allCases.contains(where: { $0.refusal(forRoles: signedIn.actor.roles) == nil }) else {
          throw Problem(refusal)
        }
        work.turn(to: nil)
        try transaction.forgetKit(of: id)
      }
      var reading = KeptReading(
        at: transaction.now, raw: [], symbologyIdentifier: nil, device: nil, session: id, person: signedIn.person.id,
        outcome: .context, words: "Taken over from \(try transaction.operatorName(of: session))")
      reading.code = "session.takenOver"
      _ = try transaction.keep(reading)
      work.forgetWords()
      session.operator = signedIn.person.id
      session.document = try CanonicalEncoder().encode(work)
      try transaction.save(session)
      return (session, work)
    }
    if session.desk == desk.name {
      desk.operatorToken = signedIn.token
      desk.clear()
    }
    tellDesk(of: session)
    return (session, work)
  }

  /// Changes what a session is doing. Throws the problem when there is none, it is closed, or it is another's.
  func changeSession(
    _ id: SessionID, by signedIn: SignedIn, _ change: @escaping @Sendable (inout WorkSession) throws -> Void
  ) async throws -> (StoredSession, WorkSession) {
    let (shown, place) = (desk.lastOutcome, desk.name)
    let (session, work, answer) = try await store.write {
      transaction -> (StoredSession, WorkSession, ScanOutcome?) in
      var session = try transaction.openSession(id, of: signedIn)
      var work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
      let before = work
      try change(&work)
      if before.kit != nil, work.kit == nil { try transaction.endKit(of: id) }
      if work.workflow != .receive { try transaction.setAside(&work) }
      session.document = try CanonicalEncoder().encode(work)
      try transaction.save(session)
      guard session.desk == place else { return (session, work, nil) }
      return (session, work, try transaction.answer(to: shown, from: before, to: work, in: id, at: transaction.now))
    }
    show(answer, insteadOf: shown)
    tellDesk(of: session)
    return (session, work)
  }

  /// Lays a form over a session's details; gives back the first field that cannot be taken, the others are.
  func changeDetails(
    of id: SessionID, _ form: [String: String], by signedIn: SignedIn
  ) async throws -> FieldFault? {
    let (shown, place) = (desk.lastOutcome, desk.name)
    let (session, fault, answer) = try await store.write {
      transaction -> (StoredSession, FieldFault?, ScanOutcome?) in
      var session = try transaction.openSession(id, of: signedIn)
      var work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
      guard let verb = work.workflow else { return (session, nil, nil) }
      let before = work
      let fault = DetailField.lay(form, for: verb, over: &work.details)
      work.forgetAcknowledgements(ifOtherThan: before.details)
      session.document = try CanonicalEncoder().encode(work)
      try transaction.save(session)
      guard session.desk == place else { return (session, fault, nil) }
      return (session, fault, try transaction.answer(to: shown, from: before, to: work, in: id, at: transaction.now))
    }
    show(answer, insteadOf: shown)
    tellDesk(of: session)
    return fault
  }

  /// Closes a session: what was done in it is signed.
  func closeSession(_ id: SessionID, by signedIn: SignedIn) async throws -> StoredSession {
    let name = desk.name
    let (closed, end) = try await store.write { transaction -> (StoredSession, SessionEnd?) in
      var session = try transaction.openSession(id, of: signedIn)
      try transaction.endKit(of: id)
      try transaction.setAside(of: &session)
      let closed = try transaction.closeSigned(session, by: signedIn)
      return (closed, try closed.desk == name ? SessionEnd(of: closed, in: transaction) : nil)
    }
    if let end {
      desk.clear()
      desk.lastOutcome = end.outcome(at: clock.now())
    }
    tellDesk(of: closed)
    return closed
  }

  /// The desk's open session with its state; nil when none is open.
  func deskSession() async throws -> (StoredSession, WorkSession)? {
    let name = desk.name
    return try await store.read { snapshot in
      guard let session = try snapshot.openSession(desk: name) else { return nil }
      return (session, try CanonicalDecoder().decode(WorkSession.self, from: session.document))
    }
  }

  /// What the desk is at: its open session, what it does and for whom; `none` without one. A page sends it along with what was
  /// scanned, so that a scan that could not be sent at once goes nowhere else later.
  static func sessionKey(_ session: (StoredSession, WorkSession)?) -> String {
    session.map { "\($0.0.id)/\($0.1.workflow?.rawValue ?? "lookup")/\($0.0.operator)" } ?? "none"
  }

  static let otherSession = "session.other"

  /// Throws the problem when the desk is elsewhere than where `key` says. Without a session a scan is a lookup, so a
  /// session that looks up will do.
  func require(_ key: String, for session: (StoredSession, WorkSession)?) throws {
    if Self.sessionKey(session) == key { return }
    if key == "none", let session, session.1.workflow == nil { return }
    throw Problem(
      .conflict, Self.otherSession, "Another session", detail: "The desk is at another session or act by now.",
      remedy: "Turn the desk back to that act and send it, or discard it and scan again.")
  }

  /// Takes a second person into a session: witness or approver, by badge and PIN.
  func addSecondPerson(
    _ role: SecondPersonRole, badge: String, pin: String, to id: SessionID, by signedIn: SignedIn
  ) async throws -> (StoredSession, WorkSession) {
    let token = badgeToken(badge)
    switch try await store.signIn(badge: token, pin: pin) {
    case .refused(let refusal): throw Problem(refusal, clock: clock)
    case .recognised(let person, let actor):
      guard person.id != signedIn.person.id else { throw Problem.sameSecondPerson }
      let second = SecondPerson(
        person: person.id, beside: signedIn.person.id, authStrength: actor.authStrength, at: clock.now())
      return try await changeSession(id, by: signedIn) { work in
        if let missing = role.missing(for: work.workflow, roles: actor.roles) { throw missing }
        var second = second
        second.act = work.workflow
        switch role {
        case .witness: work.witness = second
        case .approver: work.approver = second
        }
      }
    }
  }

  /// A badge field takes what the scanner types: the whole code, or the bare token.
  func badgeToken(_ text: String) -> String {
    let trimmed = text.drop(while: \.isWhitespace)
    let prefix = "CUSTODY:BADGE:"
    let token = trimmed.hasPrefix(prefix) ? trimmed.dropFirst(prefix.count) : trimmed
    return String(token.reversed().drop(while: \.isWhitespace).reversed())
  }
}

extension Problem {
  /// The operator gave their own badge as the second person's.
  static let sameSecondPerson = Problem(
    .forbidden, "access.secondPersonSame", "Another person needed",
    detail: "You do this yourself, and nobody is their own second person.",
    remedy: "Let another person scan their badge and type their PIN.")
}

/// What a second person is there for.
enum SecondPersonRole: String, Sendable, Codable {
  /// Witness of disposals, validator of sanitizations.
  case witness
  /// Approver of retirements and corrections.
  case approver

  /// What they are called in an act.
  func title(in verb: Verb?) -> String {
    switch self {
    case .approver: "Approver"
    case .witness: verb == .sanitize ? "Validator" : "Witness"
    }
  }

  /// The problem of who has not the role that it takes; nil for who has. Said at once, not at the scan.
  func missing(for verb: Verb?, roles: Set<Role>) -> Problem? {
    let needed: Set<Role>? = self == .approver ? [.manager] : verb?.witnessRoles
    guard let needed, needed.isDisjoint(with: roles) else { return nil }
    let words = Role.allCases.filter { needed.contains($0) }.map(\.words).joined(separator: " or ")
    return Problem(
      .forbidden, "access.secondPersonRole", "May not be \(title(in: verb).lowercased())",
      detail: "It takes the role \(words) at this site.",
      remedy: "Let somebody with that role scan their badge and type their PIN.")
  }
}

extension Problem {
  /// What somebody may not do, before it is tried on an asset.
  init(_ refusal: Refusal) {
    self.init(
      .forbidden, refusal.code, refusal.headline(for: nil), detail: refusal.sentence, remedy: refusal.remedy)
  }

  init(_ refusal: SignInRefusal, clock: any StationClock) {
    switch refusal {
    case .notRecognised:
      self.init(
        .unauthorized, "access.notRecognised", "Not recognised", detail: "Badge or PIN is not right.",
        remedy: "Scan the badge again and enter its PIN; an administrator can set a new one.")
    case .locked(let until):
      let seconds = max(1, (until.milliseconds - clock.now().milliseconds) / 1000)
      self.init(
        .tooManyRequests, "access.locked", "Too many wrong PINs",
        detail: "After too many wrong PINs this badge has to wait another \(counted(Int(seconds), "second")).",
        remedy: "Wait, then enter the right PIN; an administrator can set a new one.")
      retryAfter = seconds
    }
  }
}

extension StoreReading {
  /// An open session by id; throws the problem when there is none or it is closed.
  func openSession(_ id: SessionID) throws -> StoredSession {
    guard let session = try session(id) else {
      throw Problem.notFound("session \(id)", remedy: "Open one: POST /api/v1/sessions.")
    }
    guard session.closedAt == nil else {
      throw Problem(
        .conflict, "session.closed", "Session closed",
        detail: "The session was closed by \(try operatorName(of: session)).",
        remedy: "Open another: POST /api/v1/sessions.")
    }
    return session
  }

  /// Somebody's own open session by id. A session belongs to one operator, so that no scan is recorded for a person who
  /// did not make it.
  func openSession(_ id: SessionID, of signedIn: SignedIn) throws -> StoredSession {
    let session = try openSession(id)
    try requireOwn(session, signedIn)
    return session
  }

  func requireOwn(_ session: StoredSession, _ signedIn: SignedIn) throws {
    guard session.operator != signedIn.person.id else { return }
    throw Problem.otherOperator(try operatorName(of: session))
  }
}

extension StoreTransaction {
  /// Closes a session, as who is signed in.
  @discardableResult
  func closeSigned(_ session: StoredSession, by signedIn: SignedIn) throws -> StoredSession {
    let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
    do {
      return try close(session, order: work.order, by: signedIn.actor)
    } catch let waiting as KeyInWaiting {
      throw Problem(
        .conflict, "session.notSigned", "Not closed", detail: "The session's closing cannot be signed now: \(waiting)",
        remedy: "Close it once the station has spoken with its centre.")
    }
  }
}

extension StoreReading {
  /// The name of the person whose session it is.
  func operatorName(of session: StoredSession) throws -> String {
    try person(session.operator)?.name ?? "a person no longer named"
  }
}

extension Problem {
  /// The session is another person's.
  static func otherOperator(_ name: String) -> Problem {
    Problem(
      .conflict, "session.otherOperator", "Another's session",
      detail: "The session is \(name)'s: nothing was recorded in it.",
      remedy: "Take it over, or let \(name) close it.")
  }

  var isOtherOperator: Bool { code == "session.otherOperator" }
  var isClosedSession: Bool { code == "session.closed" }
}
