// A disk that fails, for one file of one process:
//
//     LD_PRELOAD=.build/disk-fault.so DISK_FAULT_FILE=station.db-wal DISK_FAULT_WHEN=/tmp/fault PROGRAM
//
// While the file DISK_FAULT_WHEN is there, what it says fails with EIO on files whose path ends with DISK_FAULT_FILE:
// `write` (write, pwrite) or `sync` (fsync, fdatasync). Nothing is written then, as of a disk that is gone.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fails(int file, const char *what) {
  const char *end = getenv("DISK_FAULT_FILE"), *when = getenv("DISK_FAULT_WHEN");
  if (!end || !when) return 0;
  int saved = errno, answer = 0;
  int control = syscall(SYS_openat, AT_FDCWD, when, O_RDONLY | O_CLOEXEC);
  if (control >= 0) {
    char said[16] = "";
    if (syscall(SYS_read, control, said, sizeof said - 1) > 0 && !strncmp(said, what, strlen(what))) {
      char name[64], path[4096];
      snprintf(name, sizeof name, "/proc/self/fd/%d", file);
      ssize_t length = readlink(name, path, sizeof path - 1);
      size_t wanted = strlen(end);
      answer = length >= (ssize_t)wanted && !memcmp(path + length - wanted, end, wanted);
    }
    syscall(SYS_close, control);
  }
  errno = answer ? EIO : saved;
  return answer;
}

ssize_t write(int file, const void *bytes, size_t count) {
  return fails(file, "write") ? -1 : syscall(SYS_write, file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  return fails(file, "write") ? -1 : syscall(SYS_pwrite64, file, bytes, count, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
  return fails(file, "write") ? -1 : syscall(SYS_pwrite64, file, bytes, count, offset);
}

int fsync(int file) { return fails(file, "sync") ? -1 : syscall(SYS_fsync, file); }

int fdatasync(int file) { return fails(file, "sync") ? -1 : syscall(SYS_fdatasync, file); }
