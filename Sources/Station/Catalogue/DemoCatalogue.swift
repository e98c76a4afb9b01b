import Custody
import StationStore

/// What `custody demo` shows: a small company's assets with real histories, made by the same rules as any other.
public enum DemoCatalogue {
  /// Somebody who can sign in at the demo.
  public struct Login: Hashable, Sendable {
    public let name: String
    public let title: String
    public let team: String
    public let roles: Set<Role>
    /// The badge's label reads `CUSTODY:BADGE:` and this.
    public let badge: String
    public let pin: String
  }

  /// A further announced serial number: what is put here is expected on line 5 of the demo's order,
  /// which orders one.
  public struct Announcement: Hashable, Sendable {
    public let serial: String
    public let manufacturer: String
    public let model: String
    public let category: String
  }

  /// What came of loading it.
  public enum Loading: Hashable, Sendable {
    case loaded(assets: Int, events: Int)
    /// An earlier start loaded it.
    case alreadyThere
    /// The store holds something else, and nothing was touched.
    case notEmpty
  }

  /// Badges and PINs of the demo; they are no secret.
  public static let logins: [Login] = [
    Login(
      name: "Kim Novák", title: "IT technician", team: "IT operations", roles: [.technician, .counter],
      badge: "DEMO-KIM", pin: "135790"),
    Login(
      name: "Tomás Herrera", title: "Disposal operator", team: "IT operations", roles: [.disposalOperator],
      badge: "DEMO-TOMAS", pin: "246802"),
    Login(
      name: "Aiko Tanaka", title: "Data protection", team: "Security", roles: [.validator], badge: "DEMO-AIKO",
      pin: "314159"),
    Login(
      name: "Fatima Al-Sayed", title: "Asset manager", team: "IT operations", roles: [.manager],
      badge: "DEMO-FATIMA", pin: "271828"),
    Login(
      name: "Liam O’Brien", title: "Internal auditor", team: "Audit", roles: [.auditor, .viewer], badge: "DEMO-LIAM",
      pin: "161803"),
    Login(
      name: "Grace Mbeki", title: "Station administrator", team: "IT operations", roles: [.admin],
      badge: "DEMO-GRACE", pin: "112358"),
  ]

  /// The tag on the picture `demo/label-AT-00042.png`: announced on the order, so that scanning it in a receiving
  /// session receives it.
  public static let announcedTag = "AT-00042"
  /// The order with announced and received assets.
  public static let order = "PO-2031"
  /// Announced besides, for instance for the picture of a real label.
  public static let furtherAnnouncements = [
    // On the photo `demo/serial-CNK8181G2C.webp`.
    Announcement(
      serial: "CNK8181G2C", manufacturer: "HP", model: "EliteDisplay E243", category: "monitor")
  ]

  private static let note = "demoCatalogue"

  /// Puts the demo into an empty store, in one transaction; a store that has it is left as it is.
  ///
  /// Opened with a ``DemoClock``, the store's events spread over the last months; with any other clock they all happen
  /// now. Load it before the station serves anybody: while it loads, the clock shows the past.
  public static func load(into store: StationStore) async throws -> Loading {
    if let found = try await store.read({ try found(in: $0) }) { return found }
    let clock = store.clock as? DemoClock
    let story = try DemoStory(site: store.identity.site, today: store.clock.now())
    var pins: [SealedPIN] = []
    for login in logins { pins.append(try await store.seal(pin: login.pin)) }
    let sealed = pins
    defer { clock?.set(nil) }
    return try await store.write { transaction in
      if let found = try found(in: transaction) { return found }
      for site in story.sites { try transaction.save(site) }
      for location in story.locations { try transaction.save(location) }
      for (index, login) in logins.enumerated() {
        let person = story.people[index]
        try transaction.save(person)
        for site in story.sites { try transaction.setRoles(login.roles, of: person.id, at: site.code) }
        try transaction.save(store.seal(badge: login.badge), of: person.id)
        try transaction.save(sealed[index], of: person.id)
      }
      try transaction.save(story.order)
      for kit in story.kits { try transaction.save(kit) }
      var events = 0
      for step in story.steps {
        clock?.set(step.at)
        switch try transaction.record(step.intent) {
        case .recorded(let recorded, _): events += recorded.count
        case .refused(let refusal): throw DemoFault(step: step.intent.details.verb, refusal: refusal)
        }
      }
      try transaction.setNote(note, "1")
      return .loaded(assets: Set(story.steps.map(\.intent.asset)).count, events: events)
    }
  }

  private static func found(in store: some StoreReading) throws -> Loading? {
    if try store.note(note) != nil { return .alreadyThere }
    return try store.isEmpty() ? nil : .notEmpty
  }
}

/// The demo's history breaks a rule of custody: a fault of the program.
public struct DemoFault: Error, Hashable, Sendable, CustomStringConvertible {
  let step: Verb
  let refusal: Refusal

  /// One sentence.
  public var description: String {
    "The demo cannot be loaded: its step \(step.rawValue) is refused (\(refusal.code)): \(refusal.sentence)"
  }
}
