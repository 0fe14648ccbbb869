import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readJson, readRows } from '../../support/cli.js';

/** What has to be on the disk: it was measured at least so long before the recorder was killed ... */
const SETTLED_NS = 1_000_000_000n;
/** ... and with so many rows behind it: a machine that stands still for a second lets nobody write. */
const SETTLED_ROWS = 50;

export interface Missing {
  readonly noted: number;
  readonly rows: number;
  /** How old the oldest row that was lost had become, in nanoseconds; 0 if none was. */
  readonly oldestNs: number;
}

/**
 * Holds the rows of an episode against what its collector has noted elsewhere: from the first on, all that were a second
 * old are there, but for the last few where that second passed without work. In front of the first a stream may have
 * noted what came before the host listened.
 */
export function expectSettledRows(folder: string, source: string, ledger: string, killedNs: bigint): Missing {
  const meta = readJson(join(folder, 'meta.json'));
  const origin = meta.clocks.origin_monotonic_ns;
  if (origin === null || !existsSync(ledger)) return { noted: 0, rows: 0, oldestNs: 0 };
  const end = BigInt(origin) + BigInt(meta.duration_ns);
  const numbers = readRows(join(folder, 'telemetry', `${source}.jsonl`)).map(({ number }) => number);
  const [rows, first] = [new Set(numbers), numbers[0] ?? 0];
  const noted = readLedger(ledger).filter(
    ({ number, atNs }) => number >= first && atNs >= BigInt(origin) && atNs < end && atNs < killedNs,
  );
  const missing = noted.filter(({ number }) => !rows.has(number));
  expect(
    noted.slice(0, -SETTLED_ROWS).filter((each) => each.atNs <= killedNs - SETTLED_NS && missing.includes(each)),
    `rows of ${source} in ${folder} that were a second old, and are gone`,
  ).toEqual([]);
  const oldestNs = missing[0] === undefined ? 0 : Number(killedNs - missing[0].atNs);
  return { noted: noted.length, rows: rows.size, oldestNs };
}

function readLedger(path: string): { readonly number: number; readonly atNs: bigint }[] {
  const lines = readFileSync(path, 'latin1').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [number, at] = line.split(' ');
    return { number: Number(number), atNs: BigInt(at!) };
  });
}
