import ArgumentParser
import BarcodeVision
import Foundation

struct ReadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read",
    abstract: "Reads the barcodes in pictures: one line of JSON each, in the order they were given.",
    discussion: """
      Takes paths as arguments, or one a line on standard input. JPEG, PNG and WebP. A picture that cannot be read gives
      a line with "error" and "remedy", and the run goes on. "milliseconds" is the time of finding symbols alone.

      Examples:
        custody read carton.jpg label.png
        find photos -name '*.jpg' | custody read
      """)

  @Flag(help: "Write JSON lines; the standard, and so far the only form.") var json = false
  @Argument(help: "Pictures. Without any, paths are read from standard input.") var pictures: [String] = []

  func run() async throws {
    let batch = PictureBatch()
    let emit: @Sendable (PictureReading) throws -> Void = { reading in
      try FileHandle.standardOutput.write(contentsOf: Data((reading.jsonLine + "\n").utf8))
    }
    if pictures.isEmpty {
      try await batch.read(InputLines(descriptor: 0), emit: emit)
    } else {
      let paths = pictures
      try await batch.read(
        AsyncStream { continuation in
          for path in paths { continuation.yield(path) }
          continuation.finish()
        }, emit: emit)
    }
  }
}
