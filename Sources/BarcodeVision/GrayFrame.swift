/// One 8-bit gray picture, upright: what a decoder looks at.
///
/// Rows follow each other from top to bottom without padding; 0 is black, 255 is white.
public struct GrayFrame: Sendable, Equatable {
  /// Pixels per row, at least 1.
  public let width: Int
  /// Rows, at least 1.
  public let height: Int
  /// `width * height` gray values.
  public let bytes: [UInt8]

  /// A frame of the given size, or `nil` when the size is not positive or `bytes` does not fill it exactly.
  public init?(width: Int, height: Int, bytes: [UInt8]) {
    guard width > 0, height > 0 else { return nil }
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, count == bytes.count else { return nil }
    self.init(width, height, bytes)
  }

  /// For callers that computed `bytes` from the size themselves.
  init(_ width: Int, _ height: Int, _ bytes: [UInt8]) {
    assert(bytes.count == width * height)
    self.width = width
    self.height = height
    self.bytes = bytes
  }
}
