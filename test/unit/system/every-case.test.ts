import { describe, expect, test } from 'vitest';
import { compileRowEncoder } from '../../../src/core/rows/row-encoder.js';
import { FIELDS } from '../../../src/plugins/system/fields.js';
import { parseSystemCase, SYSTEM_CASES } from '../support/system-case.js';

type Count = number | bigint | null;

const encode = compileRowEncoder({ fields: FIELDS, envelope: 'tick', source: 'system', availableInDeployment: true });

/** Null where the file could not be read, zero where it names no instance. */
function sumOf<K extends string>(instances: readonly Readonly<Record<K, Count>>[] | null, key: K): bigint | null {
  return instances === null ? null : instances.reduce((sum, instance) => sum + BigInt(instance[key] ?? 0), 0n);
}

const exact = (value: Count) => (value === null ? null : BigInt(value));

describe.each(SYSTEM_CASES)('%s', (name) => {
  const row = parseSystemCase(name);

  test('has every field and no other', () => {
    expect(Object.keys(row).sort()).toEqual(Object.keys(FIELDS).sort());
  });

  test('holds no undefined value, in arrays neither', () => {
    const instances = [row.cpus, row.disks, row.nets].flatMap((list) => (list ?? []).map((item) => item as object));
    expect([row as object, ...instances].flatMap((record) => Object.values(record))).not.toContain(undefined);
  });

  test('passes the encoder', () => {
    expect(() => encode(row, 0, 1n, 0, 0)).not.toThrow();
  });

  test('the totals are the sums of the arrays', () => {
    for (const key of ['reads', 'read_bytes', 'writes', 'write_bytes'] as const) {
      expect(exact(row[`disk_${key}`]), key).toBe(sumOf(row.disks, key));
    }
    for (const key of ['rx_bytes', 'rx_packets', 'tx_bytes', 'tx_packets'] as const) {
      expect(exact(row[`net_${key}`]), key).toBe(sumOf(row.nets, key));
    }
  });
});
