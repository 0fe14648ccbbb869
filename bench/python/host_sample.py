"""host_sample.py PID FILE: writes rows as a Python script would, and prints the microseconds of CPU time a row."""

import json
import resource
import sys
import time

WARM_UP = 2_000
SAMPLES = 20_000
PAGE_SIZE = resource.getpagesize()


def read_lines(path):
    with open(path) as file:
        return dict(line.split(":", 1) for line in file)


def write_row(folder, out, origin, tick):
    mono = time.monotonic_ns() - origin
    wall = time.time_ns()
    with open(f"{folder}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    io = read_lines(f"{folder}/io")
    status = read_lines(f"{folder}/status")
    row = {
        "t_mono_ns": mono,
        "t_wall_ns": wall,
        "source": "host_proc",
        "available_in_deployment": False,
        "tick": tick,
        "epoch": 0,
        "cpu_user_jiffies": int(fields[11]),
        "cpu_sys_jiffies": int(fields[12]),
        "rss_bytes": int(fields[21]) * PAGE_SIZE,
        "vsize_bytes": int(fields[20]),
        "io_read_bytes": int(io["read_bytes"]),
        "io_write_bytes": int(io["write_bytes"]),
        "voluntary_ctxsw": int(status["voluntary_ctxt_switches"]),
        "involuntary_ctxsw": int(status["nonvoluntary_ctxt_switches"]),
        "minor_faults": int(fields[7]),
        "major_faults": int(fields[9]),
    }
    out.write(json.dumps(row, separators=(",", ":")).encode() + b"\n")


def main():
    pid, path = sys.argv[1:]
    folder = f"/proc/{pid}"
    origin = time.monotonic_ns()
    with open(path, "xb", buffering=0) as out:
        for tick in range(WARM_UP):
            write_row(folder, out, origin, tick)
        before = time.process_time()
        for tick in range(SAMPLES):
            write_row(folder, out, origin, tick)
        print((time.process_time() - before) * 1e6 / SAMPLES)


main()
