import Custody
import StationStore
import Synchronization

/// Somebody who is signed in at this station.
struct SignedIn: Sendable {
  let token: String
  let person: Person
  let actor: Actor
  let since: Instant
}

/// Who is signed in, by token. Kept in memory: after a restart everybody signs in again.
final class SignIns: Sendable {
  private struct Entry {
    var signedIn: SignedIn
    var lastSeen: Instant
    /// The store's ``StationStore/peopleVersion`` when the person was read.
    var peopleVersion: Int
    /// Whether a phone was used with it.
    var usesPhone = false
  }

  private let entries = Mutex<[String: Entry]>([:])
  /// A person who does nothing for so long is signed out.
  private let idleMilliseconds: Int64

  init(idleMinutes: Int) { idleMilliseconds = Int64(idleMinutes) * 60_000 }

  /// Signs a person in; gives back the token to show from now on.
  func add(_ person: Person, _ actor: Actor, at now: Instant, peopleVersion: Int = 0) -> SignedIn {
    var random = SystemRandomNumberGenerator()
    let token = (0..<4).map { _ in String(UInt64.random(in: .min ... .max, using: &random), radix: 36) }.joined()
    let signedIn = SignedIn(token: token, person: person, actor: actor, since: now)
    entries.withLock { entries in
      entries = entries.filter { $0.value.lastSeen.advanced(byMilliseconds: idleMilliseconds) > now }
      entries[token] = Entry(signedIn: signedIn, lastSeen: now, peopleVersion: peopleVersion)
    }
    return signedIn
  }

  /// Who shows this token, and at which version of the people they were read; nil when nobody does, or nobody any longer.
  /// A page that refreshes itself is no sign of life.
  func find(_ token: String, at now: Instant, isSignOfLife: Bool = true) -> (signedIn: SignedIn, peopleVersion: Int)? {
    entries.withLock { entries in
      guard let entry = entries[token] else { return nil }
      guard entry.lastSeen.advanced(byMilliseconds: idleMilliseconds) > now else {
        entries[token] = nil
        return nil
      }
      if isSignOfLife { entries[token]?.lastSeen = now }
      return (entry.signedIn, entry.peopleVersion)
    }
  }

  /// What was read of a person anew; does nothing for who is signed out by now.
  func renew(_ signedIn: SignedIn, peopleVersion: Int) {
    entries.withLock { entries in
      entries[signedIn.token]?.signedIn = signedIn
      entries[signedIn.token]?.peopleVersion = peopleVersion
    }
  }

  /// Notes that a phone is used with this token.
  func notePhone(_ token: String) { entries.withLock { $0[token]?.usesPhone = true } }

  /// Whether a phone was used with this token.
  func usesPhone(_ token: String) -> Bool { entries.withLock { $0[token]?.usesPhone ?? false } }

  /// Signs out.
  func remove(_ token: String) { entries.withLock { $0[token] = nil } }
}

extension StationCore {
  /// Who shows this token, as the station knows them now: a role that was taken away, or a person who is no longer
  /// active, counts from the next request on. Nil when nobody does, or nobody any longer.
  func signedIn(_ token: String, isSignOfLife: Bool = true) async throws -> SignedIn? {
    guard let (signedIn, version) = signIns.find(token, at: clock.now(), isSignOfLife: isSignOfLife) else { return nil }
    let current = store.peopleVersion
    guard version != current else { return signedIn }
    let (id, site) = (signedIn.person.id, store.identity.site)
    let known = try await store.read { snapshot in
      try snapshot.person(id).map { person in (person, try snapshot.roles(of: id, at: site)) }
    }
    guard let (person, roles) = known, person.active else {
      signOut(token)
      return nil
    }
    let renewed = SignedIn(
      token: token, person: person,
      actor: Actor(person: id, roles: roles, authStrength: signedIn.actor.authStrength), since: signedIn.since)
    signIns.renew(renewed, peopleVersion: current)
    return renewed
  }

  /// Signs somebody out, and ends what still listens for them.
  func signOut(_ token: String) {
    signIns.remove(token)
    live.recheck()
  }
}
