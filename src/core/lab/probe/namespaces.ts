import { existsSync } from 'node:fs';
import { resolveExecutable } from '../../targets/executable.js';
import { toolPath } from '../../vm/network/tools.js';
import { describeFailure, runTool } from '../run-tool.js';
import { lacksProgram, ok, type ProbeItem, unavailable } from './probe-item.js';

const NAME = 'namespaces';
const TIMEOUT_MS = 10_000;
/** It ends with its namespace, and everything in it. */
const TRIAL = `
ip link add br0 type bridge
ip tuntap add dev tap0 mode tap
ip link set dev tap0 master br0
ip link set dev br0 up
ip link set dev tap0 up`;

/** Whether `network: isolated` can work: makes its tap and bridge, in a network namespace that lasts no longer than that. */
export async function probeNamespaces(): Promise<ProbeItem> {
  const missing = ['unshare', 'ip'].find((program) => resolveExecutable(program, '/', toolPath()) === null);
  if (missing !== undefined) return lacksProgram(NAME, missing);
  if (process.getuid?.() !== 0)
    return unavailable(NAME, 'a tap and a bridge need root', 'Run cis490 as root, or use "network: restricted".');
  if (!existsSync('/dev/net/tun'))
    return unavailable(NAME, 'there is no /dev/net/tun', 'Load the module: "modprobe tun" as root.');
  const result = await runTool(['unshare', '--net', '--', 'sh', '-e', '-c', TRIAL], {
    timeoutMs: TIMEOUT_MS,
    env: { PATH: toolPath() },
  });
  if (result.code === 0) return ok(NAME, 'a tap on a bridge in a network namespace of its own');
  return unavailable(
    NAME,
    `no tap on a bridge can be made: ${describeFailure(result)}`,
    'It needs CAP_NET_ADMIN and CAP_SYS_ADMIN, and the modules tun and bridge. Else use "network: restricted".',
  );
}
