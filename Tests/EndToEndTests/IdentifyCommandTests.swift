import Foundation
import Glibc
import Testing

@Suite struct IdentifyCommandTests {
  private func start(_ arguments: [String]) throws -> (Process, FileHandle, FileHandle) {
    let process = Process()
    process.executableURL = Program.products.appending(path: "custody")
    process.arguments = ["identify"] + arguments
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    return (process, input.fileHandleForWriting, output.fileHandleForReading)
  }

  private func line(_ output: FileHandle) throws -> [String: Any] {
    var bytes = Data()
    while let byte = try output.read(upToCount: 1), byte[byte.startIndex] != 0x0A { bytes.append(byte) }
    return try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
  }

  /// Each answer comes before the next line is given; a scan that cannot be taken is an answer as well.
  @Test func eachLineIsAnsweredAtOnce() throws {
    let (process, input, output) = try start(["--caret"])
    try input.write(contentsOf: Data("^0109506000134352^21ABC\n".utf8))
    let first = try line(output)
    #expect(first["elementString"] as? String == "(01)09506000134352(21)ABC")
    #expect(first["digitalLink"] as? String == "https://id.gs1.org/01/09506000134352/21/ABC")
    try input.write(contentsOf: Data("]d2\r\n".utf8))
    let second = try #require(line(output)["error"] as? [String: Any])
    #expect(second["start"] as? Int == 3 && second["length"] as? Int == 0)
    try input.write(contentsOf: Data([0x61, 0xFF, 0x0A]))
    let third = try line(output)
    #expect(third["input"] as? String == "a\\xFF" && third["kind"] as? String == "text")
    #expect(third["fields"] as? [String: String] == ["bytes": "61FF"])
    // The last line may lack its end.
    try input.write(contentsOf: Data("AT-00042".utf8))
    try input.close()
    #expect(try line(output)["kind"] as? String == "assetTag")
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  /// A line of a megabyte is answered with an error that is short itself, and the next line is read from its beginning.
  @Test func aLineWithoutEndIsHeldToALength() throws {
    let (process, input, output) = try start([])
    try input.write(contentsOf: Data(repeating: 0x41, count: 1_000_000) + Data("\nAT-00042\n".utf8))
    let answer = try line(output)
    #expect((answer["input"] as? String)?.utf8.count == 4096)
    let error = try #require(answer["error"] as? [String: Any])
    #expect(error["start"] as? Int == 0 && error["length"] as? Int == 4096)
    #expect(try line(output)["input"] as? String == "AT-00042")
    try input.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  /// The standard's example of a tag (TDS 1.13, E.3); without the prefix the answer asks for it.
  @Test func anElementStringBecomesATag() throws {
    for (prefix, asked) in [("0614141", false), ("7", false), ("9506000", true)] {
      let (process, input, output) = try start(["--company-prefix", prefix, "--encoding", "sgtin-96", "--filter", "3"])
      try input.write(contentsOf: Data("(01)80614141123458(21)6789\n".utf8))
      try input.close()
      let answer = try line(output)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      if asked {
        let error = try #require(answer["error"] as? [String: Any])
        #expect((error["message"] as? String)?.contains("--company-prefix") == true)
        #expect(error["start"] as? Int == 0 && error["length"] as? Int == 26)
      } else {
        #expect(answer["tagURI"] as? String == "urn:epc:tag:sgtin-96:3.0614141.812345.6789")
        #expect(answer["hex"] as? String == "3074257BF7194E4000001A85")
      }
    }
  }

  @Test func aSitesOwnRulesAreTaken() async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "custody-rules-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let rule = #"[{"id":"acme.serial","manufacturer":"Acme","name":"serial number","form":"'AC-'{year:99}{serial:A9"#
    try Data((rule + "}\"}]").utf8).write(to: file)
    let (process, input, output) = try start(["--serial-rules", file.path, "--manufacturer", "acme"])
    try input.write(contentsOf: Data("AC-26Q1\n".utf8))
    try input.close()
    #expect(
      try line(output)["fields"] as? [String: String]
        == ["serial": "Q1", "manufacturer": "Acme", "rule": "acme.serial", "year": "26"])
    process.waitUntilExit()
    // Where the form is wrong, the rule and the place are named.
    try Data((rule + "\"}]").utf8).write(to: file)
    let (status, printed) = try await Program.finished("custody", ["identify", "--serial-rules", file.path])
    #expect(status == 2)
    #expect(printed.contains("Rule 1 of \(file.path), acme.serial") && printed.contains("closing brace"))
  }

  @Test func wrongUsageEndsWithTwo() async throws {
    for (arguments, said) in [
      (["--company-prefix", "13"], "6 to 12 digits"),
      (["--company-prefix", "7", "--company-prefix", "8"], "one number"),
      (["--encoding", "sgtin-97"], "sgtin-96"), (["--filter", "8"], "0 to 7"),
      (["--manufacturer", "Nobody"], "no rule"), (["--serial-rules", "/nowhere"], "cannot be read"),
    ] {
      let (status, printed) = try await Program.finished("custody", ["identify"] + arguments)
      #expect(status == 2, "\(arguments)")
      #expect(printed.contains(said), "\(printed)")
    }
  }
}
