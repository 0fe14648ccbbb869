import type { PlannedVm } from '../config/plan.js';

/** A disk as a chain of files: the last is written to, those before it never. */
export interface DiskLayers {
  readonly id: string;
  readonly base: readonly { readonly path: string; readonly format: 'raw' | 'qcow2' }[];
  /** Of a fresh disk without a base. */
  readonly sizeBytes: number | null;
}

/** What QEMU is to build, whatever it starts from. */
export interface MachineSpec extends Pick<PlannedVm, 'memoryBytes' | 'cpus' | 'cpu' | 'args' | 'network'> {
  readonly accel: 'kvm' | 'tcg';
  readonly kernelPath: string | null;
  readonly initrdPath: string | null;
  readonly append: string | null;
  readonly disks: readonly DiskLayers[];
}
