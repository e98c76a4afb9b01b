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
    let signedIn: SignedIn
    var lastSeen: Instant
  }

  private let entries = Mutex<[String: Entry]>([:])
  /// A person who does nothing for so long is signed out.
  private let idleMilliseconds: Int64

  init(idleMinutes: Int) { idleMilliseconds = Int64(idleMinutes) * 60_000 }

  /// Signs a person in; gives back the token to show from now on.
  func add(_ person: Person, _ actor: Actor, at now: Instant) -> SignedIn {
    var random = SystemRandomNumberGenerator()
    let token = (0..<4).map { _ in String(UInt64.random(in: .min ... .max, using: &random), radix: 36) }.joined()
    let signedIn = SignedIn(token: token, person: person, actor: actor, since: now)
    entries.withLock { entries in
      entries = entries.filter { $0.value.lastSeen.advanced(byMilliseconds: idleMilliseconds) > now }
      entries[token] = Entry(signedIn: signedIn, lastSeen: now)
    }
    return signedIn
  }

  /// Who shows this token; nil when nobody does, or nobody any longer. A page that refreshes itself is no sign of life.
  func find(_ token: String, at now: Instant, isSignOfLife: Bool = true) -> SignedIn? {
    entries.withLock { entries in
      guard let entry = entries[token] else { return nil }
      guard entry.lastSeen.advanced(byMilliseconds: idleMilliseconds) > now else {
        entries[token] = nil
        return nil
      }
      if isSignOfLife { entries[token]?.lastSeen = now }
      return entry.signedIn
    }
  }

  /// Signs out.
  func remove(_ token: String) { entries.withLock { $0[token] = nil } }
}
