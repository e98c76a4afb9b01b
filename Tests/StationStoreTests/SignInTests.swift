import Custody
import Foundation
import Glibc
import SyncTestSupport
import Testing

@testable import StationStore

/// Badge and PIN: few free tries, then a growing delay, whatever the guesser does in between.
struct SignInTests {
  private static func prepare(_ store: StationStore) async throws {
    let site = store.identity.site
    try await store.write { transaction in
      try transaction.save(Person(id: Desk.ann, name: "Ann Lee"))
      try transaction.setRoles([.technician], of: Desk.ann, at: site)
    }
    try await store.setCredentials(of: Desk.ann, badge: Prepared.badge, pin: Prepared.pin)
  }

  private static func wrong(_ store: StationStore) async throws -> SignIn {
    try await store.signIn(badge: Prepared.badge, pin: "000000")
  }

  private static func right(_ store: StationStore) async throws -> SignIn {
    try await store.signIn(badge: Prepared.badge, pin: Prepared.pin)
  }

  private static func locked(_ seconds: Int64, after moment: Instant) -> SignIn {
    .refused(.locked(until: moment.advanced(byMilliseconds: seconds * 1000)))
  }

  /// What the calling thread spends on a piece of work.
  private static func processorTime(_ work: () throws -> Void) rethrows -> Duration {
    func now() -> Duration {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
    let start = now()
    try work()
    return now() - start
  }

  @Test func theRightPINIsRecognisedWithItsRoles() async throws {
    try await Desk.run { store in
      try await Self.prepare(store)
      let actor = Actor(person: Desk.ann, roles: [.technician], authStrength: .badgePINOffline)
      #expect(try await Self.right(store) == .recognised(Person(id: Desk.ann, name: "Ann Lee"), actor))
      #expect(try await store.signIn(badge: "nobody's", pin: Prepared.pin) == .refused(.notRecognised))
    }
  }

  /// One scrypt each. Without it an unknown badge would be refused a hundred times faster than a wrong PIN.
  @Test func anUnknownBadgeTakesAsLongAsAWrongPIN() async throws {
    try await Desk.run { store in
      try await Self.prepare(store)
      // What one scrypt takes of the processor, whatever else the machine does: an answer that has done one took no less.
      let scrypt = try Self.processorTime {
        _ = try PINHash(pin: "000000", salt: Array(repeating: 0, count: 16), pepper: [])
      }
      let unknown = try await ContinuousClock().measure {
        let answer = try await store.signIn(badge: "nobody's", pin: Prepared.pin)
        #expect(answer == .refused(.notRecognised))
      }
      #expect(unknown > scrypt / 4, "\(unknown) for an unknown badge, \(scrypt) for one scrypt")
    }
  }

  @Test func fiveTriesAreFreeThenTheDelayDoublesToAnHour() async throws {
    let clock = TestClock()
    try await Desk.run(clock: clock) { store in
      try await Self.prepare(store)
      for _ in 0..<5 { #expect(try await Self.wrong(store) == .refused(.notRecognised)) }
      for seconds: Int64 in [30, 60, 120, 240, 480, 960, 1920, 3600, 3600] {
        let since = clock.now()
        // Even the right PIN waits, to the last millisecond.
        #expect(try await Self.right(store) == Self.locked(seconds, after: since))
        clock.set(since.advanced(byMilliseconds: seconds * 1000 - 1))
        #expect(try await Self.right(store) == Self.locked(seconds, after: since))
        clock.set(since.advanced(byMilliseconds: seconds * 1000))
        #expect(try await Self.wrong(store) == .refused(.notRecognised))
      }
    }
  }

  @Test func theRightPINForgetsEarlierFailures() async throws {
    try await Desk.run { store in
      try await Self.prepare(store)
      for _ in 0..<3 {
        for _ in 0..<4 { _ = try await Self.wrong(store) }
        guard case .recognised = try await Self.right(store) else {
          Issue.record("the right PIN was refused after four wrong ones")
          return
        }
      }
    }
  }

  @Test func aRestartWinsNothing() async throws {
    let clock = TestClock()
    let folder = try TemporaryFolder()
    var store = try Desk.open(folder.path, clock: clock)
    try await Self.prepare(store)
    for _ in 0..<5 {
      _ = try await Self.wrong(store)
      try store.close()
      store = try Desk.open(folder.path, clock: clock)
    }
    #expect(try await Self.right(store) == Self.locked(30, after: TestClock.start))
    try store.close()
  }

  /// Twenty guesses at once: five are looked at, and the rest find the badge locked.
  @Test func parallelGuessesAreCountedBeforeTheyAreChecked() async throws {
    try await Desk.run { store in
      try await Self.prepare(store)
      let answers = try await withThrowingTaskGroup(of: SignIn.self) { group in
        for guess in 0..<20 {
          group.addTask { try await store.signIn(badge: Prepared.badge, pin: "\(100_000 + guess)") }
        }
        return try await group.reduce(into: [SignIn]()) { $0.append($1) }
      }
      #expect(answers.count { $0 == .refused(.notRecognised) } == 5)
      #expect(answers.count { $0 == Self.locked(30, after: TestClock.start) } == 15)
    }
  }

  @Test func neitherBadgeNorPINStandsInTheFiles() async throws {
    let folder = try TemporaryFolder()
    let store = try Desk.open(folder.path)
    try await Self.prepare(store)
    _ = try await Self.wrong(store)
    _ = try await Self.right(store)
    // The log too, before closing moves it into the database.
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasPrefix("station.db") {
      let bytes = try Data(contentsOf: URL(filePath: folder.path + "/" + file))
      for secret in [Prepared.badge, Prepared.pin] { #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(file)") }
    }
    try store.close()
    let bytes = try Data(contentsOf: URL(filePath: folder.path + "/station.db"))
    #expect(bytes.range(of: Data("Ann Lee".utf8)) != nil)
    for secret in [Prepared.badge, Prepared.pin] { #expect(bytes.range(of: Data(secret.utf8)) == nil) }
  }

  @Test(
    arguments: ["12345", "1234567890123", "12345a", "１２３４５６", ""].map { ($0, PINRule.length) }
      + ["123456", "890123", "654321", "321098765"].map { ($0, .sequence) }
      + ["111111", "121212", "123123", "9090909"].map { ($0, .repetition) } + [("482933", .badge)])
  func aPINThatIsGuessedFirstIsNotTaken(_ pin: String, _ rule: PINRule) async throws {
    try await Desk.run { store in
      await #expect(throws: CredentialFault.unfitPIN(rule)) {
        try await store.setCredentials(of: Desk.ann, badge: "B-482933", pin: pin)
      }
    }
  }

  @Test(arguments: ["730194", "135790", "246802", "112358", "123457", "112233", "100000"])
  func otherPINsAreTaken(_ pin: String) { #expect(PINRule.broken(by: pin, badge: "B-482933") == nil) }
}
