"""tree.py PID: reads a process and all its descendants with psutil at 10 Hz, on an absolute schedule, until it is ended."""

import sys
import time

import psutil

INTERVAL_S = 0.1


def read_process(process):
    with process.oneshot():
        return {
            "pid": process.pid,
            "create_time": process.create_time(),
            "ppid": process.ppid(),
            "name": process.name(),
            "status": process.status(),
            "threads": process.num_threads(),
            "cpu_times": process.cpu_times(),
            "memory": process.memory_info(),
            "io": process.io_counters(),
        }


def read_tree(root):
    rows = []
    for process in [root, *root.children(recursive=True)]:
        try:
            rows.append(read_process(process))
        except psutil.NoSuchProcess:
            pass
    return rows


def main():
    root = psutil.Process(int(sys.argv[1]))
    due = time.monotonic()
    while True:
        read_tree(root)
        due += INTERVAL_S
        time.sleep(max(0, due - time.monotonic()))


main()
