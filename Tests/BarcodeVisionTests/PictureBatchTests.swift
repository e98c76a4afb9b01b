import Foundation
import Testing

@testable import BarcodeVision

@Suite("Reading many pictures")
struct PictureBatchTests {
  private func sequence(_ paths: [String]) -> AsyncStream<String> {
    let (stream, continuation) = AsyncStream.makeStream(of: String.self)
    for path in paths { continuation.yield(path) }
    continuation.finish()
    return stream
  }

  @Test("Readings come in the order of the paths, whichever is done first, and errors do not stop the run")
  func order() async throws {
    // The first takes longest: nothing to find in it.
    let names = ["none.png", "missing.png", "itf.png", "README.md", "qr.png", "none.png", "code128-serial.webp"]
    let paths = (0..<4).flatMap { _ in names.map(Vectors.path) }
    var readings: [PictureReading] = []
    try await PictureBatch(reader: PictureReader(parallelism: 3)).read(sequence(paths)) { readings.append($0) }
    #expect(readings.map(\.path) == paths)
    #expect(readings[1].outcome == .failure(.missing))
    #expect(readings[3].outcome == .failure(.notAPicture))
    #expect(try readings[4].outcome.get().map(\.text) == ["http://code.google.com/p/zxing/"])
    #expect(try readings[6].outcome.get().map(\.text) == ["CNK8181G2C"])
  }

  @Test("No path, no reading")
  func none() async throws {
    try await PictureBatch().read(sequence([])) { _ in Issue.record("nothing was asked for") }
  }

  @Test("Each line that is typed gets its answer before the next one is typed", .timeLimit(.minutes(25)))
  func conversation() async throws {
    let pipe = try Pipe()
    let typed = ["itf.png", "missing.png", "qr.png"].map(Vectors.path)
    pipe.write(typed[0] + "\n")
    var answered: [String] = []
    try await PictureBatch(reader: PictureReader(parallelism: 2)).read(InputLines(descriptor: pipe.output)) {
      answered.append($0.path)
      // Only an answer makes us go on: a batch that waited for the end of the input would hang here.
      if answered.count < typed.count { pipe.write(typed[answered.count] + "\n") } else { pipe.closeInput() }
    }
    #expect(answered == typed)
  }

  @Test("What stops the emitting stops the run, though the input stays open", .timeLimit(.minutes(25)))
  func brokenOutput() async throws {
    struct BrokenPipe: Error {}
    let pipe = try Pipe()
    pipe.write(Vectors.path("itf.png") + "\n")
    await #expect(throws: BrokenPipe.self) {
      try await PictureBatch().read(InputLines(descriptor: pipe.output)) { _ in throw BrokenPipe() }
    }
  }

  @Test("A descriptor that is not open is an error, not a long wait", .timeLimit(.minutes(25)))
  func closedInput() async {
    await #expect(throws: InputLines.InputFailure.unreadable(code: EBADF)) {
      for try await _ in InputLines(descriptor: -1) {}
    }
  }

  @Test("Lines: empty ones are left out, the last needs no line end, too long a one is an error")
  func lines() async throws {
    let pipe = try Pipe()
    pipe.write("a\n\n\nb c\r\nlast")
    pipe.closeInput()
    var lines: [String] = []
    for try await line in InputLines(descriptor: pipe.output) { lines.append(line) }
    #expect(lines == ["a", "b c\r", "last"])

    let folder = try ScratchFolder()
    let descriptor = open(try folder.write([UInt8](repeating: 0x61, count: 200_000), to: "flood"), O_RDONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    await #expect(throws: InputLines.InputFailure.lineTooLong) {
      for try await _ in InputLines(descriptor: descriptor) {}
    }
  }
}

/// A pipe of the system; closed with the object.
private final class Pipe {
  let output: Int32
  private var input: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    (output, input) = (ends[0], ends[1])
  }

  func write(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(Glibc.write(input, bytes, bytes.count) == bytes.count)
  }

  func closeInput() {
    close(input)
    input = -1
  }

  deinit {
    if input >= 0 { close(input) }
    close(output)
  }
}
