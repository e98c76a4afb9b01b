/// The picture formats that are read.
public enum PictureFormat: Sendable, Equatable {
  case jpeg, png, webp

  /// The format's usual name.
  public var name: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .webp: "WebP"
    }
  }

  /// Tells the format by the file's first bytes.
  ///
  /// The loader is chosen here, not by libvips: none of its other loaders ever sees a byte from outside.
  static func recognize(_ bytes: [UInt8]) throws(PictureError) -> PictureFormat {
    func starts(_ prefix: [UInt8], at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: prefix)
    }
    func starts(_ prefix: String, at offset: Int = 0) -> Bool { starts(Array(prefix.utf8), at: offset) }

    if bytes.isEmpty { throw .empty }
    if starts([0xFF, 0xD8, 0xFF]) { return .jpeg }
    if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
    if starts("RIFF"), starts("WEBP", at: 8) { return .webp }
    if starts("GIF8") { throw .unsupportedFormat("GIF") }
    if starts([0x49, 0x49, 0x2A, 0x00]) || starts([0x4D, 0x4D, 0x00, 0x2A]) { throw .unsupportedFormat("TIFF") }
    if starts("ftypheic", at: 4) || starts("ftypheix", at: 4) || starts("ftypmif1", at: 4) {
      throw .unsupportedFormat("HEIC")
    }
    if starts("ftypavif", at: 4) { throw .unsupportedFormat("AVIF") }
    if starts("%PDF-") { throw .unsupportedFormat("PDF") }
    if starts("BM"), bytes.count > 26, bytes[6..<10].allSatisfy({ $0 == 0 }) { throw .unsupportedFormat("BMP") }
    throw .notAPicture
  }
}
