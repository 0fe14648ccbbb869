import { resolve } from 'node:path';
import { formatDuration } from '../time/duration.js';
import type { DiskFormat, QemuTargetConfig } from './config.js';
import type { PlannedVm } from './plan.js';
import { drawDuration, planDuration, planRange } from './plan-duration.js';
import type { Seed } from './seed.js';
import { parseSize } from './size.js';

/** The image that is meant where nothing else is: what "lab build" made. */
const LAB_IMAGE = 'lab';
const MIB = 2 ** 20;
const TIB = 2 ** 40;
const MIN_MEMORY = 64 * MIB;
/** Its files are in the guest's memory, of which they may take half. */
const MIN_LAB_MEMORY = 192 * MIB;
const MAX_WAIT_NS = 3600e9;
const DEFAULT_SETTLE = { min: '500ms', max: '1500ms' };

export interface PlanVmOptions {
  readonly baseDir: string;
  readonly seed: Seed;
  readonly problems: string[];
  /** Whether the target has this key, but a broken one that was left out: what depends on it is not checked. */
  isBroken(key: keyof QemuTargetConfig): boolean;
}

/** The virtual machine with its defaults; every inconsistency is a problem. */
export function planVm(target: QemuTargetConfig, options: PlanVmOptions): PlannedVm {
  const { baseDir, seed, problems } = options;
  checkImage(target, options);
  const path = (value: string | undefined) => (value === undefined ? null : resolve(baseDir, value));
  const settle = planWait(target, problems);
  return {
    type: 'qemu',
    image: imageOf(target, baseDir),
    kernel: path(target.kernel),
    initrd: path(target.initrd),
    append: target.append ?? null,
    disk: planDisk(target.disk, baseDir, problems),
    scratchBytes: target.scratch === undefined ? null : planSize('scratch', target.scratch, MIB, problems),
    memoryBytes: planMemory(target, problems),
    cpus: target.cpus ?? 1,
    accel: target.accel ?? 'auto',
    cpu: target.cpu ?? null,
    args: target.args ?? [],
    start: target.start ?? 'restored',
    bootTimeoutNs: planBootTimeout(target, problems),
    settle,
    settleNs: drawDuration(seed, 'settle', settle),
    network: target.network ?? 'none',
    capture: planCapture(target, options),
  };
}

function checkImage(target: QemuTargetConfig, { problems, isBroken }: PlanVmOptions): void {
  const { image, kernel } = target;
  const parts = (['kernel', 'initrd', 'append'] as const).filter((key) => target[key] !== undefined);
  if (image !== undefined && parts.length > 0)
    problems.push(
      `target.image is "${image}", but ${parts.map((key) => `target.${key}`).join(', ')} would take its place; give an image, or a kernel of your own`,
    );
  else if (kernel === undefined && parts[0] !== undefined && !isBroken('kernel'))
    problems.push(`target.${parts[0]} is "${target[parts[0]]}", but there is no target.kernel that it belongs to`);
}

function imageOf({ image, kernel, disk }: QemuTargetConfig, baseDir: string): string | null {
  if (image === undefined) return kernel === undefined && disk === undefined ? LAB_IMAGE : null;
  return image === LAB_IMAGE ? LAB_IMAGE : resolve(baseDir, image);
}

/** Never told from the contents: a raw disk's guest could make them look like another format's. */
function planDisk(disk: QemuTargetConfig['disk'], baseDir: string, problems: string[]): PlannedVm['disk'] {
  if (disk === undefined) return null;
  if (typeof disk !== 'string') return { path: resolve(baseDir, disk.path), format: disk.format };
  const format = /\.(qcow2|raw)$/.exec(disk)?.[1] as DiskFormat | undefined;
  if (format === undefined)
    problems.push(
      `target.disk is "${disk}", whose name does not end in .qcow2 or .raw; say its format, as in {path: ${disk}, format: raw}`,
    );
  return { path: resolve(baseDir, disk), format: format ?? 'raw' };
}

function planMemory(target: QemuTargetConfig, problems: string[]): number {
  const { memory = '256MiB', kernel, disk } = target;
  const bytes = planSize('memory', memory, MIN_MEMORY, problems);
  const isLab = (target.image ?? LAB_IMAGE) === LAB_IMAGE && kernel === undefined && disk === undefined;
  if (isLab && bytes >= MIN_MEMORY && bytes % MIB === 0 && bytes < MIN_LAB_MEMORY)
    problems.push(`target.memory is "${memory}"; the lab's image needs at least ${MIN_LAB_MEMORY / MIB}MiB`);
  return bytes;
}

function planSize(key: 'memory' | 'scratch', text: string, minimum: number, problems: string[]): number {
  const bytes = parseSize(text);
  if (bytes === null || bytes < minimum || bytes > TIB || bytes % MIB !== 0)
    problems.push(
      `target.${key} is "${text}"; it must be a whole number of MiB, from ${minimum / MIB}MiB to 1024GiB, like "256MiB" or "1GiB"`,
    );
  return bytes ?? 0;
}

function planBootTimeout({ boot_timeout = '60s' }: QemuTargetConfig, problems: string[]): number {
  const ns = planDuration(boot_timeout, 'target.boot_timeout', problems);
  checkWait('boot_timeout', ns, problems);
  return ns;
}

function planWait({ settle = DEFAULT_SETTLE }: QemuTargetConfig, problems: string[]): PlannedVm['settle'] {
  const range = planRange(settle, 'target.settle', { problems, canBeZero: true });
  checkWait('settle', range.maxNs, problems);
  return range;
}

function checkWait(key: string, ns: number, problems: string[]): void {
  if (ns > MAX_WAIT_NS) problems.push(`target.${key} is ${formatDuration(ns)}; it must be at most 1h`);
}

function planCapture({ capture = false, network = 'none' }: QemuTargetConfig, options: PlanVmOptions): boolean {
  if (capture && network !== 'isolated' && !options.isBroken('network'))
    options.problems.push(
      `target.capture is true, but target.network is "${network}"; packets can be captured on an "isolated" network alone`,
    );
  return capture;
}
