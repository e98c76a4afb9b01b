import Foundation
import Testing

@Suite struct ReadCommandTests {
  private let vectors = Program.root.appending(path: "Tests/Vectors/BarcodeVision")

  private func read(
    _ names: [String], program: URL = Program.products.appending(path: "custody")
  ) throws -> (lines: [[String: Any]], errors: String, status: Int32) {
    let process = Process()
    process.executableURL = program
    process.arguments = ["read"] + names.map { vectors.appending(path: $0).path }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    let said = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let lines = try text.split(separator: 0x0A).map {
      try #require(JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
    }
    return (lines, String(decoding: said, as: UTF8.self), process.terminationStatus)
  }

  /// Each symbol tells the engine, the step and the time; a picture that is none is a line too.
  @Test func everyPictureIsALine() throws {
    let (lines, errors, status) = try read(["qr.png", "README.md", "ean13-add-on-5.png", "bomb-20000x10000.png"])
    #expect(status == 0 && errors.isEmpty)
    try #require(lines.count == 4)
    let symbol = try #require((lines[0]["results"] as? [[String: Any]])?.first)
    #expect(symbol["engine"] as? String == "zxing" && symbol["step"] as? String == "plain")
    let (inside, whole) = (symbol["milliseconds"] as? Double, lines[0]["milliseconds"] as? Double)
    #expect(try #require(inside) > 0 && #require(inside) <= #require(whole))
    #expect(lines[1]["error"] as? String == "This is not a picture." && lines[1]["remedy"] is String)
    #expect((lines[2]["results"] as? [[String: Any]])?.first?["addOn"] as? String == "54999")
    #expect((lines[3]["error"] as? String)?.contains("20000 × 10000") == true)
  }

  /// zbar tells of a failed assertion when it is shown this picture. Without the program beside it that reads first, zbar
  /// is shown everything.
  @Test func nothingButOurOwnWordsIsOnStandardError() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "custody-read-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
    let alone = folder.appending(path: "custody")
    try FileManager.default.copyItem(at: Program.products.appending(path: "custody"), to: alone)
    let (lines, errors, status) = try read(["databar-expanded.png", "qr.png"], program: alone)
    #expect(status == 0 && lines.count == 2 && errors.isEmpty, "\(errors)")
    #expect((lines[1]["results"] as? [[String: Any]])?.first?["engine"] as? String == "zbar")
  }
}
