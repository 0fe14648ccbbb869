import { plusExactly, type RowOf } from '../../index.js';
import { type Family, familyOf } from './families.js';
import type { FIELDS } from './fields.js';
import type { Counts, Interval } from './prints.js';
import type { SyscallTable } from './syscall-names.js';

type Row = RowOf<typeof FIELDS>;
type Calls = Row['calls'];
type Count = number | bigint;

/** The row of an interval that began with the print before. */
export function rowOf({ spanNs, calls: begun, errors, processes }: Interval, { arch, names }: SyscallTable): Row {
  const calls = recordsOf(begun, errors, names);
  const sums = { file: 0, network: 0, process: 0, memory: 0, ipc: 0, other: 0 } as Record<Family, Count>;
  for (const { name, count } of calls) {
    const family = familyOf(name);
    sums[family] = plus(sums[family], count);
  }
  return {
    span_ns: spanNs,
    arch,
    processes,
    calls_total: sumOf(calls, 'count'),
    errors_total: sumOf(calls, 'errors'),
    calls_file: sums.file,
    calls_network: sums.network,
    calls_process: sums.process,
    calls_memory: sums.memory,
    calls_ipc: sums.ipc,
    calls_other: sums.other,
    calls,
  };
}

function recordsOf(begun: Counts, errors: Counts, names: SyscallTable['names']): Calls {
  return [...new Set([...begun.keys(), ...errors.keys()])]
    .sort((a, b) => a - b)
    .map((number) => ({
      number,
      name: names.get(number) ?? null,
      count: begun.get(number) ?? 0,
      errors: errors.get(number) ?? 0,
    }));
}

const sumOf = (calls: Calls, key: 'count' | 'errors') => calls.reduce<Count>((sum, call) => plus(sum, call[key]), 0);

const plus = (a: Count, b: Count): Count => plusExactly(a, b) ?? 0;
