/*
 * cadence PID FILE INTERVAL_NS DURATION_NS: the same rows on an absolute schedule, by clock_nanosleep. Prints the ticks
 * missed (late by an interval or more, and skipped) and the 99th percentile of the others' lateness in nanoseconds.
 */
#include "host_row.h"

#include <errno.h>

#define LEAD_NS 10000000LL

static int by_value(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static void sleep_until(int64_t due_ns) {
  struct timespec due = {due_ns / NS_PER_S, due_ns % NS_PER_S};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR) continue;
}

int main(int argc, char **argv) {
  if (argc != 5) errx(2, "usage: cadence PID FILE INTERVAL_NS DURATION_NS");
  struct host_files files = open_files(argv[1], argv[2]);
  int64_t interval = atoll(argv[3]), ticks = atoll(argv[4]) / interval, missed = 0, run = 0;
  int64_t *lateness = calloc(ticks, sizeof *lateness);
  int64_t origin = now_ns(CLOCK_MONOTONIC) + LEAD_NS;
  for (int64_t tick = 0; tick < ticks;) {
    sleep_until(origin + tick * interval);
    int64_t late = now_ns(CLOCK_MONOTONIC) - (origin + tick * interval);
    int64_t overrun = late / interval;
    if (overrun > 0) {
      overrun = overrun < ticks - tick ? overrun : ticks - tick;
      missed += overrun;
      tick += overrun;
      continue;
    }
    lateness[run++] = late;
    write_row(&files, origin, tick++);
  }
  qsort(lateness, run, sizeof *lateness, by_value);
  printf("%lld %lld\n", (long long)missed, (long long)lateness[(run * 99 + 99) / 100 - 1]);
}
