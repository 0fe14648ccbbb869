import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSystem, type SystemFile } from '../../../src/plugins/system/parser.js';
import { reading } from '../support/readings.js';

const word = fc.constantFrom(
  'cpu',
  'cpu0',
  'intr',
  'some',
  'total=',
  'MemFree:',
  'eth0:',
  'sda',
  ' ',
  '\n',
  ':',
  '/',
  ')',
  '7',
);
const text = fc.oneof(
  fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
  fc.string({ unit: 'binary' }),
);
const frame = fc.record({
  stat: text,
  meminfo: text,
  vmstat: text,
  loadavg: text,
  diskstats: text,
  netDev: text,
  cpuPressure: text,
  memoryPressure: text,
  ioPressure: text,
  selfStat: text,
} satisfies Record<SystemFile, typeof text>);

test('whatever the files hold, the parser answers: a count, or null', () => {
  fc.assert(
    fc.property(frame, (texts) => {
      const entries = Object.entries(texts).map(([name, content]) => [name, reading(content)]);
      const { cpus, disks, nets, ...scalars } = parseSystem(Object.fromEntries(entries), 4096);
      const instances = [...(cpus ?? []), ...(disks ?? []), ...(nets ?? [])].map((item) => item as object);
      const counts = [scalars as object, ...instances].flatMap((record) => Object.values(record));
      for (const count of counts)
        expect(['number', 'bigint', 'string']).toContain(count === null ? 'number' : typeof count);
      expect(counts.some((count) => Number.isNaN(count))).toBe(false);
    }),
    { numRuns: 500 },
  );
});
