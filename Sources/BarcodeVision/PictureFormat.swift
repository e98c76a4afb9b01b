/// The picture formats that are read.
public enum PictureFormat: Sendable, Equatable, CaseIterable {
  case jpeg, png, webp, heic, tiff

  /// The format's usual name.
  public var name: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .webp: "WebP"
    case .heic: "HEIC"
    case .tiff: "TIFF"
    }
  }

  /// The media type that IANA has registered for it.
  public var mediaType: String { "image/" + name.lowercased() }

  /// Whether browsers show it: Safari alone shows HEIC and TIFF.
  public var isShownByBrowsers: Bool { self != .heic && self != .tiff }

  /// The format of a file that is read, by its first bytes; `nil` for any other.
  public init?(of bytes: [UInt8]) {
    guard let format = try? Self.recognize(bytes) else { return nil }
    self = format
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
    // With offsets of 32 bits or of 64, least or most significant byte first.
    if [[0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A], [0x49, 0x49, 0x2B, 0], [0x4D, 0x4D, 0, 0x2B]].contains(where: {
      starts($0)
    }) {
      return .tiff
    }
    // One picture coded as HEVC, of 8 bits a channel or more, or whatever the file says further on.
    if ["ftypheic", "ftypheix", "ftypmif1"].contains(where: { starts($0, at: 4) }) { return .heic }
    if starts("ftypavif", at: 4) { throw .unsupportedFormat("AVIF") }
    if starts("%PDF-") { throw .unsupportedFormat("PDF") }
    if starts("BM"), bytes.count > 26, bytes[6..<10].allSatisfy({ $0 == 0 }) { throw .unsupportedFormat("BMP") }
    throw .notAPicture
  }
}
