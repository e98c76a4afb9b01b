import Foundation

extension FileHandle {
  /// Writes what people are told besides: progress, reasons, greetings. What a command was asked for goes through
  /// `write(contentsOf:)`, which throws.
  func tell(_ text: String) {
    do {
      try write(contentsOf: Data(text.utf8))
    } catch {
      // The reader went away (`2>&1 | head`), or there never was one (`2>&-`): nobody is left to tell, and what the
      // command does or how it ends does not hang on it. `write(_:)` would end the process here.
    }
  }
}
