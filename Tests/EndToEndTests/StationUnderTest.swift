import Foundation

/// A folder that `custody station` works on, with one person, two locations and one asset imported by the command line.
struct StationUnderTest: Sendable {
  static let badge = "B-1"
  static let pin = "730194"

  let folder: URL
  let code: String
  private(set) var token = ""
  var verifierKey = ""

  var identity: [String] { ["--data", folder.path, "--site", "HQ", "--station", code] }

  /// Makes the station, learns its key from what it prints, and enrols it with the command of the centre.
  static func enrolled(_ code: String, in place: URL, centre: URL, assets: String? = nil) async throws -> Self {
    var station = StationUnderTest(folder: place.appending(path: code), code: code)
    var files = [
      ("people", "name,email,badge,pin,roles\nKim Novák,kim@example.com,\(badge),\(pin),technician\n"),
      ("locations", "code,name,site\nSTORE,Storeroom,HQ\nQUARANTINE,Quarantine cage,HQ\n"),
    ]
    if let assets { files.append(("assets", assets)) }
    for (kind, text) in files {
      let file = place.appending(path: "\(code)-\(kind).csv")
      try Data(text.utf8).write(to: file)
      let (status, printed) = try await Program.finished(
        "custody", ["import", file.path, "--kind", kind] + station.identity)
      guard status == 0 else { throw Failure("import of \(kind): \(printed)") }
    }
    station.verifierKey = try await Program.custody(
      ["station", "--port", "0", "--usb", "false"] + station.identity
    ) { try await $0.prints(/Verifier key: (\S+)/) }
    let (status, printed) = try await Program.finished(
      "custody", ["central", "enrol", station.verifierKey, "--data", centre.path])
    guard status == 0, let token = printed.firstMatch(of: /cst_\S+/) else { throw Failure("enrol: \(printed)") }
    station.token = String(token.0)
    return station
  }

  /// Runs it; `body` gets it with somebody signed in.
  func run<Answer>(centre: String, _ body: (SignedInStation) async throws -> Answer) async throws -> Answer {
    try await Program.custody(
      ["station", "--port", "0", "--usb", "false", "--centre-url", centre] + identity,
      environment: ["CUSTODY_CENTRE_TOKEN": token]
    ) { program in
      let base = try await program.prints(/listens on (http:\S+)\//)
      let answer = try await HTTP.json(
        .POST, base + "/api/v1/sign-in", ["badge": .string(Self.badge), "pin": .string(Self.pin)])
      guard let person = answer.body["token"].text else { throw Failure("sign-in: \(answer)") }
      return try await body(SignedInStation(station: self, base: base, token: person))
    }
  }
}

/// A running station and the token of somebody who is signed in.
struct SignedInStation: Sendable {
  let station: StationUnderTest
  let base: String
  let token: String

  var health: JSON { get async throws { try await HTTP.json(.GET, base + "/api/v1/health").body } }
  var pending: Int { get async throws { Int(try await health["pending"].number ?? -1) } }

  /// Scans one code in a session of its own.
  func scan(_ text: String, _ workflow: String, _ details: JSON) async throws -> JSON {
    let session = try await HTTP.json(
      .POST, base + "/api/v1/sessions", token: token, ["workflow": .string(workflow), "details": details])
    guard let id = session.body["id"].text else { throw Failure("session: \(session)") }
    return try await HTTP.json(
      .POST, base + "/api/v1/sessions/\(id)/scans", token: token, ["text": .string(text)]
    ).body
  }

  /// The asset that a code leads to; `.null` when it leads to none.
  func asset(_ text: String) async throws -> JSON {
    try await HTTP.json(.GET, base + "/api/v1/lookup?text=\(text)", token: token).body["assets"][0]
  }

  /// Imports assets through the running station.
  func importAssets(_ text: String) async throws {
    let file = station.folder.appending(path: "more.csv")
    try Data(text.utf8).write(to: file)
    let (status, printed) = try await Program.finished(
      "custody", ["import", file.path, "--kind", "assets", "--data", station.folder.path], within: .seconds(180))
    guard status == 0 else { throw Failure("import: \(printed)") }
  }

  /// Writes the station's chain, exactly as it is signed, and gives it.
  func chain() async throws -> URL {
    let file = station.folder.appending(path: "export.chain")
    let (status, printed) = try await Program.finished(
      "custody", ["export", "chain", "--out", file.path, "--data", station.folder.path])
    guard status == 0 else { throw Failure("export: \(printed)") }
    return file
  }
}
