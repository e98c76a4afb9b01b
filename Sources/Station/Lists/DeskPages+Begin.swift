import AssetIdentifiers
import Custody
import Foundation
import Hummingbird
import StationStore

extension DeskPages {
  func addBeginning(to router: Router<StationContext>) {
    router.post("/desk/begin", use: begin)
  }

  /// Turns the desk to an act, from a list of what waits for it. An asset that comes along lies on the desk then; nothing is recorded
  /// of it before its details are filled in and it is scanned, or its button pressed.
  @Sendable func begin(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      let form = try await request.form()
      guard let verb = Verb(rawValue: form["workflow"] ?? "") else {
        throw Problem.malformed("'\((form["workflow"] ?? "").prefix(80))' is no workflow.", pointer: "/workflow")
      }
      if let refusal = verb.refusal(forRoles: signedIn.actor.roles) { throw Problem(refusal) }
      let leaver = try await leaver(form["leaver"])
      let turn: @Sendable (inout WorkSession) -> Void = { work in
        work.turn(to: verb)
        if let leaver, verb == .return { work.takeBack(from: leaver.id) }
      }
      core.desk.lastOutcome = nil
      if let (session, _) = try await core.deskSession() {
        _ = try await core.changeSession(session.id, by: signedIn, turn)
      } else {
        var work = WorkSession(workflow: verb)
        turn(&work)
        _ = try await core.openSession(work, by: signedIn, desk: core.desk.name)
      }
      if let text = form["text"]?.nonEmpty { try await lay(text, for: verb, by: signedIn) }
      return nil
    }
  }

  private func leaver(_ text: String?) async throws -> Person? {
    guard let text else { return nil }
    guard let id = PersonID(text), let person = try await core.store.read({ try $0.person(id) }) else {
      throw Problem.notFound("such person", remedy: "Look at the list of people.")
    }
    return person
  }

  /// Shows the asset that a text means as the one that is acted on next. Any other text is a scan as it would be at the desk.
  private func lay(_ text: String, for verb: Verb, by signedIn: SignedIn) async throws {
    let scan = Scan(raw: Array(text.utf8), source: .keyed, device: "page")
    let found = try await core.store.read { snapshot -> (asset: Asset, words: String?)? in
      guard let asset = try snapshot.asset(scanned: scan.splittingAIMPrefix()) else { return nil }
      guard verb == .arrive else { return (asset, nil) }
      let told = [
        try Destination(of: asset, in: snapshot)?.boundWords, try SealCheck(of: asset, in: snapshot).leftWords,
      ].compactMap(\.self)
      return (asset, told.isEmpty ? nil : told.joined(separator: " "))
    }
    guard let found else { return try await core.deskScan(scan, by: signedIn) }
    var outcome = ScanOutcome(
      result: .lookup, words: "\(verb.words.imperative): scan it now", at: core.clock.now(), scan: scan)
    outcome.asset = found.asset
    outcome.sentence = found.words
    outcome.remedy = "Fill in the details; then scan it, or press the button."
    outcome.code = ScanOutcome.begun
    core.desk.lastOutcome = outcome
  }
}

extension ScanOutcome {
  /// The code of an asset that was chosen from a list and is to be acted on next.
  static let begun = "desk.begun"
}

extension WorkSession {
  /// Takes back from now on what somebody has.
  mutating func takeBack(from person: PersonID) {
    if leaver != person {
      forgetWords()
      broughtBack = nil
    }
    leaver = person
  }
}

extension StoreReading {
  /// The asset that a scan means; nil when it means none, several, or something else.
  func asset(scanned scan: Scan) throws -> Asset? {
    let identifier: AssetIdentifier
    do {
      identifier = try scan.interpret()
    } catch {
      // Whoever scans it learns why it cannot be read.
      return nil
    }
    switch identifier {
    case .command, .location, .order, .badge: return nil
    default: break
    }
    guard case .asset(let id) = try resolve(identifier, scanned: scan.text) else { return nil }
    return try asset(id)
  }
}
