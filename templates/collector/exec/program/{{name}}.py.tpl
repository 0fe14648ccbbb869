#!/usr/bin/env python3
"""TCP sockets of this machine by state, a row every 100 ms: the program of {{name}}.

One JSON object per line on standard output; whatever goes to standard error is kept in artifacts/.
"""
import json
import sys
import time

INTERVAL_NS = 100_000_000
# include/net/tcp_states.h
STATES = {"01": "established", "02": "syn_sent", "06": "time_wait", "0A": "listen"}


def count():
    counts = dict.fromkeys(STATES.values(), 0)
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table) as lines:
                next(lines)
                for line in lines:
                    state = STATES.get(line.split()[3])
                    if state:
                        counts[state] += 1
        except FileNotFoundError:
            print(f"no {table}", file=sys.stderr, flush=True)
    return counts


due = time.monotonic_ns()
while True:
    # read just before the first read: the row's own time
    row = {"clock_monotonic_ns": time.monotonic_ns(), **count()}
    print(json.dumps(row), flush=True)
    due += INTERVAL_NS
    time.sleep(max(0, due - time.monotonic_ns()) / 1e9)
