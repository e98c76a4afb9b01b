// libvips, opened at the first picture instead of at process start.
//
// Linking libvips maps about a hundred libraries and costs an idle process some 20 MB of resident memory, a third of
// what a station may use. So nothing here needs its headers or its link flags: the few functions in use are declared by
// hand, after <vips/vips.h> of 8.14 (their ABI is that of soname 42), and found with dlsym.
//
// Variadic functions cannot be called from Swift; the inline functions below call them with a fixed list of options.

#ifndef CUSTODY_CVIPS_SHIM_H
#define CUSTODY_CVIPS_SHIM_H

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

// The functions in use, each an address of the function it is named after.
typedef struct {
  void *library;
  void *vips_init;
  void *vips_block_untrusted_set;
  void *vips_cache_set_max;
  void *vips_concurrency_set;
  void *vips_error_clear;
  void *vips_thread_shutdown;
  void *vips_jpegload_buffer;
  void *vips_pngload_buffer;
  void *vips_webpload_buffer;
  void *vips_heifload_buffer;
  void *vips_tiffload_buffer;
  void *vips_type_find;
  void *vips_colourspace;
  void *vips_image_get_width;
  void *vips_image_get_height;
  void *vips_image_get_bands;
  void *vips_image_get_format;
  void *vips_image_get_interpretation;
  void *vips_image_get_orientation;
  void *vips_region_new;
  void *vips_region_fetch;
  void *vips_image_new_from_memory;
  void *vips_jpegsave_buffer;
  void *g_object_unref;
  void *g_free;
  void *g_log_set_handler;
} custody_vips;

// Values of the enumerations of <vips/vips.h>.
enum {
  CUSTODY_VIPS_FORMAT_UCHAR = 0,
  CUSTODY_VIPS_INTERPRETATION_B_W = 1,
  CUSTODY_VIPS_INTERPRETATION_SRGB = 22,
  CUSTODY_VIPS_ACCESS_SEQUENTIAL = 1,
  CUSTODY_VIPS_FAIL_ON_ERROR = 2,
};

static inline void custody_vips_ignore_log(const char *domain, int level, const char *message, void *data) {
  (void)domain; (void)level; (void)message; (void)data;
}

// Opens and starts the library. Returns NULL, or what was missing.
static inline const char *custody_vips_open(custody_vips *vips) {
  vips->library = dlopen("libvips.so.42", RTLD_NOW | RTLD_LOCAL);
  if (vips->library == NULL) return "libvips.so.42";
#define CUSTODY_VIPS_FIND(name) \
  if ((vips->name = dlsym(vips->library, #name)) == NULL) return #name
  CUSTODY_VIPS_FIND(vips_init);
  CUSTODY_VIPS_FIND(vips_block_untrusted_set);
  CUSTODY_VIPS_FIND(vips_cache_set_max);
  CUSTODY_VIPS_FIND(vips_concurrency_set);
  CUSTODY_VIPS_FIND(vips_error_clear);
  CUSTODY_VIPS_FIND(vips_thread_shutdown);
  CUSTODY_VIPS_FIND(vips_jpegload_buffer);
  CUSTODY_VIPS_FIND(vips_pngload_buffer);
  CUSTODY_VIPS_FIND(vips_webpload_buffer);
  CUSTODY_VIPS_FIND(vips_heifload_buffer);
  CUSTODY_VIPS_FIND(vips_tiffload_buffer);
  CUSTODY_VIPS_FIND(vips_type_find);
  CUSTODY_VIPS_FIND(vips_colourspace);
  CUSTODY_VIPS_FIND(vips_image_get_width);
  CUSTODY_VIPS_FIND(vips_image_get_height);
  CUSTODY_VIPS_FIND(vips_image_get_bands);
  CUSTODY_VIPS_FIND(vips_image_get_format);
  CUSTODY_VIPS_FIND(vips_image_get_interpretation);
  CUSTODY_VIPS_FIND(vips_image_get_orientation);
  CUSTODY_VIPS_FIND(vips_region_new);
  CUSTODY_VIPS_FIND(vips_region_fetch);
  CUSTODY_VIPS_FIND(vips_image_new_from_memory);
  CUSTODY_VIPS_FIND(vips_jpegsave_buffer);
  CUSTODY_VIPS_FIND(g_object_unref);
  CUSTODY_VIPS_FIND(g_free);
  CUSTODY_VIPS_FIND(g_log_set_handler);
#undef CUSTODY_VIPS_FIND

  // A damaged picture is reported by the call that met it; libvips' own warnings would only litter standard error.
  // 0xfc: every level and neither the fatal nor the recursion flag.
  ((unsigned (*)(const char *, int, void (*)(const char *, int, const char *, void *), void *))vips->g_log_set_handler)(
      "VIPS", 0xfc, custody_vips_ignore_log, NULL);
  if (((int (*)(const char *))vips->vips_init)("custody") != 0) return "vips_init";
  ((void (*)(int))vips->vips_block_untrusted_set)(1);
  ((void (*)(int))vips->vips_cache_set_max)(0);
  ((void (*)(int))vips->vips_concurrency_set)(1);
  return NULL;
}

typedef int (*custody_vips_load_buffer)(void *, size_t, void **, ...);

// Whether the library was built with an operation, or has the module that holds it.
static inline int custody_vips_has(const custody_vips *vips, const char *operation) {
  return ((unsigned long (*)(const char *, const char *))vips->vips_type_find)("VipsOperation", operation) != 0;
}

// Reads the header of a picture; its pixels are decoded as `custody_vips_rows` asks for them, top to bottom.
// `bytes` must outlive the image. `loader` is one of the *load_buffer addresses. NULL when the header is no good.
static inline void *custody_vips_open_picture(
    const custody_vips *vips, const void *loader, const void *bytes, size_t count) {
  void *image = NULL;
  int failed = ((custody_vips_load_buffer)(uintptr_t)loader)(
      (void *)(uintptr_t)bytes, count, &image, "access", CUSTODY_VIPS_ACCESS_SEQUENTIAL, "fail_on",
      CUSTODY_VIPS_FAIL_ON_ERROR, (void *)NULL);
  if (failed) ((void (*)(void))vips->vips_error_clear)();
  return failed ? NULL : image;
}

// The same picture as 8-bit sRGB, with its alpha if it had one.
static inline void *custody_vips_srgb(const custody_vips *vips, void *image) {
  void *converted = NULL;
  int failed = ((int (*)(void *, void **, int, ...))vips->vips_colourspace)(
      image, &converted, CUSTODY_VIPS_INTERPRETATION_SRGB, (void *)NULL);
  if (failed) ((void (*)(void))vips->vips_error_clear)();
  return failed ? NULL : converted;
}

static inline int custody_vips_width(const custody_vips *vips, void *image) {
  return ((int (*)(const void *))vips->vips_image_get_width)(image);
}

static inline int custody_vips_height(const custody_vips *vips, void *image) {
  return ((int (*)(const void *))vips->vips_image_get_height)(image);
}

static inline int custody_vips_bands(const custody_vips *vips, void *image) {
  return ((int (*)(const void *))vips->vips_image_get_bands)(image);
}

static inline int custody_vips_format(const custody_vips *vips, void *image) {
  return ((int (*)(const void *))vips->vips_image_get_format)(image);
}

static inline int custody_vips_interpretation(const custody_vips *vips, void *image) {
  return ((int (*)(const void *))vips->vips_image_get_interpretation)(image);
}

// The EXIF orientation, 1 to 8; 1 when the picture has none.
static inline int custody_vips_orientation(const custody_vips *vips, void *image) {
  return ((int (*)(void *))vips->vips_image_get_orientation)(image);
}

static inline void *custody_vips_region(const custody_vips *vips, void *image) {
  return ((void *(*)(void *))vips->vips_region_new)(image);
}

// Decodes `height` rows from `top`, full width, packed; to be freed with `custody_vips_free`. NULL when damaged.
static inline const uint8_t *custody_vips_rows(
    const custody_vips *vips, void *region, int top, int width, int height, size_t *count) {
  uint8_t *rows = ((uint8_t *(*)(void *, int, int, int, int, size_t *))vips->vips_region_fetch)(
      region, 0, top, width, height, count);
  if (rows == NULL) ((void (*)(void))vips->vips_error_clear)();
  return rows;
}

// A gray picture as JPEG of a quality from 1 to 100; to be freed with `custody_vips_free`. `gray` holds width * height
// bytes. NULL without memory.
static inline uint8_t *custody_vips_jpeg(
    const custody_vips *vips, const void *gray, int width, int height, int quality, size_t *count) {
  void *image = ((void *(*)(const void *, size_t, int, int, int, int))vips->vips_image_new_from_memory)(
      gray, (size_t)width * (size_t)height, width, height, 1, CUSTODY_VIPS_FORMAT_UCHAR);
  if (image == NULL) return NULL;
  void *bytes = NULL;
  int failed = ((int (*)(void *, void **, size_t *, ...))vips->vips_jpegsave_buffer)(
      image, &bytes, count, "Q", quality, "strip", 1, (void *)NULL);
  ((void (*)(void *))vips->g_object_unref)(image);
  if (failed) ((void (*)(void))vips->vips_error_clear)();
  return failed ? NULL : (uint8_t *)bytes;
}

static inline void custody_vips_free(const custody_vips *vips, const void *memory) {
  ((void (*)(void *))vips->g_free)((void *)(uintptr_t)memory);
}

// Gives up an image or a region.
static inline void custody_vips_release(const custody_vips *vips, void *object) {
  ((void (*)(void *))vips->g_object_unref)(object);
}

// Frees what libvips keeps for the calling thread. Call when a thread is done with a picture.
static inline void custody_vips_leave_thread(const custody_vips *vips) {
  ((void (*)(void))vips->vips_thread_shutdown)();
}

#endif
