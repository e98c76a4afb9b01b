import CRSVG
import LabelDesign

/// Whether the typefaces of labels are installed. Asked of fontconfig before Pango is: Pango ends the process when there is
/// no typeface at all.
enum Typefaces {
  static func check(_ functions: UnsafePointer<custody_rsvg>) throws(LabelRenderingFault) {
    _ = functions.pointee.FcInit()
    for family in LabelFont.Family.allCases where !isInstalled(family.rawValue, functions) {
      throw .typefaceMissing(family: family.rawValue)
    }
  }

  private static func isInstalled(_ family: String, _ functions: UnsafePointer<custody_rsvg>) -> Bool {
    guard let pattern = functions.pointee.FcNameParse(Array(family.utf8) + [0]) else { return false }
    defer { functions.pointee.FcPatternDestroy(pattern) }
    let matchPattern: Int32 = 0
    _ = functions.pointee.FcConfigSubstitute(nil, pattern, matchPattern)
    functions.pointee.FcDefaultSubstitute(pattern)
    var result: Int32 = 0
    guard let match = functions.pointee.FcFontMatch(nil, pattern, &result) else { return false }
    defer { functions.pointee.FcPatternDestroy(match) }
    var index: Int32 = 0
    var name: UnsafeMutablePointer<UInt8>?
    while functions.pointee.FcPatternGetString(match, "family", index, &name) == 0, let found = name {
      if String(cString: found) == family { return true }
      index += 1
    }
    return false
  }
}
