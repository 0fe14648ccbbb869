import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Outcome, plugin, ROOT, watch } from '../support/cli.js';

const soak = (...args: string[]): Promise<Outcome> =>
  watch(spawn(process.execPath, [join(ROOT, 'bench/soak.mjs'), ...args])).outcome;

test.each([
  ['leaks_memory', /^memory: [\d.]+ MB more each minute; /m],
  ['leaks_descriptors', /^open descriptors: [\d.]+ more each minute; /m],
  ['leaks_programs', /^programs: [\d.]+ more each minute; /m],
])(
  'a soak beside a collector that "%s" fails and says what grows',
  async (collector, sentence) => {
    const args = ['--duration', '12s', '--plugin', plugin('leaking.mjs'), '--collector', collector];
    const { code, stderr } = await soak(...args);
    expect(stderr).toMatch(sentence);
    expect(code).toBe(1);
  },
  60_000,
);

test('a soak of an episode that can not begin fails and says why', async () => {
  const { code, stderr } = await soak('--duration', '12s', '--collector', 'no_such_collector');
  expect(stderr).toContain('no collector "no_such_collector"');
  expect(code).toBe(1);
});

test.each([
  [['--duration', '5'], '--duration is "5"; it has to be like 2m or 1h, and at least 10s'],
  [['--interval', '5ms'], "Unknown option '--interval'"],
])('a soak that is asked for with %j is refused', async (args, sentence) => {
  const { code, stderr } = await soak(...args);
  expect(stderr).toContain(sentence);
  expect(code).toBe(2);
});
