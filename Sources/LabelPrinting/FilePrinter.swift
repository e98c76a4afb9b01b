import Foundation
import LabelDesign

/// A folder in place of a printer: every label becomes a file in it, whole or not at all.
struct FilePrinter: Sendable {
  let folder: String

  func status() -> PrinterStatus {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      return PrinterStatus(conditions: [.unreachable], note: "there is no folder \(folder)")
    }
    guard FileManager.default.isWritableFile(atPath: folder) else {
      return PrinterStatus(conditions: [.notAccepting], note: "\(folder) cannot be written to")
    }
    return PrinterStatus()
  }

  func print(
    _ data: PrintData, language: PrinterLanguage, willSend: @Sendable () async throws -> Void
  ) async -> PrintOutcome {
    let status = status()
    guard status.isReady else { return .notSent(status) }
    let ending =
      switch language {
      case .zpl: "zpl"
      case .tspl: "tspl"
      case .brotherQL: "bin"
      case .document: "pdf"
      }
    let name = String(data.name.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." ? $0 : "_" })
    let file = URL(filePath: folder).appending(path: "\(name).\(ending)")
    do {
      try await willSend()
      // Written beside and moved: atomically.
      try Data(data.bytes).write(to: file, options: .atomic)
      return .printed(isConfirmed: true, tag: nil)
    } catch {
      return .notSent(PrinterStatus(conditions: [.notAccepting], note: error.localizedDescription))
    }
  }
}
