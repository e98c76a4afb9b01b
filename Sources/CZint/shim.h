#ifndef CUSTODY_CZINT_SHIM_H
#define CUSTODY_CZINT_SHIM_H

#include <zint.h>

// A symbol's modules are a field too large for Swift to import.

// How many bytes a row has, 8 modules each, the first in the lowest bit.
static inline int custody_zint_row_bytes(void) {
  return (int)sizeof(((struct zint_symbol *)0)->encoded_data[0]);
}

static inline const unsigned char *custody_zint_row(const struct zint_symbol *symbol, int row) {
  return symbol->encoded_data[row];
}

static inline float custody_zint_row_height(const struct zint_symbol *symbol, int row) {
  return symbol->row_height[row];
}

static inline const char *custody_zint_error(const struct zint_symbol *symbol) { return symbol->errtxt; }

#endif
