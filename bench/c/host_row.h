/*
 * The host_proc row as a C program would take it: three kept descriptors, one pread each, the numbers straight from the
 * text, snprintf, one write. The baseline of the benchmarks; any failure ends the program.
 */
#ifndef HOST_ROW_H
#define HOST_ROW_H

#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1000000000LL

struct host_files {
  int stat, io, status, out;
  long page_size;
};

static inline int64_t now_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static int open_proc(const char *pid, const char *name) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) err(1, "%s", path);
  return fd;
}

static struct host_files open_files(const char *pid, const char *out) {
  struct host_files files = {open_proc(pid, "stat"), open_proc(pid, "io"), open_proc(pid, "status"),
                             open(out, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644), sysconf(_SC_PAGESIZE)};
  if (files.out < 0) err(1, "%s", out);
  return files;
}

static void read_text(int fd, char *text, size_t size) {
  ssize_t length = pread(fd, text, size - 1, 0);
  if (length <= 0) err(1, "pread");
  text[length] = 0;
}

/* The number behind a label at the start of a line. */
static unsigned long long value_of(const char *text, const char *label) {
  const char *at = strstr(text, label);
  if (at == NULL) errx(1, "no %s", label + 1);
  return strtoull(at + strlen(label), NULL, 10);
}

/* Fields 10 to 24 of stat as fields[10] to fields[24], counted from the last ")". */
static void stat_fields(const char *text, unsigned long long fields[25]) {
  const char *at = strrchr(text, ')');
  if (at == NULL) errx(1, "stat is torn");
  at += 2;
  for (int field = 3; field < 10; field++) at = strchr(at, ' ') + 1;
  for (int field = 10; field <= 24; field++) {
    char *end;
    fields[field] = strtoull(at, &end, 10);
    at = end + 1;
  }
}

/* Reads both clocks, then the sources, and writes one row. */
static void write_row(const struct host_files *files, int64_t origin_ns, long tick) {
  char stat[4096], io[4096], status[4096], row[1024];
  unsigned long long fields[25];
  int64_t mono = now_ns(CLOCK_MONOTONIC) - origin_ns;
  int64_t wall = now_ns(CLOCK_REALTIME);
  read_text(files->stat, stat, sizeof stat);
  read_text(files->io, io, sizeof io);
  read_text(files->status, status, sizeof status);
  stat_fields(stat, fields);
  int length = snprintf(
      row, sizeof row,
      "{\"t_mono_ns\":%lld,\"t_wall_ns\":%lld,\"source\":\"host_proc\",\"available_in_deployment\":false,\"tick\":%ld,"
      "\"epoch\":0,\"cpu_user_jiffies\":%llu,\"cpu_sys_jiffies\":%llu,\"rss_bytes\":%llu,\"vsize_bytes\":%llu,"
      "\"io_read_bytes\":%llu,\"io_write_bytes\":%llu,\"voluntary_ctxsw\":%llu,\"involuntary_ctxsw\":%llu,"
      "\"minor_faults\":%llu,\"major_faults\":%llu}\n",
      (long long)mono, (long long)wall, tick, fields[14], fields[15], fields[24] * files->page_size, fields[23],
      value_of(io, "\nread_bytes:"), value_of(io, "\nwrite_bytes:"), value_of(status, "\nvoluntary_ctxt_switches:"),
      value_of(status, "\nnonvoluntary_ctxt_switches:"), fields[10], fields[12]);
  if (write(files->out, row, length) != length) err(1, "write");
}

#endif
