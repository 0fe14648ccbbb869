import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { MachineSpec } from '../../../src/core/vm/machine-spec.js';
import { captureCommand } from '../../../src/core/vm/network/capture-command.js';
import * as scripts from '../../../src/core/vm/network/guest-scripts.js';
import { namespaceWrapper } from '../../../src/core/vm/network/namespace.js';
import { qemuArguments } from '../../../src/core/vm/qemu-arguments.js';
import { networkTest } from '../../support/needs-lab.js';

const SPEC: Omit<MachineSpec, 'network'> = {
  ...{ memoryBytes: 256 * 2 ** 20, cpus: 1, cpu: null, args: [], accel: 'tcg' },
  ...{ kernelPath: null, initrdPath: null, append: null, disks: [] },
};
const FILES = { kernel: null, initrd: null, disks: [], fdSets: [], stateFd: null };

test.each([
  ['none', ['-nic none']],
  [
    'isolated',
    [
      '-netdev tap,id=net0,ifname=tap0,script=no,downscript=no',
      '-device virtio-net-pci,netdev=net0,mac=52:54:00:c1:54:90',
    ],
  ],
  [
    'restricted',
    ['-netdev user,id=net0,restrict=on,ipv6=off', '-device virtio-net-pci,netdev=net0,mac=52:54:00:c1:54:90'],
  ],
] as const)('QEMU is told of a network %s, and of no other', (network, expected) => {
  const line = qemuArguments({ ...SPEC, network }, FILES, 'generation').join(' ');
  expect(line.match(/-(nic|netdev|net) \S+|-device virtio-net\S+/g)).toEqual(expected);
});

test.each(Object.entries(scripts).filter(([, script]) => typeof script === 'string'))(
  'the script %s for the guest is one that a POSIX shell reads',
  (_, script) => {
    expect(execFileSync('sh', ['-n'], { input: script as string, encoding: 'utf8' })).toBe('');
  },
);

networkTest('tcpdump enters the namespace of QEMU, and keeps one capability', () => {
  const line = captureCommand(4711, { uid: 102, gid: 105, groups: [] }).join(' ');
  expect(line).toMatch(/nsenter --net=\/proc\/4711\/ns\/net -- \S*setpriv --reuid 102 --regid 105 --clear-groups/);
  expect(line).toMatch(/--bounding-set -all,\+net_raw --pdeathsig KILL -- \S*tcpdump -i tap0 /);
});

networkTest('what stands in front of QEMU dies with the recorder, and ends with a shell that QEMU takes over', () => {
  const words = namespaceWrapper({ uid: 65534, gid: 65534, groups: [] });
  expect(words.join(' ')).toMatch(/^\S*setpriv --pdeathsig KILL -- \S*unshare --net /);
  expect(words.find((word) => word.includes('exec "$@"'))).toMatch(/\nexec "\$@"$/);
  expect(words.at(-2)).toBe('65534');
});
