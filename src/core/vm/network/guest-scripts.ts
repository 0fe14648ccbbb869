/**
 * What the recorder runs in the guest to set up and test its network. All of it is done by busybox, whose answers are
 * known: a probe with a tool of unknown habits would prove nothing. Values come as arguments, and never become code.
 */

/** Lists the interfaces: `interface NAME device|virtual MAC`. Needs no tool at all. */
export const LIST = `
for folder in /sys/class/net/*; do
  kind=virtual
  [ ! -e "$folder/device" ] || kind=device
  read -r mac <"$folder/address" && echo "interface \${folder##*/} $kind $mac"
done`;

/** Exits with 127 unless busybox and its tools are there. */
const TOOLS = `
have=" $(echo $(busybox --list 2>/dev/null)) "
for applet in ip mkdir mktemp nc nslookup ping rm sleep udhcpc; do
  case $have in *" $applet "*) ;; *) exit 127 ;; esac
done
read -r flags </sys/class/net/lo/flags
[ $((flags & 1)) -ne 0 ] || busybox ip link set dev lo up`;

/** What is there now: `ipv6` if the interface has an address that leads out, and the resolvers and gateways as configured. */
const TELL = `
six=
while read -r _ _ _ scope _ name; do
  case $name/$scope in "$dev"/00 | "$dev"/40) six=yes ;; esac
done 2>/dev/null </proc/net/if_inet6
if [ -n "$six" ]; then
  echo ipv6
  busybox ip -6 route show default dev "$dev" | while read -r _ _ gateway _; do echo "gateway $gateway"; done
fi
while read -r word server _; do
  [ "$word" != nameserver ] || echo "dns $server"
done 2>/dev/null </etc/resolv.conf`;

/** NAME ADDRESS PREFIX GATEWAY: gives the interface that address and no other, with a default route so that a leak shows. */
export const CONFIGURE = `
dev=$1
${TOOLS}
busybox ip -4 address flush dev "$dev"
busybox ip link set dev "$dev" up && busybox ip address add "$2/$3" dev "$dev" &&
  busybox ip route replace default via "$4" dev "$dev" || exit 1
${TELL}
echo end`;

/**
 * NAME: brings the interface up with what a DHCP server and a router give it: `lease ADDRESS PREFIX GATEWAY`, or no lease.
 * A server that names no gateway is taken for one, so that a leak shows.
 */
export const DISCOVER = `
dev=$1
${TOOLS}
hook=$(busybox mktemp) || exit 1
trap 'rm -f "$hook"' EXIT
# $dns goes nowhere: the guest's configuration stays as it is
cat >"$hook" <<'END' && chmod 700 "$hook" || exit 1
#!/bin/sh
[ "$1" = bound ] || exit 0
gateway=\${router:-$serverid}
echo "lease $ip \${mask:-24} \${gateway%% *}"
for server in $dns; do echo "dns $server"; done
busybox ip address add "$ip/\${mask:-24}" dev "$interface"
busybox ip route replace default via "\${gateway%% *}" dev "$interface"
END
# without waiting for what makes sense on a real network alone
for knob in dad_transmits router_solicitation_delay; do
  echo 0 >"/proc/sys/net/ipv6/conf/$dev/$knob"
done 2>/dev/null
busybox ip -4 address flush dev "$dev"
busybox ip link set dev "$dev" up || exit 1
busybox udhcpc -i "$dev" -s "$hook" -n -q -f -t 2 -T 1 2>/dev/null
${TELL}
echo end`;

/** NAME: takes an interface down again. */
export const TAKE_DOWN = `
busybox ip address flush dev "$1"
busybox ip link set dev "$1" down`;

/** So many probes run at once. */
export const BATCH = 32;

/**
 * NAME TOKEN CONTROL [WHAT ADDRESS PORT]...: answers `control tcp|udp|ping RESULT`, `probe INDEX RESULT` for each, and `end`.
 * The controls show that the tools tell what they see: a TCP connection that opens, a datagram that is refused, both
 * within the guest; and an address that has to answer, or "-". All run at once, as one process each: an emulated guest
 * takes long to start one.
 */
export const PROBE = `
dev=$1 token=$2 control=$3
shift 3
dir=/tmp/cis490-probe-$$
busybox mkdir "$dir" || exit 1
trap 'busybox rm -rf "$dir"' EXIT
start() {
  case $2/$3 in
    tcp/*) busybox nc -w 1 "$3" "$4" </dev/null >/dev/null 2>"$dir/$1" & tcps="$tcps $!" ;;
    udp/*:*) busybox nslookup "$token.invalid" "[$3]:$4" >"$dir/$1" 2>&1 & udps="$udps $!" ;;
    udp/*) busybox nslookup "$token.invalid" "$3:$4" >"$dir/$1" 2>&1 & udps="$udps $!" ;;
    ping/*) busybox ping -c 1 -W 1 "$3" >"$dir/$1" 2>&1 & ;;
    *) exit 1 ;;
  esac
  pids="$pids $1=$2=$!"
}
judge() {
  said=
  while read -r line; do said="$said$line "; done <"$dir/$1"
  case $2/$3/$said in
    tcp/0/* | tcp/143/*) result=open ;; # it was ended while it had a connection
    ping/0/* | udp/*"can't find"* | udp/*Name:*) result=answered ;;
    ping/*) result=silent ;;
    */*'onnection refused'*) result=refused ;;
    */*'nreachable'* | */*'o route to host'*) result=unreachable ;;
    */*'timed out'* | udp/143/) result=timeout ;;
    *) result=failed ;;
  esac
}
finish() {
  busybox sleep 1
  [ -z "$udps" ] || kill $udps 2>/dev/null
  # a connection that does not end by itself
  (trap 'kill $!; exit' TERM; busybox sleep 5 & wait $!; kill $tcps) >/dev/null 2>&1 &
  watchdog=$!
  for entry in $pids; do
    wait "\${entry##*=}"
    code=$? what=\${entry#*=}
    judge "\${entry%%=*}" "\${what%=*}" "$code"
    case $entry in
      c*) echo "control \${what%=*} $result" ;;
      *) echo "probe \${entry%%=*} $result" ;;
    esac
  done
  kill $watchdog 2>/dev/null
  pids= tcps= udps=
}
if [ "$control" != - ]; then
  tries=0
  until busybox ping -c 1 -W 1 "$control" >/dev/null 2>&1 || [ $tries -ge 5 ]; do tries=$((tries + 1)); done
  [ $tries -ge 5 ] && echo 'control ping silent' || echo 'control ping answered'
fi
busybox nc -l -p 54900 </dev/null >/dev/null 2>&1 &
server=$!
pids= tcps= udps= index=0
while [ $# -ge 3 ]; do
  start $index "$1" "$2" "$3"
  shift 3
  index=$((index + 1))
  [ $((index % ${BATCH})) -ne 0 ] || finish
done
start c0 udp 127.0.0.1 1
# the server takes one connection, as soon as it listens
until busybox nc -w 1 127.0.0.1 54900 </dev/null >/dev/null 2>&1 || ! kill -0 $server; do :; done
wait $server
[ $? -eq 0 ] && echo 'control tcp open' || echo 'control tcp failed'
finish
busybox ip neighbour flush dev "$dev" >/dev/null 2>&1
echo end`;
