import { expect, test } from 'vitest';
import { type QemuFiles, qemuArguments } from '../../../src/core/vm/qemu-arguments.js';
import { machineSpec } from '../support/machine-spec.js';

const UUID = '00000000-0000-0000-0000-000000000490';
const files = (parts: Partial<QemuFiles> = {}): QemuFiles => ({
  kernel: '/dev/fd/3',
  initrd: '/dev/fd/4',
  disks: [],
  fdSets: [],
  stateFd: null,
  ...parts,
});
/** An option a line, with its value. */
const lines = (args: readonly string[]) => args.join('\n').replace(/\n(?!-[a-zA-Z])/g, ' ');

test('the command line of a machine that boots the lab’s image', () => {
  expect(lines(qemuArguments(machineSpec(), files(), UUID))).toMatchInlineSnapshot(`
    "-name cis490,debug-threads=on
    -machine q35,accel=tcg
    -cpu qemu64
    -m 256M
    -smp 1
    -nodefaults
    -no-user-config
    -display none
    -no-reboot
    -S
    -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
    -kernel /dev/fd/3
    -initrd /dev/fd/4
    -append console=ttyS0 quiet
    -chardev stdio,id=console,signal=off
    -serial chardev:console
    -chardev socket,id=control,path=control.sock,server=on,wait=off
    -mon chardev=control,mode=control
    -chardev socket,id=monitor,path=monitor.sock,server=on,wait=off
    -mon chardev=monitor,mode=control
    -device virtio-serial-pci,id=serial0
    -chardev socket,id=agent,path=agent.sock,server=on,wait=off
    -device virtserialport,id=agentport,chardev=agent,name=org.qemu.guest_agent.0
    -device virtio-balloon-pci,id=balloon0
    -object rng-random,id=rng0,filename=/dev/urandom
    -device virtio-rng-pci,rng=rng0
    -device pvpanic-pci
    -device vmgenid,guid=00000000-0000-0000-0000-000000000490
    -nic none"
  `);
});

test('the command line of one that goes on from a saved state, with disks, a network, KVM and arguments of the user’s own', () => {
  const spec = machineSpec({
    accel: 'kvm',
    cpus: 2,
    network: 'isolated',
    args: ['-m', '1G', '-device', 'edu'],
    disks: [
      { id: 'disk', base: [{ path: '/d.raw', format: 'raw' }], sizeBytes: null },
      { id: 'scratch', base: [], sizeBytes: 1024 },
    ],
  });
  const handed = files({
    disks: [
      [
        { filename: '/dev/fdset/1', format: 'raw' },
        { filename: '/dev/fdset/2', format: 'qcow2' },
        { filename: 'disk.qcow2', format: 'qcow2' },
      ],
      [{ filename: 'scratch.qcow2', format: 'qcow2' }],
    ],
    fdSets: [
      { fd: 3, set: 1 },
      { fd: 4, set: 2 },
    ],
    stateFd: 7,
  });
  expect(lines(qemuArguments(spec, handed, UUID))).toMatchInlineSnapshot(`
    "-name cis490,debug-threads=on
    -machine q35,accel=kvm
    -cpu host
    -m 256M
    -smp 2
    -nodefaults
    -no-user-config
    -display none
    -no-reboot
    -S
    -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
    -kernel /dev/fd/3
    -initrd /dev/fd/4
    -append console=ttyS0 quiet
    -chardev stdio,id=console,signal=off
    -serial chardev:console
    -chardev socket,id=control,path=control.sock,server=on,wait=off
    -mon chardev=control,mode=control
    -chardev socket,id=monitor,path=monitor.sock,server=on,wait=off
    -mon chardev=monitor,mode=control
    -device virtio-serial-pci,id=serial0
    -chardev socket,id=agent,path=agent.sock,server=on,wait=off
    -device virtserialport,id=agentport,chardev=agent,name=org.qemu.guest_agent.0
    -device virtio-balloon-pci,id=balloon0
    -object rng-random,id=rng0,filename=/dev/urandom
    -device virtio-rng-pci,rng=rng0
    -device pvpanic-pci
    -device vmgenid,guid=00000000-0000-0000-0000-000000000490
    -add-fd fd=3,set=1
    -add-fd fd=4,set=2
    -blockdev {"driver":"raw","node-name":"disk-0","read-only":true,"cache":{"no-flush":true},"file":{"driver":"file","filename":"/dev/fdset/1","read-only":true}}
    -blockdev {"driver":"qcow2","node-name":"disk-1","read-only":true,"cache":{"no-flush":true},"file":{"driver":"file","filename":"/dev/fdset/2","read-only":true},"backing":"disk-0"}
    -blockdev {"driver":"qcow2","node-name":"disk","read-only":false,"cache":{"no-flush":true},"file":{"driver":"file","filename":"disk.qcow2","read-only":false},"backing":"disk-1"}
    -device virtio-blk-pci,drive=disk,id=disk-device
    -blockdev {"driver":"qcow2","node-name":"scratch","read-only":false,"cache":{"no-flush":true},"file":{"driver":"file","filename":"scratch.qcow2","read-only":false},"backing":null}
    -device virtio-blk-pci,drive=scratch,id=scratch-device
    -netdev tap,id=net0,ifname=tap0,script=no,downscript=no
    -device virtio-net-pci,netdev=net0,mac=52:54:00:c1:54:90
    -incoming fd:7
    -m 1G
    -device edu"
  `);
});

test('the user’s own arguments come last: they can replace what is given before', () => {
  const args = ['-cpu', 'max'];
  expect(qemuArguments(machineSpec({ args }), files({ stateFd: 5 }), UUID).slice(-2)).toEqual(args);
});

test('a machine without a kernel boots its disk, and gets no kernel’s options', () => {
  const spec = machineSpec({ kernelPath: null, initrdPath: null, append: null });
  const line = qemuArguments(spec, files({ kernel: null, initrd: null }), UUID);
  for (const option of ['-kernel', '-initrd', '-append']) expect(line).not.toContain(option);
});

test('no word of a configuration becomes an option of its own', () => {
  const spec = machineSpec({ append: '-device evil', cpu: 'qemu64,-x' });
  const line = qemuArguments(spec, files(), UUID);
  expect(line[line.indexOf('-append') + 1]).toBe('-device evil');
  expect(line[line.indexOf('-cpu') + 1]).toBe('qemu64,-x');
});

test('of a disk only the last layer may be written, and each lies on the one before', () => {
  const spec = machineSpec({ disks: [{ id: 'disk', base: [{ path: '/d', format: 'raw' }], sizeBytes: null }] });
  const layers = [
    { filename: '/dev/fdset/1', format: 'raw' },
    { filename: 'disk.qcow2', format: 'qcow2' },
  ] as const;
  const line = qemuArguments(spec, files({ disks: [layers] }), UUID);
  const nodes = line.flatMap((word, i) => (word === '-blockdev' ? [JSON.parse(line[i + 1]!)] : []));
  expect(nodes).toMatchObject([
    { driver: 'raw', 'read-only': true, file: { 'read-only': true } },
    { driver: 'qcow2', 'read-only': false, backing: nodes[0]['node-name'], file: { 'read-only': false } },
  ]);
});
