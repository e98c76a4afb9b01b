/// How large a picture may be. Checked on the header, before any pixel is decoded, so that a small hostile file cannot
/// claim gigabytes.
public enum PictureLimits {
  /// Largest file, in bytes: 64 MiB.
  public static let fileBytes = 64 << 20
  /// Most pixels, width × height: 100 megapixels.
  public static let pixels = 100_000_000
  /// Longest side, in pixels.
  public static let side = 30_000

  /// Throws ``PictureError/tooLarge(width:height:)`` when a picture of this size is refused.
  static func check(width: Int, height: Int) throws(PictureError) {
    guard width <= side, height <= side, width * height <= pixels else {
      throw .tooLarge(width: width, height: height)
    }
  }
}
