import Foundation
import LabelDesign

/// The files of Tests/Vectors/LabelDesign.
enum Vectors {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Vectors/LabelDesign")

  static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

  static func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// The rows of a `.hex` file as a picture of that many dots.
  static func picture(_ name: String, width: Int) throws -> Bitmap {
    let rows = try text(name).split(separator: "\n").map { Array(hex: String($0)) }
    var picture = Bitmap(width: width, height: rows.count)
    for (index, row) in rows.enumerated() {
      for column in 0..<width where row[column / 8] & (0x80 >> UInt8(column % 8)) != 0 { picture[column, index] = true }
    }
    return picture
  }
}

extension [UInt8] {
  /// Pairs of hexadecimal digits; blanks do not count.
  init(hex text: String) {
    let nibbles = text.compactMap(\.hexDigitValue)
    self = stride(from: 0, to: nibbles.count - 1, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) }
  }

  var text: String { String(decoding: self, as: UTF8.self) }
}
