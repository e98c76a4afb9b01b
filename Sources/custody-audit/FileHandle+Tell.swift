import Foundation

extension FileHandle {
  /// Writes what people are told besides: progress, reasons, usage.
  func tell(_ text: String) {
    do {
      try write(contentsOf: Data(text.utf8))
    } catch {
      // There is no reader (`2>&-`): nobody is left to tell, and the verdict is the exit status. `write(_:)` would end
      // the process here, with another status.
    }
  }
}
