import CVips

/// libvips, opened when the first picture arrives: an idle station does not pay its memory.
///
/// It runs with untrusted loaders blocked, one thread per picture and no cache of finished operations.
struct VipsLibrary: @unchecked Sendable {
  // Proof: a table of function addresses that is written once, before it is shared, and only read after.
  let functions: custody_vips

  private static let opened: Result<VipsLibrary, PictureError> = {
    var functions = custody_vips()
    if let missing = custody_vips_open(&functions) {
      return .failure(.decoderMissing(part: String(cString: missing)))
    }
    return .success(VipsLibrary(functions: functions))
  }()

  /// The library, opened on the first call of the process.
  static func open() throws(PictureError) -> VipsLibrary { try opened.get() }
}
