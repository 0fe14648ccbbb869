import { statSync } from 'node:fs';
import { CisError } from '../../errors/cis-error.js';
import { dieWithRecorder } from '../../targets/executable.js';
import { TAP } from '../qemu-arguments.js';
import type { SystemUser } from '../system-user.js';
import { BRIDGE } from './addresses.js';
import { requireTool } from './tools.js';

const TUN = '/dev/net/tun';
const OPEN_TO_ALL = 0o006;

/**
 * What happens in the namespace before QEMU takes this process over: a bridge and a tap on it, and nothing that leads out.
 * A new namespace may have inherited forwarding from the host. The namespace has no name and no file: it ends with its
 * last process, and all in it, whoever killed that.
 */
const SCRIPT = `
ip=$1 uid=$2 tun=$3
shift 3
fail() {
  echo "the isolated network could not be made: $1" >&2
  exit 1
}
if [ "$tun" = private ]; then
  mount -t tmpfs -o mode=755,nosuid,noexec tmpfs /dev/net && mknod -m 666 ${TUN} c 10 200 ||
    fail 'no ${TUN} for the user that QEMU runs as'
fi
for which in all default; do
  off=/proc/sys/net/ipv6/conf/$which/disable_ipv6
  [ ! -e "$off" ] || echo 1 >"$off" || fail 'IPv6 can not be turned off'
done
echo 0 >/proc/sys/net/ipv4/ip_forward || fail 'forwarding can not be turned off'
"$ip" -batch - <<END || fail 'it needs CAP_NET_ADMIN, and the modules tun and bridge'
link set dev lo up
link add name ${BRIDGE.name} address ${BRIDGE.mac} type bridge
address add ${BRIDGE.address}/${BRIDGE.prefix} dev ${BRIDGE.name}
tuntap add dev ${TAP} mode tap user $uid
link set dev ${TAP} master ${BRIDGE.name}
link set dev ${BRIDGE.name} up
link set dev ${TAP} up
END
exec "$@"`;

/** Throws SYSTEM_REFUSED. */
export function requireRoot(): void {
  const uid = process.getuid?.();
  if (uid !== 0)
    throw new CisError('SYSTEM_REFUSED', `target.network is "isolated", which needs root; this is user ${uid}`, {
      hint: 'Run cis490 as root, or use "network: restricted", which any user can.',
    });
}

/**
 * Words in front of QEMU's command line that put it into a network namespace of its own. They die with the recorder from
 * the first on. Throws LAB_TOOL_MISSING, SYSTEM_REFUSED.
 */
export function namespaceWrapper(user: SystemUser | null): string[] {
  const tun = isTunOpenToAll() || user === null ? 'shared' : 'private';
  return [
    ...dieWithRecorder(),
    ...[requireTool('unshare'), '--net', ...(tun === 'private' ? ['--mount'] : []), '--'],
    ...['/bin/sh', '-c', SCRIPT, 'cis490-network', requireTool('ip'), String(user?.uid ?? 0), tun],
  ];
}

/** Debian's udev opens it to all; without udev it is root's, and QEMU gets one that only its mount namespace has. */
function isTunOpenToAll(): boolean {
  const mode = statSync(TUN, { throwIfNoEntry: false })?.mode;
  if (mode === undefined)
    throw new CisError('SYSTEM_REFUSED', `target.network is "isolated", which needs ${TUN}; there is none`, {
      hint: 'Load the module: "modprobe tun" as root.',
    });
  return (mode & OPEN_TO_ALL) === OPEN_TO_ALL;
}
