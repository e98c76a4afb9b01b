import Foundation
import LabelDesign
import LabelPrinting
import Logging

/// The demo's label printer, which is not there: it listens on a port of this machine as a Zebra does, and puts what it prints into
/// a folder, as ZPL and as a picture that can be dropped on the desk page like a photo of the label.
struct DemoPrinter {
  static let name = "demo-printer"
  static let profile = "zpl-generic-203"
  /// Every size of the shipped labels.
  static let labels = ["50x25+3", "70x30+3", "100x50+3", "50x20+3", "70x24+3", "86x54"]

  private let printer = EmulatedPrinter(PrinterEmulation(.zpl))
  let folder: String

  /// - Parameter folder: made when it is not there.
  init(folder: String, logger: Logger) throws {
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let pictures = PrintedPicture()
    let writing = DispatchQueue(label: "custody.demo.printer")
    printer.onPrinted { label in
      let fault = { @Sendable (error: any Error) in
        logger.error("the demo printer cannot keep a label", metadata: ["error": "\(error)"])
      }
      let name: String
      do {
        // Before the printer says that it has printed it: what is printed can be seen. Its picture takes longer.
        name = try Self.nextName(in: folder)
        try Data(label).write(to: URL(filePath: "\(folder)/\(name).zpl"), options: .atomic)
      } catch {
        return fault(error)
      }
      writing.async {
        do {
          if let picture = try pictures.picture(of: label) {
            try Data(picture).write(to: URL(filePath: "\(folder)/\(name).png"), options: .atomic)
          }
        } catch {
          fault(error)
        }
      }
    }
  }

  /// Starts it on a free port; gives back its address.
  func start() async throws -> String { "tcp://127.0.0.1:\(try await printer.start())" }

  func stop() async throws { try await printer.stop() }

  /// `label-0001`, counting on from what is there.
  private static func nextName(in folder: String) throws -> String {
    let numbers = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { name in
      Int(name.split(separator: ".")[0].split(separator: "-").last ?? "")
    }
    let number = String((numbers.max() ?? 0) + 1)
    return "label-" + String(repeating: "0", count: max(0, 4 - number.count)) + number
  }
}
