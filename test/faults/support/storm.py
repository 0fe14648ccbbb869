"""A target that forks wildly, within bounds. usage: storm.py KIND WORD; every process of it has WORD among its arguments."""
import os
import signal
import sys
import time

kind, word = sys.argv[1:3]
signal.signal(signal.SIGTERM, signal.SIG_IGN)


def tree(depth):
    """Twice as many on each level; none wants to end."""
    for _ in range(2 if depth > 0 else 0):
        if os.fork() == 0:
            tree(depth - 1)
    time.sleep(600)


def comet(hops, is_session):
    """Each starts the next, and ends: it never is where it was looked for."""
    for _ in range(hops):
        if os.fork():
            os._exit(0)
        if is_session:
            os.setsid()


def hydra(heads):
    """For each child that ends another is started."""
    for _ in range(20):
        if os.fork() == 0:
            time.sleep(600)
    for _ in range(heads):
        os.wait()
        if os.fork() == 0:
            time.sleep(600)
    time.sleep(600)


def daemon():
    """A double fork, as the books have it, and below the target one that has cleared its environment."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.chdir("/")
            for descriptor in range(3, 64):
                try:
                    os.close(descriptor)
                except OSError:
                    pass
            time.sleep(600)
        os._exit(0)
    if os.fork() == 0:
        os.setsid()
        os.execve(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", word], {})
    time.sleep(600)


print("begun", flush=True)
{
    "tree": lambda: tree(7),
    "comet": lambda: comet(4_000, False),
    "sessions": lambda: comet(1_000, True),
    "hydra": lambda: hydra(2_000),
    "daemon": daemon,
}[kind]()
