"""A target for long recordings that never rests and never grows: processes, threads, files, memory and sockets come and go."""
import mmap
import socket
import subprocess
import sys
import tempfile
import threading
import time

PERIOD_S = 0.1
PAGES = 64
CHUNK = b"x" * 4096


def main():
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    kept = tempfile.TemporaryFile()
    tick = 0
    due = time.monotonic()
    while True:
        child = subprocess.Popen(["sleep", "0.25"])
        threading.Thread(target=time.sleep, args=(0.15,)).start()
        threading.Thread(target=child.wait).start()
        with mmap.mmap(-1, PAGES * mmap.PAGESIZE) as memory:
            for page in range(PAGES):
                memory[page * mmap.PAGESIZE] = 1
        kept.seek(0)
        kept.write(CHUNK)
        kept.flush()
        sender.sendto(CHUNK[:512], receiver.getsockname())
        receiver.recv(1024)
        if tick % 10 == 0:
            print(f"period {tick}", flush=True)
            print(f"period {tick}", file=sys.stderr, flush=True)
        tick += 1
        due = max(due + PERIOD_S, time.monotonic())
        time.sleep(due - time.monotonic() if due > time.monotonic() else 0)


main()
