#!/bin/sh
# A workload that is quiet until it is told to work: SIGUSR1 makes it busy, SIGUSR2 quiet again.
# While it is busy it keeps one CPU occupied and writes a little to a file of its own.
busy=
scratch=$(mktemp)
trap 'busy=1' USR1
trap 'busy=' USR2
trap 'rm -f "$scratch"; exit 0' TERM INT

while :; do
  if [ -n "$busy" ]; then
    i=0
    while [ "$i" -lt 2000 ]; do i=$((i + 1)); done
    echo "a line of output" >"$scratch"
  else
    # in the background: a signal interrupts "wait", but not a foreground command
    sleep 3600 &
    wait $!
    kill $! 2>/dev/null
  fi
done
