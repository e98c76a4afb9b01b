import CVips

extension GrayFrame {
  /// Decodes a picture file: JPEG, PNG, HEIC, or the first of a WebP's frames or a TIFF's pages. Blocks; see ``init(picture:)``.
  public init(pictureAt path: String) throws(PictureError) {
    try self.init(picture: PictureFile.read(path))
  }

  /// Decodes the bytes of a picture: JPEG, PNG, HEIC, or the first of a WebP's frames or a TIFF's pages. Blocks for as long as that takes.
  ///
  /// Colour becomes luma (ITU-R BT.601), transparency lies on white, and EXIF orientation is applied. A picture that
  /// ends early is an error, not a partly gray frame: a symbol in the missing half must not count as absent.
  public init(picture bytes: [UInt8]) throws(PictureError) {
    guard bytes.count <= PictureLimits.fileBytes else { throw .fileTooLarge }
    let format = try PictureFormat.recognize(bytes)
    let library = try VipsLibrary.open()
    // A closure given to the standard library loses its typed error, hence the Result.
    let decoded = bytes.withUnsafeBytes { buffer in
      Result { () throws(PictureError) in try GrayFrame(library.functions, format, buffer) }
    }
    self = try decoded.get()
  }

  private init(
    _ library: custody_vips, _ format: PictureFormat, _ bytes: UnsafeRawBufferPointer
  ) throws(PictureError) {
    var vips = library
    defer { custody_vips_leave_thread(&vips) }
    let loader =
      switch format {
      case .jpeg: vips.vips_jpegload_buffer
      case .png: vips.vips_pngload_buffer
      case .webp: vips.vips_webpload_buffer
      case .tiff: vips.vips_tiffload_buffer
      case .heic: vips.vips_heifload_buffer
      }
    // HEIC is a module of libvips, and TIFF may be left out of it.
    if format == .heic, custody_vips_has(&vips, "heifload_buffer") == 0 { throw .unsupportedFormat(format.name) }
    if format == .tiff, custody_vips_has(&vips, "tiffload_buffer") == 0 { throw .unsupportedFormat(format.name) }
    guard var image = custody_vips_open_picture(&vips, loader, bytes.baseAddress, bytes.count) else {
      throw .damaged(format)
    }
    defer { custody_vips_release(&vips, image) }

    let width = Int(custody_vips_width(&vips, image))
    let height = Int(custody_vips_height(&vips, image))
    guard width > 0, height > 0 else { throw .damaged(format) }
    try PictureLimits.check(width: width, height: height)
    // HEIC says in a property of its own how it is turned, and libheif has turned it; its EXIF orientation repeats that
    // (ISO/IEC 23008-12, 6.5.10).
    let stored = format == .heic ? 1 : Int(custody_vips_orientation(&vips, image))
    let orientation = Orientation(rawValue: stored) ?? .upright

    if !GrayFrame.isPlain(&vips, image) {
      guard let converted = custody_vips_srgb(&vips, image) else { throw .damaged(format) }
      custody_vips_release(&vips, image)
      image = converted
    }
    self = try GrayFrame(&vips, image, width, height, format).upright(from: orientation)
  }

  /// Whether the pixels are 8-bit gray or sRGB, with or without alpha, as `Luma` takes them.
  private static func isPlain(_ vips: inout custody_vips, _ image: UnsafeMutableRawPointer) -> Bool {
    let interpretation = Int(custody_vips_interpretation(&vips, image))
    return Int(custody_vips_format(&vips, image)) == Int(CUSTODY_VIPS_FORMAT_UCHAR)
      && (interpretation == Int(CUSTODY_VIPS_INTERPRETATION_B_W)
        || interpretation == Int(CUSTODY_VIPS_INTERPRETATION_SRGB))
  }

  /// Decodes in strips, so that the colour picture is never in memory as a whole.
  private init(
    _ vips: inout custody_vips, _ image: UnsafeMutableRawPointer, _ width: Int, _ height: Int,
    _ format: PictureFormat
  ) throws(PictureError) {
    let bands = Int(custody_vips_bands(&vips, image))
    guard (1...4).contains(bands), let region = custody_vips_region(&vips, image) else { throw .damaged(format) }
    defer { custody_vips_release(&vips, region) }

    let rowsPerStrip = max(16, min(256, (1 << 20) / width))
    var failed = false
    let gray = [UInt8](unsafeUninitializedCapacity: width * height) { buffer, count in
      var top = 0
      while top < height {
        let rows = min(rowsPerStrip, height - top)
        var length = 0
        guard
          let strip = custody_vips_rows(&vips, region, Int32(top), Int32(width), Int32(rows), &length)
        else {
          failed = true
          break
        }
        defer { custody_vips_free(&vips, strip) }
        guard length == width * rows * bands else {
          failed = true
          break
        }
        let pixels = UnsafeBufferPointer(start: strip, count: length)
        Luma.write(pixels, bands: bands, to: UnsafeMutableBufferPointer(rebasing: buffer[count...]))
        top += rows
        count += width * rows
      }
    }
    if failed { throw .damaged(format) }
    self.init(width, height, gray)
  }
}
