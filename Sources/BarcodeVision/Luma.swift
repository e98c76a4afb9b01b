/// Colour to gray: ITU-R BT.601 luma, with transparency over white.
enum Luma {
  /// Writes one gray value per pixel of `bands` interleaved bytes: gray, gray + alpha, RGB or RGBA.
  static func write(_ pixels: UnsafeBufferPointer<UInt8>, bands: Int, to gray: UnsafeMutableBufferPointer<UInt8>) {
    switch bands {
    case 1:
      _ = gray.update(fromContentsOf: pixels)
    case 2:
      for index in 0..<pixels.count / 2 {
        gray[index] = overWhite(UInt32(pixels[index * 2]), alpha: UInt32(pixels[index * 2 + 1]))
      }
    case 3:
      for index in 0..<pixels.count / 3 {
        gray[index] = UInt8(luma(pixels[index * 3], pixels[index * 3 + 1], pixels[index * 3 + 2]))
      }
    default:
      for index in 0..<pixels.count / 4 {
        let value = luma(pixels[index * 4], pixels[index * 4 + 1], pixels[index * 4 + 2])
        gray[index] = overWhite(value, alpha: UInt32(pixels[index * 4 + 3]))
      }
    }
  }

  /// 0.299 R + 0.587 G + 0.114 B in sixteen-bit fixed point; the weights sum to 65,536.
  @inline(__always)
  private static func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt32 {
    (19595 &* UInt32(red) &+ 38470 &* UInt32(green) &+ 7471 &* UInt32(blue) &+ 32768) >> 16
  }

  @inline(__always)
  private static func overWhite(_ value: UInt32, alpha: UInt32) -> UInt8 {
    UInt8((value &* alpha &+ 255 &* (255 &- alpha) &+ 127) / 255)
  }
}
