/* host_sample PID FILE: writes rows to FILE and prints the microseconds of CPU time a row. */
#include "host_row.h"

#include <sys/resource.h>

#define WARM_UP 20000
#define SAMPLES 200000

static double cpu_us(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

int main(int argc, char **argv) {
  if (argc != 3) errx(2, "usage: host_sample PID FILE");
  struct host_files files = open_files(argv[1], argv[2]);
  int64_t origin = now_ns(CLOCK_MONOTONIC);
  for (long tick = 0; tick < WARM_UP; tick++) write_row(&files, origin, tick);
  double before = cpu_us();
  for (long tick = 0; tick < SAMPLES; tick++) write_row(&files, origin, tick);
  printf("%f\n", (cpu_us() - before) / SAMPLES);
}
