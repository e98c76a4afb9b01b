// memfd_create(2), which <sys/mman.h> declares for GNU sources only, and a Swift module is none.
#ifndef CUSTODY_CMEMORYFILE_SHIM_H
#define CUSTODY_CMEMORYFILE_SHIM_H

extern int memfd_create(const char *name, unsigned int flags);

// Closed in whatever program this one starts (MFD_CLOEXEC). -1 and errno when there can be none.
static inline int custody_memory_file(const char *name) { return memfd_create(name, 1u); }

#endif
