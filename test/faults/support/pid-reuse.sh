# In a pid namespace of its own: an episode of a process that ends, and whose pid goes to another at once.
# usage: pid-reuse.sh ROOT OUTPUT KIND WAITS_FOR DELAY_S
# prints: PID_OF_TARGET PID_OF_STRANGER NS_WHEN_STRANGER_RAN EXIT_CODE IS_STRANGER_ALIVE
root=$1 output=$2 kind=$3 awaited=$4 delay=$5
collectors='--collector host_proc --collector host_threads --collector host_tree --collector host_net'
record() {
  node "$root/bin/run.js" episode start --output "$output" --duration 60s --interval 10ms $collectors "$@" 2>"$output.stderr" &
  recorder=$!
}

if [ "$kind" = pid ]; then
  sleep 1000 &
  target=$!
  record --target-pid $target
else
  record -- sleep 1000
fi
seen() { grep -qs "$2" "$output"/*/$1 || ! [ -e /proc/$recorder ]; }
until seen $awaited .; do sleep 0.01; done
if [ "$kind" != pid ]; then
  until seen events.jsonl '"pid"'; do sleep 0.01; done
  target=$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' "$output"/*/events.jsonl | head -n 1)
fi
[ -n "$target" ] || { kill -9 $recorder; echo "no target: $(cat "$output.stderr")" >&2; exit 1; }
sleep "$delay"

mkfifo "$output.fifo"
exec 7<>"$output.fifo"
kill -9 $target
if [ "$kind" = pid ]; then wait $target; else while [ -e /proc/$target ]; do :; done; fi
# the kernel gives the next free number behind this one; a thread of the recorder may be quicker
for attempt in $(seq 100); do
  echo $((target - 1)) >/proc/sys/kernel/ns_last_pid
  # much memory, another name, and other interfaces: whatever is read of it shows. It waits for a reader of the FIFO
  unshare --net dd if=/dev/zero of=/dev/fd/7 bs=64M count=1 2>/dev/null &
  stranger=$!
  [ $stranger = $target ] && break
  kill -9 $stranger
done
now=$(date +%s%N)
wait $recorder
code=$?
kill -0 $stranger 2>/dev/null && alive=alive || alive=gone
echo $target $stranger $now $code $alive
kill -9 $stranger
