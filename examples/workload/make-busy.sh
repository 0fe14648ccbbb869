#!/bin/sh
# The "run" of a phase: keeps the workload busy until the phase is over.
# CIS490_TARGET_PID names the workload; the end of the phase comes as SIGTERM.
trap 'kill -USR2 "$CIS490_TARGET_PID"; exit 0' TERM INT
kill -USR1 "$CIS490_TARGET_PID" || exit 1

while :; do
  sleep 3600 &
  wait $!
done
