import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onlyEpisode, readJson, readRows } from '../support/cli.js';
import { TOLERANT } from '../support/tolerant.js';
import { startUnprivileged, unprivilegedFolder } from '../support/unprivileged.js';

/** docs/threat-model.md: what works without root. */
const WITHOUT_ROOT = ['host_proc', 'host_threads', 'host_tree', 'host_net', 'system', 'exec'];

const run = (cwd: string, ...args: string[]) => startUnprivileged(args, { cwd }).outcome;

test('a user without any privilege, not even a name, records all of a command that is its own', async () => {
  const cwd = unprivilegedFolder();
  const program = { argv: ['sh', '-c', 'while echo "{\\"value\\": 1}"; do sleep 0.1; done'] };
  const schema = { type: 'object', properties: { value: { type: 'integer' } } };
  const config = {
    target: { type: 'command', argv: ['sh', '-c', 'while :; do sleep 0.1; done'] },
    phases: [
      { name: 'quiet', label: 'benign', duration: '1s' },
      { name: 'busy', label: 'unknown', duration: '1s', run: ['sh', '-c', 'while :; do sleep 0.01; done'] },
    ],
    grade: TOLERANT,
    collectors: {
      ...Object.fromEntries(WITHOUT_ROOT.map((name) => [name, {}])),
      exec: { options: { ...program, schema, available_in_deployment: false } },
    },
  };
  writeFileSync(join(cwd, '.cis490rc'), JSON.stringify(config));
  const { code, stderr } = await run(cwd, 'episode', 'start', '--output', 'out');
  const episode = onlyEpisode(join(cwd, 'out'));
  const marker = readJson(join(episode, 'done.marker'));
  // a busy machine may miss ticks; what a privilege would be needed for is something else
  expect(
    marker.reasons.filter((reason: string) => !/missed|late|began/.test(reason)),
    stderr,
  ).toEqual([]);
  expect(code).toBe(marker.grade === 'ok' ? 0 : 3);
  expect(readRows(join(episode, 'events.jsonl')).filter(({ event }) => event === 'source_unreadable')).toEqual([]);
  for (const source of WITHOUT_ROOT) {
    const [row] = readRows(join(episode, `telemetry/${source}.jsonl`));
    expect(row, source).toBeDefined();
  }
  const [row] = readRows(join(episode, 'telemetry/host_proc.jsonl'));
  expect(Object.entries(row).filter(([, value]) => value === null)).toEqual([]);
  expect(readRows(join(episode, 'labels.jsonl')).at(-1)).toMatchObject({ phase: 'busy', source: 'action' });
  expect((await run(cwd, 'episode', 'validate', episode)).code).toBe(0);
  expect(
    (await run(cwd, 'episode', 'label', episode, '--revises', '0', '--label', 'unknown', '--why', 'a test')).code,
  ).toBe(0);
}, 90_000);

/** Where this is 1 or less, everybody may count. */
const mayAllCount = Number(readFileSync('/proc/sys/kernel/perf_event_paranoid', 'utf8')) <= 1;

test.each([
  ...(mayAllCount ? [] : [['perf', /CAP_PERFMON|linux-perf/] as const]),
  ['syscalls', /root|bpftrace/] as const,
])('%s says what it lacks and what would mend it, and nothing is written', async (collector, lack) => {
  const cwd = unprivilegedFolder();
  const args = ['--collector', collector, '--output', 'out', '--', 'sleep', '5'];
  const { code, stderr } = await run(cwd, 'episode', 'start', ...args);
  expect(code, stderr).toBe(4);
  const [error, remedy] = stderr.split('\n');
  expect(error).toContain(`collector "${collector}" can not run here`);
  expect(remedy).toMatch(lack);
  expect(readdirSync(cwd)).toEqual([]);
});

test('a folder that its own umask makes unusable is told, and not left behind', async () => {
  const cwd = unprivilegedFolder();
  const args = ['episode', 'start', '--output', 'a/b', '--', 'sleep', '5'];
  const { code, stderr } = await startUnprivileged(args, { cwd, umask: '0777' }).outcome;
  expect(code).toBe(4);
  expect(stderr).toMatch(/the output folder .*a\/b can not be written: EACCES/);
  expect(readdirSync(cwd)).toEqual([]);
});
