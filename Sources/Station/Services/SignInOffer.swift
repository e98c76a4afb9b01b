import Custody
import StationStore

/// A badge that was read at the desk while nobody was signed in there. Its token stays with the station: the page gets an id for
/// it, and the person's PIN is asked as ever.
struct SignInOffer: Sendable {
  /// How long it is waited for the PIN.
  static let validMilliseconds: Int64 = 60_000

  /// What the page sends in the token's place: from the system's random source, and good for this offer only.
  let id: String
  /// The badge's token.
  let token: String
  /// Whose badge it is; nil when it is nobody's.
  let name: String?
  /// When it is over.
  let until: Instant

  init(token: String, name: String?, at now: Instant) {
    id = Self.random()
    self.token = token
    self.name = name
    until = now.advanced(byMilliseconds: Self.validMilliseconds)
  }

  /// 128 bits nobody can guess, as text.
  static func random() -> String {
    var random = SystemRandomNumberGenerator()
    return (0..<2).map { _ in String(UInt64.random(in: .min ... .max, using: &random), radix: 36) }.joined()
  }
}

extension StationCore {
  /// Whether somebody is signed in at the desk.
  var hasOperator: Bool {
    get async throws {
      guard let token = desk.operatorToken else { return false }
      return try await signedIn(token, isSignOfLife: false) != nil
    }
  }

  /// A badge that was read at the desk while nobody is signed in: the sign-in page asks its PIN. It is kept as a reading, without
  /// what is on it.
  func offerSignIn(_ scan: Scan) async throws {
    let badge = try await store.badge(badgeToken(scan.text))
    let reading = KeptReading(
      at: clock.now(), raw: scan.shownBytes, symbologyIdentifier: scan.symbologyIdentifier, device: scan.device,
      session: nil, person: badge?.holder.id, outcome: badge == nil ? .unassigned : .context,
      words: badge.map { "Badge of \($0.holder.name), to sign in" } ?? "Badge of nobody, to sign in")
    _ = try await store.write { try $0.keep(reading) }
    desk.setOffer(SignInOffer(token: badgeToken(scan.text), name: badge?.holder.name, at: reading.at))
    signInLive.publish("badge", Array("{}".utf8))
    publishDevices()
  }
}
