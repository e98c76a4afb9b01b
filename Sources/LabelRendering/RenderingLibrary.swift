import CRSVG

/// librsvg, cairo, Pango and fontconfig, opened when the first label is drawn: an idle station does not pay their memory.
struct RenderingLibrary: @unchecked Sendable {
  // Proof: a table of function addresses that is written once, before it is shared, only read after, and never freed.
  let functions: UnsafePointer<custody_rsvg>

  private static let opened: Result<RenderingLibrary, LabelRenderingFault> = {
    guard let table = custody_rsvg_table() else { return .failure(.outOfMemory) }
    if let missing = custody_rsvg_open(table) {
      return .failure(.libraryMissing(part: String(cString: missing)))
    }
    return .success(RenderingLibrary(functions: UnsafePointer(table)))
  }()

  /// The libraries, opened on the first call of the process.
  static func open() throws(LabelRenderingFault) -> RenderingLibrary { try opened.get() }
}
