import ArgumentParser
import CustodyLedger
import Foundation
import Station
import StationStore
import StationSync
import SyncProtocol
import TamperEvidence

struct StationEnrolCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enrol",
    abstract: "Enrols this station at its centre by a one-time code.",
    discussion: """
      The centre makes the code: custody central code --station SITE/STATION. The station must not be running. It shows a
      fingerprint of its keys; the centre's page of stations shows the same. From then on the station finds its centre by itself,
      signs each request with a key of its own (request.key), and trusts the centre's log by the key that it was told.

      With --new-key the station goes on with another signing key, in a new epoch of its chain: after its key was revoked, or
      where another that has its key was found. What is pending is sent first, as far as the centre takes it.

      Examples:
        custody station enrol --centre http://127.0.0.1:8470 --code K7Q2-M9XV-4TBW --data /var/lib/custody
        custody station enrol --centre https://centre.example.com --code K7Q2-M9XV-4TBW --site HQ --station DESK-1 --data /var/lib/custody
        custody station enrol --centre https://centre.example.com --code K7Q2-M9XV-4TBW-8NCD-…-R3JH --data /var/lib/custody
        custody station enrol --new-key --code K7Q2-M9XV-4TBW --data /var/lib/custody
      """)

  @Option(help: "The centre's address; without it, the one that is set, or where the station was enrolled.")
  var centre: String?
  @Option(help: "The one-time code.") var code: String
  @Flag(help: "Go on with a new signing key.") var newKey = false
  @Flag(help: "Answer as JSON.") var json = false
  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say which station: --data FOLDER.")
    }
    guard let code = EnrolmentCode(code) else {
      throw Ending(2, "This is no code.", remedy: "Type it as the centre shows it, such as K7Q2-M9XV-4TBW.")
    }
    let store = try StationStore.openOrCreate(settings.dataFolder(standard: ""), settings)
    let result: EnrolmentResult
    do {
      let set = centre ?? settings.text(.centreURL)
      let address = try await store.centreAddress(set: set)
      var trust = try settings.centreTrust()
      var authority: [UInt8]?
      if let pin = code.pin, let address, address.lowercased().hasPrefix("https"), trust == .system {
        let named = try await CentreTrust.authority(of: address, named: pin)
        (authority, trust) = (named, .authority(named))
      }
      result = try await store.enrol(
        at: set, code: code, isNewKey: newKey, pinned: try settings.stationOptions().centreKey, authority: authority,
        over: address.map { [trust] in HTTPTransport(to: $0, trusting: trust) })
    } catch {
      try store.close()
      throw Ending(enrolling: error)
    }
    try store.close()
    if json { return try Running.answer(try JSONText.of(result)) }
    try Running.answer("Fingerprint \(result.fingerprint)")
    FileHandle.standardError.tell(
      """
      \(result.station) is enrolled at \(result.centre). Compare the fingerprint with the one on the centre's page of stations.
      \(result.epoch > 1 ? "Its chain goes on in epoch \(result.epoch) once it has reached the centre.\n" : "")
      """)
  }
}

struct StationRotateKeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate-key",
    abstract: "Hands over to a new signing key: the old one signs an entry that names the new one, and is gone.",
    discussion: """
      Works on a running station and on the folder of one that is stopped. The centre, other stations and auditors learn of it
      from the station's own chain; nothing has to be told to anybody.

      Examples:
        custody station rotate-key --data /var/lib/custody
        custody station rotate-key --reason 'the disk went to repair' --json --data /var/lib/custody
      """)

  @Option(help: "Why; it stands in the ledger.") var reason = "rotated by the station's owner"
  @Flag(help: "Answer as JSON.") var json = false
  @OptionGroup var flags: SettingFlags

  func validate() throws {
    guard (1...500).contains(reason.utf8.count) else { throw ValidationError("--reason has 1 to 500 bytes.") }
  }

  func run() async throws {
    let rotated: RotatedKey
    switch try StoreAccess(try await flags.settings(), creating: false) {
    case .folder(let store):
      do {
        rotated = try await store.rotateKey(reason: reason)
      } catch let refusal as KeyInWaiting {
        try store.close()
        throw Ending(1, "\(refusal)")
      }
      try store.close()
    case .running(let socket):
      var answer: [UInt8] = []
      let text = reason.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      try await StoreAccess.request(socket: socket, path: "/local/rotate-key?reason=\(text)", body: []) { part in
        answer += part.readableBytesView
      }
      rotated = try JSONDecoder().decode(RotatedKey.self, from: Data(answer))
    }
    if json { return try Running.answer(try JSONText.of(rotated)) }
    FileHandle.standardError.tell("Before: \(rotated.old)\nNow:\n")
    try Running.answer("\(rotated.new)")
  }
}

extension Ending {
  /// What an enrolment met.
  fileprivate init(enrolling error: any Error) {
    switch error {
    case SyncError.unauthorised(let problem), SyncError.refused(let problem):
      self.init(1, problem.detail, remedy: problem.remedy)
    case let error as SyncError: self.init(3, error.description, remedy: error.remedy)
    case let error as StationEnrolmentRefused: self.init(1, error.description, remedy: error.remedy)
    default: self.init(error)
    }
  }
}
