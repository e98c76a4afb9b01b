import Foundation
import Testing

@testable import BarcodeVision

/// The pictures in Tests/Vectors/BarcodeVision; its README names their sources and what they say.
enum Vectors {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Vectors/BarcodeVision")

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  static func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: path(name)))) }

  static func read(_ name: String) throws -> [Symbol] { try SymbolReader().read(GrayFrame(pictureAt: path(name))) }
}

/// A folder of its own for one test, removed with it.
final class ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "custody-vision-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    do { try FileManager.default.removeItem(at: url) } catch { Issue.record(error) }
  }

  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = url.appending(path: name)
    try Data(bytes).write(to: file)
    return file.path
  }
}

extension GrayFrame {
  /// The frame inside a white border of so many pixels.
  func padded(by border: Int) -> (frame: GrayFrame, toOriginal: PlaneMap) {
    let newWidth = width + 2 * border
    var padded = [UInt8](repeating: 255, count: newWidth * (height + 2 * border))
    for row in 0..<height {
      let start = (row + border) * newWidth + border
      padded.replaceSubrange(start..<start + width, with: bytes[row * width..<(row + 1) * width])
    }
    let map = PlaneMap(xx: 1, xy: 0, x0: -Double(border), yx: 0, yy: 1, y0: -Double(border))
    return (GrayFrame(newWidth, height + 2 * border, padded), map)
  }
}
