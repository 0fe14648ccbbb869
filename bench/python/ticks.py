"""A program for the collector `exec`: a row of two integers every so many milliseconds."""
import sys
import time

interval_ns = int(sys.argv[1]) * 1_000_000
due = time.monotonic_ns()
while True:
    now = time.monotonic_ns()
    print(f'{{"clock_monotonic_ns":{now},"late_ns":{max(0, now - due)},"cpu_ns":{time.process_time_ns()}}}', flush=True)
    due += interval_ns
    time.sleep(max(0, due - time.monotonic_ns()) / 1e9)
