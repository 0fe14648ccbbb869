import { expect, test } from 'vitest';
import { FIELDS } from '../../../src/plugins/system/fields.js';
import system from '../../../src/plugins/system/index.js';
import { parseSystemCase } from '../support/system-case.js';

const scalars = Object.entries(FIELDS).filter(([, field]) => field.type !== 'array');

test('there are at most 45 scalars: a model that sees more has learned the machine by heart', () => {
  expect(scalars.length).toBeLessThanOrEqual(45);
});

test('an instance has at most four values beside its key', () => {
  for (const { items } of [FIELDS.cpus, FIELDS.disks, FIELDS.nets]) {
    const values = Object.values(items).filter((item) => !('key' in item));
    expect(values.length).toBeLessThanOrEqual(4);
  }
});

test('what the observer costs is never a feature', () => {
  expect([FIELDS.observer_cpu_jiffies.kind, FIELDS.observer_rss_bytes.kind]).toEqual(['info', 'info']);
});

test('everything but stat and meminfo is optional', () => {
  const mandatory = Object.entries(system.files({}, null, {})).filter(([, spec]) => typeof spec === 'string');
  expect(mandatory.map(([name]) => name)).toEqual(['stat', 'meminfo']);
});

test('a row of a small machine has less than 2 KB', () => {
  expect(JSON.stringify(parseSystemCase('this-machine')).length).toBeLessThan(2048);
});
