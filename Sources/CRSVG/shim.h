// librsvg, cairo, Pango and fontconfig, opened when the first label is drawn instead of at process start.
//
// Linking them maps some forty libraries and costs an idle process about 20 MB of resident memory. So nothing here needs
// their headers or their link flags: the few functions in use are declared by hand, after <librsvg/rsvg.h> of 2.54,
// <cairo.h> and <cairo-pdf.h> of 1.16, <pango/pangocairo.h> of 1.50 and <fontconfig/fontconfig.h> of 2.14 (their ABI is
// that of the sonames below), and found with dlsym. The others are libraries that librsvg itself is linked with.

#ifndef CUSTODY_CRSVG_SHIM_H
#define CUSTODY_CRSVG_SHIM_H

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#pragma clang assume_nonnull begin

typedef struct custody_cairo custody_cairo;                    // cairo_t
typedef struct custody_cairo_surface custody_cairo_surface;    // cairo_surface_t
typedef struct custody_rsvg_handle custody_rsvg_handle;        // RsvgHandle
typedef struct custody_font_map custody_font_map;              // PangoFontMap
typedef struct custody_font_context custody_font_context;      // PangoContext
typedef struct custody_font custody_font;                      // PangoFontDescription
typedef struct custody_layout custody_layout;                  // PangoLayout
typedef struct custody_layout_line custody_layout_line;        // PangoLayoutLine
typedef struct custody_font_options custody_font_options;      // cairo_font_options_t

// RsvgRectangle
typedef struct { double x, y, width, height; } custody_rectangle;
// PangoRectangle
typedef struct { int x, y, width, height; } custody_extent;
// GError
typedef struct { uint32_t domain; int code; char *message; } custody_error;
// cairo_matrix_t
typedef struct { double xx, yx, xy, yy, x0, y0; } custody_matrix;

// Bytes that cairo writes, as they grow.
typedef struct {
  uint8_t *_Nullable bytes;
  size_t count;
  size_t capacity;
  size_t most;
} custody_output;

enum {
  CUSTODY_CAIRO_FORMAT_RGB24 = 1,
  CUSTODY_CAIRO_FORMAT_A8 = 2,
  CUSTODY_CAIRO_FORMAT_A1 = 3,
  CUSTODY_CAIRO_ANTIALIAS_NONE = 1,
  CUSTODY_CAIRO_ANTIALIAS_GRAY = 2,
  CUSTODY_CAIRO_HINT_STYLE_NONE = 1,
  CUSTODY_CAIRO_HINT_METRICS_OFF = 1,
  CUSTODY_CAIRO_PDF_METADATA_TITLE = 0,
  CUSTODY_CAIRO_PDF_METADATA_CREATOR = 4,
  CUSTODY_PANGO_SCALE = 1024,
  CUSTODY_PANGO_WEIGHT_NORMAL = 400,
  CUSTODY_PANGO_WEIGHT_BOLD = 700,
};

typedef int (*custody_write)(void *_Nullable closure, const unsigned char *data, unsigned int length);

typedef struct {
  // librsvg-2.so.2
  custody_rsvg_handle *_Nullable (*rsvg_handle_new_from_data)(
      const uint8_t *, size_t, custody_error *_Nullable *_Nullable);
  int (*rsvg_handle_render_document)(
      custody_rsvg_handle *, custody_cairo *, const custody_rectangle *, custody_error *_Nullable *_Nullable);
  // libgobject-2.0.so.0, libglib-2.0.so.0
  void (*g_object_unref)(void *);
  void (*g_error_free)(custody_error *);
  // libcairo.so.2
  custody_cairo_surface *_Nonnull (*cairo_image_surface_create)(int format, int width, int height);
  uint8_t *_Nullable (*cairo_image_surface_get_data)(custody_cairo_surface *);
  int (*cairo_image_surface_get_stride)(custody_cairo_surface *);
  int (*cairo_surface_status)(custody_cairo_surface *);
  void (*cairo_surface_flush)(custody_cairo_surface *);
  void (*cairo_surface_mark_dirty)(custody_cairo_surface *);
  void (*cairo_surface_finish)(custody_cairo_surface *);
  void (*cairo_surface_destroy)(custody_cairo_surface *);
  void (*cairo_surface_show_page)(custody_cairo_surface *);
  int (*cairo_surface_write_to_png_stream)(custody_cairo_surface *, custody_write, void *_Nullable);
  custody_cairo_surface *_Nonnull (*cairo_pdf_surface_create_for_stream)(
      custody_write, void *_Nullable, double width, double height);
  void (*cairo_pdf_surface_set_size)(custody_cairo_surface *, double width, double height);
  void (*cairo_pdf_surface_set_metadata)(custody_cairo_surface *, int, const char *);
  custody_cairo *_Nonnull (*cairo_create)(custody_cairo_surface *);
  int (*cairo_status)(custody_cairo *);
  void (*cairo_destroy)(custody_cairo *);
  void (*cairo_save)(custody_cairo *);
  void (*cairo_restore)(custody_cairo *);
  void (*cairo_set_matrix)(custody_cairo *, const custody_matrix *);
  void (*cairo_transform)(custody_cairo *, const custody_matrix *);
  void (*cairo_set_source_rgb)(custody_cairo *, double, double, double);
  void (*cairo_set_antialias)(custody_cairo *, int);
  void (*cairo_paint)(custody_cairo *);
  void (*cairo_rectangle)(custody_cairo *, double, double, double, double);
  void (*cairo_fill)(custody_cairo *);
  void (*cairo_move_to)(custody_cairo *, double, double);
  custody_font_options *_Nonnull (*cairo_font_options_create)(void);
  void (*cairo_font_options_destroy)(custody_font_options *);
  void (*cairo_font_options_set_antialias)(custody_font_options *, int);
  void (*cairo_font_options_set_hint_style)(custody_font_options *, int);
  void (*cairo_font_options_set_hint_metrics)(custody_font_options *, int);
  // libpangocairo-1.0.so.0, libpango-1.0.so.0
  custody_font_map *_Nonnull (*pango_cairo_font_map_new)(void);
  custody_font_context *_Nonnull (*pango_font_map_create_context)(custody_font_map *);
  void (*pango_cairo_context_set_font_options)(custody_font_context *, const custody_font_options *);
  void (*pango_cairo_update_context)(custody_cairo *, custody_font_context *);
  void (*pango_context_set_round_glyph_positions)(custody_font_context *, int);
  custody_font *_Nonnull (*pango_font_description_new)(void);
  void (*pango_font_description_free)(custody_font *);
  void (*pango_font_description_set_family)(custody_font *, const char *);
  void (*pango_font_description_set_weight)(custody_font *, int);
  void (*pango_font_description_set_absolute_size)(custody_font *, double);
  custody_layout *_Nonnull (*pango_layout_new)(custody_font_context *);
  void (*pango_layout_set_font_description)(custody_layout *, const custody_font *);
  void (*pango_layout_set_single_paragraph_mode)(custody_layout *, int);
  void (*pango_layout_set_text)(custody_layout *, const char *, int);
  void (*pango_layout_get_extents)(custody_layout *, custody_extent *_Nullable ink, custody_extent *_Nullable logical);
  int (*pango_layout_get_unknown_glyphs_count)(custody_layout *);
  custody_layout_line *_Nullable (*pango_layout_get_line_readonly)(custody_layout *, int);
  void (*pango_cairo_show_layout_line)(custody_cairo *, custody_layout_line *);
  // libfontconfig.so.1
  int (*FcInit)(void);
  void *_Nullable (*FcNameParse)(const uint8_t *);
  int (*FcConfigSubstitute)(void *_Nullable, void *, int);
  void (*FcDefaultSubstitute)(void *);
  void *_Nullable (*FcFontMatch)(void *_Nullable, void *, int *);
  int (*FcPatternGetString)(const void *, const char *, int, uint8_t *_Nullable *_Nonnull);
  void (*FcPatternDestroy)(void *);
} custody_rsvg;

// Opens the libraries into `functions`. Returns NULL, or what was missing.
static inline const char *_Nullable custody_rsvg_open(custody_rsvg *functions) {
  void *rsvg = dlopen("librsvg-2.so.2", RTLD_NOW | RTLD_LOCAL);
  if (rsvg == NULL) return "librsvg-2.so.2";
  void *text = dlopen("libpangocairo-1.0.so.0", RTLD_NOW | RTLD_LOCAL);
  if (text == NULL) return "libpangocairo-1.0.so.0";
  void *fonts = dlopen("libfontconfig.so.1", RTLD_NOW | RTLD_LOCAL);
  if (fonts == NULL) return "libfontconfig.so.1";
#define CUSTODY_RSVG_FIND(library, name)                               \
  do {                                                                 \
    void *found = dlsym(library, #name);                               \
    if (found == NULL) return #name;                                   \
    memcpy(&functions->name, &found, sizeof found);                    \
  } while (0)
  CUSTODY_RSVG_FIND(rsvg, rsvg_handle_new_from_data);
  CUSTODY_RSVG_FIND(rsvg, rsvg_handle_render_document);
  CUSTODY_RSVG_FIND(text, g_object_unref);
  CUSTODY_RSVG_FIND(text, g_error_free);
  CUSTODY_RSVG_FIND(text, cairo_image_surface_create);
  CUSTODY_RSVG_FIND(text, cairo_image_surface_get_data);
  CUSTODY_RSVG_FIND(text, cairo_image_surface_get_stride);
  CUSTODY_RSVG_FIND(text, cairo_surface_status);
  CUSTODY_RSVG_FIND(text, cairo_surface_flush);
  CUSTODY_RSVG_FIND(text, cairo_surface_mark_dirty);
  CUSTODY_RSVG_FIND(text, cairo_surface_finish);
  CUSTODY_RSVG_FIND(text, cairo_surface_destroy);
  CUSTODY_RSVG_FIND(text, cairo_surface_show_page);
  CUSTODY_RSVG_FIND(text, cairo_surface_write_to_png_stream);
  CUSTODY_RSVG_FIND(text, cairo_pdf_surface_create_for_stream);
  CUSTODY_RSVG_FIND(text, cairo_pdf_surface_set_size);
  CUSTODY_RSVG_FIND(text, cairo_pdf_surface_set_metadata);
  CUSTODY_RSVG_FIND(text, cairo_create);
  CUSTODY_RSVG_FIND(text, cairo_status);
  CUSTODY_RSVG_FIND(text, cairo_destroy);
  CUSTODY_RSVG_FIND(text, cairo_save);
  CUSTODY_RSVG_FIND(text, cairo_restore);
  CUSTODY_RSVG_FIND(text, cairo_set_matrix);
  CUSTODY_RSVG_FIND(text, cairo_transform);
  CUSTODY_RSVG_FIND(text, cairo_set_source_rgb);
  CUSTODY_RSVG_FIND(text, cairo_set_antialias);
  CUSTODY_RSVG_FIND(text, cairo_paint);
  CUSTODY_RSVG_FIND(text, cairo_rectangle);
  CUSTODY_RSVG_FIND(text, cairo_fill);
  CUSTODY_RSVG_FIND(text, cairo_move_to);
  CUSTODY_RSVG_FIND(text, cairo_font_options_create);
  CUSTODY_RSVG_FIND(text, cairo_font_options_destroy);
  CUSTODY_RSVG_FIND(text, cairo_font_options_set_antialias);
  CUSTODY_RSVG_FIND(text, cairo_font_options_set_hint_style);
  CUSTODY_RSVG_FIND(text, cairo_font_options_set_hint_metrics);
  CUSTODY_RSVG_FIND(text, pango_cairo_font_map_new);
  CUSTODY_RSVG_FIND(text, pango_font_map_create_context);
  CUSTODY_RSVG_FIND(text, pango_cairo_context_set_font_options);
  CUSTODY_RSVG_FIND(text, pango_cairo_update_context);
  CUSTODY_RSVG_FIND(text, pango_context_set_round_glyph_positions);
  CUSTODY_RSVG_FIND(text, pango_font_description_new);
  CUSTODY_RSVG_FIND(text, pango_font_description_free);
  CUSTODY_RSVG_FIND(text, pango_font_description_set_family);
  CUSTODY_RSVG_FIND(text, pango_font_description_set_weight);
  CUSTODY_RSVG_FIND(text, pango_font_description_set_absolute_size);
  CUSTODY_RSVG_FIND(text, pango_layout_new);
  CUSTODY_RSVG_FIND(text, pango_layout_set_font_description);
  CUSTODY_RSVG_FIND(text, pango_layout_set_single_paragraph_mode);
  CUSTODY_RSVG_FIND(text, pango_layout_set_text);
  CUSTODY_RSVG_FIND(text, pango_layout_get_extents);
  CUSTODY_RSVG_FIND(text, pango_layout_get_unknown_glyphs_count);
  CUSTODY_RSVG_FIND(text, pango_layout_get_line_readonly);
  CUSTODY_RSVG_FIND(text, pango_cairo_show_layout_line);
  CUSTODY_RSVG_FIND(fonts, FcInit);
  CUSTODY_RSVG_FIND(fonts, FcNameParse);
  CUSTODY_RSVG_FIND(fonts, FcConfigSubstitute);
  CUSTODY_RSVG_FIND(fonts, FcDefaultSubstitute);
  CUSTODY_RSVG_FIND(fonts, FcFontMatch);
  CUSTODY_RSVG_FIND(fonts, FcPatternGetString);
  CUSTODY_RSVG_FIND(fonts, FcPatternDestroy);
#undef CUSTODY_RSVG_FIND
  return NULL;
}

// Memory for a table of functions, which has no value before it is filled.
static inline custody_rsvg *_Nullable custody_rsvg_table(void) { return calloc(1, sizeof(custody_rsvg)); }

// For cairo's streams: keeps what is written in a `custody_output`, up to its `most` bytes.
static inline int custody_output_write(void *_Nullable closure, const unsigned char *data, unsigned int length) {
  enum { SUCCESS = 0, WRITE_ERROR = 11 };
  custody_output *output = closure;
  if (output == NULL || output->most - output->count < length) return WRITE_ERROR;
  if (output->capacity - output->count < length) {
    size_t capacity = output->capacity < 65536 ? 65536 : output->capacity;
    while (capacity - output->count < length) capacity *= 2;
    uint8_t *grown = realloc(output->bytes, capacity);
    if (grown == NULL) return WRITE_ERROR;
    output->bytes = grown;
    output->capacity = capacity;
  }
  memcpy(output->bytes + output->count, data, length);
  output->count += length;
  return SUCCESS;
}

#pragma clang assume_nonnull end

#endif
