import type { PlannedVm } from '../../../src/core/config/plan.js';

const MIB = 1024 * 1024;

/** The lab's machine, emulated. */
export const plannedVm = (parts: Partial<PlannedVm> = {}): PlannedVm => ({
  type: 'qemu',
  image: 'lab',
  kernel: null,
  initrd: null,
  append: null,
  disk: null,
  scratchBytes: null,
  memoryBytes: 256 * MIB,
  cpus: 1,
  accel: 'tcg',
  cpu: null,
  args: [],
  start: 'restored',
  bootTimeoutNs: 60e9,
  settle: { minNs: 0, maxNs: 0 },
  settleNs: 0,
  network: 'none',
  capture: false,
  ...parts,
});
