import { redact } from '../redaction/redact.js';
import { redactArgv, redactLine } from '../redaction/redact-argv.js';
import type { PlannedTarget, PlannedVm } from './plan.js';

/** The target as meta.json and "config show" have it, secrets redacted. */
export function resolvedTarget(target: PlannedTarget): unknown {
  return target.type === 'qemu' ? resolvedVm(target) : redact(target);
}

function resolvedVm({
  type,
  image,
  kernel,
  initrd,
  append,
  disk,
  scratchBytes,
  memoryBytes,
  cpus,
  accel,
  cpu,
  args,
  start,
  bootTimeoutNs,
  settle,
  settleNs,
  network,
  capture,
}: PlannedVm): Readonly<Record<string, unknown>> {
  return {
    type,
    image,
    kernel,
    initrd,
    append: append === null ? null : redactLine(append),
    disk,
    scratch_bytes: scratchBytes,
    memory_bytes: memoryBytes,
    cpus,
    accel,
    cpu,
    args: redactArgv(args),
    start,
    boot_timeout_ns: bootTimeoutNs,
    settle_range_ns: settle.minNs === settle.maxNs ? null : { min: settle.minNs, max: settle.maxNs },
    settle_ns: settleNs,
    network,
    capture,
  };
}
