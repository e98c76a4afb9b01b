#ifndef CUSTODY_CZBAR_SHIM_H
#define CUSTODY_CZBAR_SHIM_H

#include <stdio.h>
#include <zbar.h>

// zbar tells of its failed assertions on the C library's stream `stderr` and cannot be asked not to. glibc lets a program
// put another stream in its place; descriptor 2 stays what it is. Gives back the stream that was there.
static inline FILE *custody_replace_stderr(FILE *stream) {
  FILE *before = stderr;
  stderr = stream;
  return before;
}

#endif
