import CVips

extension GrayFrame {
  /// The frame as a JPEG file of a quality from 1 to 100. Blocks, some milliseconds a megapixel.
  public func jpeg(quality: Int = 70) throws(PictureError) -> [UInt8] {
    var vips = try VipsLibrary.open().functions
    defer { custody_vips_leave_thread(&vips) }
    var count = 0
    let encoded = bytes.withUnsafeBytes {
      custody_vips_jpeg(&vips, $0.baseAddress, Int32(width), Int32(height), Int32(quality), &count)
    }
    // libvips fails here for want of memory alone.
    guard let encoded else { throw .symbolSearchFailed }
    defer { custody_vips_free(&vips, encoded) }
    return Array(UnsafeBufferPointer(start: encoded, count: count))
  }

  /// The frame made smaller by a whole factor, so that it is at most `limit` pixels wide: each pixel is the mean of those
  /// that it stands for.
  public func shrunk(toWidth limit: Int) -> GrayFrame {
    let factor = (width + limit - 1) / limit
    guard factor > 1, height >= factor else { return self }
    let (newWidth, newHeight) = (width / factor, height / factor)
    let result = bytes.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: newWidth * newHeight) { target, count in
        for y in 0..<newHeight {
          for x in 0..<newWidth {
            var sum = 0
            for row in y * factor..<(y + 1) * factor {
              let start = row * width + x * factor
              for index in start..<start + factor { sum += Int(source[index]) }
            }
            target[y * newWidth + x] = UInt8(sum / (factor * factor))
          }
        }
        count = newWidth * newHeight
      }
    }
    return GrayFrame(newWidth, newHeight, result)
  }
}
