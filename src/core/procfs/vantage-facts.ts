import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { VantageFacts } from '../contract/collector.js';

/** Entries of the auxiliary vector: pairs of 64-bit words (getauxval(3)). */
const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;

/** The local machine's page size and clock tick, which JavaScript can't ask sysconf(3) for. */
export function localVantageFacts(): VantageFacts {
  return { ...auxiliaryFacts(readFileSync('/proc/self/auxv')), cpus: cpus().length };
}

/** What any process's auxiliary vector tells of its machine. */
export function auxiliaryFacts(bytes: Buffer): Pick<VantageFacts, 'pageSizeBytes' | 'clockTicksPerSecond'> {
  const vector = auxiliaryVector(bytes);
  return {
    pageSizeBytes: Number(vector.get(AT_PAGESZ) ?? 4096n),
    clockTicksPerSecond: Number(vector.get(AT_CLKTCK) ?? 100n),
  };
}

export function auxiliaryVector(bytes: Buffer): Map<bigint, bigint> {
  const vector = new Map<bigint, bigint>();
  for (let at = 0; at + 16 <= bytes.length; at += 16)
    vector.set(bytes.readBigUInt64LE(at), bytes.readBigUInt64LE(at + 8));
  return vector;
}
