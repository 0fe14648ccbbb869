import { AGENT_PORT } from '../lab/image/recipe.js';
import type { MachineSpec } from './machine-spec.js';

/** Names of what lies in the run folder, which is QEMU's working folder: so no path is too long for a socket. */
export const SOCKETS = {
  control: 'control.sock',
  monitor: 'monitor.sock',
  agent: 'agent.sock',
  state: 'state.sock',
} as const;
const NET_ID = 'net0';
export const TAP = 'tap0';
const BALLOON_ID = 'balloon0';
/** Locally administered, in QEMU's own range. */
export const NIC_MAC = '52:54:00:c1:54:90';
const MIB = 1024 * 1024;

/** QEMU may neither start programs, nor gain rights, nor change its own limits. */
export const SANDBOX = 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny';

export interface QemuFiles {
  /** How QEMU reaches a file that was opened for it. */
  readonly kernel: string | null;
  readonly initrd: string | null;
  /** Of each disk its layers as `/dev/fdset/N` or paths, the last one writable. */
  readonly disks: readonly (readonly { readonly filename: string; readonly format: 'raw' | 'qcow2' }[])[];
  /** Descriptors that QEMU is handed as sets: set number by descriptor. */
  readonly fdSets: readonly { readonly fd: number; readonly set: number }[];
  /** The descriptor of a saved state to start from. */
  readonly stateFd: number | null;
}

/** QEMU's command line behind the program's name. Pure. `generation` is a fresh UUID for each start: the guest reseeds by it. */
export function qemuArguments(spec: MachineSpec, files: QemuFiles, generation: string): string[] {
  const { accel, memoryBytes, cpus, cpu, args } = spec;
  return [
    ...['-name', 'cis490,debug-threads=on'],
    ...['-machine', `q35,accel=${accel}`, '-cpu', cpu ?? (accel === 'kvm' ? 'host' : 'qemu64')],
    ...['-m', `${Math.round(memoryBytes / MIB)}M`, '-smp', String(cpus)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-S'],
    ...['-sandbox', SANDBOX],
    ...boot(spec, files),
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
    ...monitor('control', SOCKETS.control),
    ...monitor('monitor', SOCKETS.monitor),
    ...['-device', 'virtio-serial-pci,id=serial0'],
    ...['-chardev', `socket,id=agent,path=${SOCKETS.agent},server=on,wait=off`],
    // without an id there is no VSERPORT_CHANGE
    ...['-device', `virtserialport,id=agentport,chardev=agent,name=${AGENT_PORT}`],
    ...['-device', `virtio-balloon-pci,id=${BALLOON_ID}`],
    ...['-object', 'rng-random,id=rng0,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=rng0'],
    ...['-device', 'pvpanic-pci', '-device', `vmgenid,guid=${generation}`],
    ...files.fdSets.flatMap(({ fd, set }) => ['-add-fd', `fd=${fd},set=${set}`]),
    ...spec.disks.flatMap(({ id }, i) => disk(id, files.disks[i]!)),
    ...network(spec),
    ...(files.stateFd === null ? [] : ['-incoming', `fd:${files.stateFd}`]),
    ...args,
  ];
}

function boot({ append }: MachineSpec, { kernel, initrd }: QemuFiles): string[] {
  if (kernel === null) return [];
  return [
    ...['-kernel', kernel],
    ...(initrd === null ? [] : ['-initrd', initrd]),
    ...(append === null ? [] : ['-append', append]),
  ];
}

const monitor = (id: string, path: string) => [
  ...['-chardev', `socket,id=${id},path=${path},server=on,wait=off`],
  ...['-mon', `chardev=${id},mode=control`],
];

/** Each layer has the one before it as backing; what is written is thrown away afterwards, so it need not be flushed. */
function disk(id: string, layers: QemuFiles['disks'][number]): string[] {
  const nodes = layers.flatMap(({ filename, format }, i) => {
    const isTop = i === layers.length - 1;
    const node = {
      driver: format,
      'node-name': isTop ? id : `${id}-${i}`,
      'read-only': !isTop,
      cache: { 'no-flush': true },
      file: { driver: 'file', filename, 'read-only': !isTop },
      // told in any case: else QEMU opens what the file itself names
      ...(format === 'qcow2' && { backing: i > 0 ? `${id}-${i - 1}` : null }),
    };
    return ['-blockdev', JSON.stringify(node)];
  });
  return [...nodes, '-device', `virtio-blk-pci,drive=${id},id=${id}-device`];
}

function network({ network: mode }: MachineSpec): string[] {
  const device = ['-device', `virtio-net-pci,netdev=${NET_ID},mac=${NIC_MAC}`];
  switch (mode) {
    case 'none':
      return ['-nic', 'none'];
    case 'isolated':
      return ['-netdev', `tap,id=${NET_ID},ifname=${TAP},script=no,downscript=no`, ...device];
    case 'restricted':
      // without IPv6: there is one way less to prove closed, and the guest gets no address that it was not given
      return ['-netdev', `user,id=${NET_ID},restrict=on,ipv6=off`, ...device];
  }
}
