import { plusExactly, type RowOf } from '../../index.js';
import { familyOf } from './families.js';
import type { FIELDS } from './fields.js';
import type { Totals } from './prints.js';
import type { SyscallTable } from './syscall-names.js';

type Row = RowOf<typeof FIELDS>;
type Calls = Row['calls'];
type Count = number | bigint;

/** What happened between two prints. */
export function rowBetween(before: Totals, now: Totals, { arch, names }: SyscallTable): Row {
  const calls = callsBetween(before, now, names);
  const sums = { file: 0, network: 0, process: 0, memory: 0, ipc: 0, other: 0 } as Record<string, Count>;
  for (const { name, count } of calls) {
    const family = familyOf(name);
    sums[family] = plus(sums[family]!, count);
  }
  return {
    span_ns: now.atNs - before.atNs,
    arch,
    processes: Math.max(0, 1 + Number(now.forks) - Number(now.ends)),
    calls_total: sumOf(calls, 'count'),
    errors_total: sumOf(calls, 'errors'),
    calls_file: sums.file!,
    calls_network: sums.network!,
    calls_process: sums.process!,
    calls_memory: sums.memory!,
    calls_ipc: sums.ipc!,
    calls_other: sums.other!,
    calls,
  };
}

function callsBetween(before: Totals, now: Totals, names: SyscallTable['names']): Calls {
  const numbers = new Set([...now.calls.keys(), ...now.errors.keys()]);
  return [...numbers]
    .sort((a, b) => a - b)
    .map((number) => ({
      number,
      name: names.get(number) ?? null,
      count: minus(now.calls.get(number), before.calls.get(number)),
      errors: minus(now.errors.get(number), before.errors.get(number)),
    }))
    .filter(({ count, errors }) => count > 0 || errors > 0);
}

const sumOf = (calls: Calls, key: 'count' | 'errors') => calls.reduce<Count>((sum, call) => plus(sum, call[key]), 0);

const plus = (a: Count, b: Count): Count => plusExactly(a, b) ?? 0;

/** Exact; a safe number where it is one. */
function minus(now: Count = 0, before: Count = 0): Count {
  const difference = BigInt(now) - BigInt(before);
  return difference <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(difference) : difference;
}
