import CRSVG
import LabelDesign

/// Measures and draws text with Pango. One measure and one hand: what was found to fit is drawn as wide as it was measured.
///
/// Not for several threads at once.
struct TextSetting: ~Copyable {
  private let functions: UnsafePointer<custody_rsvg>
  private let map: OpaquePointer
  /// Never told of a picture, so that it measures alike for every resolution.
  private let measuring: OpaquePointer
  private let drawing: OpaquePointer

  /// The em in which text is measured, in units that Pango divides by 1024.
  private static let em = 64.0

  init(_ library: RenderingLibrary) {
    functions = library.functions
    map = functions.pointee.pango_cairo_font_map_new()
    measuring = functions.pointee.pango_font_map_create_context(map)
    drawing = functions.pointee.pango_font_map_create_context(map)
    let options = functions.pointee.cairo_font_options_create()
    functions.pointee.cairo_font_options_set_antialias(options, Int32(CUSTODY_CAIRO_ANTIALIAS_GRAY))
    functions.pointee.cairo_font_options_set_hint_style(options, Int32(CUSTODY_CAIRO_HINT_STYLE_NONE))
    functions.pointee.cairo_font_options_set_hint_metrics(options, Int32(CUSTODY_CAIRO_HINT_METRICS_OFF))
    for context in [measuring, drawing] {
      functions.pointee.pango_cairo_context_set_font_options(context, options)
      functions.pointee.pango_context_set_round_glyph_positions(context, 0)
    }
    functions.pointee.cairo_font_options_destroy(options)
  }

  deinit {
    for object in [measuring, drawing, map] { functions.pointee.g_object_unref(UnsafeMutableRawPointer(object)) }
  }

  func extent(of text: String, in font: LabelFont) -> TextExtent {
    let layout = layout(measuring, text, font, size: Self.em)
    defer { functions.pointee.g_object_unref(UnsafeMutableRawPointer(layout)) }
    var missing: [Character] = []
    if functions.pointee.pango_layout_get_unknown_glyphs_count(layout) > 0 {
      missing = text.count == 1 ? Array(text) : text.filter { !extent(of: String($0), in: font).missing.isEmpty }
    }
    return TextExtent(width: width(of: layout) / Self.em, missing: missing)
  }

  /// Draws lines; the picture's own transform goes from millimetres to its dots.
  func draw(_ texts: [PlacedText], on picture: OpaquePointer) {
    for text in texts {
      functions.pointee.cairo_save(picture)
      let t = text.transform
      var matrix = custody_matrix(xx: t.a, yx: t.b, xy: t.c, yy: t.d, x0: t.e, y0: t.f)
      functions.pointee.cairo_transform(picture, &matrix)
      functions.pointee.pango_cairo_update_context(picture, drawing)
      var layouts: [(layout: OpaquePointer, width: Double, colour: LabelColour)] = []
      for run in text.runs {
        let layout = layout(drawing, run.text, run.font, size: run.size)
        layouts.append((layout, width(of: layout), run.colour))
      }
      let total = layouts.reduce(0) { $0 + $1.width }
      var x = text.x
      switch text.anchor {
      case .start: break
      case .middle: x -= total / 2
      case .end: x -= total
      }
      for (layout, width, colour) in layouts {
        functions.pointee.cairo_set_source_rgb(
          picture, Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255)
        functions.pointee.cairo_move_to(picture, x, text.y)
        if let line = functions.pointee.pango_layout_get_line_readonly(layout, 0) {
          functions.pointee.pango_cairo_show_layout_line(picture, line)
        }
        x += width
        functions.pointee.g_object_unref(UnsafeMutableRawPointer(layout))
      }
      functions.pointee.cairo_restore(picture)
    }
  }

  private func width(of layout: OpaquePointer) -> Double {
    var logical = custody_extent()
    functions.pointee.pango_layout_get_extents(layout, nil, &logical)
    return Double(logical.width) / Double(CUSTODY_PANGO_SCALE)
  }

  private func layout(_ context: OpaquePointer, _ text: String, _ font: LabelFont, size: Double) -> OpaquePointer {
    let layout = functions.pointee.pango_layout_new(context)
    let description = functions.pointee.pango_font_description_new()
    functions.pointee.pango_font_description_set_family(description, font.family.rawValue)
    functions.pointee.pango_font_description_set_weight(
      description, Int32(font.isBold ? CUSTODY_PANGO_WEIGHT_BOLD : CUSTODY_PANGO_WEIGHT_NORMAL))
    functions.pointee.pango_font_description_set_absolute_size(
      description, size * Double(CUSTODY_PANGO_SCALE))
    functions.pointee.pango_layout_set_font_description(layout, description)
    functions.pointee.pango_font_description_free(description)
    functions.pointee.pango_layout_set_single_paragraph_mode(layout, 1)
    functions.pointee.pango_layout_set_text(layout, text, Int32(text.utf8.count))
    return layout
  }
}
