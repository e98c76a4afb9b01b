import ArgumentParser
import BarcodeVision
import Foundation

struct ReadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read",
    abstract: "Reads the barcodes in pictures: one line of JSON each, in the order they were given.",
    discussion: """
      Takes paths as arguments, or one a line on standard input. JPEG, PNG, WebP, HEIC and TIFF. A picture that cannot
      be read gives a line with "error" and "remedy", and the run goes on. "milliseconds" is the time of finding symbols alone; each
      symbol tells the engine and the step that read it, and when. Progress is shown on a terminal when the results go
      elsewhere.

      Examples:
        custody read carton.jpg label.png
        find photos -name '*.jpg' | custody read
      """)

  @Flag(help: "Write JSON lines; the standard, and so far the only form.") var json = false
  @Argument(help: "Pictures. Without any, paths are read from standard input.") var pictures: [String] = []

  func run() async throws {
    let batch = PictureBatch()
    var progress = ReadProgress()
    let total = pictures.isEmpty ? nil : pictures.count
    func emit(_ reading: PictureReading) throws {
      try FileHandle.standardOutput.write(contentsOf: Data((reading.jsonLine + "\n").utf8))
      var count = 0
      if case .success(let symbols) = reading.outcome { count = symbols.count }
      progress.advance(symbols: count, of: total)
    }
    try await DecoderWarnings.discarded {
      if pictures.isEmpty {
        try await batch.read(InputLines(descriptor: 0), emit: emit)
      } else {
        let (paths, line) = AsyncStream.makeStream(of: String.self)
        for path in pictures { line.yield(path) }
        line.finish()
        try await batch.read(paths, emit: emit)
      }
    }
    progress.clear()
  }
}
