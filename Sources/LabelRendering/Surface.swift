import CRSVG

/// A picture in memory.
struct Surface: ~Copyable {
  let surface: OpaquePointer
  private let functions: UnsafePointer<custody_rsvg>

  init(
    _ functions: UnsafePointer<custody_rsvg>, _ format: Int32, width: Int, height: Int
  ) throws(LabelRenderingFault) {
    self.functions = functions
    surface = functions.pointee.cairo_image_surface_create(format, Int32(width), Int32(height))
    guard functions.pointee.cairo_surface_status(surface) == 0 else { throw .outOfMemory }
  }

  deinit { functions.pointee.cairo_surface_destroy(surface) }

  /// Its bytes, and how many a row takes.
  func withPixels(_ body: (UnsafeMutablePointer<UInt8>, Int) -> Void) {
    functions.pointee.cairo_surface_flush(surface)
    guard let pixels = functions.pointee.cairo_image_surface_get_data(surface) else { return }
    body(pixels, Int(functions.pointee.cairo_image_surface_get_stride(surface)))
    functions.pointee.cairo_surface_mark_dirty(surface)
  }
}
