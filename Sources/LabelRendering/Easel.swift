import CRSVG
import Glibc
import LabelDesign

/// What pages are drawn with. For one thread at a time.
struct Easel: ~Copyable {
  private let functions: UnsafePointer<custody_rsvg>
  private let text: TextSetting
  private var artwork: Artwork?

  /// The most bytes of a file that is made.
  private static let maximumOutput = 256 << 20
  /// Dots that are drawn at once: memory stays bounded by it. What a page may cost was counted when its template was read.
  private static let bandDots = 4_000_000

  /// The drawing that was read last: labels of one template have the same.
  private struct Artwork: ~Copyable {
    let svg: String
    let handle: OpaquePointer
    let functions: UnsafePointer<custody_rsvg>

    deinit { functions.pointee.g_object_unref(UnsafeMutableRawPointer(handle)) }
  }

  init(_ library: RenderingLibrary) {
    functions = library.functions
    text = TextSetting(library)
  }

  /// What texts measured before: those of one batch have most in common.
  private var extents: [LabelFont: [String: TextExtent]] = [:]

  mutating func extent(of text: String, in font: LabelFont) -> TextExtent {
    if let known = extents[font]?[text] { return known }
    let extent = self.text.extent(of: text, in: font)
    if extents[font, default: [:]].count >= Self.mostExtents { extents[font] = [:] }
    // Long texts come once.
    if text.utf8.count <= 100 { extents[font, default: [:]][text] = extent }
    return extent
  }

  private static let mostExtents = 512

  // MARK: Pictures

  mutating func bitmap(
    of page: LabelPage, size: (width: Int, height: Int), at resolution: PrintResolution
  ) -> Result<Bitmap, LabelRenderingFault> {
    let perRow = (size.width + 7) / 8
    var bytes = [UInt8](repeating: 0, count: perRow * size.height)
    let bandHeight = max(1, min(size.height, Self.bandDots / size.width))
    do throws(LabelRenderingFault) {
      let band = try Surface(functions, Int32(CUSTODY_CAIRO_FORMAT_RGB24), width: size.width, height: bandHeight)
      var top = 0
      while top < size.height {
        let height = min(bandHeight, size.height - top)
        try draw(page, on: band, rows: 0..<height, top: top, width: size.width, scale: resolution.dotsPerMillimetre)
        bytes.withUnsafeMutableBufferPointer { bytes in
          band.withPixels { pixels, stride in
            for row in 0..<height {
              Self.threshold(
                pixels + row * stride,
                into: UnsafeMutableBufferPointer(rebasing: bytes[((top + row) * perRow)...].prefix(perRow)),
                width: size.width)
            }
          }
        }
        top += height
      }
    } catch {
      return .failure(error)
    }
    guard let bitmap = Bitmap(width: size.width, height: size.height, bytes: bytes) else {
      return .failure(.drawing("a row has dots past its end"))
    }
    return .success(bitmap)
  }

  /// A row of 32-bit pixels as bits: 1 where it is darker than the middle.
  private static func threshold(
    _ row: UnsafePointer<UInt8>, into bits: UnsafeMutableBufferPointer<UInt8>, width: Int
  ) {
    row.withMemoryRebound(to: UInt32.self, capacity: width) { pixels in
      var column = 0
      var index = 0
      let raw = UnsafeRawPointer(pixels)
      let colours: UInt64 = 0x00FF_FFFF_00FF_FFFF
      while column < width {
        let count = min(8, width - column)
        if count == 8 {
          // Paper is mostly white: eight dots at once.
          let at = column * 4
          let all =
            raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            & raw.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self)
            & raw.loadUnaligned(fromByteOffset: at + 16, as: UInt64.self)
            & raw.loadUnaligned(fromByteOffset: at + 24, as: UInt64.self)
          if all & colours == colours {
            bits[index] = 0
            index += 1
            column += 8
            continue
          }
        }
        var byte: UInt8 = 0
        for offset in 0..<count {
          let pixel = pixels[column + offset] & 0xFF_FFFF
          if pixel == 0xFF_FFFF { continue }
          // Rec. 709 luma, in 256ths.
          let luma = (pixel >> 16 & 0xFF) * 54 + (pixel >> 8 & 0xFF) * 183 + (pixel & 0xFF) * 19
          if luma < 128 << 8 { byte |= 0x80 >> UInt8(offset) }
        }
        bits[index] = byte
        index += 1
        column += count
      }
    }
  }

  mutating func png(
    of page: LabelPage, symbols: [SymbolPlacement], size: (width: Int, height: Int), at resolution: PrintResolution
  ) -> Result<[UInt8], LabelRenderingFault> {
    do throws(LabelRenderingFault) {
      let surface = try Surface(functions, Int32(CUSTODY_CAIRO_FORMAT_RGB24), width: size.width, height: size.height)
      try draw(
        page, on: surface, rows: 0..<size.height, top: 0, width: size.width, scale: resolution.dotsPerMillimetre)
      let picture = functions.pointee.cairo_create(surface.surface)
      defer { functions.pointee.cairo_destroy(picture) }
      functions.pointee.cairo_set_antialias(picture, Int32(CUSTODY_CAIRO_ANTIALIAS_NONE))
      for symbol in symbols { draw(symbol, on: picture) }
      return .success(try png(of: surface))
    } catch {
      return .failure(error)
    }
  }

  func png(of bitmap: Bitmap) -> Result<[UInt8], LabelRenderingFault> {
    do throws(LabelRenderingFault) {
      // cairo writes A8 as gray.
      let surface = try Surface(functions, Int32(CUSTODY_CAIRO_FORMAT_A8), width: bitmap.width, height: bitmap.height)
      surface.withPixels { pixels, stride in
        for row in 0..<bitmap.height {
          for column in 0..<bitmap.width { pixels[row * stride + column] = bitmap[column, row] ? 0 : 255 }
        }
      }
      return .success(try png(of: surface))
    } catch {
      return .failure(error)
    }
  }

  private func png(of surface: borrowing Surface) throws(LabelRenderingFault) -> [UInt8] {
    var output = custody_output()
    output.most = Self.maximumOutput
    defer { free(output.bytes) }
    let status = withUnsafeMutablePointer(to: &output) {
      functions.pointee.cairo_surface_write_to_png_stream(surface.surface, custody_output_write, $0)
    }
    guard status == 0 else { throw .drawing("cairo writes no PNG, status \(status)") }
    return Array(UnsafeBufferPointer(start: output.bytes, count: output.count))
  }

  // MARK: PDF

  mutating func pdf(
    of pages: [(page: LabelPage, symbols: [SymbolPlacement])], title: String
  ) -> Result<[UInt8], LabelRenderingFault> {
    let points = 72 / 25.4
    let output = UnsafeMutablePointer<custody_output>.allocate(capacity: 1)
    output.initialize(to: custody_output())
    output.pointee.most = Self.maximumOutput
    defer {
      free(output.pointee.bytes)
      output.deallocate()
    }
    guard let first = pages.first else { return .failure(.drawing("there is no page")) }
    let surface = functions.pointee.cairo_pdf_surface_create_for_stream(
      custody_output_write, output, first.page.size.width * points, first.page.size.height * points)
    defer { functions.pointee.cairo_surface_destroy(surface) }
    functions.pointee.cairo_pdf_surface_set_metadata(surface, Int32(CUSTODY_CAIRO_PDF_METADATA_TITLE), title)
    functions.pointee.cairo_pdf_surface_set_metadata(surface, Int32(CUSTODY_CAIRO_PDF_METADATA_CREATOR), "custody")
    do throws(LabelRenderingFault) {
      for (page, symbols) in pages {
        functions.pointee.cairo_pdf_surface_set_size(surface, page.size.width * points, page.size.height * points)
        let picture = functions.pointee.cairo_create(surface)
        defer { functions.pointee.cairo_destroy(picture) }
        try draw(page, on: picture, top: 0, scale: points)
        let dot = points / PrintResolution.dpi600.dotsPerMillimetre
        var matrix = custody_matrix(xx: dot, yx: 0, xy: 0, yy: dot, x0: 0, y0: 0)
        functions.pointee.cairo_set_matrix(picture, &matrix)
        for symbol in symbols { draw(symbol, on: picture) }
        functions.pointee.cairo_surface_show_page(surface)
        try check(functions.pointee.cairo_status(picture))
      }
      functions.pointee.cairo_surface_finish(surface)
      try check(functions.pointee.cairo_surface_status(surface))
    } catch {
      functions.pointee.cairo_surface_finish(surface)
      return .failure(error)
    }
    return .success(Array(UnsafeBufferPointer(start: output.pointee.bytes, count: output.pointee.count)))
  }

  // MARK: Layers

  /// Draws on some rows of a surface.
  ///
  /// - Parameter top: the row of the page that the surface begins with.
  private mutating func draw(
    _ page: LabelPage, on surface: borrowing Surface, rows: Range<Int>, top: Int, width: Int, scale: Double
  ) throws(LabelRenderingFault) {
    let picture = functions.pointee.cairo_create(surface.surface)
    defer { functions.pointee.cairo_destroy(picture) }
    functions.pointee.cairo_rectangle(picture, 0, Double(rows.lowerBound), Double(width), Double(rows.count))
    functions.pointee.cairo_clip(picture)
    functions.pointee.cairo_set_source_rgb(picture, 1, 1, 1)
    functions.pointee.cairo_paint(picture)
    let band = Double(top + rows.lowerBound) / scale...Double(top + rows.upperBound) / scale
    try draw(page, on: picture, top: top, scale: scale, band: band)
    functions.pointee.cairo_surface_flush(surface.surface)
    try check(functions.pointee.cairo_status(picture))
  }

  /// Artwork, then text.
  ///
  /// - Parameter band: what of the page is drawn, in millimetres from its top; all of it without.
  private mutating func draw(
    _ page: LabelPage, on picture: OpaquePointer, top: Int, scale: Double, band: ClosedRange<Double>? = nil
  ) throws(LabelRenderingFault) {
    var matrix = custody_matrix(xx: scale, yx: 0, xy: 0, yy: scale, x0: 0, y0: -Double(top))
    functions.pointee.cairo_set_matrix(picture, &matrix)
    if let svg = page.artwork {
      try read(svg)
      var viewport = custody_rectangle(x: 0, y: 0, width: page.size.width, height: page.size.height)
      if let handle = artwork?.handle {
        functions.pointee.cairo_save(picture)
        var error: UnsafeMutablePointer<custody_error>?
        let isDrawn = functions.pointee.rsvg_handle_render_document(handle, picture, &viewport, &error) != 0
        functions.pointee.cairo_restore(picture)
        guard isDrawn else { throw fault(error) }
      }
    }
    text.draw(band.map { band in page.texts.filter { $0.mayReach(band) } } ?? page.texts, on: picture)
  }

  private mutating func read(_ svg: String) throws(LabelRenderingFault) {
    if artwork?.svg == svg { return }
    artwork = nil
    var error: UnsafeMutablePointer<custody_error>?
    let bytes = Array(svg.utf8)
    // Data without a base address: librsvg then opens no file, whatever the drawing names.
    guard let handle = functions.pointee.rsvg_handle_new_from_data(bytes, bytes.count, &error) else {
      throw fault(error)
    }
    artwork = Artwork(svg: svg, handle: handle, functions: functions)
  }

  /// A symbol, in dots. All its modules are one path, so that a viewer that smooths edges leaves no seams between them.
  private func draw(_ symbol: SymbolPlacement, on picture: OpaquePointer) {
    let clear = symbol.clear
    functions.pointee.cairo_set_source_rgb(picture, 1, 1, 1)
    functions.pointee.cairo_rectangle(
      picture, Double(clear.x), Double(clear.y), Double(clear.width), Double(clear.height))
    functions.pointee.cairo_fill(picture)
    functions.pointee.cairo_set_source_rgb(picture, 0, 0, 0)
    for box in symbol.dark {
      functions.pointee.cairo_rectangle(picture, Double(box.x), Double(box.y), Double(box.width), Double(box.height))
    }
    functions.pointee.cairo_fill(picture)
  }

  private func check(_ status: Int32) throws(LabelRenderingFault) {
    let noMemory: Int32 = 1
    guard status == 0 else { throw status == noMemory ? .outOfMemory : .drawing("cairo's status is \(status)") }
  }

  private func fault(_ error: UnsafeMutablePointer<custody_error>?) -> LabelRenderingFault {
    guard let error else { return .drawing("librsvg does not say why") }
    defer { functions.pointee.g_error_free(error) }
    return .drawing(String(cString: error.pointee.message))
  }
}
