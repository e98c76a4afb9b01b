import Foundation
import Testing

/// `custody import wipe-report`: on a folder and through the running station, with its endings.
@Suite(.timeLimit(.minutes(25))) struct WipeReportCommandTests {
  private static let people = """
    name,email,badge,pin,roles
    Tomás,tomas@example.com,B-T,730194,disposalOperator
    Aiko,aiko@example.com,B-A,615283,validator

    """
  private static let assets = """
    tag,state,category,manufacturer,model,drive serials
    LT-1,retired,laptop,HP,EliteBook,WD-WCC4N0RT7Y40

    """

  /// A folder with two people and a laptop, nwipe's log of its drive of yesterday, and files with the PINs.
  private func prepared(_ folder: URL) async throws -> (identity: [String], log: String, answering: [String]) {
    let identity = ["--data", folder.appending(path: "station").path, "--site", "HQ", "--station", "DESK-1"]
    for (name, text) in [("people", Self.people), ("assets", Self.assets)] {
      let file = folder.appending(path: name + ".csv")
      try Data(text.utf8).write(to: file)
      let done = try await Program.finished("custody", ["import", file.path, "--kind", name] + identity)
      try #require(done.status == 0, "\(done)")
    }
    let vector = Program.root.appending(path: "Tests/Vectors/SanitizationReports/nwipe/042-dodshort.log")
    let yesterday = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: -86_400)).prefix(10)
      .replacing("-", with: "/")
    let log = folder.appending(path: "nwipe.log")
    try Data(try String(contentsOf: vector, encoding: .utf8).replacing("2026/11/22", with: yesterday).utf8)
      .write(to: log)
    func pin(_ name: String, _ text: String) throws -> String {
      let path = folder.appending(path: name).path
      try #require(
        FileManager.default.createFile(
          atPath: path, contents: Data("\(text)\n".utf8), attributes: [.posixPermissions: 0o600]))
      return path
    }
    let answering = [
      "--operator", "B-T", "--pin-file", try pin("tomas.pin", "730194"), "--validator", "B-A",
      "--validator-pin-file", try pin("aiko.pin", "615283"),
    ]
    return (identity, log.path, answering)
  }

  @Test func `a report is read, recorded once, and known again, without a station and with one`() async throws {
    try await withTemporaryFolder { folder in
      let (identity, log, answering) = try await prepared(folder)
      func command(_ further: String...) async throws -> (status: Int32, printed: String) {
        try await Program.finished("custody", ["import", "wipe-report", log] + further + identity)
      }
      let look = try await command()
      #expect(look.status == 0 && look.printed.contains("Fits LT-1."), "\(look)")
      #expect(look.printed.contains("Nothing was recorded."))
      let answered = try await Program.finished("custody", ["import", "wipe-report", log] + answering + identity)
      #expect(answered.status == 0 && answered.printed.contains("1 report recorded."), "\(answered)")
      #expect(answered.printed.contains(", passes."))
      let again = try await Program.finished("custody", ["import", "wipe-report", log] + answering + identity)
      #expect(again.status == 0 && again.printed.contains("0 reports recorded."), "\(again)")
      #expect(again.printed.contains("Recorded already, of LT-1."))

      try await Program.custody(["station", "--port", "0", "--usb", "false"] + identity) { program in
        _ = try await program.prints(/listens on (http:\S+)\//)
        let running = try await command("--json")
        let whole = try #require(try JSONSerialization.jsonObject(with: Data(running.printed.utf8)) as? [String: Any])
        let reports = try #require(whole["reports"] as? [[String: Any]])
        #expect(running.status == 0 && reports.count == 1 && reports[0]["fit"] as? String == "recorded", "\(running)")
      }
    }
  }

  @Test func `through the running station it is the operator's act, validated by the second person`() async throws {
    try await withTemporaryFolder { folder in
      let (identity, log, answering) = try await prepared(folder)
      try await Program.custody(["station", "--port", "0", "--usb", "false"] + identity) { program in
        _ = try await program.prints(/listens on (http:\S+)\//)
        let nobody = try await Program.finished(
          "custody", ["import", "wipe-report", log, "--validator", "B-A"] + answering.suffix(2) + identity)
        #expect(nobody.status == 2 && nobody.printed.contains("Who records them?"), "\(nobody)")
        let own = try await Program.finished(
          "custody",
          ["import", "wipe-report", log, "--validator", "B-T", "--validator-pin-file", answering[3]]
            + answering.prefix(4) + identity)
        #expect(own.status == 1, "\(own)")
        let done = try await Program.finished("custody", ["import", "wipe-report", log] + answering + identity)
        #expect(done.status == 0 && done.printed.contains("1 report recorded."), "\(done)")
      }
    }
  }

  @Test func `what cannot be taken ends with its status and its reason`() async throws {
    try await withTemporaryFolder { folder in
      let (identity, log, _) = try await prepared(folder)
      let odd = folder.appending(path: "notes.txt")
      try Data("nothing that a wipe tool wrote\n".utf8).write(to: odd)
      let unknown = try await Program.finished("custody", ["import", "wipe-report", odd.path, log] + identity)
      #expect(unknown.status == 1 && unknown.printed.contains("notes.txt") && unknown.printed.contains("Fits LT-1."))
      let missing = try await Program.finished(
        "custody", ["import", "wipe-report", folder.path + "/no.log"] + identity)
      #expect(missing.status == 3 && missing.printed.contains("no.log cannot be read."), "\(missing)")
      let many = try await Program.finished(
        "custody", ["import", "wipe-report"] + Array(repeating: log, count: 21) + identity)
      #expect(many.status == 2 && many.printed.contains("20 files"), "\(many)")
      let alone = try await Program.finished("custody", ["import", "wipe-report", log, "--operator", "B-T"] + identity)
      #expect(alone.status == 2 && alone.printed.contains("--validator BADGE"), "\(alone)")
      let nowhere = try await Program.finished(
        "custody", ["import", "wipe-report", log, "--data", folder.path + "/none"])
      #expect(nowhere.status == 3, "\(nowhere)")
    }
  }
}
