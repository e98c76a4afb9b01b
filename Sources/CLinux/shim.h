// What glibc offers beyond POSIX and Swift's Glibc module therefore leaves out. Declared by hand, after the manual pages
// posix_spawn_file_actions_addclosefrom_np(3) (glibc 2.34), pipe(2), rename(2) and fcntl(2).

#ifndef CUSTODY_CLINUX_SHIM_H
#define CUSTODY_CLINUX_SHIM_H

#include <fcntl.h>
#include <spawn.h>

int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int pipe2(int ends[2], int flags);
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags);

// A child that is spawned with these actions inherits no descriptor from `from` up.
static inline int custody_spawn_close_from(posix_spawn_file_actions_t *actions, int from) {
  return posix_spawn_file_actions_addclosefrom_np(actions, from);
}

// Makes a pipe whose ends no child inherits.
static inline int custody_pipe(int *reading, int *writing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  *reading = ends[0];
  *writing = ends[1];
  return 0;
}

// Renames, and fails with EEXIST where something has the new name already (RENAME_NOREPLACE).
static inline int custody_rename_new(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, 1u);
}

// Takes a read lease on an open file, F_SETLEASE with F_RDLCK: fails with EAGAIN while somebody has it open for writing.
static inline int custody_lease(int descriptor) { return fcntl(descriptor, 1024, 0); }

// Gives the lease back, F_SETLEASE with F_UNLCK.
static inline int custody_unlease(int descriptor) { return fcntl(descriptor, 1024, 2); }

// Makes a pipe hold so many bytes, F_SETPIPE_SZ.
static inline int custody_pipe_size(int descriptor, int bytes) { return fcntl(descriptor, 1031, bytes); }

#endif
