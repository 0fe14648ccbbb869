import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const DEMO = fileURLToPath(new URL('../../../examples/lab/demo/', import.meta.url));
const { blurred } = await import(join(DEMO, 'plainness.mjs'));
const { tableText } = await import(join(DEMO, 'table.mjs'));

type Values = Record<string, number | null>;
const IDLE: Values = { user: 2, free: 150, write: 0, forks: 0.5, net: 0 };
const PLAIN: Record<string, Values> = {
  idle: {},
  cpu: { user: 98 },
  memory: { free: 60 },
  files: { write: 30 },
  forks: { forks: 300 },
  network: { net: 2 },
};
const means = (changes: Record<string, Values> = {}) =>
  Object.entries(PLAIN).map(([phase, values]) => ({ phase, values: { ...IDLE, ...values, ...changes[phase] } }));

test('phases that look like what they are are told apart', () => {
  expect(blurred(means())).toEqual([]);
});

test.each([
  ['cpu', 'user', /user CPU time is 2.00 %, expected at least 50.00/],
  ['memory', 'free', /free memory is 150.00 MB, expected at most 105.00/],
  ['files', 'write', /writing to the disk is 0.00 MB\/s, expected at least 1.00/],
  ['forks', 'forks', /forking is 0.50 a second, expected at least 20.00/],
  ['network', 'net', /network traffic is 0.00 MB\/s, expected at least 0.05/],
])('phase "%s" that looks like idling is told, and no other', (phase, signal, sentence) => {
  const problems = blurred(means({ [phase]: { [signal]: IDLE[signal]! } }));
  expect(problems).toEqual([expect.stringMatching(sentence)]);
  expect(problems[0]).toContain(`phase "${phase}"`);
});

test('a busy idle phase raises what is expected', () => {
  expect(blurred(means({ idle: { forks: 40 } }))).toEqual([expect.stringContaining('at least 800.00 (idle: 40.00)')]);
});

test('a phase that was never labelled, and a value that was never read, are told', () => {
  const problems = blurred(means({ files: { write: null } }).filter(({ phase }) => phase !== 'forks'));
  expect(problems.map((problem: string) => problem.slice(0, 14))).toEqual(['phase "files" ', 'phase "forks" ']);
});

test('the table shows what could not be read, and fits a terminal of 80 columns', () => {
  const values = {
    hostCpu: 101.6,
    hostSwitches: 12_345.6,
    hostWrite: null,
    user: 9.94,
    forks: 0.25,
    free: 0,
    net: 1234,
  };
  const text: string = tableText([{ phase: 'idle-again', values }]);
  expect(text).toMatch(/^idle-again +102 +12346 +- +9\.9 +- +- +- +0\.25 +0 +- +1234$/m);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
