import { integerAfter, integerAt, plusExactly } from '../contract/read-integer.js';

type Count = number | bigint | null;

const U64_MAX = 2n ** 64n - 1n;

/** Null beyond 64 bits: a level that wrapped below zero, as lxcfs tells swap at times, costs its field and not the row. */
export function within64Bits(value: Count): Count {
  return value === null || value > U64_MAX ? null : value;
}

/** The sum over instances (disks, interfaces): zero if there is none, null if the list itself could not be read. */
export function totalOf<K extends string>(instances: readonly Readonly<Record<K, Count>>[] | null, key: K): Count {
  if (instances === null) return null;
  return within64Bits(instances.reduce<Count>((sum, instance) => plusExactly(sum, instance[key]), 0));
}

/**
 * The whole lines of a file of procfs, sysfs or a cgroup, with a line feed in front of each: so a label at the start of
 * a line is found on the first too. What follows the last line feed was cut short, and a number there can't be trusted.
 */
export function wholeLines({ bytes, length }: { readonly bytes: Buffer; readonly length: number }): string {
  const end = length === 0 ? -1 : bytes.lastIndexOf(0x0a, length - 1);
  return `\n${bytes.toString('latin1', 0, end + 1)}`;
}

/** `count` integers in a row, from `at` on; null where there are fewer. */
export function integersAt(text: string, at: number, count: number): Count[] {
  const values: Count[] = [];
  let next = at;
  for (let i = 0; i < count; i++) {
    while (text.charCodeAt(next) === 0x20) next++;
    values.push(integerAt(text, next));
    while (text.charCodeAt(next) >= 0x30 && text.charCodeAt(next) <= 0x39) next++;
  }
  return values;
}

/** One interface of /proc/net/dev. Counts since it appeared. */
export interface NetDevice {
  readonly name: string;
  readonly rxBytes: Count;
  readonly rxPackets: Count;
  readonly rxErrors: Count;
  readonly rxDropped: Count;
  readonly txBytes: Count;
  readonly txPackets: Count;
  readonly txErrors: Count;
  readonly txDropped: Count;
}

/** The interfaces that /proc/net/dev lists, `lo` among them (proc_pid_net(5)). `text` as of `wholeLines`. */
export function parseNetDev(text: string): NetDevice[] {
  const devices: NetDevice[] = [];
  for (const line of text.split('\n')) {
    const colon = line.lastIndexOf(':'); // a name may hold colons, the numbers don't
    if (colon < 0) continue;
    const numbers = integersAt(line, colon + 1, 12);
    devices.push({
      name: line.slice(0, colon).trim(),
      rxBytes: numbers[0]!,
      rxPackets: numbers[1]!,
      rxErrors: numbers[2]!,
      rxDropped: numbers[3]!,
      txBytes: numbers[8]!,
      txPackets: numbers[9]!,
      txErrors: numbers[10]!,
      txDropped: numbers[11]!,
    });
  }
  return devices;
}

/**
 * Microseconds in which `some` task, or in which all of them (`full`), waited (Documentation/accounting/psi.rst), from
 * "some avg10=0.00 avg60=0.00 avg300=0.00 total=12345". Null where the kernel does not tell. `text` as of `wholeLines`.
 */
export function stalledMicroseconds(text: string, who: 'some' | 'full'): Count {
  const at = text.indexOf(`\n${who} `);
  return at < 0 ? null : integerAfter(text, 'total=', at);
}
