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

  @Test func wrongUsageEndsWithTwo() async throws {
    let (status, printed) = try await Program.finished("custody", ["identify", "--company-prefix", "12"])
    #expect(status == 2)
    #expect(printed.contains("6 to 12 digits"))
  }
}
