#!/bin/sh
# usage: target.sh mine | encode | encrypt | backup
# Idle until SIGUSR1 tells it to work; SIGUSR2 ends that. Made of standard tools, on files of its own: nothing is harmed.
# mine and encrypt are what a miner and ransomware look like; encode and backup are their benign twins, of like load.
work=$1
busy=
folder=$(mktemp -d)
trap 'busy=1' USR1
trap 'busy=' USR2
trap 'rm -rf "$folder"; exit 0' TERM INT

for file in 1 2 3 4 5 6 7 8 9 10 11 12; do
  head -c 60000 /dev/urandom | od -x >"$folder/$file"
done

# computes, and does nothing else
mine() {
  i=0
  while [ "$i" -lt 4000 ]; do i=$((i + 1)); done
}

# computes by turns: reads a clip, squeezes it, waits for the next
encode() {
  gzip -6 -c "$folder/1" "$folder/2" "$folder/3" "$folder/4" "$folder/5" "$folder/6" "$folder/7" >"$folder/clip"
  sleep 0.02
}

# reads, overwrites and renames one file after the other
encrypt() {
  for file in 1 2 3 4 5 6 7 8 9 10 11 12; do
    tr '0-9a-f' '8-9a-f0-7' <"$folder/$file" >"$folder/$file.locked"
    mv "$folder/$file.locked" "$folder/$file"
  done
}

# reads the same files into one archive
backup() {
  tar -czf "$folder.tgz" -C "$folder" .
  rm -f "$folder.tgz"
}

while :; do
  if [ -n "$busy" ]; then
    "$work"
  else
    # in the background: a signal interrupts "wait", but not a foreground command
    sleep 3600 &
    wait $!
    kill $! 2>/dev/null
  fi
done
