import type { MachineSpec } from '../../../src/core/vm/machine-spec.js';

const MIB = 1024 * 1024;

/** What `cis490 lab build` gives to boot. */
export const machineSpec = (parts: Partial<MachineSpec> = {}): MachineSpec => ({
  memoryBytes: 256 * MIB,
  cpus: 1,
  cpu: null,
  args: [],
  network: 'none',
  accel: 'tcg',
  kernelPath: '/images/vmlinuz',
  initrdPath: '/images/initrd',
  append: 'console=ttyS0 quiet',
  disks: [],
  ...parts,
});
