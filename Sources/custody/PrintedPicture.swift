import LabelDesign
import LabelRendering
import Synchronization

/// What a printer that is not there would have burnt, as a picture file.
final class PrintedPicture: Sendable {
  // Made for the first label: it loads large libraries.
  private let renderer = Mutex<LabelRenderer?>(nil)

  /// A PNG of a ZPL label that is a picture, at 203 dpi; nil for what is none.
  func picture(of label: [UInt8]) throws -> [UInt8]? {
    guard let bitmap = Bitmap(zpl: label) else { return nil }
    let renderer = try renderer.withLock { kept in
      let made = try kept ?? LabelRenderer()
      kept = made
      return made
    }
    return try renderer.png(of: bitmap, at: .dpi203)
  }
}
