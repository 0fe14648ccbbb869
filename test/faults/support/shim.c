/*
 * A library for LD_PRELOAD that makes calls fail, and the wall clock step.
 *
 * Why this means: it reaches the real program, also the threads of its collectors, at the boundary that matters (the system
 * call); it needs no root, no kernel module and no FUSE, and fails at an exact call, which no device mapper target does.
 * It works because Node calls files by libc (libuv, with io_uring off by default since 20.3.1); the tests hold the report
 * against what strace and the folder tell, so that a Node that went another way would be noticed.
 *
 *   FAULT_BELOW   the folder: calls on paths below it (or on descriptors of them) count, no others
 *   FAULT_CALLS   which calls: ",write,fsync,rename," and so on
 *   FAULT_NAME    only paths that contain this
 *   FAULT_FROM    the first call to be hit, from 1
 *   FAULT_TIMES   how many are hit, 0 for all that follow
 *   FAULT_HOW     an errno as a number, "short" (a write takes half, a read gives half), "torn" (it takes half, and then fails with EIO),
 *                 "kill" (SIGKILL before the call), "stall" (2.8 s pass before it), or "count"
 *   FAULT_REPORT  a file that gets a line "<call> <path>" for each hit
 *   FAULT_CLOCK   a file of 8 bytes: nanoseconds that CLOCK_REALTIME is off, as they are at that moment
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_long seen;

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value == NULL ? "" : value;
}

/* By system calls of its own, which nothing of this file sees. */
static void report(const char *call, const char *path) {
  char line[PATH_MAX + 32];
  int length = snprintf(line, sizeof line, "%s %s\n", call, path);
  int fd = syscall(SYS_openat, AT_FDCWD, setting("FAULT_REPORT"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return;
  syscall(SYS_write, fd, line, length);
  syscall(SYS_close, fd);
}

static int concerns(const char *call, const char *path) {
  const char *below = setting("FAULT_BELOW");
  char word[32];
  snprintf(word, sizeof word, ",%s,", call);
  return *below != 0 && strncmp(path, below, strlen(below)) == 0 && strstr(setting("FAULT_CALLS"), word) != NULL &&
         strstr(path, setting("FAULT_NAME")) != NULL;
}

enum outcome { FAIL = -1, PASS, SHORT, TORN };

/* FAIL has set errno. */
static enum outcome fault(const char *call, const char *path) {
  const char *how = setting("FAULT_HOW");
  if (!concerns(call, path)) return PASS;
  long number = atomic_fetch_add(&seen, 1) + 1;
  long from = atol(setting("FAULT_FROM")), times = atol(setting("FAULT_TIMES"));
  if (number < from || (times > 0 && number >= from + times)) return PASS;
  report(call, path);
  if (strcmp(how, "kill") == 0) kill(getpid(), SIGKILL);
  if (strcmp(how, "stall") == 0) nanosleep(&(struct timespec){2, 800000000}, NULL);
  if (strcmp(how, "short") == 0) return SHORT;
  if (strcmp(how, "torn") == 0) return TORN;
  errno = atoi(how);
  return errno == 0 ? PASS : FAIL;
}

static enum outcome fault_of(const char *call, int fd) {
  char link[64], path[PATH_MAX];
  if (*setting("FAULT_BELOW") == 0) return PASS;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return PASS;
  path[length] = 0;
  return fault(call, path);
}

static int fails(enum outcome outcome) {
  if (outcome == TORN) errno = EIO;
  return outcome == FAIL || outcome == TORN;
}

#define OPEN(name)                                                               \
  int name(const char *path, int flags, ...) {                                   \
    va_list rest;                                                                \
    va_start(rest, flags);                                                       \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;      \
    va_end(rest);                                                                \
    if (flags & O_CREAT && fails(fault("create", path))) return -1;               \
    return REAL(name)(path, flags, mode);                                        \
  }
OPEN(open)
OPEN(open64)

/* `call` writes `part` of the bytes. */
#define WRITE(call)                                                    \
  enum outcome outcome = fault_of("write", fd);                        \
  size_t part = outcome == PASS || count < 2 ? count : count / 2;      \
  ssize_t written = outcome == FAIL ? -1 : call;                       \
  return fails(outcome) ? -1 : written;

ssize_t write(int fd, const void *bytes, size_t count) { WRITE(REAL(write)(fd, bytes, part)) }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { WRITE(REAL(pwrite)(fd, bytes, part, at)) }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { WRITE(REAL(pwrite64)(fd, bytes, part, at)) }

/* Less than is asked for is what read(2) may always give. */
#define READ(call)                                                     \
  enum outcome outcome = fault_of("read", fd);                         \
  size_t part = outcome == PASS || count < 2 ? count : count / 2;      \
  return fails(outcome) ? -1 : call;

ssize_t read(int fd, void *bytes, size_t count) { READ(REAL(read)(fd, bytes, part)) }
ssize_t pread(int fd, void *bytes, size_t count, off_t at) { READ(REAL(pread)(fd, bytes, part, at)) }
ssize_t pread64(int fd, void *bytes, size_t count, off64_t at) { READ(REAL(pread64)(fd, bytes, part, at)) }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  return fails(fault_of("write", fd)) ? -1 : REAL(writev)(fd, parts, count);
}

#define ON_DESCRIPTOR(name, call, parameters, arguments) \
  int name parameters { return fails(fault_of(call, fd)) ? -1 : REAL(name) arguments; }
ON_DESCRIPTOR(fsync, "fsync", (int fd), (fd))
ON_DESCRIPTOR(fdatasync, "fdatasync", (int fd), (fd))
ON_DESCRIPTOR(ftruncate, "truncate", (int fd, off_t length), (fd, length))
ON_DESCRIPTOR(ftruncate64, "truncate", (int fd, off64_t length), (fd, length))

#define ON_PATH(name, parameters, arguments) \
  int name parameters { return fails(fault(#name, path)) ? -1 : REAL(name) arguments; }
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode))
ON_PATH(unlink, (const char *path), (path))
ON_PATH(rmdir, (const char *path), (path))
ON_PATH(rename, (const char *from, const char *path), (from, path))

static int64_t offset_ns(void) {
  static _Atomic(int64_t *) kept;
  int64_t *shared = atomic_load(&kept);
  if (shared == NULL && *setting("FAULT_CLOCK") != 0) {
    int fd = syscall(SYS_openat, AT_FDCWD, setting("FAULT_CLOCK"), O_RDONLY | O_CLOEXEC);
    shared = mmap(NULL, 8, PROT_READ, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    if (shared == MAP_FAILED) abort();
    atomic_store(&kept, shared);
  }
  return shared == NULL ? 0 : *(volatile int64_t *)shared;
}

static int64_t wall_ns(void) {
  struct timespec now;
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec + offset_ns();
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) return REAL(clock_gettime)(clock, now);
  int64_t ns = wall_ns();
  *now = (struct timespec){ns / 1000000000LL, ns % 1000000000LL};
  return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  int64_t ns = wall_ns();
  *now = (struct timeval){ns / 1000000000LL, ns % 1000000000LL / 1000};
  return 0;
}

time_t time(time_t *now) {
  time_t seconds = wall_ns() / 1000000000LL;
  if (now != NULL) *now = seconds;
  return seconds;
}
